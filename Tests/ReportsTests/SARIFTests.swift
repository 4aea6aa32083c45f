import Evidence
import FoundationEssentials
import Processes
import Reports
import TestSupport
import Testing

@testable import Findings

/// SARIF 2.1.0: what is asked of a log of results, in words of its specification.
@Suite struct SARIFTests {
    private struct Log: Decodable {
        struct Run: Decodable {
            struct Artifact: Decodable {
                var location: Location
                var parentIndex: Int?
            }
            struct Location: Decodable {
                var uri: String
                var index: Int?
            }
            struct Place: Decodable {
                struct Physical: Decodable { var artifactLocation: Location }
                struct Logical: Decodable { var fullyQualifiedName: String }
                var physicalLocation: Physical
                var logicalLocations: [Logical]
            }
            struct Result: Decodable {
                struct Text: Decodable { var text: String }
                var ruleId: String
                var ruleIndex: Int
                var level: String
                var message: Text
                var locations: [Place]
            }
            struct Tool: Decodable {
                struct Driver: Decodable {
                    struct Rule: Decodable { var id: String }
                    var name: String
                    var rules: [Rule]
                }
                var driver: Driver
            }
            struct Invocation: Decodable { var executionSuccessful: Bool }
            var tool: Tool
            var invocations: [Invocation]
            var artifacts: [Artifact]
            var results: [Result]
        }
        var version: String
        var runs: [Run]
    }

    private static func run(
        _ faults: ArtifactFaults, notes: ArtifactFaults = [], unread: [ArtifactEvidenceSummary.Unread] = []
    ) throws -> Log.Run {
        var artifact = ArtifactEvidenceSummary(
            name: "my image.tar", platform: "linux/arm64", binaries: 1, layers: 1, bytes: 1, faults: faults)
        artifact.notes = notes
        artifact.unread = unread
        var evidence = CommandEvidence()
        evidence.artifacts = [artifact]
        let report = Report(version: "1", command: "artifact", started: .now, duration: .zero, evidence: evidence)
        let text = try ReportFormat.sarif.render(.report(report.document))
        let log = try JSONDecoder().decode(Log.self, from: Data(text.utf8))
        #expect(log.version == "2.1.0" && log.runs.count == 1)
        return try #require(log.runs.first)
    }

    @Test("a fault is a result, whose location is the path in its layer in the artifact") func fault() throws {
        let faults: ArtifactFaults = [
            ArtifactFault(kind: .foreignBinary, path: "/opt/a b", layer: "sha256:1", expected: "this", found: "that"),
            ArtifactFault(kind: .foreignBinary, path: "/opt/c", layer: "sha256:1", expected: "this", found: "that"),
            ArtifactFault(kind: .entrypointMissing, path: "tool", expected: "this", found: "that"),
        ]
        let run = try Self.run(faults)
        #expect(
            run.results.map(\.ruleId) == [
                "artifact-foreign-binary", "artifact-foreign-binary", "artifact-entrypoint-missing",
            ])
        #expect(run.results.allSatisfy { run.tool.driver.rules[$0.ruleIndex].id == $0.ruleId && $0.level == "error" })
        let places = run.results.compactMap(\.locations.first)
        #expect(places.map(\.physicalLocation.artifactLocation.uri) == ["/opt/a%20b", "/opt/c", "/tool"])
        #expect(places.first?.logicalLocations.first?.fullyQualifiedName == "my image.tar!sha256:1!/opt/a b")
        for place in places {
            let location = place.physicalLocation.artifactLocation
            var index = try #require(location.index)
            #expect(run.artifacts[index].location.uri == location.uri)
            while let parent = run.artifacts[index].parentIndex { index = parent }
            #expect(run.artifacts[index].location.uri == "my%20image.tar")
        }
        // The layer is there once.
        #expect(run.artifacts.count == 5 && run.invocations.map(\.executionSuccessful) == [true])
    }

    @Test("notes are results of their own level, and what was not found out is no success") func levels() throws {
        let note = ArtifactFault(kind: .pageSize, path: "/opt/c", expected: "this", found: "that")
        let run = try Self.run([], notes: [note], unread: [.init(digest: "sha256:1", reason: "it is bzip2")])
        #expect(run.results.map(\.level) == ["note"])
        #expect(run.results.first?.locations.first?.physicalLocation.artifactLocation.uri == "my%20image.tar")
        #expect(run.invocations.map(\.executionSuccessful) == [false])
    }
}
