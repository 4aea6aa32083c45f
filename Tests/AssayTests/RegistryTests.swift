import Evidence
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("A host whose registry is at fault", .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct RegistryTests {
    /// Two probes in every venue are enough: what is at fault here is not in them.
    private func accept(_ machine: Machine, after setUp: String) -> Outcome {
        machine.assay(
            "accept", "--builder", "none", "--filter", "exec.static", "--filter", "uname.machine", "--format", "json",
            after: setUp)
    }

    private func mended(_ code: String, after setUp: String) throws {
        let machine = try Machine()
        let (before, after) = try machine.assay(
            "accept", "--builder", "none", "--filter", "exec.static", "--filter", "uname.machine", after: setUp,
            thenTyping: code)
        #expect(before.verdict == "unfit")
        #expect(Set(before.errors) == [code])
        #expect(after.status == 0, "\(after)")
        let report = try after.report
        #expect(report.verdict == "fit" && report.errors.isEmpty)
        for venue in ["direct", "chroot", "container"] { #expect(report.outcomes(in: venue) == ["pass"], "\(venue)") }
        #expect(machine.leftovers.isEmpty)
    }

    @Test("an empty registry: unfit, handler-missing and no other error") func empty() throws {
        let machine = try Machine()
        let outcome = accept(machine, after: "")
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.verdict == "unfit")
        #expect(report.errors == ["handler-missing"])
        #expect(report.host?.handler == nil)
        let venues = ["direct", "chroot", "container"]
        #expect(report.finding("handler-missing")?.checks == venues.map { "exec.static@\($0)" })
        for venue in venues { expectConsequences(of: "handler-missing", in: venue, report) }
        #expect(machine.leftovers.isEmpty)
    }

    @Test("typing the remedy of handler-missing makes the next run fit") func emptyMended() throws {
        try mended("handler-missing", after: "")
    }

    @Test("registered as Assay itself advises: fit, without a word") func healthy() throws {
        let outcome = accept(try Machine(), after: PrivateHost.register(flags: "POCF"))
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        #expect(report.emulation.isEmpty)
        #expect(report.host?.handler?.name == "qemu-aarch64")
        for venue in ["direct", "chroot", "container"] { #expect(report.outcomes(in: venue) == ["pass"], "\(venue)") }
    }

    @Test("without F: direct passes, chroot and container fail, handler-not-fixed and nothing else") func notFixed()
        throws
    {
        let outcome = accept(try Machine(), after: PrivateHost.register(flags: "POC"))
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.emulation == ["handler-not-fixed"])
        #expect(report.outcomes(in: "direct") == ["pass"])
        for venue in ["chroot", "container"] { expectConsequences(of: "handler-not-fixed", in: venue, report) }
        let checks = try #require(report.finding("handler-not-fixed")).checks
        #expect(checks == ["exec.static@chroot", "exec.static@container"])
    }

    /// The smallest program failed, was tried twice, and everything else in the venue follows from that.
    private func expectConsequences(of code: String, in venue: String, _ report: JSONForm) {
        let checks = report.checks.filter { $0.venue == venue }
        let (smallest, others) = (checks.filter { $0.id == "exec.static" }, checks.filter { $0.id != "exec.static" })
        #expect(smallest.map(\.outcome) == ["fail"] && smallest.map(\.attempts) == [2], "\(venue)")
        #expect(!others.isEmpty && others.allSatisfy { $0.outcome == "skip" && $0.follows == code }, "\(venue)")
    }

    @Test("typing the remedy of handler-not-fixed makes the next run fit") func notFixedMended() throws {
        try mended("handler-not-fixed", after: PrivateHost.register(flags: "POC"))
    }

    @Test("without any flag the only error is handler-not-fixed") func noFlags() throws {
        let outcome = accept(try Machine(), after: PrivateHost.register(flags: ""))
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.errors == ["handler-not-fixed"])
        #expect(report.finding("handler-drops-credentials")?.severity == "warning")
        #expect(report.outcomes(in: "direct") == ["pass"])
    }

    @Test("without P: argv[0] is seen to be rewritten") func argv0() throws {
        let outcome = try Machine().assay(
            "accept", "--builder", "none", "--filter", "exec.argv0", "--format", "json",
            after: PrivateHost.register(flags: "OCF"))
        let report = try outcome.report
        #expect(report.emulation == ["handler-rewrites-argv0"])
        #expect(report.verdict == "fit")
    }

    @Test("a disabled entry: handler-disabled, and its remedy works") func disabled() throws {
        try mended(
            "handler-disabled", after: PrivateHost.register(flags: "POCF") + "echo 0 >$registry/qemu-aarch64")
    }

    @Test("binfmt_misc switched off: binfmt-misc-disabled, and its remedy works") func switchedOff() throws {
        try mended(
            "binfmt-misc-disabled", after: PrivateHost.register(flags: "POCF") + "echo 0 >$registry/status")
    }

    @Test("without C: a warning, which only --strict minds") func strict() throws {
        let machine = try Machine()
        let setUp = PrivateHost.register(flags: "POF")
        let outcome = accept(machine, after: setUp)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try outcome.report.emulation == ["handler-drops-credentials"])
        #expect(machine.assay("probe", "exec.static", "--strict", after: setUp).status == 3)
    }

    @Test("--fail-fast goes no further than the first venue that fails, and says so") func failFast() throws {
        let outcome = try Machine().assay(
            "accept", "--builder", "none", "--filter", "exec.static", "--fail-fast", "--format", "json", after: "")
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.outcomes(in: "direct") == ["fail"])
        #expect(report.outcomes(in: "chroot") == ["skip"] && report.outcomes(in: "container") == ["skip"])
        #expect(
            report.checks.filter { $0.outcome == "skip" && $0.kind == "probe" }.allSatisfy {
                $0.detail.contains("--fail-fast")
            })
    }

    @Test(
        "an interpreter that may be executed and not read is neither missing nor wrong",
        .enabled(
            if: Here.isRoot && Here.nobodyCanRun,
            "needs root, to act as another user, who may execute the program where it lies"))
    func unreadable() throws {
        let machine = try Machine(user: 65534)
        let copy = machine.scratch.appending("qemu")
        let copied = Supervisor(jobs: 1).run(
            Launch(
                path: "/usr/bin/install",
                arguments: ["install", "-m", "711", try #require(PrivateHost.qemu), copy.string], venue: .direct,
                timeout: .seconds(20)))
        try #require(copied.reason == .exited(0))
        let outcome = accept(machine, after: PrivateHost.register(copy.string, flags: "POC"))
        #expect(try outcome.report.errors == ["handler-not-fixed"], "\(outcome)")
        #expect(try outcome.report.outcomes(in: "direct") == ["pass"])
    }

    @Test(
        "an interpreter on a mount without exec: typing the remedy of interpreter-not-executable makes the next run fit"
    )
    func noexec() throws {
        let qemu = try #require(PrivateHost.qemu)
        let register = PrivateHost.register("/mnt/qemu", flags: "POC")
        try mended(
            "interpreter-not-executable",
            after: "mount -t tmpfs -o noexec tmpfs /mnt && cp '\(qemu)' /mnt/qemu || exit 91\n" + register)
    }

    @Test("an entry whose name a shell would take apart: its remedy works") func oddName() throws {
        try mended(
            "handler-not-fixed",
            after: PrivateHost.register(flags: "POC").replacing(":qemu-aarch64:", with: ":my q:"))
    }

    @Test("an interpreter that was deleted: interpreter-missing, and its remedy works") func deleted() throws {
        let machine = try Machine()
        let copy = machine.scratch.appending("qemu").string
        let setUp =
            "cp '\(PrivateHost.qemu!)' '\(copy)'\n" + PrivateHost.register(copy, flags: "POC") + "rm '\(copy)'"
        let outcome = accept(machine, after: setUp)
        #expect(outcome.status == 1, "\(outcome)")
        #expect(try outcome.report.errors == ["interpreter-missing"])
        try mended("interpreter-missing", after: setUp)
    }

    @Test("an interpreter that was deleted after a registration with F still works: fit") func deletedButHeld() throws {
        let machine = try Machine()
        let copy = machine.scratch.appending("qemu").string
        let outcome = accept(
            machine,
            after: "cp '\(PrivateHost.qemu!)' '\(copy)'\n" + PrivateHost.register(copy, flags: "POCF") + "rm '\(copy)'")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try outcome.report.errors.isEmpty)
    }

    @Test(
        "what lies at the interpreter's path now does not matter while F holds the one that works",
        arguments: ["printf '#!/bin/sh\\nexit 1\\n' >new", "cp /bin/true new"])
    func replacedButHeld(replacement: String) throws {
        let machine = try Machine()
        let copy = machine.scratch.appending("qemu").string
        let outcome = accept(
            machine,
            after: "cd '\(machine.scratch)'; cp '\(PrivateHost.qemu!)' qemu\n"
                + PrivateHost.register(copy, flags: "POCF")
                + "\(replacement); chmod 755 new; mv new qemu")
        let report = try outcome.report
        for venue in ["direct", "chroot", "container"] { #expect(report.outcomes(in: venue) == ["pass"], "\(venue)") }
        #expect(report.errors.isEmpty)
        #expect(outcome.status == 0)
    }

    @Test("an interpreter without an x bit: interpreter-not-executable") func notExecutable() throws {
        let machine = try Machine()
        let copy = machine.scratch.appending("qemu").string
        let outcome = accept(
            machine,
            after: "cp '\(PrivateHost.qemu!)' '\(copy)'; chmod 644 '\(copy)'\n"
                + PrivateHost.register(copy, flags: "POC"))
        #expect(outcome.status == 1, "\(outcome)")
        #expect(try outcome.report.errors == ["interpreter-not-executable"])
    }

    @Test(
        "a program that merely exits, copies or echoes is not taken for an emulator",
        arguments: ["/bin/true", "/bin/cat", "/bin/echo"])
    func wrongProgram(program: String) throws {
        let outcome = accept(try Machine(), after: PrivateHost.register(program, flags: "CF"))
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.verdict == "unfit")
        // Once for what ran without proof, and once for what could not be started where its libraries are not.
        #expect(Set(report.errors) == ["interpreter-wrong-program"])
        expectConsequences(of: "interpreter-wrong-program", in: "direct", report)
        #expect(report.checks.first { $0.id == "host.interpreter" }?.outcome == "fail")
        #expect(report.finding("interpreter-wrong-program")?.summary.contains(program) == true)
    }

    @Test("typing the remedy of interpreter-wrong-program makes the next run fit") func wrongProgramMended() throws {
        try mended("interpreter-wrong-program", after: PrivateHost.register("/bin/true", flags: "POCF"))
    }

    @Test("a registry out of sight while arm64 programs run: worth knowing, and fit") func invisible() throws {
        let outcome = accept(
            try Machine(), after: PrivateHost.register(flags: "POCF") + "mount -t tmpfs none $registry")
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        #expect(report.emulation == ["binfmt-misc-unavailable"])
        #expect(report.finding("binfmt-misc-unavailable")?.severity == "info")
        #expect(report.verdict == "fit")
    }

    @Test("a registry out of sight and no program that runs: binfmt-misc-unavailable is the error") func unavailable()
        throws
    {
        let outcome = accept(try Machine(), after: "mount -t tmpfs none $registry")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(try outcome.report.errors == ["binfmt-misc-unavailable"])
    }

    @Test("the newest of two entries is the one that is judged") func shadowed() throws {
        let setUp =
            PrivateHost.register(flags: "POCF")
            + PrivateHost.register("/bin/true", flags: "CF").replacing(":qemu-aarch64:", with: ":newer:")
        let report = try accept(try Machine(), after: setUp).report
        #expect(report.host?.handler?.name == "newer")
        #expect(report.errors.contains("interpreter-wrong-program"))
    }

    @Test("a drill that cannot be carried out is an open question; drills are selected as checks are")
    func drills() throws {
        let machine = try Machine()
        let broken = machine.run(
            "unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec \"$0\" drill without-f' \"$0\""
        )
        #expect(broken.status == 2 && broken.errors.contains("a binfmt_misc registry of its own"), "\(broken)")
        #expect(broken.errors.split(separator: "\n").count == 1, "\(broken)")
        #expect(machine.assay("drill", "--filter", "none").status == 4)
        let list = machine.assay("drill", "--list", "--filter", "without-*", "--exclude", "without-p").output
        #expect(list.contains("without-f ") && !list.contains("without-p ") && !list.contains("strace"), "\(list)")
        #expect(machine.leftovers == [])
    }
}
