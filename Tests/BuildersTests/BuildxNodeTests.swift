import Evidence
import Files
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Builders

/// What buildx and docker say is what 0.29 and 26 printed for the bridge of `ci/lib/buildkit-bridge.c`.
@Suite("A buildx node in a container") struct BuildxNodeTests {
    /// A docker command line with a node, which runs or not, and whose `buildctl` answers.
    private static func script(runs: Bool, inspects: Bool = true) -> String {
        """
        echo "$*" >>calls
        case "$*" in
        "buildx version") echo github.com/docker/buildx v0.29.1 x ;;
        "buildx inspect --bootstrap") : >node; exec "$0" listing ;;
        "buildx inspect") [ -e node ] && \(inspects ? "true" : "exit 1"); exec "$0" listing ;;
        "buildx stop") rm node ;;
        listing)
            printf 'Name: mine\\nDriver: docker-container\\n\\nNodes:\\nName: mine0\\nEndpoint: unix:///run/docker.sock\\nStatus: '
            if [ -e node ] || \(runs); then echo running; else echo inactive; fi ;;
        *" exec buildx_buildkit_mine0 buildctl du "*) printf 'old:false '; [ -e gone ] || printf 'own:false ' ;;
        *" exec buildx_buildkit_mine0 buildctl prune "*) : >gone ;;
        *" exec buildx_buildkit_mine0 buildctl debug histories "*) printf 'ref1 assay-1\\nref2 \\n' ;;
        *" exec buildx_buildkit_mine0 buildctl debug ctl --delete ref1") ;;
        *) exit 1 ;;
        esac
        """
    }

    private static func with<Result>(
        _ script: String, _ body: (Buildx, ToolRunner) throws -> Result
    ) throws -> (result: Result, calls: [String]) {
        try ScriptedTool.with(script) { program, runner in
            let result = try body(Buildx(builder: "mine", programs: [program]), runner)
            let calls = try WholeFile.read(runner.work.appending("calls").string, limit: 1 << 16)
            return (result, String(decoding: calls, as: UTF8.self).split(separator: "\n").map(String.init))
        }
    }

    @Test("of one that runs buildx is asked once, and everything else is its own buildctl's to say") func calls() throws
    {
        let (left, calls) = try Self.with(Self.script(runs: true)) { buildx, runner in
            let survey = buildx.survey(runner)
            #expect(survey.obstacle == nil && !survey.wasStarted && survey.isElsewhere == false)
            let request = BuildRequest(
                context: "/c", platforms: ["linux/arm64"], arguments: [:], work: runner.work, label: "assay-1",
                timeout: .seconds(5))
            let left = buildx.cleanUp(request, survey, before: ["old"], runner)
            #expect(buildx.eraseHistory(request, survey, runner) == .erased)
            #expect(buildx.release(survey, runner) == [])
            return left
        }
        #expect(left == LeftBehind())
        #expect(calls.filter { $0.hasPrefix("buildx ") && $0 != "buildx version" } == ["buildx inspect"])
        #expect(
            calls.contains("--host unix:///run/docker.sock exec buildx_buildkit_mine0 buildctl debug ctl --delete ref1")
        )
        #expect(calls.contains { $0.contains("buildctl prune --all --filter id~=/^(own)$/") })
    }

    @Test("one that was started is stopped again, also where it can no longer be listed", arguments: [true, false])
    func release(inspects: Bool) throws {
        let (_, calls) = try Self.with(Self.script(runs: false, inspects: inspects)) { buildx, runner in
            let survey = buildx.survey(runner)
            #expect(survey.wasStarted && survey.obstacle == nil)
            #expect(buildx.release(survey, runner) == [])
            #expect(access(runner.work.appending("node").string, F_OK) != 0)
        }
        #expect(calls.last == "buildx stop")
    }
}
