import Evidence
import Findings
import Probes
import Sandbox
import SystemPackage
import TestSupport
import Testing

@testable import ScenarioFormat

@Suite("Scenarios that are shipped")
struct ShippedScenarioTests {
    static let folder = Repository.folder.appending("Scenarios")

    private func load(_ path: String) throws -> [ScenarioFile] {
        try ScenarioFile.load(ScenarioFile.find([Self.folder.appending(path).string])) { name, _ in
            try Repository.catalogue(of: name)
        }
    }

    @Test("are well-formed, whatever lies in their folders") func wellFormed() throws {
        let listing = Supervisor(jobs: 1).run(
            Launch(
                path: "/usr/bin/find", arguments: ["find", Self.folder.string, "-name", "*.yaml"], venue: .direct,
                timeout: .seconds(9)))
        let there = Set(listing.output.text.split(separator: "\n").map(String.init))
        try #require(!there.isEmpty, "\(listing.errors.text)")
        #expect(try Set(ScenarioFile.find([Self.folder.string])) == there)
        #expect(try load(".").count == there.count)
    }

    @Test("the JSON Schema is what the code says; assay run --print-schema writes it") func schemaIsFresh() throws {
        #expect(try Repository.text(Self.folder.appending("scenario.schema.json").string) == SchemaWriter.text)
    }

    @Test("the JSON Schema says each word once, and defines what it refers to") func schemaIsShort() {
        let text = SchemaWriter.text
        for code in FindingCode.allCases {
            // Some drills have the name of what they prove.
            let uses = SuiteDrills.names.contains(code.rawValue) ? 2 : 1
            #expect(text.split(separator: "\"\(code.rawValue)\"").count == uses + 1)
        }
        let parts = text.split(separator: "\"#/$defs/").dropFirst()
        for name in Set(parts.compactMap { $0.split(separator: "\"").first }) {
            #expect(text.contains("\n    \"\(name)\": {"), "\(name)")
        }
    }

    @Test("the reference in docs/scenarios.md is what the code says; assay run --print-reference writes it")
    func referenceIsFresh() throws {
        let page = try Repository.text(Repository.folder.appending("docs/scenarios.md").string)
        #expect(page.hasSuffix(FormatTable.text))
    }

    private static let validator = """
        import json, sys, yaml, jsonschema
        check = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
        jsonschema.Draft202012Validator.check_schema(check.schema)
        for path in sys.argv[2:]:
            errors = [e.message for e in check.iter_errors(yaml.safe_load(open(path)))]
            print(path.split('/')[-1], 'wrong' if errors else 'right', errors[:1])
        """

    private static let hasValidator: Bool = {
        let launch = python(["-c", "import jsonschema, yaml; jsonschema.Draft202012Validator"])
        return Supervisor(jobs: 1).run(launch).reason == .exited(0)
    }()

    private static func python(_ arguments: [String]) -> Launch {
        Launch(path: "/usr/bin/python3", arguments: ["python3"] + arguments, venue: .direct, timeout: .seconds(60))
    }

    /// Right by the schema, because a schema cannot say it: names of probes, steps, builders and images, circles, and YAML itself.
    private static let beyondSchema: Set<String> = [
        "02-duplicate-key.yaml", "04-unknown-probe.yaml", "05-unknown-image-and-venue.yaml",
        "06-unknown-builder-and-context.yaml", "09-steps-that-are-not-there.yaml", "10-not-yaml.yaml", "12-circle.yaml",
        "14-what-a-fault-does-not-take.yaml", "16-not-yaml-in-the-end.yaml",
    ]

    @Test(
        "an independent validator takes the shipped files by the schema, and refuses the wrong ones",
        .enabled(if: hasValidator, "needs Debian's python3-jsonschema and python3-yaml"))
    func validator() throws {
        let shipped = try ScenarioFile.find([Self.folder.string])
        let wrong = WrongScenarioTests.files.filter { file in !Self.beyondSchema.contains { file.hasSuffix($0) } }
        let schema = Self.folder.appending("scenario.schema.json").string
        let ended = Supervisor(jobs: 1).run(Self.python(["-c", Self.validator, schema] + shipped + wrong))
        #expect(ended.reason == .exited(0), "\(ended.errors.text)")
        let lines = ended.output.text.split(separator: "\n").map(String.init)
        #expect(lines.count == shipped.count + wrong.count)
        #expect(lines.prefix(shipped.count).filter { !$0.contains(" right ") } == [])
        #expect(lines.dropFirst(shipped.count).filter { !$0.contains(" wrong ") } == [])
    }
}
