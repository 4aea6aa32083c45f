import Glibc
import Guest
import Sandbox
import Testing

@Suite("Judging another interpreter", .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct WhatIfTests {
    private func hostRegistry(_ machine: Machine) -> String {
        machine.run("cd /proc/sys/fs/binfmt_misc && for f in *; do [ $f = register ] || { echo $f; cat $f; }; done")
            .output
    }

    @Test("one that works is fit, in every venue, and the host's registry stays as it was") func works() throws {
        let machine = try Machine()
        let before = hostRegistry(machine)
        let outcome = machine.assay(
            "accept", "--builder", "none", "--filter", "exec.static", "--interpreter", PrivateHost.qemu!, "--format",
            "json")
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        #expect(report.verdict == "fit")
        #expect(report.host?.interpreter?.path == PrivateHost.qemu && report.host?.handler?.flags.contains("F") == true)
        #expect(report.outcomes(in: "container") == ["pass"])
        #expect(hostRegistry(machine) == before)
        #expect(machine.leftovers.isEmpty)
    }

    /// Other guests' static emulators that are installed; the tests take no others.
    private static let others = Guest.all.filter {
        ![.native, .usual].contains($0) && access($0.staticEmulator, X_OK) == 0
    }

    @Test("without a platform it is the one that the interpreter runs", arguments: others) func ownPlatform(
        guest: Guest
    )
        throws
    {
        let outcome = try Machine().assay(
            "probe", "exec.static", "--interpreter", guest.staticEmulator, "--format", "json")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try outcome.report.checks.allSatisfy { $0.platform == guest.platform })
    }

    @Test("another guest's than the platform's is a usage error that names both", arguments: others)
    func otherPlatform(guest: Guest) throws {
        let outcome = try Machine().assay(
            "probe", "exec.static", "--platform", Guest.usual.platform, "--interpreter", guest.staticEmulator)
        #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome)")
        #expect(
            outcome.errors.contains(
                "is \(guest.emulator), which runs \(guest.platform), and \(Guest.usual.platform) is meant"),
            "\(outcome)")
    }

    @Test(
        "this host's own programs are never handed to an interpreter", .enabled(if: access(own, X_OK) == 0, "no \(own)")
    )
    func native() throws {
        for platform in [[], ["--platform", Guest.native.platform]] {
            let machine = try Machine()
            let outcome = Outcome(
                Supervisor(jobs: 1).run(
                    machine.launch(["probe", "exec.static", "--interpreter", Self.own] + platform)))
            #expect(
                outcome.status == 64 && outcome.errors.contains("runs \(Guest.native.platform) itself"), "\(outcome)")
        }
    }

    private static let own = Guest.native.staticEmulator

    @Test("one that is no emulator is caught") func wrongProgram() throws {
        let outcome = try Machine().assay("probe", "exec.static", "--interpreter", "/bin/true", "--format", "json")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(try outcome.report.errors.contains("interpreter-wrong-program"))
    }

    @Test("flags are taken as given") func flags() throws {
        let outcome = try Machine().assay(
            "accept", "--builder", "none", "--filter", "exec.static", "--interpreter", PrivateHost.qemu!, "--flags",
            "POC", "--format", "json")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(try outcome.report.errors == ["handler-not-fixed"])
    }

    @Test("one that does not exist is an error that says so, never a pass") func absent() throws {
        let machine = try Machine()
        let outcome = machine.assay("probe", "exec.static", "--interpreter", "/does/not/exist")
        #expect(outcome.status == 66, "\(outcome)")
        #expect(outcome.errors == "assay: no such file: /does/not/exist\n" && outcome.output.isEmpty, "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test("a relative path and an unknown flag are usage errors") func usage() throws {
        let machine = try Machine()
        #expect(machine.assay("probe", "exec.static", "--interpreter", "qemu-aarch64").status == 64)
        #expect(machine.assay("probe", "exec.static", "--interpreter", "/bin/true", "--flags", "Q").status == 64)
    }
}
