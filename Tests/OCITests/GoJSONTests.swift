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

    /// Fields of a configuration, each with a value of another type. podman decodes those of Docker's, too, whatever the
    /// media type.
    @Test(
        "a field that some engine decodes has that one's type, used or not",
        arguments: [
            ("Healthcheck", #"{"Test":"curl"}"#, "Healthcheck.Test"), ("Healthcheck", "[]", "Healthcheck"),
            ("Healthcheck", #"{"Interval":"30s"}"#, "Healthcheck.Interval"),
            ("Healthcheck", #"{"Interval":1.5}"#, "Healthcheck.Interval"),
            ("Healthcheck", #"{"Retries":"3"}"#, "Healthcheck.Retries"), ("OnBuild", #""x""#, "OnBuild"),
            ("ArgsEscaped", #""true""#, "ArgsEscaped"), ("Volumes", #"["/x"]"#, "Volumes"),
            ("Volumes", #"{"/x":"y"}"#, "Volumes./x"), ("ExposedPorts", #"{"80/tcp":80}"#, "ExposedPorts.80/tcp"),
            ("Labels", #"["a=b"]"#, "Labels"), ("StopTimeout", #""10""#, "StopTimeout"), ("Tty", "1", "Tty"),
            ("Hostname", "1", "Hostname"), ("MacAddress", "1", "MacAddress"), ("Entrypoint", #""/x""#, "Entrypoint"),
            ("Entrypoint", #"["/x",1]"#, "Entrypoint.1"), ("Cmd", #""x""#, "Cmd"), ("Env", "{}", "Env"),
            ("Shell", "{}", "Shell"), ("User", "0", "User"),
        ])
    func executionTypes(name: String, value: String, field: String) {
        #expect {
            try ImageConfig(go: Array("{\"os\":\"linux\",\"config\":{\"\(name)\":\(value)}}".utf8))
        } throws: {
            ($0 as? GoJSON.Mismatch)?.field == "config.\(field)"
        }
    }

    @Test(
        "what Go takes for such a field is no fault",
        arguments: [
            #""config":{"Healthcheck":{"Test":["NONE"],"Interval":30000000000,"Retries":3}}"#,
            #""config":{"Healthcheck":null,"Volumes":{"/x":null},"ExposedPorts":{"80/tcp":{"a":1}},"Labels":null}"#,
            #""config":{"Shell":"/bin/sh","Env":null,"Memory":"1g","ENTRYPOINT":["/x"]}"#,
            #""container_config":{"Cmd":"x","Entrypoint":null}"#, #""history":[null]"#, #""history":null"#,
            #""created":null,"rootfs":{"diff_ids":null}"#, #""created":"2024-02-29T23:59:59.5+23:59""#,
            #""moby.buildkit.cache.v0":7"#,
        ])
    func fitting(members: String) throws {
        #expect(try ImageConfig(go: Array("{\"os\":\"linux\",\(members)}".utf8)).os == "linux")
    }

    @Test(
        "members outside of what a container is run with have their types, too",
        arguments: [
            ("container_config", "7"), ("container_config", #"{"Env":"x"}"#), ("parent", "1"), ("id", "1"),
            ("Size", #""1""#), ("docker_version", "1"), ("comment", "1"), ("os.features", #""x""#), ("created", "1"),
            ("created", #""2023-02-29T00:00:00Z""#), ("created", #""2016-12-31T23:59:60Z""#), ("created", #""""#),
            ("created", #""2024-01-01T1:00:00Z""#), ("created", #""2024-01-01T00:00:00,5Z""#),
            ("created", #""2024-04-31T00:00:00Z""#), ("history", #"[{"empty_layer":"true"}]"#),
            ("rootfs", #"{"diff_ids":"x"}"#),
        ])
    func outerTypes(name: String, value: String) {
        #expect {
            try ImageConfig(go: Array("{\"os\":\"linux\",\"\(name)\":\(value)}".utf8))
        } throws: {
            ($0 as? GoJSON.Mismatch)?.field.hasPrefix(name) == true
        }
    }

    @Test(
        "a descriptor's data is base64, its size a whole number of 64 bits",
        arguments: [
            (#""size":1,"data":"YQ==""#, true), (#""size":1,"data":"Y\nQ\r=\u000a=""#, true),
            (#""size":1,"data":null"#, true),
            (#""size":1,"data":[1, 255,null]"#, true), (#""size":1,"data":"\/+==""#, true), (#""size":-1"#, true),
            (#""size":-0"#, true),
            (#""size":9223372036854775807"#, true), (#""size":1,"data":"***""#, false),
            (#""size":1,"data":"YQ""#, false),
            (#""size":1,"data":"_-8=""#, false), (#""size":1,"data":[256]"#, false), (#""size":1,"data":1"#, false),
            (#""size":1,"data":"Y===""#, false), (#""size":1,"platform":"linux/arm64""#, false),
            (#""size":1,"urls":"x""#, false), (#""size":1e3"#, false), (#""size":5.0"#, false),
            (#""size":9223372036854775808"#, false), (#""size":"5""#, false), (#""size":1,"annotations":[]"#, false),
        ])
    func descriptors(members: String, fits: Bool) {
        let index = #"{"schemaVersion":2,"manifests":[{"digest":"sha256:0",\#(members)}]}"#
        do {
            let read = try ImageIndex(go: Array(index.utf8))
            #expect(fits && read.manifests.count == 1)
        } catch {
            #expect(!fits && (error as? GoJSON.Mismatch)?.field.hasPrefix("manifests.0.") == true, "\(error)")
        }
    }

    @Test("damage anywhere goes before a member that does not fit") func order() {
        #expect(throws: GoJSON.Failure.self) { try ImageConfig(go: Array(#"{"os":1,"author":"x"} x"#.utf8)) }
    }

    @Test(
        "a manifest is of one kind only, and its empty members count for nothing",
        arguments: [
            (#""mediaType":"","#, "", []), (#""fsLayers":[],"#, "", [.notOCI]), (#""history":null,"#, "", [.notOCI]),
            (#""manifests":[],"#, "", [.notOCI]), ("", #""layers":[],"history":1,"#, []),
        ] as [(String, String, [ArtifactFault.Kind])])
    func ambiguity(ofManifest: String, ofIndex: String, kinds: [ArtifactFault.Kind]) throws {
        var layout = LayoutBuilder()
        let layer = LayoutBuilder.layer("arm64")
        let config =
            #"{"architecture":"arm64","os":"linux","rootfs":{"diff_ids":["sha256:\#(SHA256.hexadecimal(layer))"]}}"#
        let configuration = layout.descriptor("application/vnd.oci.image.config.v1+json", Array(config.utf8))
        let stored = layout.descriptor("application/vnd.oci.image.layer.v1.tar", layer)
        let manifest = #"{\#(ofManifest)"schemaVersion":2,"config":\#(configuration),"layers":[\#(stored)]}"#
        let listed = layout.descriptor("application/vnd.oci.image.manifest.v1+json", Array(manifest.utf8))
        // An entry that is null is passed over.
        layout.add(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), at: "oci-layout")
        layout.add(Array(#"{\#(ofIndex)"schemaVersion":2,"manifests":[null,\#(listed)]}"#.utf8), at: "index.json")
        let evidence = try ArtifactInspector().inspect(MemorySource(layout.archive, name: "archive"))
        #expect(evidence.faults.map(\.kind) == kinds)
    }

    @Test("an index inside another that has layers is ambiguous") func nestedIndex() throws {
        var layout = LayoutBuilder.twoPlatforms()
        let nested = #"{"schemaVersion":2,"layers":[],"manifests":[\#(layout.manifests.joined(separator: ","))]}"#
        layout.manifests = [layout.descriptor("application/vnd.oci.image.index.v1+json", Array(nested.utf8))]
        layout.replace("index.json", with: Array(layout.index.utf8))
        let evidence = try ArtifactInspector().inspect(MemorySource(layout.archive, name: "archive"))
        #expect(evidence.faults.map(\.kind) == [.notOCI])
        #expect(evidence.faults.first?.found.hasPrefix("layers, which") == true)
    }

    @Test(
        "the version of a layout is 1.0.0: containerd compares it", arguments: [("1.0.0", 0), ("1.1.0", 1), ("1.0", 1)])
    func layoutVersion(version: String, count: Int) throws {
        var layout = LayoutBuilder.twoPlatforms()
        layout.replace("oci-layout", with: Array(#"{"imageLayoutVersion":"\#(version)"}"#.utf8))
        let evidence = try ArtifactInspector().inspect(MemorySource(layout.archive, name: "archive"))
        #expect(evidence.faults.map(\.kind) == Array(repeating: .notOCI, count: count))
    }
}
