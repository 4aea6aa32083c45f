import Evidence
import Files
import Findings
import Glibc
import Host
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("This host", .enabled(if: Here.emulates, "\(Here.emulationReason)")) struct AcceptanceTests {
    @Test("accept says fit, in every venue, and the exit status agrees") func fit() throws {
        let machine = try Machine()
        let outcome = machine.assay("accept", "--builder", "none", "--format", "json", "--timeout-multiplier", "5")
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        #expect(report.schema == "assay.report/2" && report.command == "accept" && report.verdict == "fit")
        #expect(report.outcomes(in: "direct").isSubset(of: ["pass", "skip"]))
        let probes = report.checks.filter { $0.kind == "probe" }
        #expect(Set(probes.map(\.reference)).count == probes.count)
        #expect(Set(probes.compactMap(\.venue)) == ["direct", "chroot", "container"])
        #expect(machine.leftovers.isEmpty)
        #expect(machine.names(in: machine.home) == [".cache"])
    }

    @Test(
        "the interpreter is identified as the system knows it",
        .enabled(if: Here.isX86, "a machine that is arm64 itself has none"))
    func interpreter() throws {
        let machine = try Machine()
        let host = try #require(try machine.assay("host", "--format", "json").report.host)
        let interpreter = try #require(host.interpreter)
        let digest = machine.run("sha256sum <'\(interpreter.path)'").output.prefix(64)
        #expect(interpreter.sha256 == String(digest))
        let version = machine.run(
            "'\(interpreter.path)' --version 2>/dev/null || /usr/bin/qemu-aarch64-static --version")
        if let said = interpreter.version { #expect(version.output.contains("version \(said)")) }
    }

    @Test("reports go to files and standard output alike") func files() throws {
        let machine = try Machine()
        let (json, text) = (machine.scratch.appending("a.json"), machine.scratch.appending("a.txt"))
        let outcome = machine.assay(
            "probe", "exec.static", "--format", "json", "--report", "json=\(json)", "--report", "console=\(text)")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(String(decoding: try WholeFile.read(json.string, limit: 1 << 20), as: UTF8.self) == outcome.output)
        let console = String(decoding: try WholeFile.read(text.string, limit: 1 << 20), as: UTF8.self)
        #expect(
            console.hasPrefix("FIT  ") && console.contains("exec.static runs in direct") && !console.utf8.contains(0x1b)
        )
        #expect(machine.names(in: machine.scratch).sorted() == ["a.json", "a.txt", "home", "tmp"])
    }

    @Test("a report that has no place to be written to is a usage error, before anything runs") func unwritable() throws
    {
        let machine = try Machine()
        let outcome = machine.assay("probe", "exec.static", "--report", "json=/does/not/exist/a.json")
        #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.contains("/does/not/exist/a.json"))
        #expect(machine.leftovers.isEmpty)
    }

    @Test("console output on a pipe has no colours") func colours() throws {
        let outcome = try Machine().assay("probe", "exec.static")
        #expect(!outcome.output.utf8.contains(0x1b) && outcome.errors.isEmpty)
    }

    @Test("--keep keeps the scratch directory and says where it is") func keep() throws {
        let machine = try Machine()
        let outcome = machine.assay("probe", "exec.static", "--keep")
        #expect(outcome.status == 0)
        let kept = machine.leftovers
        #expect(kept.count == 1)
        #expect(outcome.errors.contains("assay: kept \(machine.temporary.appending(kept.first ?? "?"))"))
    }

    @Test("a filter chooses probes and venues") func filter() throws {
        let outcome = try Machine().assay(
            "accept", "--builder", "none", "--filter", "exec.static@direct", "--filter", "fp.*@container", "--exclude",
            "fp.rounding", "--format", "json")
        let probes = try outcome.report.checks.filter { $0.kind == "probe" }
        #expect(probes.contains { $0.reference == "exec.static@direct" })
        #expect(probes.allSatisfy { $0.reference == "exec.static@direct" || $0.reference.hasPrefix("fp.") })
        #expect(!probes.contains { $0.id == "fp.rounding" || $0.venue == "chroot" })
    }

    @Test(
        "an ordinary user gets containers, and a skip with its reason for what needs root",
        .enabled(if: Here.nobodyCanRun, "nobody may not execute the program where it lies"))
    func ordinaryUser() throws {
        let machine = try Machine(user: Here.isRoot ? 65534 : nil)
        let outcome = machine.assay("accept", "--builder", "none", "--format", "json", "--timeout-multiplier", "5")
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        #expect(report.host?.privileged == false)
        #expect(report.outcomes(in: "chroot") == ["skip"])
        #expect(report.outcomes(in: "container").contains("pass"))
        #expect(report.outcomes(in: "direct").contains("pass"))
        let skipped = report.checks.filter { $0.venue == "chroot" }
        #expect(skipped.allSatisfy { $0.detail.contains("needs root") })
        #expect(machine.leftovers.isEmpty)
    }
}
