import Glibc
import Sandbox
import SystemPackage
import Testing

/// A shortage is never the host's fault, and never a pass: real limits, held against what the bare emulator does under them.
@Suite(
    "Under a limit", .serialized,
    .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct LimitTests {
    private let register = PrivateHost.register(flags: "POCF")

    private func host(_ machine: Machine, after setUp: String) -> Outcome {
        machine.assay("host", "--format", "json", after: register + setUp)
    }

    @Test("of IPC namespaces, direct goes without one") func namespaces() throws {
        let machine = try Machine()
        let outcome = machine.assay(
            "probe", "ipc.semaphores", "--venue", "direct", "--format", "json",
            after: register + "echo 0 >/proc/sys/user/max_ipc_namespaces || exit 92")
        #expect(try outcome.status == 0 && outcome.report.errors.isEmpty, "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "on address space or data, the limit is the finding, and is shown to be it",
        arguments: [("v", 150_000), ("d", 60_000)])
    func memory(option: String, kibibytes: Int) throws {
        let machine = try Machine()
        _ = machine.assay("host", after: register)
        for soft in ["-S ", ""] {
            let outcome = host(machine, after: "ulimit \(soft)-\(option) \(kibibytes)")
            let report = try outcome.report
            #expect(outcome.status == 1 && report.errors == ["runner-limits"], "\(outcome)")
            let finding = try #require(report.finding("runner-limits"))
            #expect(finding.summary.contains("(ulimit -\(option)) = \(kibibytes) KiB"), "\(finding)")
            #expect(finding.checks.first == "exec.static@direct")
            let shown = finding.evidence.contains { $0.hasSuffix("lifted: runs") }
            #expect(shown || finding.summary.contains("the emulator ends under it"), "\(finding)")
            if !soft.isEmpty { #expect(shown && finding.remedy == "ulimit -S -\(option) unlimited", "\(finding)") }
        }
        let everywhere = machine.assay(
            "accept", "--builder", "none", "--filter", "exec.*", "--format", "json",
            after: register + "ulimit -v 150000")
        #expect(try everywhere.report.errors == ["runner-limits"], "\(everywhere)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "on what one program wants, that program fails, and the limit is the finding",
        arguments: [
            ("v", 400_000, "memory.reserve"), ("s", 256, "exec.big-arguments"), ("f", 64, "file.large-offsets"),
            ("f", 8, "exec.set-user-id"), ("l", 0, "memory.rounding"),
        ])
    func oneProgram(option: String, value: Int, probe: String) throws {
        let machine = try Machine()
        // Both images lie in the cache before the limit is set.
        _ = machine.assay("accept", "--builder", "none", "--filter", "exec.static", after: register)
        for soft in ["-S ", ""] {
            let outcome = machine.assay(
                "accept", "--builder", "none", "--filter", "exec.static", "--filter", probe, "--format", "json",
                after: register + "ulimit \(soft)-\(option) \(value)")
            let report = try outcome.report
            #expect(outcome.status == 1 && report.errors == ["runner-limits"], "\(outcome)")
            let finding = try #require(report.finding("runner-limits"))
            #expect(finding.summary.contains("(ulimit -\(option)) = "), "\(finding)")
        }
    }

    @Test(
        "on processes, what the bare emulator does under it decides",
        .enabled(if: getuid() == 0, "needs root to make a cgroup"))
    func processes() throws {
        let machine = try Machine()
        let group: String? = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"].map { "\($0)/assay-test-\(getpid())" }.first {
            path in
            guard mkdir(path, 0o755) == 0 else { return false }
            return access("\(path)/pids.max", F_OK) == 0 || rmdir(path) != 0
        }
        guard let group else {
            print("skipped: no cgroup with a pids controller can be made here")
            return
        }
        defer { rmdir(group) }
        let tree = try machine.coreTree()
        for most in 1...8 {
            let inside = "echo \(most) >\(group)/pids.max; echo $$ >\(group)/cgroup.procs; "
            // As a build and Assay do: one process starts it and waits.
            let bare =
                machine.run(
                    "\(inside)'\(tree)/bin/assay-probe' --catalogue; exit $?"
                ).status
                == 0
            let outcome = machine.run(inside + "exec \"$0\" host --format json")
            let report = try outcome.report
            if bare {
                #expect(report.errors.isEmpty && [0, 2].contains(outcome.status), "\(most): \(outcome)")
            } else {
                #expect(report.errors == ["runner-limits"] && outcome.status == 1, "\(most): \(outcome)")
            }
            if outcome.status != 0 { #expect(outcome.output.contains("pids.max = \(most)"), "\(most): \(outcome)") }
        }
    }

    @Test("on a user's processes", .enabled(if: getuid() == 0, "needs root to become another user"))
    func userProcesses() throws {
        // Nobody else's: the limit counts all that a user has.
        let machine = try Machine(user: 64_211)
        _ = machine.assay("host")
        let outcome = machine.run("exec prlimit --nproc=1 \"$0\" host --format json")
        let report = try outcome.report
        #expect(outcome.status == 1 && report.errors == ["runner-limits"], "\(outcome)")
        #expect(outcome.output.contains("RLIMIT_NPROC (ulimit -u) = 1"), "\(outcome)")
    }

    @Test("on processes, also of a root that is an ordinary user outside", .enabled(if: getuid() == 0, "needs root"))
    func rootlessProcesses() throws {
        let machine = try Machine(user: 64_213)
        _ = machine.assay("host")
        let outcome = machine.run("exec unshare -Ur prlimit --nproc=1 \"$0\" host --format json")
        let report = try outcome.report
        #expect(outcome.status == 1 && report.errors == ["runner-limits"], "\(outcome)")
        #expect(outcome.output.contains("RLIMIT_NPROC (ulimit -u) = 1"), "\(outcome)")
    }

    @Test("on descriptors, nothing is found out, and the limit is named") func descriptors() throws {
        let machine = try Machine()
        _ = machine.assay("host", after: register)
        let outcome = host(machine, after: "ulimit -n 12")
        let report = try outcome.report
        #expect(outcome.status == 2 && report.errors.isEmpty, "\(outcome)")
        #expect(report.checks.contains { $0.detail.contains("RLIMIT_NOFILE (ulimit -n) = 12") }, "\(outcome)")
    }

    @Test("a full disk is no fault of the image's") func fullDisk() throws {
        let machine = try Machine()
        let outcome = host(
            machine,
            after: "mount -t tmpfs -o size=200k none \"$TMPDIR\" || exit 92; export XDG_CACHE_HOME=\"$TMPDIR/c\"")
        #expect(outcome.status == 2, "\(outcome)")
        #expect(
            outcome.errors.contains("No space left on device") && !outcome.errors.contains("archive-"), "\(outcome)")
    }

    @Test("an entry that cannot be read is not missing, and leaves the question open") func unreadableEntry() throws {
        let machine = try Machine()
        let outcome = host(
            machine,
            after:
                "mkfifo \"$TMPDIR/p\" && mount --bind \"$TMPDIR/p\" $registry/qemu-aarch64 && rm \"$TMPDIR/p\" || exit 92"
        )
        let report = try outcome.report
        #expect(outcome.status == 2 && report.emulation.isEmpty, "\(outcome)")
        let handler = report.checks.first { $0.id == "host.handler" }
        #expect(handler?.outcome == "broken" && handler?.detail.contains("qemu-aarch64") == true, "\(outcome)")
        #expect(report.outcomes(in: "direct") == ["pass"])
    }
}
