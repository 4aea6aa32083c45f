import Sandbox
import SystemPackage
import Testing

@Suite("Reading an artifact") struct ArtifactInterruptTests {
    @Test(
        "ends when a signal asks for it, though standard input brings nothing",
        arguments: [("INT", 130), ("TERM", 143)])
    func interrupted(signal: String, status: Int32) throws {
        let machine = try Machine()
        let program = machine.launch([]).path
        // The pipe's other end stays open and silent; the monitor ends it afterwards.
        let script = "{ sleep 1000 & } | timeout --preserve-status -s \(signal) 0.5 '\(program)' artifact -"
        var launch = Launch(
            path: "/bin/sh", arguments: ["sh", "-c", script], venue: .direct, timeout: .seconds(20))
        launch.environment = machine.environment
        let ended = Supervisor(jobs: 1).run(launch)
        #expect(ended.reason == .exited(status), "\(ended.errors.text)")
        #expect(ended.duration < .seconds(10))
        #expect(machine.leftovers.isEmpty)
    }
}
