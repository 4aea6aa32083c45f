import Glibc
import Sandbox
import SystemPackage
import Testing

/// strace makes reading fail: what could not be read is neither missing nor wrong.
@Suite(
    "What cannot be read",
    .enabled(if: access("/usr/bin/strace", X_OK) == 0, "needs Debian's strace"),
    .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct UnreadableTests {
    private static let faults = ["EIO", "EACCES"].flatMap { error in
        ["openat,openat2", "read"].map { (error: error, calls: $0) }
    }

    private func host(_ machine: Machine, _ path: String, _ fault: (error: String, calls: String)) -> Outcome {
        let traced = "strace -f -qq -o /dev/null -P \"\(path)\" -e inject=\(fault.calls):error=\(fault.error)"
        let script = PrivateHost.register(flags: "POCF") + "exec \(traced) \"$0\" host --format json"
        return Outcome(Supervisor(jobs: 1).run(machine.privately(script)))
    }

    @Test("of the registry leaves the question open, whatever the errno", arguments: faults)
    func registry(fault: (error: String, calls: String)) throws {
        let machine = try Machine()
        for path in ["$registry/qemu-aarch64", "$registry/status"] {
            let outcome = host(machine, path, fault)
            let report = try outcome.report
            #expect(outcome.status == 2 && report.errors.isEmpty, "\(path): \(outcome)")
            let handler = report.checks.first { $0.id == "host.handler" }
            #expect(handler?.outcome == "broken", "\(path): \(outcome)")
            #expect(report.outcomes(in: "direct") == ["pass"], "\(path): \(outcome)")
        }
    }

    @Test("of the cached image costs the cache, and not the verdict", arguments: faults)
    func cache(fault: (error: String, calls: String)) throws {
        let machine = try Machine()
        let before = machine.assay("host", "--format", "json", after: PrivateHost.register(flags: "POCF"))
        let outcome = host(machine, try machine.coreTree().string, fault)
        #expect(try outcome.report.errors == before.report.errors, "\(outcome)")
        #expect(outcome.status == before.status, "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }
}
