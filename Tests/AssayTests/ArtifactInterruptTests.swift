import Evidence
import Sandbox
import SystemPackage
import Testing

@Suite("Reading an artifact") struct ArtifactInterruptTests {
    private static let cases = [
        // The pipe's other end stays open and silent; the monitor ends it afterwards.
        "{ sleep 1000 & } | SIGNALLED artifact -",
        "mkfifo fifo; SIGNALLED artifact fifo",
        "truncate -s 2T one other; SIGNALLED artifact one --same-as other",
        "mkdir one other; truncate -s 2T one/x other/x; SIGNALLED artifact one --same-as other",
        // As many holes as the limit lets pass.
        """
        mkdir root; head -c 20M /dev/urandom >root/data; truncate -s 9G root/hole; tar --sparse -cf image.tar -C root data hole
        SIGNALLED artifact image.tar
        """,
    ]

    @Test(
        "ends when a signal asks for it, though standard input brings nothing, or a file has no end",
        arguments: cases, [("INT", 130), ("TERM", 143)])
    func interrupted(work: String, signal: (name: String, status: Int32)) throws {
        let (machine, status) = (try Machine(), signal.status)
        let program = machine.launch([]).path
        let limit = "timeout --preserve-status -k 5 -s \(signal.name) 0.5 '\(program)'"
        let script = "cd '\(machine.scratch)'; " + work.replacing("SIGNALLED", with: limit)
        var launch = Launch(
            path: "/bin/sh", arguments: ["sh", "-c", script], venue: .direct, timeout: .seconds(20))
        launch.environment = machine.environment
        let ended = Supervisor(jobs: 1).run(launch)
        #expect(ended.reason == .exited(status), "\(ended.errors.text)")
        #expect(ended.duration < .seconds(10))
        #expect(
            ended.output.text.contains("runner-interrupted   interrupted by SIG\(signal.name)"), "\(ended.output.text)")
        #expect(machine.leftovers.isEmpty)
    }
}
