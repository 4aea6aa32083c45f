import Evidence
import Files
import Findings
import Glibc
import Guest
import Probes
import Sandbox
import SystemPackage
import TestSupport
import Testing

@testable import Builders
@testable import Operations

/// Notes when its build began and ended, and fails.
private struct NotingBuilder: BuilderDriver {
    let name: String
    let resource: String
    let log: FilePath
    let oldestVersion = "1"
    let heredocsSince = "1"
    let isInstalled = true

    func survey(_ runner: ToolRunner) -> BuilderSurvey { BuilderSurvey() }
    func removeLeftovers(_ runner: ToolRunner) -> LeftoverSearch { .made() }

    func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        let script = "echo \(name) begin >>'\(log)'; sleep 0.4; echo \(name) end >>'\(log)'; exit 1"
        let launch = Launch.shell(script)
        // One platform: nothing is tried again for the native one.
        return [BuildJob(platforms: ["linux/arm64"], steps: [launch], output: request.work.appending("x.tar"))]
    }
}

@Suite("Trials of several builders") struct BuilderTrialsTests {
    /// - Returns: the builders in the evidence's order, and what they noted.
    private func run(
        _ builders: [(name: String, resource: String)], change: (inout Settings) -> Void = { _ in }
    ) throws -> (order: [String], log: [String]) {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let log = scratch.appending("log")
        var settings = Settings(guest: .arm64)
        settings.jobs = 4
        change(&settings)
        let trials = BuilderTrials(
            builders.map { NotingBuilder(name: $0.name, resource: $0.resource, log: log) }, recipes: { _ in [.hello] },
            isRequired: true, settings: settings, scratch: scratch)
        if trials.isBeside {
            trials.start()
            trials.start()
        }
        let evidence = trials.wait()
        #expect(trials.wait().count == evidence.count)
        return (evidence.map(\.builder), try Repository.text(log.string).split(separator: "\n").map(String.init))
    }

    @Test("they run side by side, and results are in their order") func sideBySide() throws {
        let (order, log) = try run([("one", "a"), ("two", "b"), ("three", "c")])
        #expect(order == ["one", "two", "three"] && log.count == 6)
        #expect(log.prefix(3).allSatisfy { $0.hasSuffix("begin") }, "\(log)")
    }

    @Test("those that share state wait for each other") func shared() throws {
        let (order, log) = try run([("one", "a"), ("two", "a")])
        #expect(order == ["one", "two"] && log == ["one begin", "one end", "two begin", "two end"])
    }

    @Test("--jobs 1 has them one after the other, and --fail-fast none after one that failed") func inOrder() throws {
        let alone = try run([("one", "a"), ("two", "b")]) { $0.jobs = 1 }
        #expect(alone.log == ["one begin", "one end", "two begin", "two end"])
        let first = try run([("one", "a"), ("two", "b")]) { $0.failFast = true }
        #expect(first.order == ["one"] && first.log == ["one begin", "one end"])
    }
}
