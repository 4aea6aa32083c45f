import ELF
import Evidence
import OCI
import TestSupport
import Testing

/// Scripts as Linux reads them (fs/binfmt_script.c): what the kernel refuses is named with its own reason.
@Suite struct ScriptTests {
    typealias Reason = ArtifactFault.Reason

    /// An image whose entrypoint is a script.
    private static func inspect(
        _ script: [UInt8], execution: String = #"{"Entrypoint":["/entrypoint.sh"],"Cmd":["serve"]}"#,
        mode: Int = 0o755, more: @escaping (inout TarBuilder) -> Void = { _ in }
    ) throws -> ArtifactEvidence {
        try EngineLayerTests.inspect(
            [
                {
                    $0.file("bin/sh", LayoutBuilder.binary("arm64"), mode: 0o755)
                    $0.file("usr/bin/env", LayoutBuilder.binary("arm64"), mode: 0o755)
                    $0.file("usr/bin/python3", LayoutBuilder.binary("arm64"), mode: 0o755)
                    $0.file("entrypoint.sh", script, mode: mode)
                    more(&$0)
                }
            ], execution: execution)
    }

    private static func reasons(_ text: String) throws -> [Reason?] {
        try inspect(Array(text.utf8)).faults.map(\.reason)
    }

    @Test(
        "what the kernel does not take for a script, and an interpreter that it does not find",
        arguments: [
            ("echo hi\n", .noInterpreterLine), ("", .emptyFile), ("!/bin/sh\n", .noHash),
            (" #!/bin/sh\n", .blankBeforeLine),
            ("\n#!/bin/sh\n", .blankBeforeLine), ("\u{feff}#!/bin/sh\n", .byteOrderMark),
            ("#!/bin/sh\r\necho\r\n", .carriageReturn), ("#!/bin/sh -e\r\n", .carriageReturn),
            ("#!/bin/sh \r\n", .carriageReturn), ("#!/usr/bin/env sh\r\n", .carriageReturn),
            ("#!/usr/bin/env -S sh -e\r\n", nil), ("#!/bin/bash\n", .interpreterMissing),
            ("#!\n", .interpreterNotNamed),
            ("#!   \t\n/bin/sh", .interpreterNotNamed), ("#!/bin\n", .interpreterNoFile),
            ("#!/usr/bin/env ruby\n", .envCommandMissing), ("#!/usr/bin/env python3 -u\n", .envArguments),
            ("#!/usr/bin/env -S ruby -w\n", .envCommandMissing),
            ("#!/usr/bin/env -S -u NAME ruby\n", .envCommandMissing), ("#!/usr/bin/env X=1 sh\n", .envArguments),
            ("#!/bin/sh/\n", .interpreterMissing), ("#!" + String(repeating: "/", count: 246) + "/bin/sh", nil),
            ("#!" + String(repeating: "/", count: 247) + "/bin/sh", .interpreterCut),
        ] as [(String, Reason?)])
    func refused(script: String, reason: Reason?) throws {
        let faults = try Self.inspect(Array(script.utf8)).faults
        #expect(faults.map(\.kind) == (reason == nil ? [] : [.entrypointMissing]))
        #expect(faults.map(\.reason) == (reason == nil ? [] : [reason]))
        #expect(
            faults.allSatisfy { $0.path == "/entrypoint.sh" && $0.place?.number == 1 && !$0.expected.contains("\r") })
    }

    @Test(
        "what the kernel takes",
        arguments: [
            "#! /bin/sh -e\necho", "#!/bin/sh", "#!\t/bin/sh\t\n", "#!/bin/sh\u{0} -x\n", "#!bin/sh\n",
            "#!/usr/bin/env python3\n",
            "#!/usr/bin/env -S python3 -u\n", "#!/usr/bin/env -S -i -u HOME X=1 python3 -u\n",
            "#!/usr/bin/env -iS python3\n",
            "#!/usr/bin/env --split-string=python3 -u\n",
        ])
    func taken(script: String) throws {
        let evidence = try Self.inspect(Array(script.utf8))
        #expect(evidence.faults.isEmpty && evidence.notes.isEmpty)
    }

    @Test("UTF-16 is no script", arguments: [[0xff, 0xfe, 0x23, 0, 0x21, 0], [0x23, 0, 0x21, 0]] as [[UInt8]])
    func wide(head: [UInt8]) throws {
        #expect(try Self.inspect(head).faults.map(\.reason) == [.wideCharacters])
    }

    @Test(
        "the interpreter must be a program for the platform, executable, and no text",
        arguments: [
            (0o644, "arm64", .interpreterNotExecutable), (0o755, "amd64", .interpreterForeign),
            (0o755, "", .interpreterNotProgram),
        ] as [(Int, String, Reason)])
    func interpreter(mode: Int, architecture: String, reason: Reason) throws {
        let evidence = try Self.inspect(Array("#!/opt/run\n".utf8)) {
            $0.file(
                "opt/run", architecture.isEmpty ? Array("echo\n".utf8) : LayoutBuilder.binary(architecture), mode: mode)
        }
        let fault = evidence.faults.first { $0.kind == .entrypointMissing }
        #expect(fault?.reason == reason && fault?.subject == "/opt/run")
    }

    @Test(
        "a path of the kernel's 255 bytes ends in them, an argument may be cut",
        arguments: [
            (253, "\n", nil, nil), (254, "\n", .interpreterCut, nil), (252, " ", nil, nil),
            (120, " " + String(repeating: "a", count: 200), nil, .argumentCut),
        ] as [(Int, String, Reason?, Reason?)])
    func longLine(count: Int, rest: String, refusal: Reason?, note: Reason?) throws {
        let path = "/" + String(repeating: "d/", count: 10) + String(repeating: "x", count: count - 21)
        let evidence = try Self.inspect(Array("#!\(path)\(rest)\n".utf8)) {
            $0.pax([("path", Array(path.dropFirst().utf8))])
            $0.file("long", LayoutBuilder.binary("arm64"), mode: 0o755)
        }
        #expect(evidence.faults.map(\.reason) == (refusal.map { [$0] } ?? []))
        #expect(evidence.notes.map(\.reason) == (note.map { [$0] } ?? []))
    }

    @Test(
        "five scripts run natively and not under emulation, six nowhere, and a loop has no end",
        arguments: [
            (4, [], 0), (5, [], 1), (6, [.scriptChainTooDeep], 0),
        ] as [(Int, [Reason?], Int)])
    func chain(scripts: Int, reasons: [Reason?], notes: Int) throws {
        let evidence = try Self.inspect(Array("#!/s/2\n".utf8)) { tar in
            for number in 2..<scripts { tar.file("s/\(number)", "#!/s/\(number + 1)\n", mode: 0o755) }
            tar.file("s/\(scripts)", "#!/bin/sh\n", mode: 0o755)
        }
        #expect(evidence.faults.map(\.reason) == reasons)
        #expect(evidence.notes.map(\.kind) == Array(repeating: .scriptChain, count: notes))
    }

    @Test("a loop is named, with the script that has to be mended") func loop() throws {
        let own = try Self.inspect(Array("#!/entrypoint.sh\n".utf8)).faults
        #expect(own.map(\.reason) == [.scriptLoop] && own.first?.culprit == nil)
        let faults = try Self.inspect(Array("#!/opt/one\n".utf8)) {
            $0.file("opt/one", "#!/bin/nothing\r\n", mode: 0o755)
        }.faults
        #expect(faults.map(\.reason) == [.carriageReturn] && faults.first?.culprit == "/opt/one")
    }

    @Test("an argument that ends in a carriage return is a warning where the interpreter may take it") func argument()
        throws
    {
        let evidence = try Self.inspect(Array("#!/usr/bin/python3 -u\r\n".utf8))
        #expect(evidence.faults.isEmpty && evidence.notes.map(\.reason) == [.carriageReturn])
    }

    @Test("scripts among programs are held to the same, those that nobody executes are not") func amongPrograms() throws
    {
        let script = Array("#!/bin/sh\r\n".utf8)
        let evidence = try Self.inspect(Array("#!/bin/sh\n".utf8)) {
            $0.file("usr/bin/tool", script, mode: 0o755)
            $0.file("usr/bin/data", script, mode: 0o644)
            $0.file("usr/share/example", script, mode: 0o755)
            $0.file("usr/bin/plain", "echo\n", mode: 0o755)
        }
        #expect(evidence.faults.map(\.path) == ["/usr/bin/tool"])
        #expect(evidence.faults.map(\.kind) == [.loaderMissing] && evidence.faults.first?.reason == .carriageReturn)
    }

    @Test(
        "a name says why it leads to no program",
        arguments: [
            (#"["/entrypoint.sh/"]"#, .entrypointTrailingSlash), (#"["/nowhere"]"#, .entrypointNotThere),
            (#"["nowhere"]"#, .entrypointNotInPath), (#"["/bin"]"#, .entrypointNoFile),
            (#"["data"]"#, .entrypointNotExecutable),
            (#"["/bin/data"]"#, .entrypointNotExecutable), (#"["/bin/"]"#, .entrypointNoFile),
        ] as [(String, Reason)])
    func names(entrypoint: String, reason: Reason) throws {
        let evidence = try Self.inspect([], execution: #"{"Entrypoint":\#(entrypoint)}"#, mode: 0o644) {
            $0.file("bin/data", "x")
        }
        #expect(evidence.faults.map(\.reason) == [reason])
    }
    @Test("a relative interpreter is looked for where the program starts, in a new directory if there is none")
    func relative() throws {
        for (place, reason) in [("/", nil), ("/opt", .interpreterMissing), ("/none", .interpreterMissing)]
            as [(String, Reason?)]
        {
            let evidence = try Self.inspect(
                Array("#!bin/sh\n".utf8),
                execution: #"{"Entrypoint":["/entrypoint.sh"],"WorkingDir":"\#(place)"}"#
            ) { $0.directory("opt") }
            #expect(evidence.faults.map(\.reason) == (reason.map { [$0] } ?? []), "\(place)")
        }
    }
}
