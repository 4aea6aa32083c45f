import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

/// Handlers and images that mean harm: none is found fit, none keeps Assay from its verdict, none leaves anything.
@Suite("Hostile handlers and images", .enabled(if: HostileProgram.program != nil, "\(HostileProgram.reason)"))
struct HostileTests {
    /// Longer than any limit that the commands below set, on a busy machine.
    private static let most = Duration.seconds(40)

    private func run(_ arguments: [String], of hostile: HostileProgram, in machine: Machine) -> Outcome {
        let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(arguments, timeout: Self.most)))
        // Only these verdicts: not fit, no crash, and not the test's own time limit.
        #expect(outcome.status == 1 || outcome.status == 2, "\(outcome)")
        #expect(hostile.left.isEmpty, "\(outcome)")
        #expect(machine.leftovers.isEmpty, "\(outcome)")
        #expect(!outcome.output.unicodeScalars.contains { $0.value < 32 && $0 != "\n" }, "\(outcome)")
        return outcome
    }

    @Test(
        "a handler", .enabled(if: PrivateHost.isPossible && Here.isX86, "\(PrivateHost.reason), and an x86-64 host"),
        arguments: HostileProgram.deeds, ["direct", "container"])
    func handler(deed: String, venue: String) throws {
        let machine = try Machine()
        let hostile = try HostileProgram(deed, in: machine)
        // Fixed, so that it is found in the container.
        let outcome = run(
            [
                "probe", "exec.static", "--venue", venue, "--timeout", "0.5", "--format", "json", "--interpreter",
                hostile.path.string, "--flags", "PF",
            ], of: hostile, in: machine)
        #expect(try outcome.report.checks.allSatisfy { $0.kind != "probe" || $0.outcome != "pass" }, "\(outcome)")
    }

    @Test("an image", .enabled(if: Here.isX86, "made of a program of this host's"), arguments: HostileProgram.deeds)
    func image(deed: String) throws {
        let machine = try Machine()
        let hostile = try HostileProgram(nil, in: machine)
        let name = "hostile-\(hostile.marker)"
        let archive = try machine.imageArchive(
            "amd64", execution: #"{"Entrypoint":["/bin/\#(name)","\#(deed)"]}"#,
            files: "mkdir -p bin tmp && cp '\(hostile.path)' bin/\(name)")
        _ = run(
            [
                "artifact", archive.string, "--platform", "linux/amd64", "--run", "--expect-output", "the right words",
                "--timeout-multiplier", "0.05", "--format", "json",
            ], of: hostile, in: machine)
    }

    /// The list read from the source must equal the preprocessor's: a deed missing here would not be tried.
    @Test("all that the program can do are tried, and none does what it does not know") func complete() throws {
        let machine = try Machine()
        let hostile = try HostileProgram(nil, in: machine)
        let listed = machine.run("'\(hostile.path)' list")
        #expect(listed.output.split(separator: "\n").map(String.init) == HostileProgram.deeds, "\(listed)")
        #expect(machine.run("'\(hostile.path)' such-is-no-deed").status == 125)
    }
}
