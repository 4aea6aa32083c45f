import Glibc
import Guest
import Sandbox
import Testing

@Suite("Guests other than arm64", .enabled(if: PrivateHost.isPossible, "\(PrivateHost.reason)"))
struct PlatformTests {
    private static let others = Guest.all.filter { !Guest.hosts.contains($0) }
    /// Those whose static emulator is installed; the tests take no others.
    private static let emulated = others.filter { access($0.staticEmulator, X_OK) == 0 }
    /// Those that need one: this kernel may run 386 programs itself.
    private static let foreign = emulated.filter { !$0.mayBeNative(on: Guest.native.machine) }

    @Test("with QEMU as Assay registers it: fit, every probe proven in every venue", arguments: emulated)
    func fit(guest: Guest) throws {
        let machine = try Machine()
        let outcome = machine.assay(
            "accept", "--builder", "none", "--thorough", "--platform", guest.platform, "--format", "json",
            after: "\"$0\" handler install --platform \(guest.platform) >&2 || exit 91")
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        #expect(report.errors.isEmpty && report.platforms?.map(\.platform) == [guest.platform])
        #expect(report.host?.handler?.name == guest.emulator)
        for venue in ["direct", "chroot", "container"] {
            #expect(report.checks.filter { $0.venue == venue && $0.outcome == "pass" }.count > 120, "\(venue)")
        }
        #expect(machine.leftovers.isEmpty)
    }

    @Test("without a handler the finding has the guest's names, and its remedy mends it", arguments: foreign)
    func missing(guest: Guest) throws {
        let machine = try Machine()
        let (before, after) = try machine.assay(
            "accept", "--builder", "none", "--filter", "exec.static", "--platform", guest.platform,
            after: PrivateHost.register(flags: "POCF"), thenTyping: "handler-missing")
        #expect(before.errors == ["handler-missing"])
        let finding = before.finding("handler-missing")
        #expect(finding?.summary.contains("takes \(guest.name) programs") == true, "\(String(describing: finding))")
        #expect(finding?.cause.contains("AArch64") == false, "\(String(describing: finding))")
        #expect(finding?.remedy.hasSuffix(" --platform \(guest.platform)") == true, "\(String(describing: finding))")
        #expect(after.status == 0, "\(after)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test("another guest's emulator, and an entry without F, are told as they are for arm64", arguments: emulated)
    func faults(guest: Guest) throws {
        let machine = try Machine()
        func errors(_ interpreter: String, _ flags: String) throws -> [String] {
            try machine.assay(
                "accept", "--builder", "none", "--filter", "exec.static", "--platform", guest.platform, "--format",
                "json", after: PrivateHost.register(interpreter, for: guest, flags: flags)
            ).report.errors
        }
        #expect(try errors(guest.staticEmulator, "PO") == ["handler-not-fixed"])
        #expect(try errors("/bin/true", "POCF") == ["interpreter-wrong-program"])
        #expect(machine.leftovers.isEmpty)
    }

    @Test("several in one call make one report, in which each is judged for itself", arguments: emulated.prefix(1))
    func several(guest: Guest) throws {
        let machine = try Machine()
        let outcome = machine.assay(
            "accept", "--builder", "none", "--filter", "exec.static", "--platform", "linux/arm64,\(guest.platform)",
            "--format", "json", after: PrivateHost.register(flags: "POCF"))
        let report = try outcome.report
        #expect(outcome.status == 1 && report.verdict == "unfit", "\(outcome)")
        #expect(report.platforms?.map(\.platform) == ["linux/arm64", guest.platform])
        #expect(report.platforms?.map(\.verdict) == ["fit", "unfit"])
        #expect(report.claim?.contains("FIT for linux/arm64, UNFIT for \(guest.platform): no handler is") == true)
        #expect(report.finding("handler-missing")?.platform == guest.platform)
        #expect(report.host?.handlers.map(\.platform) == ["linux/arm64"])
        let starts = report.checks.filter { $0.reference == "exec.static@container" }
        #expect(starts.map(\.platform) == ["linux/arm64", guest.platform])
        #expect(starts.map(\.outcome) == ["pass", "fail"])
        #expect(machine.leftovers.isEmpty)
    }

    @Test("this host's own platform needs no handler: its probes run natively, and the report says so") func native()
        throws
    {
        let machine = try Machine()
        let outcome = machine.assay("host", "--platform", Guest.native.platform, "--format", "json")
        let report = try outcome.report
        #expect(outcome.status == 0 && report.claim?.hasSuffix("runs \(Guest.native.architecture) natively") == true)
        #expect(report.checks.filter { $0.kind == "host" }.allSatisfy { $0.outcome == "skip" })
        #expect(report.checks.contains { $0.kind == "probe" && $0.outcome == "pass" })
        #expect(report.host?.handlers.isEmpty == true)
    }

    @Test("options that are of one platform refuse several") func one() throws {
        for arguments in [
            ["accept", "--interpreter", "/q"], ["host", "--fix"], ["drill", "--list"],
            ["handler", "install", "--name", "n"], ["handler", "remove", "n"], ["builders", "--native-only"],
            ["artifact", "-"],
        ] {
            let machine = try Machine()
            let outcome = Outcome(
                Supervisor(jobs: 1).run(
                    machine.launch(arguments + ["--platform", "linux/arm64", "--platform", "linux/s390x"])))
            #expect(outcome.status == 64 && outcome.errors.contains("names 2"), "\(arguments): \(outcome)")
        }
    }

    @Test("a platform that is none, or has no probes, is a usage error that lists those that there are") func unknown()
        throws
    {
        for word in ["linux/riscv65", "linux/arm/v6", "windows/amd64"] {
            let outcome = try Machine().assay("probe", "exec.static", "--platform", word)
            #expect(outcome.status == 64 && outcome.errors.contains("linux/riscv64"), "\(outcome)")
        }
    }
}
