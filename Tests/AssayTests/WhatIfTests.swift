import Binfmt
import Files
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

    @Test("a file that is cut off is called damaged, not a file of another kind") func damaged() throws {
        let machine = try Machine()
        let bytes = try WholeFile.read(PrivateHost.qemu!, limit: 64 << 20)
        let cut = try machine.write(Array(bytes.prefix(bytes.count / 2)), to: "qemu-aarch64")
        let outcome = machine.assay("host", "--interpreter", "\(cut)", "--format", "json")
        #expect(outcome.status == 1, "\(outcome)")
        let finding = try outcome.report.finding("interpreter-wrong-program")
        #expect(finding?.summary.contains("is damaged: an ELF program that is cut off") == true, "\(outcome)")
    }

    @Test(
        "an emulator of another platform under this one's name is not judged silently for that other",
        .enabled(if: access("/usr/bin/qemu-arm-static", X_OK) == 0))
    func misnamed() throws {
        let machine = try Machine()
        let other = try machine.write(
            WholeFile.read("/usr/bin/qemu-arm-static", limit: 64 << 20), to: "qemu-aarch64-static")
        let outcome = machine.assay("accept", "--builder", "none", "--interpreter", "\(other)")
        #expect(outcome.status == 64 && outcome.errors.contains("says that it is qemu-arm"), "\(outcome)")
    }

    private func privately(_ machine: Machine, _ script: String) -> Outcome {
        Outcome(Supervisor(jobs: 1).run(machine.privately(script)))
    }

    @Test("with --host-registry it is tried for this run's programs alone, beside an entry that is at fault")
    func besideAnother() throws {
        let machine = try Machine()
        // Here the registry is a private one, to which the program writes as it does to a host's own.
        let script = """
            \(PrivateHost.register("/bin/cat", flags: "F"))
            "$0" accept --builder none --interpreter \(PrivateHost.qemu!) --host-registry --format json --no-record
            s=$?; ls $registry >&2; exit $s
            """
        let outcome = privately(machine, script)
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        #expect(report.verdict == "fit" && report.host?.interpreter?.path == PrivateHost.qemu)
        #expect(report.checks.count { $0.outcome == "pass" } > 200)
        #expect(
            Set(outcome.errors.split(separator: "\n")) == ["qemu-aarch64", "register", "status"], "\(outcome.errors)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test("where an entry takes every program whatever its padding, nothing is tried") func anyPadding() throws {
        let machine = try Machine()
        let usual = Handler(for: .arm64, interpreter: PrivateHost.qemu!, flags: "F")
        guard case .magic(_, let magic, var mask) = usual.recognition else { return }
        for index in 8..<16 { mask[index] = 0 }
        let any = Handler(name: "any", interpreter: PrivateHost.qemu!, flags: "F", magic: magic, mask: mask)
        let outcome = privately(
            machine,
            """
            printf '%s' '\(try #require(any.rule))' >$registry/register || exit 91
            "$0" probe exec.static --interpreter \(PrivateHost.qemu!) --host-registry; s=$?; ls $registry; exit $s
            """)
        #expect(outcome.status == 2 && outcome.errors.contains("any takes every AArch64 program"), "\(outcome)")
        #expect(outcome.output == "any\nregister\nstatus\n")
    }

    @Test("a killed run's entry goes with the next start, and a living one's stays") func killed() throws {
        let machine = try Machine()
        let command = "\"$0\" accept --builder none --interpreter \(PrivateHost.qemu!) --host-registry >/dev/null 2>&1"
        let outcome = privately(
            machine,
            """
            \(command) & p=$!
            until ls $registry | grep -q assay-trial-; do sleep 0.01; done
            kill -STOP $p
            "$0" version >/dev/null; "$0" probe exec.static >/dev/null; ls $registry | grep -c assay-trial-
            kill -9 $p; wait $p
            for i in $(seq 100); do
                "$0" probe exec.static >/dev/null
                ls $registry | grep -q assay-trial- || exit 0
                sleep 0.1
            done
            exit 1
            """)
        #expect(outcome.status == 0 && outcome.output == "1\n", "\(outcome)")
    }

    @Test(
        "--host-registry is for probes of the core image",
        arguments: [["accept"], ["accept", "--builder", "none", "--image", "/bin/busybox"]])
    func hostRegistryUsage(words: [String]) throws {
        let machine = try Machine()
        let words = words + ["--interpreter", PrivateHost.qemu!, "--host-registry"]
        let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(words)))
        #expect(outcome.status == 64 && outcome.errors.contains("--host-registry is for"), "\(outcome)")
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
