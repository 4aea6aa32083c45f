import Evidence
import Findings
import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

@testable import ScenarioFormat

@Suite("Configuration files") struct ConfigurationTests {
    private func parse(_ text: String) throws -> Configuration {
        try ConfigurationFile.parse(Array(text.utf8), path: "c.yaml")
    }

    private func faults(_ text: String) -> [String] {
        do {
            _ = try parse(text)
            return []
        } catch { return "\(error)".split(separator: "\n").map(String.init) }
    }

    private static let whole = """
        schema: assay.config/1
        allow:
          - code: handler-drops-credentials
            reason: nobody uses sudo in builds here
            owner: ci-team@example.org
            expires: 2027-01-31
        builders: [buildah, podman]
        venues: direct
        timeout: 5s
        limits: {bytes: 1000000, window: 5}
        profiles:
          ci:
            fail-on: warning
            jobs: 4
            builders: none
            limits: {bytes: 7}
            allow:
              - {code: emulation-slow, reason: a shared machine}

        """

    @Test(
        "a file in which everything is a comment says nothing",
        arguments: ["", "\n", "# allow:\n  # - code: x\r\n", "---\n# all\n", "\t \n"])
    func comments(text: String) throws {
        let read = try parse(text)
        #expect(read.allowances.isEmpty && read.jobs == nil && read.profiles.isEmpty)
    }

    @Test("say what they say, and a profile is put over the rest") func whole() throws {
        let read = try parse(Self.whole)
        #expect(
            read.allowances == [
                Allowance(
                    code: .handlerDropsCredentials, reason: "nobody uses sudo in builds here",
                    owner: "ci-team@example.org", expires: "2027-01-31", source: "c.yaml")
            ])
        #expect(read.builders == ["buildah", "podman"] && read.venues == [.direct] && read.timeout == .seconds(5))
        #expect(read.limits == ["bytes": 1_000_000, "window": 5] && read.failOn == nil && read.jobs == nil)
        let ci = try read.profile("ci")
        #expect(ci.allowances.map(\.code) == [.emulationSlow, .handlerDropsCredentials])
        #expect(ci.allowances.allSatisfy { $0.source == "c.yaml" })
        #expect(ci.builders == ["none"] && ci.venues == [.direct] && ci.failOn == .warning && ci.jobs == 4)
        #expect(ci.limits == ["bytes": 7, "window": 5])
        #expect(throws: UnknownName.self) { try read.profile("cy") }
        #expect(try parse("").allowances.isEmpty)
    }

    @Test(
        "faults have a place, and say what was meant",
        arguments: [
            ("alow: []\n", ["1:1: expected a key of a configuration (schema, allow, ", "did you mean \"allow\"?"]),
            (
                "allow:\n  - {code: handler-mising, reason: x}\n",
                ["2:12: expected a finding, found \"handler-mising\"; did you mean \"handler-missing\"?"]
            ),
            ("allow:\n  - code: handler-missing\n", ["2:5: expected \"reason\" in an allowance, found none"]),
            (
                "allow:\n  - {code: handler-missing, reason: x, expires: 2027-02-30}\n",
                ["2:49: expected a day, for example 2027-01-31, found \"2027-02-30\""]
            ),
            (
                "allow:\n  - {code: handler-missing, reason: x}\n  - {code: handler-missing, reason: y}\n",
                ["3:12: expected each finding once, found \"handler-missing\" again"]
            ),
            (
                "builders: [buildh]\n",
                ["1:12: expected a builder, any or none, found \"buildh\"; did you mean \"buildah\"?"]
            ),
            ("venues: chrot\n", ["did you mean \"chroot\"?"]),
            ("fail-on: warnings\n", ["did you mean \"warning\"?"]),
            ("limits: {byte: 5}\n", ["1:10: expected a key of limits (entries, bytes, ", "did you mean \"bytes\"?"]),
            ("timeout: 5\n", ["did you mean \"5s\"?"]),
            ("profiles: {ci: {profiles: {}}}\n", ["1:17: expected a key of a profile ("]),
            ("- a\n", ["1:1: expected a configuration, found a list"]),
            ("jobs: [\n", ["this is not YAML"]),
        ])
    func wrong(text: String, messages: [String]) {
        let found = faults(text)
        for message in messages {
            #expect(found.contains { $0.hasPrefix("c.yaml:") && $0.contains(message) }, "\(found)")
        }
    }

    @Test("the schema and the reference in docs are what the code says; ASSAY_UPDATE_EXPECTED=1 writes them")
    func docs() throws {
        let schema = Repository.folder.appending("docs/schema/config.schema.json").string
        let reference = Repository.folder.appending("docs/config.md").string
        let page = try Repository.text(reference)
        let start = try #require(page.firstRange(of: "### a configuration\n")).lowerBound
        if ProcessInfo.processInfo.environment["ASSAY_UPDATE_EXPECTED"] != nil {
            try Data(SchemaWriter.configurationText.utf8).write(to: URL(filePath: schema))
            try Data((page[..<start] + FormatTable.configurationText).utf8).write(to: URL(filePath: reference))
        } else {
            #expect(try Repository.text(schema) == SchemaWriter.configurationText)
            #expect(page[start...] == FormatTable.configurationText)
        }
    }

    @Test("the example in docs/config.md is one") func example() throws {
        let page = try Repository.text(Repository.folder.appending("docs/config.md").string)
        let parts = page.split(separator: "```yaml\n", maxSplits: 1)
        let example = try #require(parts.last?.firstRange(of: "```").map { String(parts[1][..<$0.lowerBound]) })
        #expect(try !parse(example).allowances.isEmpty)
    }
}
