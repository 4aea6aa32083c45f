import Files
import FoundationEssentials
import Glibc
import Sandbox
import SystemPackage
import Testing

@Suite("The history of runs") struct HistoryTests {
    private struct Recorded: Decodable {
        struct Run: Decodable {
            var id: Int
            var command, verdict: String
            var exitStatus: Int
            var host: [String: String]?
            var summary: [String: Int]

            enum CodingKeys: String, CodingKey {
                case id, command, verdict, host, summary
                case exitStatus = "exit_status"
            }
        }
        var schema: String
        var runs: [Run]?
        var run: Run
    }

    private static let probe = ["probe", "exec.static", "--format", "json"]

    private func recorded(_ machine: Machine) throws -> Recorded {
        let outcome = machine.assay("history", "--last", "100", "--format", "json")
        try #require(outcome.status == 0, "\(outcome)")
        return try JSONDecoder().decode(Recorded.self, from: Data(outcome.output.utf8))
    }

    @Test("nothing is recorded unless somebody asks, and then history says so with status 4") func optIn() throws {
        let machine = try Machine()
        #expect(Outcome(Supervisor(jobs: 1).run(machine.launch(Self.probe))).status == 0)
        #expect(access(machine.home.appending(".local").string, F_OK) != 0)
        for arguments in [["history"], ["history", "show"], ["history", "prune", "--keep", "1"]] {
            let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(arguments)))
            #expect(outcome.status == 4 && outcome.errors.contains("nothing is recorded"), "\(outcome)")
        }
    }

    @Test("a recorded run is listed with its verdict, its exit status and its host") func listed() throws {
        let machine = try Machine()
        #expect(Outcome(Supervisor(jobs: 1).run(machine.launch(Self.probe + ["--record"]))).status == 0)
        machine.environment["ASSAY_HISTORY"] = "1"
        #expect(Outcome(Supervisor(jobs: 1).run(machine.launch(Self.probe + ["--no-record"]))).status == 0)
        #expect(Outcome(Supervisor(jobs: 1).run(machine.launch(Self.probe))).status == 0)
        let history = try recorded(machine)
        #expect(history.schema == "assay.history/1" && history.runs?.map(\.id) == [2, 1])
        #expect(history.run.command == "probe" && history.run.verdict == "fit" && history.run.exitStatus == 0)
        #expect(history.run.host?["sha256"]?.count == 64 && history.run.host?["qemu"] != nil)
        #expect(history.run.summary["pass", default: 0] > 0)
        let shown = machine.assay("history", "show", "2")
        #expect(shown.status == 0 && shown.output.contains("against run 1"), "\(shown)")
        let unknown = machine.assay("history", "show", "9")
        #expect(unknown.status == 64 && unknown.errors.contains("runs 1 to 2"), "\(unknown)")
        let out = machine.scratch.appending("out")
        #expect(machine.assay("history", "export", out.string).status == 0)
        #expect(access(out.appending("run-2.json").string, R_OK) == 0)
    }

    @Test("eight programs that end at once are all recorded") func together() throws {
        let machine = try Machine()
        machine.environment["ASSAY_HISTORY"] = machine.scratch.appending("deep/er/h.sqlite").string
        let ended = Supervisor(jobs: 8).run((0..<8).map { _ in machine.launch(Self.probe) })
        for outcome in ended.map(Outcome.init) { #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)") }
        #expect(try recorded(machine).runs?.map(\.id) == [8, 7, 6, 5, 4, 3, 2, 1])
    }

    @Test("a program killed while it records leaves a database with whole runs, and the next is recorded") func killed()
        throws
    {
        let machine = try Machine()
        machine.environment["ASSAY_HISTORY"] = "1"
        #expect(Outcome(Supervisor(jobs: 1).run(machine.launch(Self.probe))).status == 0)
        // Only SQLite writes at a place of a file. The program is killed at another of these writes each time, or, with the last
        // numbers, not at all.
        let script = """
            for write in $(seq 2 2 40); do
                strace -qq -o /dev/null -e trace=pwrite64 -e inject=pwrite64:signal=KILL:when=$write \\
                    "$0" probe exec.static --format json >/dev/null 2>&1
                echo $?
            done
            """
        let statuses = Outcome(Supervisor(jobs: 1).run(machine.shell(script))).output.split(separator: "\n")
        // 128 and SIGKILL: strace ends as what it traces.
        let killed = statuses.count { $0 == "137" }
        let ended = statuses.count { $0 == "0" }
        #expect(killed >= 3 && ended >= 1 && killed + ended == 20, "\(statuses)")
        let before = try recorded(machine).runs ?? []
        // One that was killed while the log was being carried over had been recorded.
        #expect(before.count > ended && before.count <= 1 + ended + killed / 2, "\(before.count) of \(statuses)")
        for run in before { #expect(run.summary == before.last?.summary, "run \(run.id) is not whole") }
        #expect(Outcome(Supervisor(jobs: 1).run(machine.launch(Self.probe))).status == 0)
        #expect(try recorded(machine).runs?.count == before.count + 1)
    }

    @Test("where nothing can be recorded there is a note, and the verdict and exit status are what they would be")
    func nowhere()
        throws
    {
        let machine = try Machine()
        for setting in ["/proc/assay/history.sqlite", "relative.sqlite"] {
            machine.environment["ASSAY_HISTORY"] = setting
            let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(Self.probe)))
            #expect(outcome.status == 0 && outcome.errors.hasPrefix("assay: history: "), "\(outcome)")
            #expect(try outcome.report.verdict == "fit")
        }
        machine.environment["ASSAY_HISTORY"] = "1"
        for variable in ["HOME", "XDG_STATE_HOME"] { machine.environment[variable] = nil }
        machine.environment["XDG_CACHE_HOME"] = machine.scratch.appending("cache").string
        let homeless = Outcome(Supervisor(jobs: 1).run(machine.launch(Self.probe)))
        #expect(homeless.status == 0 && homeless.errors.contains("XDG_STATE_HOME or HOME"), "\(homeless)")
    }

    @Test("on a read-only file system the history can be read, and recording is a note") func readOnly() throws {
        let machine = try Machine()
        machine.environment["ASSAY_HISTORY"] = "1"
        #expect(Outcome(Supervisor(jobs: 1).run(machine.launch(Self.probe))).status == 0)
        let state = machine.home.appending(".local/state").string
        let script = """
            rm -f '\(state)'/assay/*-shm
            unshare -Urm sh -ec "
                mount --bind '\(state)' '\(state)'; mount -o remount,bind,ro '\(state)'
                '$0' history --format json; '$0' probe exec.static --format json >/dev/null"
            """
        let outcome = Outcome(Supervisor(jobs: 1).run(machine.shell(script)))
        #expect(outcome.status == 0 && outcome.output.contains("assay.history/1"), "\(outcome)")
        #expect(outcome.errors.contains("assay: history: recording a run in"), "\(outcome)")
    }

    @Test("a damaged database is an error with status 65 for history, and a note for a verdict") func damaged() throws {
        let machine = try Machine()
        let path = machine.scratch.appending("history.sqlite")
        machine.environment["ASSAY_HISTORY"] = path.string
        try WholeFile.write(String(repeating: "junk", count: 1000).utf8, to: path, .any)
        let history = machine.assay("history")
        #expect(history.status == 65, "\(history)")
        #expect(
            history.errors.contains("\(path): expected an SQLite database of Assay's, found file is not a database"))
        let probe = Outcome(Supervisor(jobs: 1).run(machine.launch(Self.probe)))
        #expect(probe.status == 0 && probe.errors.contains("not a database"), "\(probe)")
    }
}
