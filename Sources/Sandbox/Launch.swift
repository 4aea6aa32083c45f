public import Evidence
public import SystemPackage

/// One program to start, and its limits.
public struct Launch: Sendable {
    /// The absolute path of the program, below `root`.
    public var path: FilePath
    /// The whole argument vector, with `argv[0]`.
    public var arguments: [String]
    /// The whole environment: nothing is inherited.
    public var environment: [String: String] = [:]
    public var venue: Venue
    /// The image's directory on the host, for venues with a root of their own.
    public var root: FilePath?
    /// The program may change the files below `root`. Only for a tree that nobody else uses.
    public var isRootWritable = false
    /// The working directory. Nil: `/` in a root, else the caller's.
    public var directory: FilePath?
    /// A directory of the caller that is removed later; the `oci` venue puts its bundle there. Nil:
    /// `ScratchDirectory.parent`.
    public var scratch: FilePath?
    /// The program has its own mount namespace: its mounts are private, and end with its tree. Needs `isPrivileged()`.
    /// Venues with a root always have one.
    public var hasOwnMounts = false
    /// The program has its own IPC namespace: its System V objects and message queues are private, and end with its
    /// tree. Needs `isPrivileged()`.
    public var hasOwnIPC = false
    /// The program may do anything: hold all its processes in a cgroup, if one can be made. Venues with a pid namespace
    /// hold them anyway.
    public var isForeign = false
    /// The user to run as, without supplementary groups; nil: the caller.
    public var identity: (uid: UInt32, gid: UInt32)?
    /// Sets `no_new_privs`, see prctl(2): set-user-id programs gain nothing.
    public var noNewPrivileges = false
    /// With `hasOwnMounts`: covers the directory `at` with an empty file system, and shows the directory `root` to the
    /// program as `at/root`.
    var shown: (root: FilePath, at: FilePath)?
    /// For a foreign image's program; nil: only the venue's own means. Ignored in `direct`.
    public var confinement: Confinement?
    /// The program is this process's own child, without a monitor. It must not start others: nothing ends what it
    /// leaves running. Only in `direct`.
    public var isBare = false
    /// Resource limits (`RLIMIT_…` of getrlimit(2)) that are raised for the program as far as this caller may.
    public var lifted: Set<Int32> = []
    /// After this time the whole process tree is killed.
    public var timeout: Duration
    /// If above zero, a tree first gets SIGTERM, and this long to let go of what it holds elsewhere, before it is
    /// killed.
    public var terminationGrace: Duration = .zero
    /// The launch cleans up: it runs even after an interrupt, within its own time limit.
    public var cleansUp = false
    /// Kills the tree too after this long without news on standard output; nil: silence is no reason.
    public var idleTimeout: Duration?
    /// Which lines of standard output are news: those with a mark, the first time that it appears. Returns a line's
    /// mark, or nil for a line without one. Without this function any output is news. Called with lines of at most
    /// `Marks.longestLine` bytes.
    public var mark: (@Sendable (_ line: ArraySlice<UInt8>) -> String?)?
    /// How many bytes to keep of standard output and of standard error, each. The rest is only counted.
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
