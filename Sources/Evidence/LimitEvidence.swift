/// The limits of this process and its children, and the trials that show whether a limit stops the emulator. Nothing
/// here is judged.
public struct LimitEvidence: Sendable, Equatable {
    /// A resource limit that is lower than usual. See getrlimit(2).
    public struct Resource: Sendable, Equatable {
        /// For example `RLIMIT_AS`.
        public var name: String
        /// The option letter of `ulimit`.
        public var option: String
        /// Its names in systemd.exec(5) and limits.conf(5).
        public var directive: String, item: String
        /// The limits in `unit`, as `ulimit` shows them; nil: unlimited.
        public var soft: UInt64?, hard: UInt64?
        /// `KiB` or `s`; empty for counts.
        public var unit: String

        public init(
            name: String, option: String, directive: String, item: String, soft: UInt64?, hard: UInt64?, unit: String
        ) {
            self.name = name
            self.option = option
            self.directive = directive
            self.item = item
            self.soft = soft
            self.hard = hard
            self.unit = unit
        }
    }

    /// A limit of this process's cgroup, or of an ancestor.
    public struct Group: Sendable, Equatable {
        public enum Controller: String, Sendable { case pids, memory }

        public var controller: Controller
        /// The file that sets it: `/sys/fs/cgroup/pids/builds/pids.max`.
        public var file: String
        /// Number of processes, or bytes.
        public var limit: UInt64
        /// The present use, in the unit of `limit`.
        public var current: UInt64
        /// How often the kernel refused a fork (`pids.events`: `max`), or killed a process (`oom_kill`), because of it.
        public var enforced: UInt64
        /// Version 1 only: the file with the limit of memory and swap together, if there is such a limit. The limit of
        /// memory cannot be raised above it.
        public var swapFile: String?

        public init(controller: Controller, file: String, limit: UInt64, current: UInt64, enforced: UInt64) {
            self.controller = controller
            self.file = file
            self.limit = limit
            self.current = current
            self.enforced = enforced
        }
    }

    /// A run of the smallest program, alone, and without a monitor.
    public struct Attempt: Sendable, Equatable {
        /// The names of the resource limits that were lifted for it.
        public var lifted: [String]
        public var result: ProbeEvidence.Result
        /// The last line of standard error. The emulator printed it: the program itself prints nothing there.
        public var words: String
        /// The controllers that enforced a limit during the run.
        public var enforced: Set<Group.Controller>

        public init(
            lifted: [String] = [], result: ProbeEvidence.Result, words: String = "",
            enforced: Set<Group.Controller> = []
        ) {
            self.lifted = lifted
            self.result = result
            self.words = words
            self.enforced = enforced
        }

        /// Whether the program ran, and proved it.
        public var didRun: Bool {
            switch result {
            case .passed, .failed, .skipped: true
            default: false
            }
        }
    }

    /// The kernel refuses memory that may be written and executed to this process, and so to every emulator that it
    /// starts.
    public struct MemoryRefusal: Sendable, Equatable {
        /// The errno of mprotect(2).
        public var error: Int32
        /// Whether `PR_SET_MDWE` holds: by a unit's `MemoryDenyWriteExecute=yes`, or because a program asked for it.
        public var isDeclared: Bool
        /// The SELinux context of this process, if a policy is enforced; nil: none is.
        public var domain: String?
        /// Whether a filter of system calls is loaded.
        public var isFiltered: Bool

        public init(error: Int32, isDeclared: Bool, domain: String? = nil, isFiltered: Bool = false) {
            self.error = error
            self.isDeclared = isDeclared
            self.domain = domain
            self.isFiltered = isFiltered
        }
    }

    /// Lower than usual.
    public var resources: [Resource]
    /// The limits of this process's cgroups and their ancestors, innermost first.
    public var groups: [Group]
    /// Nil if memory may be writable and executable here.
    public var memoryRefusal: MemoryRefusal?
    /// The systemd unit; nil if /proc/self/cgroup names none.
    public var unit: String?
    /// The controllers that enforced a limit while the probes ran.
    public var enforced: Set<Group.Controller> = []
    /// The smallest program under all limits; nil if no trial was made.
    public var bare: Attempt?
    /// If `bare` did not run: the same with each limit lifted, then with all lifted.
    public var relieved: [Attempt] = []
    /// The results of failed probes with every limit lifted as far as this process may, by reference.
    public var again: [String: ProbeEvidence.Result] = [:]
    /// The results of one more run under the limits, for the probes that passed in `again`.
    public var control: [String: ProbeEvidence.Result] = [:]
    /// The names of resource limits that this process cannot lift far enough for every program.
    public var unlifted: Set<String> = []
    /// The one limit without which a failed probe passes; nil if none was found.
    public var culprit: String?

    public init(resources: [Resource] = [], groups: [Group] = [], unit: String? = nil) {
        self.resources = resources
        self.groups = groups
        self.unit = unit
    }

    /// Whether no limit was found that could stop a program.
    public var isEmpty: Bool { resources.isEmpty && groups.isEmpty && memoryRefusal == nil }
}
