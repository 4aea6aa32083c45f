import Evidence
import Files
import Findings
import Glibc
import Guest
import Sandbox
import SystemPackage
import Testing

@testable import Builders

/// A builder whose one step is a shell script.
private struct ScriptedBuilder: BuilderDriver {
    var name = "scripted"
    var oldestVersion = "1"
    var heredocsSince = "1"
    var isInstalled = true
    var obstacle: String?
    var footprint: [FilePath] = []
    var script: String
    var timeout: Duration = .seconds(20)
    var program: FilePath = "/bin/sh"

    /// Written to by the clean-up.
    var cleaned: FilePath?
    /// The clean-up does so only after a build that was given up.
    var cleansCancelledOnly = false
    /// Records of the cache that the clean-up finds in use.
    var held = 0
    var jobCount = 1
    /// Written to by the release of what the survey started.
    var released: FilePath?

    func removeLeftovers(_ runner: ToolRunner) -> LeftoverSearch { .made() }
    func survey(_ runner: ToolRunner) -> BuilderSurvey {
        var survey = BuilderSurvey()
        survey.version = "3.1"
        survey.obstacle = obstacle.map { .unusable(reason: $0) }
        return survey
    }
    func release(_ survey: BuilderSurvey, _ runner: ToolRunner) -> [String] {
        guard let released else { return [] }
        return mkdir(released.string, 0o700) == 0 ? [] : ["the node still runs"]
    }
    func cleanUp(
        _ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner
    ) -> LeftBehind {
        guard let cleaned, request.wasCancelled || !cleansCancelledOnly else { return LeftBehind(held: held) }
        return LeftBehind(failures: mkdir(cleaned.string, 0o700) == 0 ? [] : ["cannot write \(cleaned)"])
    }
    func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        let output = request.work.appending("image.tar")
        var launch = Launch(
            path: program, arguments: ["sh", "-c", script, "sh", output.string, request.work.string],
            venue: .direct, timeout: timeout)
        launch.environment = ["PATH": "/usr/bin:/bin"].merging(request.arguments) { $1 }
        let job = BuildJob(platforms: request.platforms, steps: [launch], output: output)
        return Array(repeating: job, count: jobCount)
    }
}

@Suite("A builder's trial") struct BuilderTrialTests {
    private func trial(_ driver: some BuilderDriver, required: Bool = false) throws -> BuilderEvidence {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let evidence = BuilderTrial(driver: driver, for: .arm64, required: required).run(in: scratch.appending("work"))
        return try #require(evidence.first)
    }

    @Test("a builder that is not installed is missing, and nothing is run") func missing() throws {
        let evidence = try trial(ScriptedBuilder(isInstalled: false, script: "exit 1"), required: true)
        guard case .missing = evidence.result else {
            Issue.record("expected missing, found \(evidence.result)")
            return
        }
        #expect(evidence.required && evidence.survey.version == nil)
    }

    @Test("one that cannot serve this caller says why, and nothing is run") func obstacle() throws {
        let evidence = try trial(ScriptedBuilder(obstacle: "needs a moon", script: "exit 1"))
        guard case .unusable(.unusable("needs a moon")) = evidence.result else {
            Issue.record("expected unusable, found \(evidence.result)")
            return
        }
    }

    @Test("a program that fails is a failure with its status and its last words") func failure() throws {
        let evidence = try trial(ScriptedBuilder(script: "echo working; echo 'exec: Exec format error' >&2; exit 125"))
        guard case .failed(let command, let status, let message) = evidence.result else {
            Issue.record("expected failed, found \(evidence.result)")
            return
        }
        #expect(command.hasPrefix("sh -c"))
        #expect(status == "exit status 125")
        #expect(message.last == "exec: Exec format error" && message.contains("working"))
        #expect(evidence.survey.version == "3.1" && evidence.duration > .zero)
    }

    @Test("a signal and a time limit are failures of their own kind") func otherEnds() throws {
        guard case .failed(_, "signal 9", _) = try trial(ScriptedBuilder(script: "kill -9 $$")).result else {
            Issue.record("expected signal 9")
            return
        }
        let slow = try trial(ScriptedBuilder(script: "sleep 60", timeout: .milliseconds(300)))
        guard case .timedOut(_, let limit, _) = slow.result, limit.hasPrefix("no end within") else {
            Issue.record("expected a time limit, found \(slow.result)")
            return
        }
    }

    @Test("what hit its limit is not tried again, neither for the native platform nor for others") func oneLimit()
        throws
    {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let script = "echo x >>'\(scratch)/tries'; exec sleep 60"
        let begun = ContinuousClock.now
        let evidence = try trial(ScriptedBuilder(script: script, timeout: .milliseconds(400), jobCount: 2))
        guard case .timedOut = evidence.result else {
            Issue.record("expected a time limit, found \(evidence.result)")
            return
        }
        #expect(try WholeFile.read(scratch.appending("tries").string, limit: 100).count == 2)
        #expect(begun.duration(to: .now) < .seconds(4))
    }

    @Test("what was ended before its time is told to the clean-up, which then waits for the daemon") func cancelled()
        throws
    {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let cleaned = scratch.appending("cleaned")
        _ = try trial(ScriptedBuilder(script: "exit 1", cleaned: cleaned, cleansCancelledOnly: true))
        #expect(access(cleaned.string, F_OK) != 0)
        _ = try trial(
            ScriptedBuilder(
                script: "exec sleep 60", timeout: .milliseconds(300), cleaned: cleaned, cleansCancelledOnly: true))
        #expect(access(cleaned.string, F_OK) == 0)
    }

    @Test("a program that never started is the harness's trouble, not the builder's failure") func notStarted() throws {
        let evidence = try trial(ScriptedBuilder(script: "", program: "/does/not/exist"))
        guard case .lost(let reason) = evidence.result else {
            Issue.record("expected lost, found \(evidence.result)")
            return
        }
        #expect(reason.contains("/does/not/exist") && reason.contains("ENOENT"))
    }

    @Test("success without an export is not a build") func nothingExported() throws {
        let evidence = try trial(ScriptedBuilder(script: "exit 0"))
        #expect(Diagnosis(of: evidence).verdict == .undetermined, "\(evidence.result)")
    }

    @Test("success with an export that is no image is not a build either") func emptyExport() throws {
        let evidence = try trial(ScriptedBuilder(script: "cd \"${1%/*}\" && mkdir x && tar cf \"$1\" x; exit 0"))
        #expect(Diagnosis(of: evidence).verdict == .unfit, "\(evidence.result)")
    }

    @Test("clean-up is called after a failure too, and what it could not remove is told") func cleanUp() throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let cleaned = scratch.appending("cleaned")
        _ = try trial(ScriptedBuilder(script: "exit 1", cleaned: cleaned))
        #expect(access(cleaned.string, F_OK) == 0)
        let second = try trial(ScriptedBuilder(script: "exit 1", cleaned: cleaned))
        guard case .failed = second.result else {
            Issue.record("expected failed, found \(second.result)")
            return
        }
        #expect(second.leftovers == ["cannot write \(cleaned)"])
    }

    @Test("what stays in use after a failed build is told, and is no fault; after others it is somebody else's")
    func held() throws {
        let failed = try trial(ScriptedBuilder(script: "exit 1", held: 2))
        #expect(failed.leftovers.isEmpty && failed.remarks.count == 1)
        #expect(failed.remarks.first?.hasPrefix("records of the build cache stay: 2") == true)
        #expect(try trial(ScriptedBuilder(script: "exit 1")).remarks.isEmpty)
        #expect(try trial(ScriptedBuilder(script: ": >\"$1\"", held: 2)).remarks.isEmpty)
    }

    @Test("a builder's directory has no colon, after which buildx looks for a layout's tag") func directory() {
        #expect(BuilderTrial.directory(of: "buildx:my/own") == "buildx-my-own")
        #expect(BuilderTrial.directory(of: "buildah") == "buildah")
    }

    @Test(
        "what the survey started is ended, whether it can serve or not", arguments: [nil, "one of its nodes is lost"])
    func release(obstacle: String?) throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let released = scratch.appending("released")
        let driver = ScriptedBuilder(obstacle: obstacle, script: "exit 1", released: released)
        _ = try trial(driver)
        #expect(access(released.string, F_OK) == 0)
        // What could not be ended is told beside what else there is to say.
        let diagnosis = Diagnosis(of: try trial(driver))
        #expect(diagnosis.checks[0].detail.contains(obstacle ?? "exit status 1"))
        #expect(obstacle == nil || diagnosis.checks[0].detail.contains("the node still runs"))
        #expect(diagnosis.verdict == (obstacle == nil ? .unfit : .undetermined))
    }

    @Test("what the tool leaves in its footprint is gone afterwards, also when it failed") func footprint() throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let left = scratch.appending("left")
        _ = try trial(
            ScriptedBuilder(footprint: [left, left.appending("cache")], script: "mkdir -p '\(left)/cache'; exit 1"))
        #expect(access(left.string, F_OK) != 0)
    }
}

extension Diagnosis {
    fileprivate init(of builder: BuilderEvidence) {
        var evidence = CommandEvidence()
        evidence.builders = [builder]
        self.init(evidence)
    }
}
