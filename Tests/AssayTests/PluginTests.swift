import Sandbox
import SystemPackage
import TestSupport
import Testing

/// By node-problem-detector's rules: 0 is OK, 1 NonOK, anything else Unknown; 80 bytes of standard output; 5 seconds.
@Suite("A plugin of node-problem-detector", .serialized) struct PluginTests {
    private func expect(_ outcome: Outcome, _ status: Int32, _ words: String, _ what: String) {
        #expect(outcome.status == status && outcome.output.contains(words), "\(what): \(outcome)")
        #expect(outcome.output.hasSuffix("\n") && outcome.output.count { $0 == "\n" } == 1, "\(what): \(outcome)")
        #expect(outcome.output.utf8.count <= 81, "\(what): \(outcome)")
        #expect(outcome.ended.duration < .seconds(5), "\(what)")
    }

    @Test(
        "looks at the host, or reads the last report and its age",
        .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
    func statuses() throws {
        let machine = try Machine()
        func host(_ words: String, _ before: String) -> Outcome {
            let script = "\(before)\nexec \"$0\" host \(words) --report json='\(machine.scratch)/r.json'"
            return Outcome(Supervisor(jobs: 1).run(machine.privately(script)))
        }
        func last(_ words: String..., of name: String = "r.json") -> Outcome {
            let words = ["report", "npd", machine.scratch.appending(name).string] + words
            return Outcome(Supervisor(jobs: 1).run(machine.launch(words)))
        }
        expect(last(), 2, "reading a saved report", "no report")
        expect(host("--format npd", PrivateHost.register(flags: "F")), 0, "runs the smallest arm64 program", "healthy")
        expect(last(), 0, "runs the smallest arm64 program", "healthy, saved")
        expect(host("--format npd", ""), 1, "handler-missing: no handler is registered", "missing")
        expect(last(), 1, "handler-missing: no handler is registered", "missing, saved")
        _ = machine.run("sed -i 's/\"started\" : \"20../\"started\" : \"2001/' '\(machine.scratch)/r.json'")
        expect(last(), 2, "is assay watch running?", "old")
        expect(host("--format npd --allow handler-missing", ""), 0, "allowed: handler-missing", "allowed")
        expect(last(), 0, "allowed: handler-missing", "allowed, saved")
        for (name, text) in [("x", "x"), ("empty", ""), ("other", "{\"schema\": \"assay.fleet/1\"}")] {
            try machine.write(text, to: name)
            expect(last(of: name), 2, "reading a saved report", name)
        }
    }

    @Test(
        "an emulator that hangs is unknown to it before the time is over",
        .enabled(if: PrivateHost.isPossible, "\(PrivateHost.reason)"))
    func hangs() throws {
        let (machine, token) = (try Machine(), Token())
        let path = try machine.write(
            "#!/bin/sh\nexec sleep \(token)\n", to: "hang", mode: [.ownerReadWriteExecute, .groupReadExecute])
        let script = PrivateHost.register(path.string, flags: "") + "exec \"$0\" host --format npd"
        let outcome = Outcome(Supervisor(jobs: 1).run(machine.privately(script)))
        expect(outcome, 2, "runner-interrupted", "hanging")
        #expect(token.settled(count: 0).isEmpty && machine.leftovers.isEmpty)
    }
}
