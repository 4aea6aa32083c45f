import ELF
import Evidence
import TestSupport
import Testing

@testable import OCI

/// What `env` starts, in a script's first line and as an entrypoint: GNU's, and BusyBox's by a link.
@Suite("env") struct EnvTests {
    typealias Reason = ArtifactFault.Reason

    private static func inspect(
        _ execution: String, busyBox: Bool = false, loader: String? = nil,
        more: @escaping (inout TarBuilder) -> Void = { _ in }
    ) throws -> [ArtifactFault] {
        try EngineLayerTests.inspect(
            [
                {
                    let program = LayoutBuilder.binary("arm64")
                    for library in ["lib/ld-linux-aarch64.so.1", "lib/ld-musl-aarch64.so.1"] {
                        $0.file(library, ELFBuilder().bytes, mode: 0o755)
                    }
                    if busyBox {
                        $0.file("bin/busybox", program, mode: 0o755)
                        $0.symbolicLink("bin/env", to: "busybox")
                    } else {
                        $0.file(
                            "bin/env", loader.map { ELFBuilder(interpreter: $0).bytes } ?? program, mode: 0o755)
                    }
                    $0.file("bin/sh", program, mode: 0o755)
                    $0.file("usr/local/bin/tool", program, mode: 0o755)
                    $0.file("app/data", "#!/bin/sh\n")
                    $0.file("app/text", "echo\n", mode: 0o755)
                    $0.file("app/script", "#!/bin/sh\n", mode: 0o755)
                    more(&$0)
                }
            ], execution: execution
        ).faults.map { $0 }
    }

    private static func script(_ line: String, busyBox: Bool = false) throws -> [ArtifactFault] {
        try inspect(#"{"Entrypoint":["/app/start"],"Env":["PATH=/usr/local/bin:/bin"]}"#, busyBox: busyBox) {
            $0.file("app/start", "#!/bin/env\(line)\necho\n", mode: 0o755)
        }
    }

    @Test(
        "a first line that gives env no program starts the script again, without end",
        arguments: [
            ("", .envLoop), (" -", .envLoop), (" -i", .envLoop), (" --", .envLoop), (" -uFOO", .envLoop),
            (" -S", .envLoop), (" -S A=1", .envLoop), (" -S -i", .envLoop), (" A=1", .envArguments),
            (" A=1 sh", .envArguments), (" -u FOO sh", .envArguments), (" -S sh", nil), (" -S -- sh", nil),
            (" -S -iu FOO sh", nil), (" sh", nil),
        ] as [(String, Reason?)])
    func loop(line: String, reason: Reason?) throws {
        #expect(try Self.script(line).map(\.reason) == (reason.map { [$0] } ?? []))
    }

    @Test(
        "GNU's env refuses options with a blank in their word, and BusyBox's all but a few",
        arguments: [
            (" -i sh", .envArguments, .envOption), (" -S sh", nil, .envOption), (" -S sh -e", nil, .envOption),
            (" -C /app", nil, .envOption), (" -x", .envOption, .envOption), (" -v", .envLoop, .envOption),
            (" -i", .envLoop, .envLoop), (" sh", nil, nil),
        ] as [(String, Reason?, Reason?)])
    func options(line: String, gnu: Reason?, small: Reason?) throws {
        #expect(try Self.script(line).map(\.reason) == (gnu.map { [$0] } ?? []))
        #expect(try Self.script(line, busyBox: true).map(\.reason) == (small.map { [$0] } ?? []))
    }

    @Test("-S separates words at every blank, a carriage return too; elsewhere that is a part of the name")
    func carriageReturn() throws {
        #expect(try Self.script(" -S sh\r").isEmpty)
        #expect(try Self.script(" -S\tsh\u{b}-e").isEmpty)
        let faults = try Self.script(" sh\r")
        #expect(faults.map(\.reason) == [.carriageReturn] && faults.first?.subject == "/bin/env sh\r")
    }

    @Test("quotes, variables and comments hide what stands behind them, and nothing before") func quotes() throws {
        #expect(try Self.script(" -S sh # c").isEmpty)
        #expect(try Self.script(#" -S "none""#).isEmpty)
        #expect(try Self.script(#" -S none "-c""#).map(\.reason) == [.envCommandMissing])
    }

    @Test(
        "an entrypoint of env looks as execvp(3) does",
        arguments: [
            (#"["/bin/env","tool"]"#, nil), (#"["/bin/env","-iu","A","sh"]"#, nil), (#"["/bin/env"]"#, nil),
            (#"["/bin/env","none"]"#, .entrypointEnvMissing), (#"["env","A=1","none"]"#, .entrypointEnvMissing),
            (#"["/bin/env","PATH=/usr","tool"]"#, .entrypointEnvMissing),
            (#"["/bin/env","-i","PATH=/usr/local/bin","tool"]"#, nil),
            (#"["/bin/env","/app/data"]"#, .envNotExecutable), (#"["/bin/env","/app"]"#, .envNotExecutable),
            (#"["/bin/env","-S","none x"]"#, .entrypointEnvMissing), (#"["/bin/env","-x"]"#, .entrypointEnvOption),
        ] as [(String, Reason?)])
    func entrypoint(words: String, reason: Reason?) throws {
        let faults = try Self.inspect(#"{"Entrypoint":\#(words),"Env":["PATH=/usr/local/bin:/bin"]}"#)
        #expect(faults.map(\.reason) == (reason.map { [$0] } ?? []))
    }

    @Test(
        "without PATH glibc looks in /bin and /usr/bin, musl in /usr/local/bin too",
        arguments: [
            ("/lib/ld-linux-aarch64.so.1", "-i", 1), ("/lib/ld-linux-aarch64.so.1", "-uPATH", 1),
            ("/lib/ld-linux-aarch64.so.1", "--unset=PATH", 1), ("/lib/ld-linux-aarch64.so.1", "-uHOME", 0),
            ("/lib/ld-musl-aarch64.so.1", "-i", 0),
        ])
    func noPath(loader: String, option: String, count: Int) throws {
        let faults = try Self.inspect(
            #"{"Entrypoint":["/bin/env","\#(option)","tool"],"Env":["PATH=/usr/local/bin:/bin"]}"#, loader: loader)
        #expect(faults.map(\.reason) == Array(repeating: .entrypointEnvMissing, count: count))
    }

    @Test(
        "a static env tells its C library by its bytes; where it does not, each one's directories count",
        arguments: [
            ("GLIBC_TUNABLES", "usr/local/bin/only", 1), ("GLIBC_TUNABLES", "usr/bin/only", 0),
            ("/usr/local/bin:/bin:/usr/bin", "usr/local/bin/only", 0), (":/bin:/usr/bin", "usr/local/bin/only", 1),
            (":/bin:/usr/bin", "app/only", 0), ("GLIBC_TUNABLES", "app/only", 1), ("x", "usr/local/bin/only", 0),
        ], [["bin/env"], ["bin/busybox", "bin/env"], ["bin/coreutils", "bin/env"]])
    func staticProgram(case: (sign: String, place: String, count: Int), names: [String]) throws {
        let (sign, place, count) = `case`
        let bytes = LayoutBuilder.binary("arm64") + [0] + Array(sign.utf8) + [0]
        let faults = try EngineLayerTests.inspect(
            [
                {
                    $0.file(names[0], bytes, mode: 0o755)
                    if names.count > 1 { $0.symbolicLink(names[1], to: String(names[0].dropFirst(4))) }
                    $0.file(place, LayoutBuilder.binary("arm64"), mode: 0o755)
                }
            ],
            execution:
                #"{"Entrypoint":["/bin/env","-i","only"],"Env":["PATH=/usr/local/bin:/app"],"WorkingDir":"/app"}"#
        ).faults
        #expect(faults.map(\.reason) == Array(repeating: .entrypointEnvMissing, count: count))
    }

    @Test("glibc hands a file without #! to /bin/sh, musl does not") func shell() throws {
        let execution = #"{"Entrypoint":["/bin/env","A=1","/app/text"]}"#
        #expect(try Self.inspect(execution, loader: "/lib/ld-linux-aarch64.so.1").isEmpty)
        let faults = try Self.inspect(execution, loader: "/lib/ld-musl-aarch64.so.1")
        #expect(faults.map(\.reason) == [.noInterpreterLine] && faults.first?.path == "/app/text")
    }

    @Test("an empty part of PATH is the working directory") func emptyPart() throws {
        for (path, count) in [("/bin:", 0), (":/bin", 0), ("/bin", 1)] {
            let faults = try Self.inspect(
                #"{"Entrypoint":["/bin/env","script"],"Env":["PATH=\#(path)"],"WorkingDir":"/app"}"#)
            #expect(faults.count == count, "\(path)")
        }
    }

    @Test("another program that is called env is none") func other() throws {
        let faults = try Self.inspect(#"{"Entrypoint":["/app/env","production"]}"#) {
            $0.file("app/env", LayoutBuilder.binary("arm64"), mode: 0o755)
        }
        #expect(faults.isEmpty)
    }
}
