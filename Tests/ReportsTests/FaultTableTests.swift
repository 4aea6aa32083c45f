import Evidence
import Findings
import Reports
import TestSupport
import Testing

@Suite("Faults of artifacts") struct FaultTableTests {
    private static func report(_ faults: Int, names: [String] = ["image.tar"]) -> Report {
        var evidence = CommandEvidence()
        evidence.artifacts = names.map { name in
            var artifact = ArtifactEvidenceSummary(
                name: name, platform: "linux/arm64", binaries: 1, layers: 1, bytes: 1, faults: [])
            for number in 0..<faults {
                artifact.faults.append(
                    ArtifactFault(
                        kind: .foreignBinary, path: "/usr/bin/tool\(number)", layer: "sha256:0123456789abcdef",
                        expected: "AArch64", found: "x86-64"))
            }
            return artifact
        }
        return Given.report(evidence)
    }

    private static func lines(_ report: Report) throws -> [String] {
        try ReportFormat.console.render(report, .checks).split(separator: "\n").map(String.init)
    }

    @Test("are a table of path, layer, expected and found, and not told twice") func table() throws {
        let lines = try Self.lines(Self.report(2))
        let start = try #require(lines.firstIndex(of: "Faults"))
        #expect(
            Array(lines[(start + 1)...(start + 3)]) == [
                "  path            layer         expected  found",
                "  /usr/bin/tool0  0123456789ab  AArch64   x86-64",
                "  /usr/bin/tool1  0123456789ab  AArch64   x86-64",
            ])
        #expect(lines.count { $0.contains("/usr/bin/tool1") } == 1)
    }

    @Test("say how many more there are than are shown") func bound() throws {
        let lines = try Self.lines(Self.report(53))
        #expect(lines.contains("  … and 3 more") && lines.contains { $0.contains("/usr/bin/tool49 ") })
        #expect(!lines.contains { $0.contains("/usr/bin/tool50 ") })
        #expect(try !Self.lines(Self.report(50)).contains { $0.hasPrefix("  … and") })
    }

    @Test("are ten at most for those who did not ask for more") func few() throws {
        let lines = try ReportFormat.console.render(Self.report(12)).split(separator: "\n")
        #expect(lines.contains("  … and 2 more") && !lines.contains { $0.contains("/usr/bin/tool10 ") })
    }

    @Test("name the artifact where there are several") func several() throws {
        let lines = try Self.lines(Self.report(1, names: ["a.tar", "b.tar"]))
        #expect(lines.contains("  b.tar     /usr/bin/tool0  0123456789ab  AArch64   x86-64"))
    }

    @Test("and nothing is there where nothing is wrong") func none() throws {
        #expect(try !Self.lines(Self.report(0)).contains("Faults"))
    }
}
