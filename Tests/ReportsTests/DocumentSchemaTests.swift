import Foundation
import TestSupport
import Testing

@testable import Reports

/// `docs/schema`: what programs may rely on. ASSAY_UPDATE_EXPECTED=1 writes the files.
@Suite("JSON Schemas") struct DocumentSchemaTests {
    private static func report() throws -> [String: Any] {
        try named(DocumentSchema.of(ReportDocument.self), ReportDocument.schema)
    }

    private static func fleet() throws -> [String: Any] { try named(DocumentSchema.of(Fleet.self), Fleet.schema) }

    /// With the one value that `schema` has.
    private static func named(_ schema: [String: Any], _ name: String) -> [String: Any] {
        var schema = schema
        var properties = schema["properties"] as? [String: Any] ?? [:]
        properties["schema"] = ["const": name]
        schema["properties"] = properties
        return schema
    }

    private func document(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("of reports and fleets are what the types say") func fresh() throws {
        for (schema, name, title, about) in [
            (try Self.report(), "report", ReportDocument.schema, "What --format json writes. New keys may come."),
            (try Self.fleet(), "fleet", Fleet.schema, "What report merge --format json writes. New keys may come."),
        ] {
            let path = "\(Repository.folder)/docs/schema/\(name).schema.json"
            let text = try DocumentSchema.text(schema, title: title, about: about)
            if getenv("ASSAY_UPDATE_EXPECTED") != nil { try Data(text.utf8).write(to: URL(filePath: path)) }
            #expect(try Repository.text(path) == text, "\(name)")
        }
    }

    @Test("say what golden reports are, and each of their keys", arguments: Sample.names) func golden(name: String)
        throws
    {
        let schema = try Self.report()
        #expect(
            try DocumentSchema.faults(in: document(ReportFormat.json.render(Sample.report(name))), by: schema) == [])
    }

    @Test("of assay.report/1 is kept, and says what its golden reports are", arguments: Sample.names)
    func older(name: String) throws {
        let schema = try document(Repository.text("\(Repository.folder)/docs/schema/report-1.schema.json"))
        let faults = try DocumentSchema.faults(
            in: document(String(decoding: Sample.bytes(name), as: UTF8.self)), by: schema)
        #expect(faults == [])
    }

    @Test("say what golden fleets are") func goldenFleet() throws {
        let text = try ReportFormat.json.render(Sample.fleet(expected: 4))
        #expect(try DocumentSchema.faults(in: document(text), by: Self.fleet()) == [])
    }

    @Test("refuse what is none") func wrong() throws {
        let schema = try Self.report()
        let whole = try document(ReportFormat.json.render(Sample.report("unfit")))
        for (key, value, words) in [
            ("verdict", "fine" as Any?, "verdict"), ("checks", "none", "no list"),
            ("schema", "assay.report/9", "is not"),
            ("version", nil, "no version"), ("more", "x", "more is not described"), ("duration_ms", "1", "no number"),
        ] {
            var changed = whole
            changed[key] = value
            let faults = DocumentSchema.faults(in: changed, by: schema)
            #expect(faults.count == 1 && faults.first?.contains(words) == true, "\(key): \(faults)")
        }
    }

    @Test(
        "are schemas, and right, for an independent validator",
        .enabled(if: Validator.run("python3 -c 'import jsonschema'", "").status == 0, "needs python3-jsonschema"))
    func validator() throws {
        let script = """
            import json, jsonschema, sys
            for name in sys.argv[2:]: jsonschema.Draft202012Validator.check_schema(json.load(open(name)))
            jsonschema.Draft202012Validator(json.load(open(sys.argv[2]))).validate(json.load(open(sys.argv[1])))
            """
        let folder = "\(Repository.folder)/docs/schema"
        let names = ["config", "journal", "fleet"].map { "'\(folder)/\($0).schema.json'" }.joined(separator: " ")
        for (name, text) in [
            ("report", try ReportFormat.json.render(Sample.report("unfit"))),
            ("fleet", try ReportFormat.json.render(Sample.fleet(expected: 4))),
        ] {
            let result = Validator.run(
                "python3 -c \"\(script.replacing("\"", with: "\\\""))\" \"$0\" '\(folder)/\(name).schema.json' \(names)",
                text)
            #expect(result.status == 0, "\(result.output)")
        }
    }
}
