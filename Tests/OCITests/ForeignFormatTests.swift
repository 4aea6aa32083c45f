import Archive
import ELF
import Evidence
import OCI
import TestSupport
import Testing

/// Native code that Linux does not load, in the place of code that it would.
@Suite struct ForeignFormatTests {
    static func little(_ value: UInt32, _ size: Int = 4) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    static let machO =
        [0xfeed_facf, 0x0100_000c, 0, 8, 0, 0, 0, 0].flatMap { little($0) } + [UInt8](repeating: 0, count: 400)
    static let universal = [0xcafe_babe, 2, 0x0100_0007, 3, 4096, 64, 12].flatMap { little($0).reversed() }
    static let javaClass = [0xcafe_babe, 0x34, 0x0100_0007].flatMap { little($0).reversed() }
    static let pe =
        Array("MZ".utf8) + [UInt8](repeating: 0, count: 58) + little(300) + [UInt8](repeating: 0, count: 236)
        + Array("PE\0\0".utf8) + little(0x8664, 2) + [UInt8](repeating: 0, count: 500)
    static let coff = little(0x8664, 2) + little(3, 2) + [UInt8](repeating: 0, count: 60)

    private static func inspect(_ files: [(String, [UInt8])], mode: Int = 0o755) throws -> ArtifactEvidence {
        try EngineLayerTests.inspect([
            {
                $0.file("usr/bin/node", LayoutBuilder.binary("arm64"), mode: 0o755)
                for (path, bytes) in files { $0.file(path, bytes, mode: mode) }
            }
        ])
    }

    @Test(
        "where Linux would load it, it is foreign",
        arguments: [
            ("app/node_modules/sq/build/Release/sq.node", machO, "Mach-O, arm64"), ("app/ev.node", universal, "Mach-O"),
            ("app/node_modules/win/w.node", pe, "PE, x86-64"), ("opt/lib/libx.so", pe, "PE"),
            ("opt/lib/libx.so.1.2", machO, "Mach-O"),
            ("opt/lib/mod.so", coff, "COFF, x86-64"), ("opt/lib/libx.dylib", machO, "Mach-O"),
            ("usr/local/bin/tool", machO, "Mach-O"),
            ("usr/local/bin/tool", pe, "PE"),
            // Words for other systems far above the file, or beside other words, are names of something else.
            ("home/darwin/app/build/Release/x.node", machO, "Mach-O"), ("opt/windows-exporter/lib/x.so", pe, "PE"),
            ("srv/prebuilds/darwin-arm64/a/b/c/d/x.node", machO, "Mach-O"),
            // Modules that only another system loads, alone.
            ("app/_x.cp312-win_amd64.pyd", pe, "PE"), ("app/gems/bcrypt/lib/bcrypt_ext.bundle", machO, "Mach-O"),
        ] as [(String, [UInt8], String)])
    func loaded(path: String, bytes: [UInt8], found: String) throws {
        let faults = try Self.inspect([(path, bytes)]).faults
        #expect(faults.map(\.path) == ["/" + path] && faults.first?.kind == .foreignBinary)
        #expect(faults.first?.reason == .foreignFormat && faults.first?.found.hasPrefix(found) == true)
    }

    @Test(
        "where it is for other systems on purpose, or is no native code, it is not",
        arguments: [
            ("usr/lib/python3/site-packages/setuptools/cli-64.exe", pe),
            ("usr/lib/python3/pip/_vendor/distlib/t64.exe", pe),
            ("app/prebuilds/darwin-arm64/x.node", machO), ("app/prebuilds/win32-x64/x.node", pe),
            ("app/runtimes/win-x64/native/x.dll", pe),
            ("app/runtimes/osx-arm64/native/libx.dylib", machO), ("usr/share/dotnet/System.Private.CoreLib.dll", pe),
            ("opt/app/Main.class", javaClass), ("opt/app/plain.dylib", machO), ("opt/share/tool", machO),
            ("opt/lib/data.so", Array("text".utf8)), ("app/napi-v3/darwin/arm64/x.node", machO),
            ("app/darwin/x.node", machO), ("app/runtimes/win/lib/net6/x.so", pe), ("app/x.darwin-arm64.node", machO),
            ("app/@img/sharp-darwin-arm64/lib/x.node", machO), ("app/win32/x64/x.node", pe),
        ] as [(String, [UInt8])])
    func harmless(path: String, bytes: [UInt8]) throws {
        #expect(try Self.inspect([(path, bytes)]).faults.isEmpty)
    }

    @Test("a library for macOS beside the same for the platform is no fault") func twin() throws {
        let library = ProgramBuilder(type: .shared).bytes
        #expect(try Self.inspect([("opt/libx.dylib", Self.machO), ("opt/libx.so", library)]).faults.isEmpty)
        #expect(try Self.inspect([("opt/libx.dylib", Self.machO), ("opt/liby.so", library)]).faults.count == 1)
    }

    @Test("as an entrypoint it is one fault, that it does not start") func entrypoint() throws {
        let faults = try EngineLayerTests.inspect(
            [
                { $0.file("bin/tool", Self.machO, mode: 0o755) },
                { $0.file("bin/other", LayoutBuilder.binary("arm64"), mode: 0o755) },
            ], execution: #"{"Cmd":["/bin/tool"]}"#
        ).faults
        #expect(faults.map(\.kind) == [.entrypointMissing] && faults.first?.reason == .foreignFormat)
    }

    static func zip(_ members: [(String, [UInt8])], options: String = "", then: String = "cat out.zip") -> [UInt8] {
        let scratch = Scratch()
        for (path, bytes) in members {
            _ = SystemTool.shell("mkdir -p \"$(dirname '\(scratch.path)/in/\(path)')\"")
            _ = scratch.write(bytes, to: "in/\(path)")
        }
        let script = """
            import os, sys, zipfile
            method = zipfile.ZIP_STORED if 'stored' in '\(options)' else zipfile.ZIP_DEFLATED
            class Pipe:
                def __init__(self, file): self.file = file
                def write(self, data): return self.file.write(data)
                def flush(self): self.file.flush()
            file = open('\(scratch.path)/out.zip', 'wb')
            with zipfile.ZipFile(Pipe(file) if 'piped' in '\(options)' else file, 'w', method) as archive:
                for directory, _, names in sorted(os.walk('\(scratch.path)/in')):
                    for name in sorted(names):
                        path = os.path.join(directory, name)
                        archive.write(path, os.path.relpath(path, '\(scratch.path)/in'))
            """
        let tool = scratch.write(Array(script.utf8), to: "zip.py")
        _ = SystemTool.shell("python3 '\(tool)'")
        return scratch.read("out.zip") ?? []
    }

    private static let arm = ProgramBuilder(type: .shared).bytes
    private static let amd = ProgramBuilder(target: ELFTarget(architecture: "amd64")!, type: .shared).bytes

    @Test(
        "archives of code must have the platform's library where they have any for Linux",
        arguments: ["", "stored", "piped"])
    func archives(options: String) throws {
        let both = Self.zip(
            [
                ("META-INF/MANIFEST.MF", Array("x".utf8)), ("n/linux-x64/libx.so", Self.amd),
                ("n/linux-arm64/libx.so", Self.arm), ("n/mac/libx.dylib", Self.machO),
            ],
            options: options)
        let foreign = Self.zip([("native/libx.so", Self.amd)], options: options)
        let none = Self.zip([("a/Main.class", Self.javaClass), ("b/x.dll", Self.pe)], options: options)
        let outer = Self.zip([("BOOT-INF/lib/x.jar", foreign), ("Main.class", Self.javaClass)], options: options)
        #expect(!both.isEmpty)
        let evidence = try Self.inspect(
            [
                ("srv/both.jar", both), ("opt/foreign.jar", foreign), ("opt/none.whl", none), ("opt/outer.jar", outer),
                ("opt/data.zip", foreign),
            ], mode: 0o644)
        #expect(evidence.faults.map(\.path) == ["/opt/foreign.jar", "/opt/outer.jar"])
        #expect(evidence.faults.map(\.subject) == ["native/libx.so", "BOOT-INF/lib/x.jar!/native/libx.so"])
        #expect(evidence.images.first?.archives.read == 4 && evidence.images.first?.archives.unread == 0)
    }

    @Test("an archive behind a script is looked into as one without") func executableArchives() throws {
        let foreign = Self.zip([("native/libx.so", Self.amd), ("__main__.py", Array("pass".utf8))])
        let line = Array("#!/usr/bin/env python3\n".utf8)
        let launcher = Array(("#!/bin/bash\n" + String(repeating: "# PK is no archive\n", count: 600)).utf8)
        let evidence = try Self.inspect(
            [
                ("opt/tool.pyz", line + foreign), ("opt/bin/no-name", line + foreign),
                ("srv/app.jar", launcher + foreign),
                ("opt/text.pyz", line + Array("pass\n".utf8)), ("opt/long.jar", launcher),
                ("opt/cut.jar", line + foreign.dropLast(foreign.count / 2)),
            ], mode: 0o644)
        #expect(evidence.faults.map(\.path) == ["/opt/bin/no-name", "/opt/tool.pyz", "/srv/app.jar"])
        #expect(evidence.faults.allSatisfy { $0.subject == "native/libx.so" })
        #expect(evidence.images.first?.archives.read == 3 && evidence.images.first?.archives.unread == 1)
    }

    @Test("an archive for another machine beside the one for the platform is no fault") func twinArchives() throws {
        let x86 = Self.zip([("META-INF/native/libepoll_x86_64.so", Self.amd)])
        let arm = Self.zip([("META-INF/native/libepoll_aarch_64.so", Self.arm)])
        #expect(try Self.inspect([("opt/a-x86_64.jar", x86), ("opt/a-aarch_64.jar", arm)]).faults.isEmpty)
    }

    @Test("an archive inside another is judged alone, of one name in two folders too, unless its twin is beside it")
    func archivesInside() throws {
        let x86 = Self.zip([("native/liba.so", Self.amd)])
        let arm = Self.zip([("native/libb.so", Self.arm)])
        let inside = Self.zip([("one/x.jar", arm), ("two/x.jar", x86)])
        let beside = Self.zip([("lib/x-linux-x86_64.jar", x86), ("lib/x-linux-aarch_64.jar", arm)])
        let evidence = try Self.inspect([("opt/inside.jar", inside), ("srv/beside.jar", beside)])
        #expect(evidence.faults.map(\.subject) == ["two/x.jar!/native/liba.so"])
    }

    @Test("what cannot be looked into is said to be so, and is no fault") func unreadable() throws {
        let good = Self.zip([("native/libx.so", Self.amd)])
        let evidence = try Self.inspect([
            ("opt/cut.jar", Array(good.dropLast(good.count / 2))), ("opt/text.jar", Array("text".utf8)),
        ])
        #expect(evidence.faults.isEmpty && evidence.images.first?.archives.unread == 1)
        #expect(evidence.images.first?.archives.firstUnread?.hasPrefix("/opt/cut.jar: ") == true)
    }
    @Test("a library among those of several platforms is no fault if the one for the image's is there")
    func platformTwins() throws {
        for (foreign, own, count) in [
            ("app/prebuilds/linux-x64/x.node", "app/prebuilds/linux-arm64/x.node", 0),
            ("app/runtimes/linux-x64/native/libx.so", "app/runtimes/linux-arm64/native/libx.so", 0),
            ("app/x.linux-x64-gnu.node", "app/x.linux-arm64-gnu.node", 0),
            ("app/prebuilds/linux-x64/x.node", "app/prebuilds/linux-arm64/y.node", 1),
            ("app/runtimes/linux-musl-x64/native/libx.so", "app/runtimes/linux-arm64/native/libx.so", 0),
            // The platform's name in the directory and in the file.
            (
                "app/@img/sharp-linux-x64/lib/sharp-linux-x64.node",
                "app/@img/sharp-linux-arm64/lib/sharp-linux-arm64.node", 0
            ),
            (
                "app/@next/swc-linux-x64-gnu/swc.linux-x64-gnu.node",
                "app/@next/swc-linux-arm64-musl/swc.linux-arm64-musl.node", 0
            ),
            // Two components for system and processor.
            ("app/napi-v3/linux/x64/x.node", "app/napi-v3/linux/arm64/x.node", 0),
            ("app/native/Linux/x86_64/libx.so", "app/native/Linux/aarch64/libx.so", 0),
            // Without the word linux, and without one for x86-64.
            ("app/native/libepoll_x86_64.so", "app/native/libepoll_aarch_64.so", 0),
            ("app/engine-debian-openssl-3.0.x.so.node", "app/engine-linux-arm64-openssl-3.0.x.so.node", 0),
            ("app/engine-debian-openssl-1.1.x.so.node", "app/engine-linux-arm64-openssl-3.0.x.so.node", 1),
            ("app/libx.so", "app/libx-arm64.so", 1), ("app/libx-x64.so", "app/libx.so", 1),
            // In the place of the image's own platform: programs choose it.
            ("app/prebuilds/linux-arm64/x.node", "app/prebuilds/linux-x64/x.node", 1),
            ("app/prebuilds/linux-x64/arm64/x.node", "app/prebuilds/linux-arm64/arm64/x.node", 1),
            ("usr/lib/x86_64-linux-gnu/libx.so", "usr/lib/aarch64-linux-gnu/libx.so", 1),
            ("app/x64/x.node", "app/arm64/x.node", 1),
        ] {
            let faults = try Self.inspect([
                (foreign, ELFBuilder(machine: .amd64).bytes), (own, ELFBuilder().bytes),
            ]).faults
            #expect(faults.count == count, "\(foreign)")
        }
    }

    @Test("a module of Python that was built on a Mac is foreign where Linux's own is not beside it") func macModules()
        throws
    {
        let module = ("usr/lib/python3/x.cpython-312-darwin.so", Self.machO)
        #expect(try Self.inspect([module]).faults.map(\.reason) == [.foreignFormat])
        let twin = ("usr/lib/python3/x.cpython-312-aarch64-linux-gnu.so", ELFBuilder().bytes)
        #expect(try Self.inspect([module, twin]).faults.isEmpty)
    }

    @Test("programs among those of several platforms are no fault either, but an entrypoint has to start")
    func platformPrograms() throws {
        let amd64 = ProgramBuilder(target: ELFTarget(architecture: "amd64")!, type: .executable).bytes
        let files = [
            ("app/@esbuild/linux-x64/bin/esbuild", amd64),
            ("app/@esbuild/linux-arm64/bin/esbuild", LayoutBuilder.binary("arm64")),
        ]
        #expect(try Self.inspect(files).faults.isEmpty)
        #expect(try Self.inspect([files[0]]).faults.count == 1)
        let faults = try EngineLayerTests.inspect(
            [{ for (path, bytes) in files { $0.file(path, bytes, mode: 0o755) } }],
            execution: #"{"Entrypoint":["/app/@esbuild/linux-x64/bin/esbuild"]}"#
        ).faults
        #expect(faults.map(\.kind) == [.foreignBinary])
    }

    @Test(
        "Go links objects only for the processor that their name or directory is for",
        arguments: [
            ("race/race_linux_amd64.syso", 0), ("race/internal/amd64v1/race_linux.syso", 0),
            ("race/race_linux_arm64.syso", 1), ("race/race_linux.syso", 1), ("race/race_linux_amd64.o", 1),
        ])
    func goObjects(path: String, count: Int) throws {
        let object = ProgramBuilder(target: ELFTarget(architecture: "amd64")!, type: .relocatable).bytes
        #expect(try Self.inspect([("usr/local/go/src/runtime/" + path, object)]).faults.count == count)
    }

    @Test(
        "a module for another system beside Linux's own is no fault",
        arguments: [
            ("app/_x.cp312-win_amd64.pyd", pe), ("app/_x.bundle", machO),
        ] as [(String, [UInt8])])
    func moduleTwins(path: String, bytes: [UInt8]) throws {
        let own = ("app/_x.cpython-312-aarch64-linux-gnu.so", ELFBuilder().bytes)
        #expect(try Self.inspect([(path, bytes), own]).faults.isEmpty)
    }
}
