/// The limits that this process and all that it starts live under, and what was tried to see whether one of them stops the emulator. Nothing
/// here is judged.
public struct LimitEvidence: Sendable, Equatable {
    /// A resource limit that is lower than usual, getrlimit(2).
    public struct Resource: Sendable, Equatable {
        /// `RLIMIT_AS`.
        public var name: String
        /// The letter of the shell's `ulimit`.
        public var option: String
        /// What systemd.exec(5) and limits.conf(5) call it.
        public var directive: String, item: String
        /// In `unit`s, as `ulimit` shows it; nil: unlimited.
        public var soft: UInt64?, hard: UInt64?
        /// `KiB`, `s`; empty for what is counted.
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

    /// A limit of a cgroup that this process is in, or of one above it.
    public struct Group: Sendable, Equatable {
        public enum Controller: String, Sendable { case pids, memory }

        public var controller: Controller
        /// Where it is set: `/sys/fs/cgroup/pids/builds/pids.max`.
        public var file: String
        /// Processes, or bytes.
        public var limit: UInt64
        public var current: UInt64
        /// How often the kernel refused a fork, or killed a process, because of it.
        public var enforced: UInt64

        public init(controller: Controller, file: String, limit: UInt64, current: UInt64, enforced: UInt64) {
            self.controller = controller
            self.file = file
            self.limit = limit
            self.current = current
            self.enforced = enforced
        }
    }

    /// The smallest program, alone, with no monitor beside it.
    public struct Attempt: Sendable, Equatable {
        /// Names of the resource limits that were lifted for it.
        public var lifted: [String]
        public var result: ProbeEvidence.Result
        /// The last line of its standard error: the emulator's, for the program is Assay's own and says nothing there.
        public var words: String
        /// Controllers whose limits the kernel enforced meanwhile.
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

        /// It ran and proved it.
        public var didRun: Bool {
            switch result {
            case .passed, .failed, .skipped: true
            default: false
            }
        }
    }

    public var resources: [Resource]
    /// Own and ancestors', innermost first.
    public var groups: [Group]
    /// The systemd unit, where /proc/self/cgroup names one.
    public var unit: String?
    /// Controllers whose limits the kernel enforced while the probes ran.
    public var enforced: Set<Group.Controller> = []
    /// Under the limits as they are; nil where nothing failed.
    public var bare: Attempt?
    /// With limits lifted, one by one and then all of them, where `bare` did not run.
    public var relieved: [Attempt] = []
    /// What came of probes that had failed, run again with every limit lifted as far as this process may, by reference.
    public var again: [String: ProbeEvidence.Result] = [:]
    /// What came of those that then passed, run once more under the limits.
    public var control: [String: ProbeEvidence.Result] = [:]
    /// Names of the resource limits that this process cannot lift as far as a program could want.
    public var unlifted: Set<String> = []
    /// The one without which, alone, a probe passed that had failed.
    public var culprit: String?

    public init(resources: [Resource] = [], groups: [Group] = [], unit: String? = nil) {
        self.resources = resources
        self.groups = groups
        self.unit = unit
    }

    /// A limit without which the program might have run.
    public var isEmpty: Bool { resources.isEmpty && groups.isEmpty }
}
