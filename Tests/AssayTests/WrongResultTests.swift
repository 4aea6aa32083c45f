import Glibc
import Sandbox
import Testing

/// A probe is worth only what it can find: the whole core catalogue runs through an interpreter that does one thing
/// wrong, and the probes of that thing fail, or turn to a known limit where Linux allows a refusal, and no other does.
@Suite(
    "Probes can fail", .serialized, .enabled(if: WrongInterpreter.isPossible, "\(WrongInterpreter.reason)"))
struct WrongResultTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        var does: String
        var rules: [String]
        var fails: Set<String> = []
        var limits: Set<String> = []
        var testDescription: String { does }

        /// A system call that returns without having done anything.
        static func lies(_ does: String, _ call: String, _ fails: Set<String>, only condition: String = "") -> Fault {
            Fault(does: does, rules: ["answer \(call) 0 \(condition)"], fails: fails)
        }

        static func refuses(
            _ does: String, _ call: String, _ error: Int32, _ fails: Set<String> = [], limits: Set<String> = [],
            only condition: String = ""
        ) -> Fault {
            Fault(does: does, rules: ["answer \(call) \(error) \(condition)"], fails: fails, limits: limits)
        }
    }

    static let faults: [Fault] = [
        .refuses("getdents64 is missing", "getdents64", ENOSYS, ["file.directory"]),
        .refuses(
            "statx is missing, and its fallback loses nanoseconds", "statx", ENOSYS,
            ["file.stat-layout", "file.fields"]),
        .refuses("mremap is refused", "mremap", EINVAL, ["memory.remap"]),
        .refuses(
            "memfd_create is missing", "memfd_create", ENOSYS, ["exec.memfd", "file.seals", "memory.jit-alias"]),
        .refuses("eventfd2 is missing", "eventfd2", ENOSYS, ["ipc.eventfd", "ipc.event-flags", "system.calls"]),
        .refuses(
            "copy_file_range is missing, which is allowed", "copy_file_range", ENOSYS,
            limits: ["limit-copy-file-range"]),
        .lies("copy_file_range copies nothing", "copy_file_range", ["file.copy"]),
        .lies("sendfile sends nothing", "sendfile", ["file.copy", "system.calls"]),
        .lies("clock_nanosleep does not sleep", "clock_nanosleep", ["time.sleep", "time.beyond-2038", "time.rest"]),
        .lies("sched_setaffinity changes nothing", "sched_setaffinity", ["system.affinity"]),
        .lies("getrandom of 512 bytes fills in none", "getrandom", ["system.random"], only: "1 ffffffff 200"),
        .refuses(
            "FUTEX_CMP_REQUEUE is missing", "futex", ENOSYS, ["thread.futex-requeue", "thread.futex-counts"],
            only: "1 7f 4"),
        .lies("utimensat sets nothing", "utimensat", ["file.stat-layout", "file.times", "file.fields", "file.modes"]),
        .lies("flock locks nothing", "flock", ["file.flock"]),
        .lies("open-file locks lock nothing", "fcntl", ["file.locks"], only: "1 ff 25"),
        .lies("inotify watches nothing", "inotify_add_watch", ["file.inotify", "system.calls"]),
        .lies("fallocate reserves and punches nothing", "fallocate", ["file.holes", "system.calls"]),
        .lies("timers are never set", "timer_settime", ["signal.timer", "time.beyond-2038", "time.old-values"]),
        .lies("setsockopt sets nothing", "setsockopt", ["net.descriptor-passing", "net.options", "net.message-flags"]),
        .lies("setpgid moves nobody", "setpgid", ["process.groups", "process.ids", "system.calls"]),
        .refuses("mq_open is missing, which is allowed", "mq_open", ENOSYS, limits: ["limit-posix-queues"]),
        .lies("timer descriptors are never set", "timerfd_settime", ["time.timerfd", "time.old-values"]),
        .lies("madvise drops nothing", "madvise", ["memory.advise", "memory.rounding"]),
        .refuses(
            "waitid is missing", "waitid", ENOSYS,
            ["process.waitid", "process.pidfd", "process.wait-status", "system.calls"]),
        .lies(
            "rt_sigtimedwait takes nothing", "rt_sigtimedwait",
            ["signal.wait", "signal.child", "time.beyond-2038", "ipc.wait-masks", "signal.pending"]),
        .lies("PR_SET_PDEATHSIG sets nothing", "prctl", ["process.parent-death"], only: "0 ff 1"),
        .refuses("semtimedop is missing", "semtimedop", ENOSYS, ["ipc.semaphores", "system.calls"]),
        .lies("sysinfo fills in nothing", "sysinfo", ["system.sysinfo"]),
        .refuses(
            "EPERM for faccessat2, as of an old seccomp profile", "faccessat2", EPERM, ["file.access", "system.calls"]),
        .refuses("EPERM for close_range, as of an old seccomp profile", "close_range", EPERM, ["file.descriptors"]),
        .lies("setxattr sets nothing", "setxattr", ["file.attributes", "file.attributes-all"]),
        .lies("epoll_pwait reports nothing", "epoll_pwait", ["ipc.epoll", "ipc.event-flags", "ipc.wait-masks"]),
    ]

    /// Where a private registry exists, `accept` takes the interpreter as it is; the direct venue is where it can find its rules.
    private func catalogue(_ rules: [String], emulator: String? = PrivateHost.qemu) throws -> JSONForm {
        let machine = try Machine()
        let wrong = try WrongInterpreter(rules, emulator: emulator, in: machine)
        let outcome = Outcome(
            Supervisor(jobs: 1).run(
                machine.launch(
                    [
                        "accept", "--venue", "direct", "--builder", "none", "--timeout-multiplier", "5", "--format",
                        "json",
                    ]
                        + wrong.options)))
        try #require([0, 1].contains(outcome.status), "\(outcome)")
        let report = try outcome.report
        try #require(report.checks.count { $0.kind == "probe" } >= 216)
        return report
    }

    private func failed(_ report: JSONForm) -> Set<String> {
        Set(report.checks.filter { $0.kind == "probe" && $0.outcome == "fail" }.map(\.id))
    }

    private func limits(_ report: JSONForm) -> Set<String> {
        Set(
            report.checks.filter { $0.kind == "probe" && $0.outcome == "pass" }.map { $0.detail.prefix { $0 != ":" } }
                .filter { $0.hasPrefix("limit-") }.map(String.init))
    }

    @Test("through the same program without a fault, none fails") func healthy() throws {
        let report = try catalogue([])
        #expect(failed(report).isEmpty)
        #expect(report.outcomes(in: "direct").isSubset(of: ["pass", "skip"]))
        #expect(report.verdict == "fit")
    }

    @Test("the right probe fails, and no other", arguments: faults) func wrong(_ fault: Fault) throws {
        let report = try catalogue(fault.rules)
        #expect(failed(report) == fault.fails)
        #expect(report.outcomes(in: "direct").isSubset(of: ["pass", "fail", "skip"]))
        // What this QEMU does not have anyway may differ by version; what the fault took away must be told.
        #expect(limits(report).isSuperset(of: fault.limits))
        #expect(report.errors == (fault.fails.isEmpty ? [] : ["emulation-wrong-result"]))
        #expect(report.verdict == (fault.fails.isEmpty ? "fit" : "unfit"))
    }

    /// Groups whose probes only compute, or ask for what the emulator answers itself: no system call of the host's has a part in them.
    private static let computing: Set<String> = ["atomics", "cpu", "crypto", "fp", "simd", "uname"]

    /// Groups that are about other machines: their probes do not run here.
    private static let others: Set<String> = ["arm", "i386", "words"]

    @Test("every group of probes that makes system calls has such a fault") func breadth() throws {
        let listed = try Machine().assay("list", "probes", "--image", "core").output.split(separator: "\n")
        let names = listed.compactMap { $0.split(separator: " ").first }.filter { $0.contains(".") }
        let groups = Set(names.map { String($0.prefix { $0 != "." }) })
        let probes = Self.faults.reduce(into: Set<String>()) { $0.formUnion($1.fails) }
        let tried = Set(probes.map { String($0.prefix { $0 != "." }) })
        #expect(tried == groups.subtracting(Self.computing).subtracting(Self.others))
        #expect(groups.isSuperset(of: Self.computing.union(Self.others)))
    }

    @Test("a processor without LSE: its probes do not apply, and what others compute stays right") func oldProcessor()
        throws
    {
        let report = try catalogue(["variable QEMU_CPU=cortex-a53"])
        #expect(failed(report).isEmpty)
        let skipped = Set(report.checks.filter { $0.outcome == "skip" }.map(\.id))
        #expect(skipped.isSuperset(of: ["atomics.lse-arithmetic", "atomics.compare-and-swap", "cpu.sve"]))
        #expect(!skipped.contains("atomics.exclusives") && !skipped.contains("crypto.aes"))
    }
}
