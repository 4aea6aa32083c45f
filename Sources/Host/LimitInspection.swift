public import Evidence
import Glibc
import Sandbox
import SystemPackage

/// Reads the limits of this process. Judges nothing.
public enum LimitInspection {
    /// Reads the resource limits, the cgroups' limits, and whether memory may be written and executed.
    public static func read() -> LimitEvidence {
        var limits = LimitEvidence(resources: resources, groups: LimitingGroups.limits, unit: ControlGroups.unit)
        limits.memoryRefusal = memoryRefusal
        return limits
    }

    private static var memoryRefusal: LimitEvidence.MemoryRefusal? {
        let error = ExecutableMemory.refusal()
        // A shortage of memory is no refusal of this kind of memory.
        guard error != 0, !ProbeEvidence.isShortage(error) else { return nil }
        let isEnforced = RunnerInspection.text("/sys/fs/selinux/enforce") == "1"
        return LimitEvidence.MemoryRefusal(
            error: error, isDeclared: ExecutableMemory.isDenied(),
            domain: isEnforced ? RunnerInspection.text("/proc/self/attr/current") : nil,
            isFiltered: RunnerInspection.restrictions()["Seccomp"] == "2")
    }

    /// A resource of getrlimit(2): its number, and its names in shell, systemd and limits.conf(5).
    public struct Resource: Sendable {
        /// `RLIMIT_…`.
        public let number: Int32
        public let name, option, directive, item, unit: String
        /// How many bytes, or other counted things, make one `unit`.
        public let scale: UInt64
        /// The lowest usual limit, in units; nil: usually unlimited.
        let usual: UInt64?
    }

    /// RLIMIT_NPROC, which Swift's Glibc module lacks.
    private static let processes: Int32 = 6
    /// RLIMIT_MEMLOCK, RLIMIT_SIGPENDING, RLIMIT_MSGQUEUE.
    private static let (locked, signals, queues): (Int32, Int32, Int32) = (8, 11, 12)

    public static let all: [Resource] = [
        Resource(
            number: Int32(RLIMIT_AS.rawValue), name: "RLIMIT_AS", option: "v", directive: "LimitAS", item: "as",
            unit: "KiB",
            scale: 1024, usual: nil),
        Resource(
            number: Int32(RLIMIT_DATA.rawValue), name: "RLIMIT_DATA", option: "d", directive: "LimitDATA", item: "data",
            unit: "KiB", scale: 1024, usual: nil),
        Resource(
            number: Int32(RLIMIT_STACK.rawValue), name: "RLIMIT_STACK", option: "s", directive: "LimitSTACK",
            item: "stack",
            unit: "KiB", scale: 1024, usual: 8192),
        Resource(
            number: Int32(RLIMIT_CPU.rawValue), name: "RLIMIT_CPU", option: "t", directive: "LimitCPU", item: "cpu",
            unit: "s", scale: 1, usual: 3600),
        Resource(
            number: Int32(RLIMIT_FSIZE.rawValue), name: "RLIMIT_FSIZE", option: "f", directive: "LimitFSIZE",
            item: "fsize",
            unit: "KiB", scale: 1024, usual: 1 << 20),
        Resource(
            number: Int32(RLIMIT_NOFILE.rawValue), name: "RLIMIT_NOFILE", option: "n", directive: "LimitNOFILE",
            item: "nofile", unit: "", scale: 1, usual: 256),
        Resource(
            number: processes, name: "RLIMIT_NPROC", option: "u", directive: "LimitNPROC",
            item: "nproc",
            unit: "", scale: 1, usual: 1024),
        Resource(
            number: locked, name: "RLIMIT_MEMLOCK", option: "l", directive: "LimitMEMLOCK", item: "memlock",
            unit: "KiB", scale: 1024, usual: 64),
        // _POSIX_SIGQUEUE_MAX.
        Resource(
            number: signals, name: "RLIMIT_SIGPENDING", option: "i", directive: "LimitSIGPENDING", item: "sigpending",
            unit: "", scale: 1, usual: 32),
        Resource(
            number: queues, name: "RLIMIT_MSGQUEUE", option: "q", directive: "LimitMSGQUEUE", item: "msgqueue",
            unit: "B", scale: 1, usual: 819_200),
    ]

    /// Whether the limit on processes does not apply: to root, but not to root of another user namespace (a rootless
    /// container). The limit on locked memory holds for root, too, once in the venue with a user namespace of its own.
    private static var isExempt: Bool {
        var status = stat()
        // PROC_USER_INIT_INO of include/linux/proc_ns.h: the first user namespace.
        return geteuid() == 0 && (stat("/proc/self/ns/user", &status) != 0 || status.st_ino == 0xefff_fffd)
    }

    /// The resource limits that are lower than usual. Takes no file descriptor.
    public static var resources: [LimitEvidence.Resource] {
        all.compactMap { resource -> LimitEvidence.Resource? in
            guard let (soft, hard) = values(resource), let soft, soft < resource.usual ?? .max else { return nil }
            if resource.number == processes, isExempt { return nil }
            return LimitEvidence.Resource(
                name: resource.name, option: resource.option, directive: resource.directive, item: resource.item,
                soft: soft, hard: hard, unit: resource.unit)
        }
    }

    /// The limits in the resource's unit, a nil value for unlimited; nil when getrlimit(2) fails.
    private static func values(_ resource: Resource) -> (soft: UInt64?, hard: UInt64?)? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(UInt32(resource.number)), &limit) == 0 else { return nil }
        func value(_ raw: rlim_t) -> UInt64? { raw == rlim_t.max ? nil : UInt64(raw) / resource.scale }
        return (value(limit.rlim_cur), value(limit.rlim_max))
    }

    /// The numbers of resources by name, for `Launch.lifted`.
    public static func numbers(_ names: [String]) -> Set<Int32> {
        Set(all.filter { names.contains($0.name) }.map(\.number))
    }

    /// Whether this process may lift a limit up to `LiftedLimits.target`.
    public static func canLift(_ name: String) -> Bool { numbers([name]).allSatisfy(LiftedLimits.canLift) }
}
