import Archive
import Evidence
import TestSupport
import Testing

@testable import OCI

/// What runtimes refuse of a configuration, whatever the program is.
@Suite("An image's configuration") struct ConfigurationTests {
    /// The faults of an image that has this configuration, and a sound /app/tool.
    static func inspect(_ execution: String) throws -> [ArtifactFault] {
        try EngineLayerTests.inspect(
            [{ $0.file("app/tool", LayoutBuilder.binary("arm64"), mode: 0o755) }], execution: execution
        ).faults.map { $0 }
    }

    @Test(
        "a variable without a name or without =, or with a NUL, and a word with a NUL, start nothing",
        arguments: [
            (#"["PATH=/app","NAME"]"#, .variable, "NAME"), (#"["=x"]"#, .variable, "=x"),
            (#"[""]"#, .variable, "(no name)"),
            (#"["A=b\u0000c"]"#, .variable, #"A=b\0c"#), (#"["PATH=/app","A="]"#, nil, nil),
            (#"["A=b=c","A=\n"]"#, nil, nil),
        ] as [(String, ArtifactFault.Reason?, String?)])
    func variables(environment: String, reason: ArtifactFault.Reason?, subject: String?) throws {
        let faults = try Self.inspect(#"{"Entrypoint":["/app/tool"],"Env":\#(environment)}"#)
        #expect(faults.map(\.reason) == (reason == nil ? [] : [reason]))
        #expect(faults.first?.subject == subject)
        #expect(faults.allSatisfy { $0.kind == .entrypointMissing })
    }

    @Test("a word with a NUL starts nothing") func word() throws {
        let faults = try Self.inspect(#"{"Entrypoint":["/app/tool","a\u0000b"]}"#)
        #expect(faults.map(\.reason) == [.wordWithNUL])
        #expect(faults.first?.subject == #"a\0b"#)
    }

    @Test(
        "what a relative directory of PATH leads to is refused, and only that",
        arguments: [("app", "/", true), ("none:app", "/", true), ("/app:app", "/", false), (".", "/app", true)])
    func relative(path: String, directory: String, isRefused: Bool) throws {
        let faults = try Self.inspect(
            #"{"Entrypoint":["tool"],"Env":["PATH=\#(path)"],"WorkingDir":"\#(directory)"}"#)
        #expect(faults.map(\.reason) == (isRefused ? [.entrypointRelative] : []))
    }

    @Test("a symbolic link's target is no longer than the kernel takes", arguments: [(4095, 0), (4096, 1)])
    func longTarget(length: Int, refused: Int) throws {
        let found = try EngineLayerTests.inspect([
            { $0.file("app/tool", LayoutBuilder.binary("arm64"), mode: 0o755) },
            { tar in
                tar.pax([("linkpath", [UInt8](repeating: UInt8(ascii: "x"), count: length))])
                tar.symbolicLink("app/link", to: "x")
            },
        ])
        #expect(found.archiveErrors.count == refused)
        #expect(found.archiveErrors.allSatisfy { $0.code == .unsupportedEntry })
    }

    @Test(
        "texts are taken apart at bytes: an accent behind a slash, a colon or a sign joins nothing",
        arguments: [
            #"{"Entrypoint":["/\u0301a/tool"]}"#, #"{"Entrypoint":["tool"],"Env":["PATH=/none:/\u0301a"]}"#,
            #"{"Entrypoint":["tool"],"Env":["PATH=/\u0301a:\u0301b"]}"#,
            #"{"Entrypoint":["/app/tool"],"Env":["A=\u0301x"]}"#,
            #"{"Entrypoint":["/app/tool"],"WorkingDir":"/\u0301a"}"#,
        ])
    func accents(execution: String) throws {
        let faults = try EngineLayerTests.inspect(
            [
                {
                    $0.file("app/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
                    $0.file("\u{301}a/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
                }
            ], execution: execution
        ).faults
        #expect(faults.map { "\($0.path): \($0.found)" } == [])
    }
}
