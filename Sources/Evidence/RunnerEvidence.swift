/// What the runner lets its jobs do, as read.
public struct RunnerEvidence: Sendable, Equatable {
    /// How a Docker socket answered.
    public enum DockerSocket: Sendable, Equatable {
        /// No docker command, no `DOCKER_HOST`, no context: Docker is not used here.
        case unwanted
        /// Docker is used here, but the socket or context does not exist.
        case absent
        /// The socket exists; connect(2) failed with this errno.
        case refused(Int32)
        /// It accepted the connection, but did not answer like a Docker daemon.
        case silent
        case answered
        /// The daemon's address is no Unix socket; nothing was sent to it.
        case remote
    }

    /// The directory that holds executed probes.
    public var workDirectory = ""
    /// The mount point of its file system.
    public var workMount = ""
    public var workIsNoexec = false
    /// Mount points of cgroup hierarchies if every one is mounted read-only, or `/sys/fs/cgroup` if that is, and none is to be seen.
    public var readOnlyGroups: [String] = []
    public var dockerSocketPath = ""
    public var dockerSocket = DockerSocket.unwanted
    /// The caller's root is not that of its mount namespace: chroot(2).
    public var isChroot = false
    /// The existing sysctls for user namespaces, with their values.
    public var namespaceLimits: [String: String] = [:]
    /// `vm.overcommit_memory` and `vm.mmap_min_addr`, as far as they exist, with their values.
    public var memoryPolicy: [String: String] = [:]
    /// The process's own restrictions, from /proc/self/status: `Seccomp`, `NoNewPrivs`, `CapEff`.
    public var restrictions: [String: String] = [:]

    /// Nil if no probes were to run.
    public var limits: LimitEvidence?

    public init() {}
}
