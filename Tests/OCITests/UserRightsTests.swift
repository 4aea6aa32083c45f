import ELF
import Evidence
import TestSupport
import Testing

@testable import OCI

/// What the image's user may enter, execute and read on the way to a running program.
@Suite("What a user may do") struct UserRightsTests {
    typealias Reason = ArtifactFault.Reason

    private static func inspect(
        _ entrypoint: String, more: String = "", _ make: @escaping (inout TarBuilder) -> Void
    ) throws -> [ArtifactFault] {
        try EngineLayerTests.inspect(
            [
                {
                    $0.file("bin/sh", LayoutBuilder.binary("arm64"), mode: 0o755)
                    $0.file("bin/env", LayoutBuilder.binary("arm64"), mode: 0o755)
                    $0.file("app/start", LayoutBuilder.binary("arm64"), mode: 0o755)
                    $0.directory("hid", mode: 0o700)
                    make(&$0)
                }
            ], execution: #"{"Entrypoint":["\#(entrypoint)"],"User":"1000"\#(more)}"#
        ).faults.map { $0 }
    }

    @Test(
        "a directory on the way that the user may not enter, also by a link or by ..",
        arguments: ["/hid/link", "/through/start", "/hid/../app/start", "/hid/start"])
    func path(entrypoint: String) throws {
        let faults = try Self.inspect(entrypoint) {
            $0.symbolicLink("hid/link", to: "/app/start")
            $0.symbolicLink("hid/a", to: "/app")
            $0.symbolicLink("through", to: "hid/a")
            $0.file("hid/start", LayoutBuilder.binary("arm64"), mode: 0o755)
        }
        #expect(faults.map(\.reason) == [.entrypointNotForUser] && faults.first?.culprit == "/hid")
    }

    @Test("a relative path asks the working directory, and only that") func relative() throws {
        for (place, count) in [("/hid", 1), ("/hid/in", 0)] {
            let faults = try Self.inspect("./link", more: #","WorkingDir":"\#(place)""#) {
                $0.symbolicLink("hid/link", to: "/app/start")
                $0.directory("hid/in", mode: 0o755)
                $0.symbolicLink("hid/in/link", to: "/app/start")
            }
            #expect(faults.map(\.reason) == Array(repeating: .entrypointNotForUser, count: count), "\(place)")
        }
    }

    @Test(
        "an interpreter reads its script as the user, and the last of a row alone",
        arguments: [
            ("#!/bin/sh\n", 0o711, 0o755, 1), ("#!/bin/sh\n", 0o755, 0o755, 0), ("#!/app/mid\n", 0o755, 0o711, 1),
            ("#!/app/mid\n", 0o711, 0o755, 0), ("#!/bin/env sh\n", 0o711, 0o755, 1),
        ])
    func script(line: String, mode: Int, middle: Int, count: Int) throws {
        let faults = try Self.inspect("/app/script") {
            $0.file("app/mid", "#!/bin/sh\n", mode: middle)
            $0.file("app/script", Array(line.utf8), mode: mode)
        }
        #expect(faults.map(\.reason) == Array(repeating: .entrypointUnreadable, count: count))
    }

    @Test(
        "an interpreter and a loader must be reached and executed by the user, too",
        arguments: [("/hid/sh", "/lib/ld.so"), ("/bin/sh", "/hid/ld.so"), ("/bin/sh", "/lib/closed.so")])
    func interpreter(shell: String, loader: String) throws {
        let faults = try Self.inspect("/app/script") {
            $0.symbolicLink("hid/sh", to: "/bin/sh")
            for path in ["hid/ld.so", "lib/ld.so"] { $0.file(path, ELFBuilder().bytes, mode: 0o755) }
            $0.file("lib/closed.so", ELFBuilder().bytes, mode: 0o700)
            $0.file("bin/shell", ELFBuilder(interpreter: loader).bytes, mode: 0o755)
            $0.file("app/script", Array("#!\(shell == "/bin/sh" ? "/bin/shell" : shell)\n".utf8), mode: 0o755)
        }
        #expect(faults.map(\.reason) == [.entrypointNotForUser])
    }

    @Test("a lookup in PATH passes over directories that the user may not enter") func lookup() throws {
        for (path, count) in [("/hid:/app", 0), ("/hid", 1)] {
            let faults = try Self.inspect("start", more: #","Env":["PATH=\#(path)"]"#) {
                $0.file("hid/start", LayoutBuilder.binary("arm64"), mode: 0o755)
            }
            #expect(faults.map(\.reason) == Array(repeating: .entrypointNotForUser, count: count), "\(path)")
        }
    }

    @Test("what env finds must be for the user: what is not is passed over, and without another the end") func env()
        throws
    {
        for (path, reasons) in [("/app:/bin", [.envNotExecutable]), ("/app:/opt:/bin", [])] as [(String, [Reason])] {
            let faults = try Self.inspect("/app/script", more: #","Env":["PATH=\#(path)"]"#) {
                $0.file("app/tool", LayoutBuilder.binary("arm64"), mode: 0o700)
                $0.file("opt/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
                $0.file("app/script", "#!/bin/env tool\n", mode: 0o755)
            }
            #expect(faults.map(\.reason) == reasons, "\(path)")
        }
    }

    @Test(
        "a library that the user may not read or reach is passed over, and without another it is missing",
        arguments: [
            ("lib/libx.so", 0o755, false, 0), ("lib/libx.so", 0o700, false, 1), ("hid/libx.so", 0o755, false, 1),
            ("lib/libx.so", 0o700, true, 0),
        ])
    func library(path: String, mode: Int, hasOther: Bool, count: Int) throws {
        let faults = try Self.inspect("/app/dynamic") {
            $0.file("lib/ld-linux-aarch64.so.1", ELFBuilder().bytes, mode: 0o755)
            $0.file(path, ELFBuilder().bytes, mode: mode)
            if path != "lib/libx.so" { $0.symbolicLink("lib/libx.so", to: "/\(path)") }
            if hasOther { $0.file("usr/lib/libx.so", ELFBuilder().bytes, mode: 0o644) }
            $0.file(
                "app/dynamic",
                ELFBuilder(interpreter: "/lib/ld-linux-aarch64.so.1", needed: ["libx.so"]).bytes, mode: 0o755)
        }
        #expect(faults.map(\.reason) == Array(repeating: .libraryNotForUser, count: count))
        #expect(faults.allSatisfy { $0.path == "/app/dynamic" && $0.culprit == "/lib/libx.so" })
    }
}
