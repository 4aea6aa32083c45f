/// What the runner allows its jobs, as read.
public struct RunnerEvidence: Sendable, Equatable {
    /// How a Docker socket answered.
    public enum DockerSocket: Sendable, Equatable {
        /// Docker is not used here: no docker command, no `DOCKER_HOST`, no context.
        case unwanted
        /// Docker is used here, but the socket or context does not exist.
        case absent
        /// The socket exists, but connect(2) failed with this errno.
        case refused(Int32)
        /// It accepted the connection, but did not answer like a Docker daemon.
        case silent
        case answered
        /// The daemon's address is no Unix socket, so nothing was sent to it.
        case remote
    }

    /// The directory in which probes are executed.
    public var workDirectory = ""
    /// The mount point of its file system.
    public var workMount = ""
    public var workIsNoexec = false
    /// The mount point of the scratch directories' file system, if it is mounted noexec; else nil.
    public var noexecScratch: String?
    /// The mount points of cgroup hierarchies, if all of them are read-only. `/sys/fs/cgroup` if that is read-only and
    /// no hierarchy is visible.
    public var readOnlyGroups: [String] = []
    public var dockerSocketPath = ""
    public var dockerSocket = DockerSocket.unwanted
    /// Whether systemd runs here, and has a unit for dockerd.
    public var dockerIsService = false
    /// Whether the caller's root is not that of its mount namespace, by chroot(2).
    public var isChroot = false
    /// Whether the caller's user or group has no number in its user namespace.
    public var isUnmapped = false
    /// The existing sysctls for user namespaces, with their values.
    public var namespaceLimits: [String: String] = [:]
    /// The values of `vm.overcommit_memory` and `vm.mmap_min_addr`, if they exist.
    public var memoryPolicy: [String: String] = [:]
    /// The size of the kernel's pages, in bytes.
    public var pageSize = 4096
    /// The restrictions of this process, from /proc/self/status: `Seccomp`, `NoNewPrivs`, `CapEff`.
    public var restrictions: [String: String] = [:]

    /// System calls that a filter (seccomp) refuses here, each with its error; read only where a probe failed.
    public var filteredCalls: [String] = []

    /// Nil if no probes were to run.
    public var limits: LimitEvidence?

    public init() {}
}
