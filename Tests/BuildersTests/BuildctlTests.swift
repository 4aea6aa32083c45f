import Evidence
import Files
import Findings
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Builders

/// Debian has no buildctl: a script stands for it here. `ci/builders-matrix` has the real one where there is one.
@Suite("What buildctl says") struct BuildctlTests {
    @Test("workers are nodes, and what they list they have detected") func workers() throws {
        let nodes = Buildctl.workers(try Transcript.bytes("buildctl-0.11.6-debug-workers.json")).map(\.node)
        let node = try #require(nodes.first)
        let worker = try #require(try Buildctl.workers(Transcript.bytes("buildctl-0.11.6-debug-workers.json")).first)
        #expect(worker.daemon?.number == "0.11.6")
        #expect(nodes.count == 1 && node.name == "tujxwzmpv40qkk8zg7ubay60q" && node.status == "running")
        let names = [
            "linux/amd64", "linux/amd64/v2", "linux/amd64/v3", "linux/amd64/v4", "linux/arm64", "linux/386",
        ]
        #expect(node.platforms == names.map { BuilderPlatform(name: $0, isDeclared: false) })
    }

    @Test(
        "what is not that list is no worker", arguments: ["", "null", "[]", "{}", "ID\tPLATFORMS\n", "[{\"ID\": 1}]"])
    func noWorkers(text: String) {
        #expect(Buildctl.workers(Array(text.utf8)).isEmpty)
    }

    @Test("a worker without platforms is a node that lists none") func noPlatforms() {
        let workers = Buildctl.workers(
            Array(#"[{"id": "a", "labels": null, "platforms": null, "gcPolicy": null}]"#.utf8))
        #expect(workers.map(\.node) == [BuilderNode(name: "a", status: "running", platforms: [])])
    }

    @Test("a record is an id and whether a build uses it; records are apart by spaces, with a line's end after them")
    func records() {
        let text = "mkc2l6guvrgl5f193q9gx778u:false wa8gx348tg9h2ags1hy0rfdxe:true \n"
        #expect(
            CacheSweep.records(text) == ["mkc2l6guvrgl5f193q9gx778u": false, "wa8gx348tg9h2ags1hy0rfdxe": true])
        #expect(CacheSweep.records("\n").isEmpty)
    }

    private static func request(_ runner: ToolRunner) -> BuildRequest {
        BuildRequest(
            context: runner.work, platforms: ["linux/arm64"], arguments: [:], work: runner.work, label: "assay-1",
            timeout: .seconds(10))
    }

    /// - Returns: what the clean-up says, and the arguments of each prune.
    private func cleanUp(prune: String) throws -> (faults: [String], prunes: String?) {
        let script = """
            case "$3" in
            du)
                \(ScriptedTool.busyListing) ;;
            prune) echo "$*" >>prunes; \(prune) ;;
            esac
            """
        return try ScriptedTool.with(script) { program, runner in
            let request = Self.request(runner)
            let faults = Buildctl(program: program).cleanUp(request, BuilderSurvey(), before: ["old"], runner)
            let prunes = try? WholeFile.read(runner.work.appending("prunes").string, limit: 65536)
            return (faults.failures, prunes.map { String(decoding: $0, as: UTF8.self) })
        }
    }

    @Test("its own records go, and those that others' builds keep adding are not waited for") func busy() throws {
        let ended = try cleanUp(prune: ": >pruned")
        #expect(ended.faults == [])
        #expect(ended.prunes?.contains("prune --all --filter id~=/^(other1|own)$/") == true, "\(ended.prunes ?? "")")
        #expect(ended.prunes?.contains("old") == false)
    }

    @Test("a build that was given up holds records for a while: they are waited for, and a healthy one's are not")
    func cancelled() throws {
        // In use for the first 21 looks: more than a busy daemon's are looked at.
        let script = """
            case "$3" in
            du)
                looks=$(($(cat looks 2>/dev/null || echo 0) + 1)); echo $looks >looks
                [ -e pruned ] || { [ $looks -gt 21 ] && echo own:false || echo own:true; } ;;
            prune) [ $(cat looks) -gt 21 ] && : >pruned; true ;;
            esac
            """
        for (wasCancelled, isGone) in [(true, true), (false, false)] {
            try ScriptedTool.with(script) { program, runner in
                var request = Self.request(runner)
                request.wasCancelled = wasCancelled
                let left = Buildctl(program: program).cleanUp(request, BuilderSurvey(), before: [], runner)
                // What a healthy build leaves in use is another's, and counted.
                #expect(left == LeftBehind(held: wasCancelled ? 0 : 1), "\(left)")
                #expect((access(runner.work.appending("pruned").string, F_OK) == 0) == isGone)
            }
        }
    }

    @Test("what prune itself names as gone is not looked for again") func named() throws {
        let script = """
            case "$3" in
            du) echo du >>calls; printf 'old:false own:false \n' ;;
            prune) echo prune >>calls; printf 'ID\tRECLAIMABLE\tSIZE\nown*\ttrue\t1B\n' ;;
            esac
            """
        try ScriptedTool.with(script) { program, runner in
            let driver = Buildctl(program: program)
            #expect(driver.cleanUp(Self.request(runner), BuilderSurvey(), before: ["old"], runner) == LeftBehind())
            let calls = try WholeFile.read(runner.work.appending("calls").string, limit: 4096)
            #expect(String(decoding: calls, as: UTF8.self) == "du\nprune\n")
        }
    }

    @Test("a record that stays is told, whether the tool complains or not", arguments: [":", "echo no >&2; exit 1"])
    func left(prune: String) throws {
        let ended = try cleanUp(prune: prune)
        #expect(ended.faults.last == "1 records of buildkitd's cache are still there", "\(ended.faults)")
    }

    @Test("a daemon that does not answer is told") func silent() throws {
        let faults = try ScriptedTool.with("echo gone >&2; exit 1") { program, runner in
            let request = Self.request(runner)
            return Buildctl(program: program).cleanUp(request, BuilderSurvey(), before: [], runner)
        }
        #expect(faults.failures == ["buildkitd does not say what its cache holds: gone"])
    }

    @Test("the records of its own builds are deleted by reference, and nobody else's") func histories() throws {
        let script = """
            case "$3 $4" in
            "debug histories") printf 'one assay-1\n\ntwo \nthree assay-2\nfour assay-1\n' ;;
            "debug ctl") echo "$5 $6" >>deleted ;;
            esac
            """
        try ScriptedTool.with(script) { program, runner in
            let erased = Buildctl(program: program).eraseHistory(Self.request(runner), BuilderSurvey(), runner)
            #expect(erased == .erased)
            let deleted = try WholeFile.read(runner.work.appending("deleted").string, limit: 4096)
            #expect(String(decoding: deleted, as: UTF8.self) == "--delete four\n--delete one\n")
        }
    }

    @Test("where the tool cannot list them that is told, and is no failure") func olderHistories() throws {
        let erased = try ScriptedTool.with("echo 'No help topic for histories' >&2; exit 3") { program, runner in
            Buildctl(program: program).eraseHistory(Self.request(runner), BuilderSurvey(), runner)
        }
        #expect(erased == .stays(reason: "buildctl before 0.12 cannot list them"))
    }

    @Test("options for TLS come before the command's words") func tls() throws {
        let options = try BuilderOptions(["tlsdir=/certificates", "tlsservername=far"])
        let driver = Buildctl(program: "/bin/buildctl", options: options)
        let runner = ToolRunner(supervisor: Supervisor(jobs: 1), work: "/w")
        let words = try #require(driver.jobs(Self.request(runner), BuilderSurvey()).first?.steps.first?.arguments)
        let place = try #require(words.firstIndex(of: "--tlsdir"))
        #expect(words[place + 1] == "/certificates" && words.contains("--tlsservername"))
        #expect(place < (words.firstIndex(of: "build") ?? 0))
        #expect(words.contains("label:org.assay.run=assay-1"))
    }

    @Test("an option that does not exist is refused", arguments: [["tls=x"], ["tlsdir"], ["tlsdir=a", "tlskey=b"]])
    func wrongOption(words: [String]) {
        #expect(throws: BuilderOptions.Unknown.self) { try BuilderOptions(words) }
    }
}
