import Files
import Glibc
import Reports
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite(
    "An emulator that hangs", .serialized, .enabled(if: PrivateHost.isPossible, "\(PrivateHost.reason)"))
struct InterruptTests {
    /// An interpreter that sleeps until it is killed; a script, which the kernel refuses under O, C and F.
    private func hanging(_ machine: Machine, _ token: Token) throws -> String {
        let path = try machine.write("#!/bin/sh\nexec sleep \(token)\n", to: "hang")
        chmod(path.string, 0o755)
        return PrivateHost.register(path.string, flags: "")
    }

    @Test("is killed at the time limit and reported as emulation-hangs, and nothing of it is left") func hangs() throws
    {
        let (machine, token) = (try Machine(), Token())
        let outcome = machine.assay(
            "probe", "exec.static", "--timeout", "0.5", "--timeout-multiplier", "0.02", "--format", "json",
            after: try hanging(machine, token))
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.errors == ["emulation-hangs", "handler-not-fixed"])
        #expect(report.finding("emulation-hangs")?.checks == ["exec.static@direct"])
        #expect(outcome.ended.duration < .seconds(10))
        #expect(outcome.ended.stragglers == 0)
        #expect(token.alive.isEmpty)
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "a signal in the middle ends everything and leaves nothing",
        arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
    func interrupted(signal: Int32, status: Int32) throws {
        let (machine, token) = (try Machine(), Token())
        let script = try hanging(machine, token) + "echo $$; exec \"$0\" probe exec.static"
        let (outcome, seen) = token.signal(signal, to: machine.privately(script), atLeast: 1)
        #expect(seen > 0, "the emulator never ran")
        #expect(outcome.status == status, "\(outcome)")
        let report = outcome.output.drop { $0 != "\n" }
        #expect(report.contains("! runner-interrupted   interrupted by SIG"), "\(outcome)")
        #expect(report.hasPrefix("\nUNDETERMINED  "), "\(outcome)")
        #expect(outcome.ended.stragglers == 0)
        #expect(token.alive.isEmpty)
        #expect(machine.leftovers.isEmpty)
    }

    @Test("hashing an interpreter of two tebibytes ends, too") func hashing() throws {
        let machine = try Machine()
        let path = try machine.write("\u{7f}ELF", to: "huge", mode: [.ownerReadWrite, .ownerExecute])
        try #require(truncate(path.string, 2 << 40) == 0)
        let script =
            PrivateHost.register(path.string, flags: "")
            + "exec timeout --preserve-status -k 5 -s TERM 1 \"$0\" host --format json"
        let outcome = Outcome(Supervisor(jobs: 1).run(machine.privately(script)))
        #expect(outcome.status == 143, "\(outcome)")
    }

    @Test(
        "a signal in the middle of all venues at once leaves nothing of any",
        .enabled(if: Here.isX86, "the hanging program is an x86-64 one"), arguments: [SIGINT, SIGTERM, SIGKILL])
    func everyVenue(signal: Int32) throws {
        let machine = try Machine()
        let program = try machine.writeHangingProgram()
        let mark = Token(program.string)
        let script =
            PrivateHost.register(program.string, flags: "POCF")
            + "echo $$; exec \"$0\" accept --builder none --jobs 6 --filter exec.static --format json --record"
            + ReportFormat.allCases.map { " --report \($0.rawValue)='\(machine.scratch)/report.\($0.rawValue)'" }
            .joined()
        let (outcome, seen) = mark.signal(signal, to: machine.privately(script), atLeast: 3)
        #expect(seen == 3, "one in each venue")
        #expect(outcome.status == (signal == SIGKILL ? nil : 128 + signal), "\(outcome)")
        #expect(mark.settled(count: 0).isEmpty)
        if signal != SIGKILL {
            #expect(machine.leftovers.isEmpty)
            let report = try JSONForm(String(outcome.output.drop { $0 != "\n" }))
            #expect(report.verdict == "undetermined" && report.finding("runner-interrupted") != nil)
            #expect(report.checks.filter { $0.id == "exec.static" }.map(\.outcome) == ["broken", "broken", "broken"])
            #expect(
                report.checks.contains { $0.id == "host.handler" && $0.outcome == "pass" }, "what was known is there")
            for format in ReportFormat.allCases {
                let path = machine.scratch.appending("report.\(format.rawValue)").string
                let text = String(decoding: try WholeFile.read(path, limit: 1 << 20), as: UTF8.self)
                #expect(text.contains("interrupted"), "\(format.rawValue)")
            }
            #expect(machine.assay("history").status == 4, "it is not kept beside whole runs")
        }
        let mounts = String(decoding: try WholeFile.read("/proc/self/mounts", limit: 1 << 20), as: UTF8.self)
        #expect(!mounts.contains(machine.scratch.string))
    }

    @Test(
        "in every venue the time limit ends it", .enabled(if: Here.isX86, "the hanging program is an x86-64 one"))
    func everyVenueHangs() throws {
        let machine = try Machine()
        let program = try machine.writeHangingProgram()
        let outcome = machine.assay(
            "accept", "--builder", "none", "--filter", "exec.static", "--timeout-multiplier", "0.02", "--format",
            "json",
            after: PrivateHost.register(program.string, flags: "POCF"))
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.errors == ["emulation-hangs"])
        #expect(report.finding("emulation-hangs")?.checks.count == 3)
        #expect(Token(program.string).alive.isEmpty)
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "drills that were interrupted say what is known, and so does the file",
        arguments: [("INT", 130), ("TERM", 143)])
    func drills(signal: (name: String, status: Int32)) throws {
        let machine = try Machine()
        let outcome = machine.run(
            """
            cd '\(machine.scratch)' || exit 9
            timeout --preserve-status -k 30 -s \(signal.name) 0.7 "$0" drill --format json --report junit=drills.xml
            s=$?; grep -c 'could not be found out' drills.xml >&2; exit $s
            """)
        #expect(outcome.status == signal.status, "\(outcome)")
        #expect(outcome.output.contains("\"interrupted\" : \"interrupted by SIG\(signal.name)"), "\(outcome)")
        #expect(outcome.output.contains("\"broken\"") && outcome.errors != "0\n")
        #expect(machine.leftovers.isEmpty)
    }

    @Test("when Assay is killed outright the emulator dies with it") func killed() throws {
        let (machine, token) = (try Machine(), Token())
        // A shell waits beside it until it is told to go on, so that nobody else cleans up meanwhile.
        let gate = machine.scratch.appending("gate")
        let script =
            try hanging(machine, token)
            + "\"$0\" probe exec.static & echo $!; wait $!; echo gone; while [ ! -e '\(gate)' ]; do sleep 0.02; done"
        var text = ""
        var (seen, left) = (0, -1)
        _ = Supervisor(jobs: 1).run(
            [machine.privately(script)],
            onOutput: { _, bytes in
                text += String(decoding: bytes, as: UTF8.self)
                let lines = text.split(separator: "\n")
                if seen == 0, let process = lines.first.flatMap({ pid_t($0) }) {
                    seen = token.settled(atLeast: 1)
                    kill(process, SIGKILL)
                }
                if left < 0, lines.contains("gone") {
                    left = token.settled(count: 0).count
                    _ = try? machine.write("", to: "gate")
                }
            })
        #expect(seen > 0, "the emulator never ran")
        #expect(left == 0)
    }
}
