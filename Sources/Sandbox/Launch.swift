public import Evidence
public import SystemPackage

/// One program to start, and the bounds within which it may run.
public struct Launch: Sendable {
    /// Absolute path of the program, as seen below `root`.
    public var path: FilePath
    /// The whole argument vector, `argv[0]` included.
    public var arguments: [String]
    /// The whole environment: nothing is inherited.
    public var environment: [String: String] = [:]
    public var venue: Venue
    /// The image's directory on the host; used by venues that have a root of their own.
    public var root: FilePath?
    /// The program may change what is below `root`: only for a tree that nobody else uses.
    public var isRootWritable = false
    public var directory: FilePath?
    /// A directory of the caller's that is removed later: the `oci` venue has its bundle there. nil: `ScratchDirectory.parent`.
    public var scratch: FilePath?
    /// What the program mounts is seen by nobody outside its tree, and goes with it; needs `isPrivileged()`. Venues with a root have that anyway.
    public var hasOwnMounts = false
    /// What the program makes of System V IPC and message queues is seen by nobody else, and goes with it; needs `isPrivileged()`.
    public var hasOwnIPC = false
    /// Hold all its processes in a cgroup, where one can be had: for programs that may do anything. The venues with a pid namespace do so anyway.
    public var isForeign = false
    /// Run as this user, without supplementary groups; nil keeps the caller's.
    public var identity: (uid: UInt32, gid: UInt32)?
    public var noNewPrivileges = false
    /// With `hasOwnMounts`: a directory that the program sees as `root` below another, which an empty file system covers.
    var shown: (root: FilePath, at: FilePath)?
    /// For a program of a foreign image; nil: the venue as it is. Of no effect in `direct`.
    public var confinement: Confinement?
    /// The program is this process's own child, with no monitor between them: one process and no more. What it leaves running is nobody's; in the `direct`
    /// venue only.
    public var isBare = false
    /// Resource limits (`RLIMIT_…` of getrlimit(2)) that the program is to have as high as this caller may raise them.
    public var lifted: Set<Int32> = []
    /// After this time the whole process tree is killed.
    public var timeout: Duration
    /// Above zero: what is to be killed gets SIGTERM first, and this long to let go of what it holds elsewhere.
    public var terminationGrace: Duration = .zero
    /// Also runs after an interrupt, within its own time limit: for cleaning up.
    public var cleansUp = false
    /// The same when standard output has brought nothing new for this long; nil: silence is no reason.
    public var idleTimeout: Duration?
    /// What breaks the silence: the mark that a line of standard output carries, which counts the first time only; nil for a line
    /// without one. Without a function any output does. Called with lines of at most `Marks.longestLine` bytes.
    public var mark: (@Sendable (_ line: ArraySlice<UInt8>) -> String?)?
    /// Bytes kept of standard output and of standard error, each; the rest is counted.
    public var outputLimit = 1 << 20

    public init(
        path: FilePath, arguments: [String], venue: Venue, root: FilePath? = nil, timeout: Duration
    ) {
        self.path = path
        self.arguments = arguments
        self.venue = venue
        self.root = root
        self.timeout = timeout
    }
}
