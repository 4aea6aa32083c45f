import Archive
import Evidence
import Files
import Findings
import Guest
import Sandbox
import SystemPackage
import Testing

@testable import Probes

@Suite("Probes that are programs", .enabled(if: CoreImageTests.isX86, "run by the native twin, an x86-64 program"))
struct ProgramTests {
    /// Computes the answer as Images/lib/probe.sh does not: with rev.
    private static let answer = #"echo "done: $(echo "$ASSAY_NONCE" | rev)""#

    /// What becomes of one program: the shell script, or the command where it begins with a slash.
    private func result(_ program: String, timeout: Duration = .seconds(10)) throws -> ProbeEvidence.Result {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let root = scratch.appending("root")
        try Image.twin(.amd64).unpack(into: root, limits: ArchiveLimits())
        try write(program + "\n", to: scratch.appending("script"))
        let command = program.hasPrefix("/") ? program : "/bin/sh \(scratch)/script"
        try write(
            "assay.programs/1 mine\nmine.one\t\(command)\tproves\tstands for\t\n",
            to: root.appending("usr/share/assay/programs"))
        let run = ProbeRun(
            image: "mine", guest: .amd64, venue: .direct, probes: ["mine.one"], root: root, scratch: scratch,
            limits: ProbeLimits(probe: timeout, venue: .seconds(60)))
        let ended = Supervisor(jobs: 1).run(run.launch)
        #expect(ended.output.text.contains("# assay.probe/1 image=mine machine=x86_64"), "\(ended)")
        return run.evidence(of: ended)[0].result
    }

    private func write(_ text: String, to path: FilePath) throws {
        try WholeFile.write(text.utf8, to: path, .any)
    }

    @Test("one that answers passes, with its note") func passes() throws {
        #expect(try result(Self.answer) == .passed(note: nil))
        #expect(try result("echo 'note: limit-x: y'; \(Self.answer)") == .passed(note: ProbeNote("limit-x: y")))
        #expect(try result("echo 'skip: not here'; \(Self.answer)") == .skipped(reason: "not here"))
    }

    @Test(
        "exit status 0 is no answer, nor is the nonce itself, nor another's",
        arguments: [
            "/bin/true", "exit 0", "echo \"done: $ASSAY_NONCE\"", "echo 'done: 00'", "echo 'skip: me'", "echo done:",
        ])
    func unanswered(program: String) throws {
        guard case .failed(let expected, let seen) = try result(program) else {
            Issue.record("expected a failure")
            return
        }
        #expect(expected.contains("the nonce backwards") && seen.contains("exit status 0"))
    }

    @Test("what it expected and saw is told, and an exit status above 0 fails even with the answer") func fails() throws
    {
        #expect(
            try result("printf 'expected: 6\\nseen: 7\\n'; \(Self.answer); exit 1") == .failed(expected: "6", seen: "7")
        )
        #expect(
            try result("echo oops >&2; \(Self.answer); exit 3")
                == .failed(expected: "exit status 0", seen: "exit status 3; standard error: oops"))
    }

    @Test("what cannot be executed names the error") func notExecuted() throws {
        #expect(
            try result("/no/such/program")
                == .failed(expected: "the program can be executed", seen: "execve(/no/such/program): ENOENT"))
    }

    @Test("a signal is a crash, too long is a hang") func ends() throws {
        #expect(try result("\(Self.answer); kill -SEGV $$") == .crashed(signal: 11, message: ""))
        #expect(try result("sleep 60", timeout: .milliseconds(300)) == .hung(limit: .milliseconds(300)))
    }

    @Test("it has a directory of its own, an empty input, and no descriptor but three") func surroundings() throws {
        let script = """
            [ "$PWD" = "$TMPDIR" ] && [ "$HOME" = "$TMPDIR" ] && [ -z "$(ls -A)" ] && [ -z "$(cat)" ] && : >file && \\
            [ "$(ls /proc/self/fd | wc -l)" = 4 ] && \(Self.answer)
            """
        #expect(try result(script) == .passed(note: nil))
    }
}
