/// What was read about what a runner lets its jobs do.
public struct RunnerEvidence: Sendable, Equatable {
    /// How a Docker socket answered.
    public enum DockerSocket: Sendable, Equatable {
        /// Neither a docker command nor `DOCKER_HOST` nor a context: nobody here wants one.
        case unwanted
        /// No socket, or no such context, and somebody wants it.
        case absent
        /// It is there: errno of connecting to it.
        case refused(Int32)
        /// It was connected to, and did not answer as a Docker daemon does.
        case silent
        case answered
        /// The daemon's address is no Unix socket; nothing was sent to it.
        case remote
    }

    /// The directory below which probes are executed, and its mount's options.
    public var workDirectory = ""
    /// Where the file system that holds it is mounted.
    public var workMount = ""
    public var workIsNoexec = false
    public var cgroupIsReadOnly = false
    public var dockerSocketPath = ""
    public var dockerSocket = DockerSocket.unwanted
    /// Sysctls about user namespaces, those that exist, with their values.
    public var namespaceLimits: [String: String] = [:]
    /// `vm.overcommit_memory` and `vm.mmap_min_addr`, those that exist, with their values.
    public var memoryPolicy: [String: String] = [:]
    /// The process's own restrictions, from /proc/self/status: `Seccomp`, `NoNewPrivs`, `CapEff`.
    public var restrictions: [String: String] = [:]

    /// Nil where no probes were to be run.
    public var limits: LimitEvidence?

    public init() {}
}
