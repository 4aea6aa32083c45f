import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Suite

@Suite("The schema of a journal") struct JournalSchemaTests {
    @Test("docs/schema/journal.schema.json is what the types say; ASSAY_UPDATE_EXPECTED=1 writes it") func fresh()
        throws
    {
        let path = Repository.folder.string + "/docs/schema/journal.schema.json"
        let schema: [String: Any] = [
            "anyOf": [["$ref": "#/$defs/head"], ["$ref": "#/$defs/step"]],
            "$defs": [
                "head": try DocumentSchema.of(Journal.Header.self), "step": try DocumentSchema.of(StepRecord.self),
            ],
        ]
        let text = try DocumentSchema.text(
            schema, title: Journal.schema,
            about: "The JSON of a journal's first line (head), and of each further line (step): see docs/scenarios.md.")
        if getenv("ASSAY_UPDATE_EXPECTED") != nil { try Data(text.utf8).write(to: URL(filePath: path)) }
        #expect(try Repository.text(path) == text)
    }
}
