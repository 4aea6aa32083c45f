import ELF
import Evidence
import TestSupport
import Testing

@testable import OCI

/// Programs as Linux reads them (fs/binfmt_elf.c).
@Suite struct ProgramTests {
    typealias Reason = ArtifactFault.Reason

    private static func inspect(_ program: [UInt8], at path: String = "opt/tool") throws -> ArtifactEvidence {
        try EngineLayerTests.inspect(
            [
                { $0.file(path, program, mode: 0o755) },
                { $0.file("bin/good", LayoutBuilder.binary("arm64"), mode: 0o755) },
            ], execution: #"{"Entrypoint":["/opt/tool"]}"#)
    }

    private static let good = ProgramBuilder().bytes

    private static func changed(_ bytes: [UInt8], at place: Int, to value: UInt8) -> [UInt8] {
        var bytes = bytes
        bytes[place] = value
        return bytes
    }

    static func note(_ name: String, _ description: [UInt8] = [0, 0, 0, 0]) -> [UInt8] {
        let text = Array(name.utf8) + [0]
        let padded = text + [UInt8](repeating: 0, count: (4 - text.count % 4) % 4)
        return [UInt8(text.count), 0, 0, 0, UInt8(description.count), 0, 0, 0, 1, 0, 0, 0] + padded + description
    }

    @Test(
        "of an entrypoint that does not start it is said why",
        arguments: [
            (good, nil), (Array(good.dropLast(4)), .programCutShort), (Array(good.prefix(64)), .malformedProgram),
            (ProgramBuilder(segments: 0).bytes, .malformedProgram), (Array(good.prefix(90)), .malformedProgram),
            (ProgramBuilder(segments: 0, note: note("GNU")).bytes, .malformedProgram),
            (ProgramBuilder(entry: 0x40000).bytes, .entryOutside), (ProgramBuilder(entry: 2).bytes, .malformedProgram),
            (changed(good, at: 54, to: 64), .malformedProgram), (ProgramBuilder(type: .shared).bytes, nil),
            (ProgramBuilder(type: .relocatable).bytes, .notAProgram), (ProgramBuilder(type: .core).bytes, .notAProgram),
        ] as [([UInt8], Reason?)])
    func entrypoint(program: [UInt8], reason: Reason?) throws {
        let faults = try Self.inspect(program).faults
        #expect(faults.map(\.kind) == (reason == nil ? [] : [.entrypointMissing]))
        #expect(faults.map(\.reason) == (reason == nil ? [] : [reason]))
    }

    @Test(
        "programs of other systems are foreign, by their mark or their notes",
        arguments: [
            (ProgramBuilder(osABI: .freeBSD).bytes, "FreeBSD"), (ProgramBuilder(osABI: .gnu).bytes, nil),
            (ProgramBuilder(note: note("NetBSD")).bytes, "NetBSD"),
            (ProgramBuilder(note: note("OpenBSD")).bytes, "OpenBSD"),
            (ProgramBuilder(note: note("GNU", [0, 0, 0, 0])).bytes, nil),
            (ProgramBuilder(note: note("GNU", [1, 0, 0, 0])).bytes, "GNU Hurd"),
            (ProgramBuilder(osABI: .freeBSD, note: note("NetBSD") + note("OpenBSD")).bytes, nil),
            (ProgramBuilder(osABI: ELFOSABI(rawValue: 6)).bytes, "Solaris"),
        ] as [([UInt8], String?)])
    func otherSystem(program: [UInt8], system: String?) throws {
        let faults = try Self.inspect(program).faults
        #expect(faults.map(\.subject) == (system.map { [$0] } ?? []))
        #expect(faults.allSatisfy { $0.kind == .foreignBinary && $0.reason == .otherSystem })
    }

    @Test(
        "programs among programs are held to the same, libraries and files of debugging information are not",
        arguments: [
            ("usr/bin/cut", [.foreignBinary]), ("usr/lib/libcut.so", []), ("usr/lib/debug/bin/cut.debug", []),
        ] as [(String, [ArtifactFault.Kind])])
    func amongPrograms(path: String, kinds: [ArtifactFault.Kind]) throws {
        let evidence = try EngineLayerTests.inspect([{ $0.file(path, Array(Self.good.dropLast(4)), mode: 0o755) }])
        #expect(evidence.faults.map(\.kind) == kinds)
    }

    @Test(
        "the loader must be a program that may be executed",
        arguments: [
            (ELFBuilder().bytes, 0o644, .loaderNotExecutable), (Array("text".utf8), 0o755, .loaderNotProgram),
            (Array(good.prefix(64)), 0o755, .loaderNotProgram), (ELFBuilder().bytes, 0o755, nil),
        ] as [([UInt8], Int, Reason?)])
    func loader(loader: [UInt8], mode: Int, reason: Reason?) throws {
        let evidence = try EngineLayerTests.inspect([
            {
                $0.file("lib/ld.so", loader, mode: mode)
                $0.file("bin/tool", ELFBuilder(interpreter: "/lib/ld.so").bytes, mode: 0o755)
            }
        ])
        #expect(evidence.faults.map(\.reason) == (reason == nil ? [] : [reason]))
        #expect(evidence.faults.allSatisfy { $0.kind == .loaderMissing && $0.path == "/bin/tool" })
    }

    @Test(
        "segments aligned to less than 64 KiB are worth a note on arm64, and no fault",
        arguments: [
            (0x1000, 1), (0x4000, 1), (0x10000, 0), (0x200000, 0),
        ] as [(UInt64, Int)])
    func alignment(alignment: UInt64, count: Int) throws {
        let evidence = try Self.inspect(ProgramBuilder(alignment: alignment).bytes)
        #expect(evidence.faults.isEmpty && evidence.notes.map(\.kind) == Array(repeating: .pageSize, count: count))
    }

    @Test("a fault says which layer has the file, and what made it") func place() throws {
        let config = ImageConfig(history: [
            ("COPY a /opt # buildkit", false), ("ENV X=1", true), ("|1 V=2 /bin/sh -c make", false),
        ])
        #expect(config.instructions(layers: 2) == ["COPY a /opt", "RUN make"])
        #expect(config.instructions(layers: 3) == nil)
        let faults = try Self.inspect(Array(Self.good.prefix(64))).faults
        #expect(faults.map(\.place) == [.init(number: 1, count: 2)])
    }

    @Test(
        "the image's user must be there, and may enter the directories of the program and execute it",
        arguments: [
            ("", 0o700, 0o700, nil), ("0", 0o700, 0o700, nil), ("1000", 0o755, 0o755, nil),
            ("1000", 0o700, 0o755, .entrypointNotForUser), ("1000", 0o755, 0o700, .entrypointNotForUser),
            // A number that the image does not know is in group 0.
            ("1000", 0o750, 0o755, nil), ("1000:1000", 0o750, 0o755, .entrypointNotForUser), ("app", 0o755, 0o755, nil),
            ("app", 0o750, 0o755, nil), ("app:app", 0o750, 0o755, .entrypointNotForUser),
            ("nobody", 0o755, 0o755, .userUnknown), ("1000:none", 0o755, 0o755, .userUnknown),
        ] as [(String, Int, Int, Reason?)])
    func user(user: String, mode: Int, directory: Int, reason: Reason?) throws {
        let evidence = try EngineLayerTests.inspect(
            [
                {
                    $0.file("etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:7:7::/:/bin/sh\n")
                    $0.file("etc/group", "root:x:0:app\napp:x:7:\n")
                    $0.directory("opt", mode: directory)
                    $0.file("opt/tool", Self.good, mode: mode)
                }
            ], execution: #"{"Entrypoint":["/opt/tool"],"User":"\#(user)"}"#)
        #expect(evidence.faults.map(\.reason) == (reason.map { [$0] } ?? []))
    }

    @Test("runtimes make the root: its mode in a layer keeps nobody out") func root() throws {
        let evidence = try EngineLayerTests.inspect(
            [
                {
                    $0.directory("./", mode: 0o700)
                    $0.directory("opt", mode: 0o755)
                    $0.file("opt/tool", Self.good, mode: 0o755)
                }
            ], execution: #"{"Entrypoint":["/opt/tool"],"User":"1000"}"#)
        #expect(evidence.faults.isEmpty)
    }

    @Test(
        "a working directory that runtimes cannot make is told",
        arguments: [("/opt/new/er", 0), ("/opt", 0), ("opt", 1), ("/opt/tool", 1), ("/dangling/x", 1), ("/link", 0)])
    func workingDirectory(place: String, count: Int) throws {
        let evidence = try EngineLayerTests.inspect(
            [
                {
                    $0.file("opt/tool", Self.good, mode: 0o755)
                    $0.symbolicLink("dangling", to: "/none")
                    $0.symbolicLink("link", to: "opt")
                }
            ], execution: #"{"Entrypoint":["/opt/tool"],"WorkingDir":"\#(place)"}"#)
        #expect(evidence.faults.map(\.reason) == Array(repeating: .workingDirectory, count: count))
    }

    @Test("an entrypoint that is a link to nothing is named as that, by its path or in PATH") func brokenLink() throws {
        for (name, target) in [("/bin/tool", "/opt/none"), ("tool", "/opt/none"), ("/bin/round", "round")] {
            let faults = try EngineLayerTests.inspect(
                [
                    {
                        $0.file("bin/good", Self.good, mode: 0o755)
                        $0.symbolicLink("bin/tool", to: "/opt/none")
                        $0.symbolicLink("bin/round", to: "round")
                    }
                ], execution: #"{"Entrypoint":["\#(name)"]}"#
            ).faults
            #expect(faults.map(\.reason) == [.entrypointLinkBroken] && faults.first?.subject == target)
            #expect(faults.first?.path.hasPrefix("/bin/") == true)
        }
    }

    @Test("a file that only begins as a program is broken, and not for another machine") func stub() throws {
        let stub = Array(Self.good.prefix(40))
        #expect(try Self.inspect(stub).faults.map(\.kind) == [.entrypointMissing])
        let faults = try EngineLayerTests.inspect([
            {
                $0.file("bin/good", Self.good, mode: 0o755)
                $0.file("opt/lib/libx.so", stub)
            }
        ]).faults
        #expect(faults.map(\.reason) == [.malformedProgram])
    }
}

extension ImageConfig {
    fileprivate init(history: [(String, Bool)]) {
        self.init()
        self.history = history.map { line, isEmpty in
            var entry = HistoryEntry()
            entry.createdBy = line
            entry.emptyLayer = isEmpty
            return entry
        }
    }
}
