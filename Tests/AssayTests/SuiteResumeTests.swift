import Findings
import FoundationEssentials
import Sandbox
import SystemPackage
import Testing

@Suite("A suite that is killed")
struct SuiteResumeTests {
    /// Steps that say in a file that they were done, at the very end.
    private static func scenario(_ count: Int, log: FilePath) -> String {
        let steps = (1...count).map { number in
            let status = number % 7 == 0 ? 3 : 0
            return """
                  - name: step-\(number)
                    run: [sh, -c, "sleep 0.0\(number % 5 + 2); echo step-\(number) >> '\(log)'; exit \(status)"]
                    image: host
                """
        }
        return """
            schema: assay.scenario/1
            name: many
            description: Many small steps, some of which fail.
            steps:

            """ + steps.joined(separator: "\n") + "\n"
    }

    /// Waits until the journal has that many more lines, however slow the machine is, and then a moment longer.
    private static func await(_ lines: Int, of journal: FilePath, then milliseconds: Int) -> String {
        """
        n=0; until [ "$(wc -l 2>/dev/null <'\(journal)')" -ge $((before + \(lines))) ] 2>/dev/null || [ $n -gt 1000 ]
        do n=$((n + 1)); sleep 0.01; done
        sleep 0.\(String(1000 + milliseconds).dropFirst())
        """
    }

    private func counts(_ path: FilePath) -> [String: Int] {
        let text = (try? Data(contentsOf: URL(filePath: path.string))).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: "\n").reduce(into: [:]) { $0[String($1), default: 0] += 1 }
    }

    /// Steps that the journal knows as finished.
    private func finished(_ path: FilePath) -> Set<String> {
        let text = (try? Data(contentsOf: URL(filePath: path.string))).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return Set(
            text.split(separator: "\n").dropFirst().compactMap { line in
                line.firstRange(of: "\"id\":\"many\\/step-").flatMap { range in
                    line[range.upperBound...].firstIndex(of: "\"").map { "step-\(line[range.upperBound..<$0])" }
                }
            })
    }

    private func outcomes(_ outcome: Outcome) throws -> [String: String] {
        Dictionary(try outcome.report.checks.map { ($0.reference, $0.outcome) }) { first, _ in first }
    }

    @Test(
        "at 20 random moments, by SIGKILL, and resumed, comes to the same as one that was left alone",
        .timeLimit(.minutes(3)))
    func killed() throws {
        let machine = try Machine()
        let log = machine.scratch.appending("log")
        let journal = machine.scratch.appending("journal")
        let file = try machine.write(Self.scenario(120, log: log), to: "many.yaml")
        let whole = machine.assay(
            "run", file.string, "--journal", machine.scratch.appending("whole").string, "--format", "json")
        #expect(whole.status == 1, "\(whole)")
        #expect(counts(log).count == 120)
        try Data().write(to: URL(filePath: log.string))

        let moments = (0..<20).map { _ in (lines: Int.random(in: 0...4), milliseconds: Int.random(in: 0...120)) }
        var done: [String: Int] = [:]
        for (index, moment) in moments.enumerated() {
            let resume = index == 0 ? "" : "--resume"
            let killed = machine.run(
                """
                before=$(wc -l 2>/dev/null <'\(journal)' || echo 0)
                "$0" run '\(file)' --journal '\(journal)' --jobs 3 \(resume) >/dev/null 2>&1 & victim=$!
                \(Self.await(moment.lines, of: journal, then: moment.milliseconds))
                kill -9 $victim 2>/dev/null; wait $victim
                # What it had started ends with it; then the log is quiet.
                sleep 0.3
                """)
            #expect(killed.status == 0, "\(killed)")
            let seen = counts(log)
            for (step, count) in done {
                #expect(seen[step] == count, "\(step) was run again after \(moments[...index])")
            }
            done = seen.filter { finished(journal).contains($0.key) }
        }
        let last = machine.assay(
            "run", file.string, "--journal", journal.string, "--jobs", "3", "--resume", "--format", "json")
        #expect(last.status == 1, "\(last)")
        #expect(try outcomes(last) == outcomes(whole))
        #expect(counts(log).count == 120)
        for (step, count) in done { #expect(counts(log)[step] == count, "\(step) was run again at the end") }
        #expect(!done.isEmpty, "never was anything finished before the kill: \(moments)")
    }

    @Test("by SIGTERM leaves nothing behind, says how to go on, and goes on") func terminated() throws {
        let machine = try Machine()
        let log = machine.scratch.appending("log")
        let journal = machine.scratch.appending("journal")
        let file = try machine.write(Self.scenario(60, log: log), to: "many.yaml")
        let ended = machine.run(
            """
            before=0; "$0" run '\(file)' --journal '\(journal)' & victim=$!
            \(Self.await(6, of: journal, then: 30))
            kill -TERM $victim; wait $victim
            """)
        #expect(ended.status == 143, "\(ended)")
        #expect(ended.errors.contains("--resume"))
        #expect(machine.leftovers == [])
        let before = finished(journal)
        #expect(!before.isEmpty && before.count < 60)
        let last = machine.assay("run", file.string, "--journal", journal.string, "--resume", "--format", "json")
        #expect(try last.report.checks.count { $0.kind == "step" } == 60)
        #expect(last.errors.contains("resuming: \(before.count) of 60"))
    }
}
