import Findings
import Foundation
import Guest
import Processes
import TestSupport
import Testing

@testable import Reports

@Suite("Saved reports") struct ReportReaderTests {
    private func changed(_ change: (inout [String: Any]) -> Void) throws -> [UInt8] {
        var object = try #require(
            try JSONSerialization.jsonObject(with: Data(Sample.bytes("unfit"))) as? [String: Any])
        change(&object)
        return try Array(JSONSerialization.data(withJSONObject: object))
    }

    private func error(_ bytes: [UInt8]) -> MalformedReport? {
        do {
            _ = try ReportDocument(json: bytes, file: "r.json")
            return nil
        } catch { return error }
    }

    @Test("what was written is read back and written the same, byte by byte", arguments: Sample.names)
    func bytes(name: String) throws {
        let text = try ReportFormat.json.render(Sample.report(name))
        let again = try ReportDocument(json: Array(text.utf8), file: "\(name).json")
        #expect(try ReportFormat.json.render(again) == text && text.contains("\"assay.report/2\""))
    }

    @Test("what assay.report/1 says of its one guest is said of each part", arguments: Sample.names)
    func older(name: String) throws {
        #expect(String(decoding: try Sample.bytes(name), as: UTF8.self).contains("\"assay.report/1\""))
        let report = try Sample.report(name)
        #expect(report.schema == "assay.report/2" && report.platforms?.map(\.platform) == ["linux/arm64"])
        #expect(report.checks.allSatisfy { $0.platform == "linux/arm64" })
        #expect(report.findings.allSatisfy { $0.platform == "linux/arm64" })
        #expect(
            report.platforms?.first?.verdict == report.verdict && report.platforms?.first?.summary == report.summary)
        let host = try #require(report.host)
        #expect(host.handlers.allSatisfy { $0.platform == "linux/arm64" } && host.olderPlatform.isEmpty)
    }

    @Test("another guest that assay.report/1 names is the guest of its parts") func olderGuest() throws {
        let bytes = try changed { object in
            var host = object["host"] as? [String: Any] ?? [:]
            host["platform"] = "linux/riscv64"
            host["handler"] = ["name": "qemu-riscv64", "flags": "POCF"]
            host["interpreter"] = ["path": "/q"]
            object["host"] = host
        }
        let report = try ReportDocument(json: bytes, file: "r.json")
        #expect(report.guest.architecture == "riscv64" && report.checks.allSatisfy { $0.platform == "linux/riscv64" })
        #expect(report.host?.handlers.map(\.platform) == ["linux/riscv64"])
        #expect(report.host?.interpreters.map(\.path) == ["/q"])
    }

    @Test("a fresh report survives being saved, in every form") func fresh() throws {
        for report in [Given.fit, Given.unfit, Given.undetermined, Given.warned] {
            let json = try ReportFormat.json.render(report.document)
            let saved = try ReportDocument(json: Array(json.utf8), file: "r.json")
            for format in ReportFormat.allCases {
                #expect(try format.render(saved) == format.render(report.document), "\(format)")
            }
        }
    }

    @Test("keys, kinds and codes of a newer Assay are read") func newer() throws {
        let bytes = try changed {
            $0["extra"] = ["key": 1]
            $0["checks"] = [
                [
                    "id": "load.x", "kind": "scenario", "outcome": "pass", "duration_ms": 1, "attempts": 1,
                    "detail": "", "findings": ["not-yet-known"], "more": true,
                ]
            ]
        }
        let report = try ReportDocument(json: bytes, file: "r.json")
        #expect(report.checks[0].kind == "scenario" && report.checks[0].findings == ["not-yet-known"])
    }

    @Test("another schema is named, even where nothing else is known of it") func schema() throws {
        let other = try changed { $0["schema"] = "assay.report/3" }
        #expect(
            error(other)?.description
                == #"reading a saved report, r.json: expected schema "assay.report/2", found schema "assay.report/3""#)
        #expect(error(Array(#"{"schema": "assay.fleet/1"}"#.utf8))?.found == #"schema "assay.fleet/1""#)
    }

    @Test(
        "what is not JSON is told by line and column, with what was expected there",
        arguments: [
            ("{\"a\": 1,\n \"b\": }", "r.json:2:7: expected a value, found \"}\""),
            ("{\"a\": [1 2]}", "r.json:1:10: expected \",\" or \"]\", found \"2]}\""),
            ("{\"a\": \"b", "r.json:1:9: expected the string's end, found the end of the text"),
            ("{\"a\": \"b\nc\"}", "r.json:1:9: expected the string's end, found a line end or a control character"),
            ("{a: 1}", "r.json:1:2: expected a key in quotes, found \"a:\""),
            ("{\"a\" 1}", "r.json:1:6: expected \":\", found \"1}\""),
            ("{} x", "r.json:1:4: expected nothing after the document, found \"x\""),
            ("\n\nassay", "r.json:3:1: expected a value, found \"assay\""),
            ("{\"a\": \"\\x\"}", "r.json:1:8: expected an escape of JSON, found \"\\x\"}\""),
        ])
    func syntax(text: String, message: String) throws {
        let fault = try #require(JSONFault(in: Array(text.utf8)))
        #expect("r.json:\(fault.line):\(fault.column): expected \(fault.expected), found \(fault.found)" == message)
    }

    @Test("the place is named where the decoder says no more than that there is one") func place() {
        #expect(
            error(Array("{\n}}".utf8))?.description
                == "reading a saved report, r.json:2:2: expected nothing after the document, found \"}\"")
    }

    @Test("what is JSON has no place that is not, however deep", arguments: Sample.names) func sound(name: String)
        throws
    {
        #expect(try JSONFault(in: Sample.bytes(name)) == nil)
        let deep = String(repeating: "[", count: 100_000) + "{}" + String(repeating: "]", count: 100_000)
        #expect(JSONFault(in: Array(deep.utf8)) == nil)
        #expect(JSONFault(in: Array("[[], {}, -1.5e3, 0, true, null, \"\\u00e4\"]".utf8)) == nil)
    }

    @Test("what is malformed is said, and where") func malformed() throws {
        #expect(error([])?.found == "an empty file")
        #expect(error(Array("{".utf8)) != nil && error(Array("no JSON".utf8)) != nil && error(Array("[]".utf8)) != nil)
        #expect(error(try Array(Sample.bytes("fit").dropLast(40))) != nil)
        #expect(error(try changed { $0["verdict"] = nil })?.expected == #"the key "verdict""#)
        #expect(error(try changed { $0["verdict"] = "maybe" })?.expected == "a value at verdict")
        #expect(error(try changed { $0["started"] = "2026-02-30T08:00:00Z" })?.found.contains("2026-02-30") == true)
        #expect(error(try changed { $0["duration_ms"] = 1e300 })?.expected == "a value at duration_ms")
        #expect(error(try changed { $0["duration_ms"] = -1 }) != nil)
        #expect(error(try changed { $0["checks"] = [["id": 5]] })?.expected.contains("checks.0.id") == true)
        #expect(error(try changed { $0["checks"] = NSNull() }) != nil)
    }

    @Test(
        "times are read as they are written",
        arguments: [
            "2026-01-31T08:00:00", "2026-1-31T08:00:00Z", "2026-01-31 08:00:00Z", "2026-01-31T08:00:00ZZ", "Z", "",
            "2026-13-01T00:00:00Z", "2026-01-31T25:00:00Z",
        ])
    func times(text: String) {
        #expect(Timestamp(text: text) == nil)
        #expect(Timestamp(text: "2000-02-29T00:00:00Z")?.seconds == 951_782_400)
    }

    @Test("a saved report cannot steer a terminal") func terminal() throws {
        let report = try Sample.report("hostile")
        let text = try ReportFormat.console.render(report, colours: true)
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" })
        #expect(!text.unicodeScalars.contains("\u{202e}") && text.contains("␛[31m"))
        #expect(
            try ReportFormat.console.render(Sample.report("fit"), colours: true).contains(
                "\u{1b}["))
    }
}
