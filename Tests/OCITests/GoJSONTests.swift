import Archive
import Evidence
import Files
import TestSupport
import Testing

@testable import OCI

/// Documents as Go's `encoding/json` reads them.
@Suite struct GoJSONTests {
    private static let shape = GoJSON.Shape.fields([
        "name": .text, "size": .integer, "on": .flag, "list": .list(.fields(["kind": .text])), "labels": .map(.text),
    ])

    private static func canonical(_ text: String) throws -> String {
        String(decoding: try GoJSON.canonical(Array(text.utf8), as: shape), as: UTF8.self)
    }

    @Test(
        "members go by their fields' names, whatever their case; others are passed over",
        arguments: [
            (#"{"NAME":"a","other":[1,{"x":[]}],"Size":7}"#, #"{"name":"a","size":7}"#),
            (" {\n}\t", "{}"), (#"{"n\u0061me":"\u00e9\ud83d\ude00\ud800"}"#, "{\"name\":\"é😀\u{fffd}\"}"),
            ("{\"\u{17f}ize\":1,\"\u{212a}ind\":2}", #"{"size":1}"#),
            (#"{"list":[{"\#u{212a}ind":"x"},null]}"#, #"{"list":[{"kind":"x"},null]}"#),
            (#"{"labels":{"A":"1","a":"2","A":"3"}}"#, #"{"labels":{"A":"3","a":"2"}}"#),
            (#"{"name":null,"on":true}"#, #"{"name":null,"on":true}"#), (#"{"size":1.0}"#, #"{"size":[[]]}"#),
            (#"{"name":5}"#, #"{"name":[[]]}"#),
            (#"{"other":"x","other":"y","Other":1}"#, "{}"), (#"{"name":"a\\\"\u0001"}"#, #"{"name":"a\\\"\u0001"}"#),
            ("{\"other\":" + String(repeating: "[", count: 9999) + String(repeating: "]", count: 9999) + "}", "{}"),
        ])
    func canonical(text: String, expected: String) throws {
        #expect(try Self.canonical(text) == expected)
    }

    @Test(
        "what Go does not take is no document",
        arguments: [
            "", "{", "{}x", "{} {}", "\u{feff}{}", #"{"size":NaN}"#, #"{"size":01}"#, #"{"a":1,}"#, "[1,]", "[,1]",
            #"{"a" 1}"#, "{'a':1}",
            #"{"a":"\x"}"#, "{\"a\":\"\n\"}", #"{"a":"\u12g4"}"#, "nul",
            "{\"other\":" + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000) + "}",
            #"{"a":1.}"#, #"{"a":-}"#, "// x\n{}", "{\u{0}}",
        ])
    func malformed(text: String) {
        #expect { try Self.canonical(text) } throws: { ($0 as? GoJSON.Failure)?.isAmbiguous == false }
    }

    @Test("bytes that are no UTF-8 stand for U+FFFD in a text, and are nothing elsewhere") func invalidUTF8() throws {
        let bytes = Array(#"{"name":""#.utf8) + [0xff] + Array(#""}"#.utf8)
        #expect(try GoJSON.canonical(bytes, as: Self.shape) == Array("{\"name\":\"\u{fffd}\"}".utf8))
        #expect { try GoJSON.canonical([0xff, 0xfe, 0x7b, 0, 0x7d, 0], as: Self.shape) } throws: {
            $0 as? GoJSON.Failure == .malformed(offset: 0, found: "UTF-16 or UTF-32")
        }
    }

    @Test(
        "two members for one field are refused",
        arguments: [
            (#"{"name":"a","name":"b"}"#, "name", "name"), (#"{"name":"a","Name":"b"}"#, "name", "Name"),
            (#"{"list":[{"kind":"a","KIND":null}]}"#, "list.0.kind", "KIND"),
            (#"{"n\u0061me":1,"name":2}"#, "name", "name"),
        ])
    func duplicates(text: String, field: String, second: String) {
        #expect { try Self.canonical(text) } throws: {
            guard case .duplicate(field, _, second) = $0 as? GoJSON.Failure else { return false }
            return true
        }
    }

    @Test(
        "an image is what Go takes it for, and nothing is said of one that is two",
        arguments: [
            (#""architecture":"arm64""#, #""Architecture":"arm64""#, nil),
            (#""architecture":"arm64""#, #""architecture":"arm64","architecture":"amd64""#, "architecture"),
            (#""architecture":"arm64""#, #""architecture":"arm64","ARCHITECTURE":"arm64""#, "architecture"),
            (#""config":{}"#, #""config":{"Labels":{"a":"1","A":"2","a":"3"},"Volumes":{"/x":{},"/X":{}}}"#, nil),
            (#""config":{}"#, #""config":{"Cmd":["/x"],"cmd":["/bin/tool"]}"#, "config.Cmd"),
        ] as [(String, String, String?)])
    func images(old: String, new: String, field: String?) throws {
        let evidence = Result {
            try Self.inspect { String(decoding: $0, as: UTF8.self).replacing(old, with: new) }
        }
        switch evidence {
        case .success(let evidence): #expect(field == nil && evidence.faults.isEmpty && evidence.archiveErrors.isEmpty)
        case .failure(let error):
            let error = try #require(error as? ArchiveError)
            #expect(error.code == .malformed && field.map { error.found.hasPrefix($0 + " twice") } == true)
        }
    }

    /// A layout whose configuration was edited, and all that names it.
    private static func inspect(config edit: ([UInt8]) -> String) throws -> ArtifactEvidence {
        var layout = LayoutBuilder()
        let layer = LayoutBuilder.layer("arm64")
        let config =
            #"{"architecture":"arm64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:\#(SHA256.hexadecimal(layer))"]}}"#
        let configuration = layout.descriptor(
            "application/vnd.oci.image.config.v1+json", Array(edit(Array(config.utf8)).utf8))
        let stored = layout.descriptor("application/vnd.oci.image.layer.v1.tar", layer)
        let manifest = #"{"schemaVersion":2,"config":\#(configuration),"layers":[\#(stored)]}"#
        layout.manifests.append(layout.descriptor("application/vnd.oci.image.manifest.v1+json", Array(manifest.utf8)))
        layout.finish()
        return try ArtifactInspector().inspect(MemorySource(layout.archive, name: "archive"))
    }

    @Test(
        "a member of another type than its field is refused, whatever stands there",
        arguments: ["7", "true", "\"x\"", "{}", "[7]", "[[]]", "[\"x\"]"])
    func otherType(value: String) {
        for name in ["history", "rootfs", "config", "author"] where !(value == "\"x\"" && name == "author") {
            // An object without members fits these two.
            guard value != "{}" || name == "history" || name == "author" else { continue }
            #expect(throws: (any Error).self, "\(name): \(value)") {
                try ImageConfig(go: Array("{\"os\":\"linux\",\"\(name)\":\(value)}".utf8))
            }
        }
    }
}
