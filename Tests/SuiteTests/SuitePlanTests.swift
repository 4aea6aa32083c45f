import Builders
import Evidence
import Findings
import FoundationEssentials
import Glibc
import Guest
import SystemPackage
import TestSupport
import Testing

@testable import Operations
@testable import ScenarioFormat
@testable import Suite

@Suite("Plans of suites")
struct SuitePlanTests {
    private static let text = """
        schema: assay.scenario/1
        name: plan
        description: Steps of all sorts.
        tags: [day]
        matrix:
          venue: [direct, container]
        steps:
          - name: fast
            run: [/bin/a]
          - name: slow
            run: [/bin/b]
            needs: fast
          - measure: slow
            baseline: fast
            at-most: 2
          - name: host
            inspect: host
            retries: 2
        """

    private func plan(_ change: (inout SuitePlan.Options) -> Void = { _ in }) throws -> SuitePlan {
        var options = SuitePlan.Options(guest: .arm64)
        change(&options)
        return try SuitePlan([try Repository.scenario(Self.text)], options: options)
    }

    @Test("of earlier checks those count that are a step's own or within it, among any number of others") func only()
        throws
    {
        let others = (0..<50_000).map { "plan[direct]/fast-\($0)" }
        #expect(try plan { $0.only = Set(others + ["plan[direct]/host"]) }.steps.map(\.id) == ["plan[direct]/host"])
        #expect(
            try plan { $0.only = Set(others + ["plan[direct]/fast/exec.a"]) }.steps.map(\.id) == ["plan[direct]/fast"])
        #expect(try plan { $0.only = Set(others) }.steps.isEmpty)
    }

    @Test("a step's platform goes before the matrix's, and a drill that is none for a guest is skipped")
    func platforms()
        throws
    {
        let text = """
            schema: assay.scenario/1
            name: p
            description: d
            matrix: {platform: [linux/arm64, linux/s390x]}
            steps:
              - {name: own, probe: exec.static, platform: linux/riscv64}
              - {name: cell, inspect: host}
              - {name: image, artifact: ./x.tar}
              - {name: other, artifact: ./x.tar, platform: linux/386}
              - {name: drill, fault: healthy}
              - {name: model, fault: cortex-a53}
            """
        let steps = try SuitePlan([try Repository.scenario(text)], options: SuitePlan.Options(guest: .arm64)).steps
        func of(_ id: String) throws -> PlannedStep { try #require(steps.first { $0.id == id }) }
        #expect(try of("p[linux/arm64]/own").guest == .riscv64 && of("p[linux/s390x]/own").guest == .riscv64)
        #expect(try of("p[linux/arm64]/cell").platform == "linux/arm64")
        #expect(try of("p[linux/s390x]/cell").platform == "linux/s390x")
        #expect(try of("p[linux/s390x]/image").platform == "linux/s390x")
        #expect(try of("p[linux/s390x]/other").platform == "linux/386")
        #expect(try of("p[linux/s390x]/drill").obstacle == nil)
        #expect(try of("p[linux/arm64]/model").obstacle == nil)
        #expect(try of("p[linux/s390x]/model").obstacle == "the drill cortex-a53 is not about linux/s390x")
    }

    @Test("links that lead round in circles, and branch, are gone through once") func circles() throws {
        try Workspace.temporary(Settings(guest: .arm64)) { workspace in
            let place = workspace.scratch.appending("s")
            try #require(mkdir(place.string, 0o755) == 0)
            for name in ["a", "b", "c"] { try #require(symlink(".", place.appending(name).string) == 0) }
            try Data("x".utf8).write(to: URL(filePath: place.appending("x.yaml").string))
            #expect(try ScenarioFile.find([place.string]).map { FilePath($0).lastComponent?.string } == ["x.yaml"])
        }
    }

    @Test(
        "a fault that stands for all drills is a step for each, and who needs it needs them all; a matrix may have all builders"
    )
    func all() throws {
        let head = "schema: assay.scenario/1\nname: s\ndescription: d\n"
        let text = head + "steps:\n  - fault: all\n    timeout: 5s\n  - run: [\"true\"]\n    needs: fault\n"
        let steps = try SuitePlan([try Repository.scenario(text)], options: SuitePlan.Options(guest: .arm64)).steps
        let drills = SuiteDrills.names.map { "s/\($0)" }
        #expect(steps.map(\.id) == drills + ["s/run"])
        #expect(steps.last?.needs == drills && steps[0].timeout == .seconds(5))
        let builders = head + "matrix:\n  builder: all\nsteps:\n  - build: run\n"
        let cases = try SuitePlan([try Repository.scenario(builders)], options: SuitePlan.Options(guest: .arm64)).steps
        #expect(
            cases.map(\.caseID)
                == BuilderCatalogue.all.map { "s[\($0.name)]" })
    }

    @Test(
        "measured steps are alone and come last, what compares them after them, and a matrix makes a case of each value"
    ) func order() throws {
        let steps = try plan().steps
        #expect(
            steps.map(\.id) == [
                "plan[direct]/host", "plan[container]/host",
                "plan[direct]/fast", "plan[direct]/slow", "plan[direct]/measure",
                "plan[container]/fast", "plan[container]/slow", "plan[container]/measure",
            ])
        #expect(steps.map(\.isAlone) == [false, false] + Array(repeating: true, count: 6))
        #expect(steps.first { $0.id == "plan[direct]/slow" }?.needs == ["plan[direct]/fast"])
        #expect(steps.first { $0.id == "plan[container]/fast" }?.venues == ["container"])
        #expect(steps.first { $0.id == "plan[direct]/host" }?.retries == 2)
    }

    @Test("builders that are one daemon's are never used at once") func daemon() throws {
        let steps = ["docker", "buildx", "buildah"].map { "  - {name: \($0), build: run, builder: \($0)}\n" }.joined()
        let head = Self.text.prefix { $0 != "\n" } + "\nname: daemon\ndescription: d\nsteps:\n"
        let plan = try SuitePlan([try Repository.scenario(head + steps)], options: SuitePlan.Options(guest: .arm64))
        #expect(plan.steps.prefix(2).map(\.resources) == [["docker"], ["docker"]])
        // Its own, or the one that it shares with podman where this machine has a store of both.
        #expect(plan.steps[2].resources.count == 1 && !plan.steps[2].resources.contains("docker"))
    }

    @Test("what is selected brings along what it needs, and nothing else") func selection() throws {
        let one = try plan { $0.selection.filters = ["plan[direct]/measure"] }
        #expect(Set(one.steps.map(\.id)) == ["plan[direct]/measure", "plan[direct]/fast", "plan[direct]/slow"])
        #expect(try plan { $0.selection.exclusions = ["plan[direct]"] }.steps.count == 4)
        #expect(try plan { $0.tags = ["night"] }.wasSelected == false)
        #expect(try plan { $0.tags = ["day"] }.steps.count == 8)
        #expect(try plan { $0.only = ["plan[container]/host/exec.static"] }.steps.map(\.id) == ["plan[container]/host"])
        #expect(try plan { $0.only = [] }.wasSelected == false)
    }

    @Test("time limits are multiplied") func limits() throws {
        #expect(try plan { $0.timeoutMultiplier = 3 }.steps.first { $0.kind == .inspect }?.timeout == .seconds(90))
    }

    @Test(
        "requirements that are not met skip the steps, with the reason",
        arguments: [
            ("kernel: \"99.1\"", "needs Linux 99.1 or later"), ("builder: buildx:none", "buildx:none"),
            ("memory: 900000GiB", "needs 900000GiB of memory"),
            ("program: no-such-program", "no-such-program, which is not in PATH"),
            ("file: /no/such/file", "/no/such/file, which is not there"), ("kernel: \"3.0\"", nil),
            ("file: /bin/sh", nil),
        ] as [(String, String?)])
    func requirements(line: String, reason: String?) throws {
        let text = Self.text + "\nrequires:\n  \(line)\n"
        let obstacle = try SuitePlan([try Repository.scenario(text)], options: SuitePlan.Options(guest: .arm64)).steps[
            0
        ].obstacle
        if let reason {
            #expect(obstacle?.contains(reason) == true, "\(obstacle ?? "nothing")")
        } else {
            #expect(obstacle == nil)
        }
    }

    @Test("measurements are judged by the factor, and never without a time") func measurement() {
        func judge(_ measured: Duration?, _ baseline: Duration?) -> Outcome {
            MeasurementRule(
                MeasurementEvidence(
                    measured: .init(step: "a", time: measured), baseline: .init(step: "b", time: baseline), limit: 3)
            ).outcome
        }
        #expect(judge(.seconds(3), .seconds(1)) == .pass)
        #expect(judge(.milliseconds(3001), .seconds(1)) == .fail)
        #expect(judge(nil, .seconds(1)) == .broken)
        #expect(judge(.seconds(1), nil) == .broken)
        #expect(judge(.seconds(1), .zero) == .broken)
    }

    @Test("measurements whose runs differ too much decide nothing") func busy() {
        func judge(_ measured: Int, _ spread: Int, _ baseline: Int, _ other: Int) -> MeasurementRule {
            MeasurementRule(
                MeasurementEvidence(
                    measured: .init(step: "a", time: .milliseconds(measured), spread: .milliseconds(spread)),
                    baseline: .init(step: "b", time: .milliseconds(baseline), spread: .milliseconds(other)), limit: 10))
        }
        #expect(judge(50, 5, 10, 1).outcome == .pass && judge(500, 50, 10, 1).outcome == .fail)
        #expect(judge(90, 10, 10, 1).outcome == .broken && judge(110, 10, 10, 1).outcome == .broken)
        let busy = judge(50, 20, 10, 6)
        #expect(busy.outcome == .broken && busy.detail.contains("busy"), "\(busy.detail)")
    }

    @Test("quantities") func quantities() {
        #expect(Quantity.duration("1.5s") == .milliseconds(1500))
        #expect(Quantity.duration("2h") == .seconds(7200))
        #expect(Quantity.duration("0s") == nil && Quantity.duration("s") == nil && Quantity.duration("-1s") == nil)
        #expect(Quantity.bytes("64KiB") == 65536 && Quantity.bytes("64K") == nil)
        #expect(Quantity.count("4/core", cores: 8) == 32 && Quantity.count("3", cores: 8) == 3)
        #expect(Quantity.count("4/cpu", cores: 8) == nil && Quantity.count("0", cores: 8) == nil)
        #expect(Quantity.version("6.18.44-fc") == [6, 18, 44])
    }
}
