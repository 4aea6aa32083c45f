import Archive
import Files
import SystemPackage
import TestSupport
import Testing

@Suite struct ArchiveReaderTests {
    private static func sample() -> TarBuilder {
        var tar = TarBuilder()
        tar.directory("./")
        tar.directory("./usr/bin/")
        tar.file("./usr/bin/tool", "#!/bin/sh\n", mode: 0o4755)
        tar.symbolicLink("bin", to: "usr/bin")
        tar.hardLink("usr/bin/alias", to: "./usr/bin/tool")
        tar.entry(.character, "dev/null")
        return tar
    }

    private static func entries(
        _ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits(), requiresEndMarker: Bool = true
    ) throws -> [ArchiveEntry] {
        let source = try DecompressedSource(MemorySource(bytes, name: "sample"), limits: limits)
        let reader = try ArchiveReader(source, limits: limits, requiresEndMarker: requiresEndMarker)
        var entries: [ArchiveEntry] = []
        while let entry = try reader.next() {
            _ = try reader.contents(of: entry).drain()
            entries.append(entry)
        }
        try source.drain()
        return entries
    }

    @Test func everyKindOfEntryIsToldApart() throws {
        let entries = try Self.entries(Self.sample().finished)
        #expect(
            entries.map(\.path.description) == [".", "usr/bin", "usr/bin/tool", "bin", "usr/bin/alias", "dev/null"])
        #expect(entries[0].kind == .directory)
        #expect(entries[2].kind == .file)
        #expect(entries[2].mode == 0o4755)
        #expect(entries[2].size == 10)
        #expect(entries[2].modified == ArchiveEntry.Time(seconds: 1_700_000_000))
        #expect(entries[3].kind == .symbolicLink(target: Array("usr/bin".utf8)))
        #expect(try entries[4].kind == .hardLink(target: EntryPath("usr/bin/tool".utf8)))
        #expect(entries[5].kind == .special)
    }

    @Test(arguments: ["gzip -nc", "zstd -qc", "xz -c", "cat"])
    func compressedArchivesReadLikePlainOnes(command: String) throws {
        let plain = Self.sample().finished
        #expect(try Self.entries(SystemTool.filter(plain, through: command)) == Self.entries(plain))
    }

    @Test func concatenatedGzipMembersAreOneStream() throws {
        let plain = Self.sample().finished
        let first = SystemTool.filter(Array(plain[..<1000]), through: "gzip -nc")
        let second = SystemTool.filter(Array(plain[1000...]), through: "gzip -nc")
        #expect(try Self.entries(first + second + [0, 0, 0]) == Self.entries(plain))
    }

    @Test(arguments: ["gzip -nc", "zstd -qc", "zstd -qc --check", "xz -c", "cat"])
    func truncationAnywhereIsAnError(command: String) throws {
        var tar = Self.sample()
        tar.file("random", (0..<20_000).map { _ in UInt8.random(in: .min ... .max) })
        let whole = SystemTool.filter(tar.finished, through: command)
        // A plain tar may lose part of the zeros that end it, the rest of which some programs write and some do not.
        let end = command == "cat" ? tar.bytes.count : whole.count - 1
        for length in stride(from: 1, through: end, by: 97) + [end] {
            #expect(throws: ArchiveError.self, "\(command) cut to \(length) bytes of \(whole.count)") {
                try Self.entries(Array(whole[..<length]))
            }
        }
    }

    @Test func anArchiveWithoutEndMarkerIsReadWhereThatIsAllowed() throws {
        let entries = try Self.entries(Self.sample().bytes, requiresEndMarker: false)
        #expect(entries.count == 6)
    }

    @Test(arguments: ["gzip -nc", "xz -c", "zstd -qc --check"])
    func flippedBitsNeverPassAsGoodData(command: String) throws {
        var tar = TarBuilder()
        tar.file("random", (0..<4000).map { _ in UInt8.random(in: .min ... .max) })
        let whole = SystemTool.filter(tar.finished, through: command)
        for position in stride(from: 10, to: whole.count, by: 31) {
            var damaged = whole
            damaged[position] ^= 0x10
            let read = Result { () throws -> [UInt8] in
                try DecompressedSource(MemorySource(damaged, name: "damaged")).readAll(limit: 1 << 20)
            }
            if case .success(let bytes) = read { #expect(bytes == tar.finished, "\(command), byte \(position)") }
        }
    }

    @Test func mutatedArchivesEndInEntriesOrErrorsButAlwaysEnd() {
        let whole = Self.sample().finished
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var damaged = whole
            for _ in 0..<Int.random(in: 1...8) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = .random(in: .min ... .max)
            }
            _ = try? Self.entries(damaged)
        }
    }

    @Test(arguments: [
        ("../escape", ArchiveError.Code.unsafePath), ("a/../../escape", .unsafePath), ("./../escape", .unsafePath),
    ])
    func namesThatLeadOutAreRefused(name: String, code: ArchiveError.Code) {
        var tar = TarBuilder()
        tar.file(name)
        let error = #expect(throws: ArchiveError.self) { try Self.entries(tar.finished) }
        #expect(error?.code == code)
        #expect(error?.entry == name)
    }

    @Test(
        "absolute names are below the root, as engines take them",
        arguments: [
            ("/etc/passwd", "etc/passwd"), ("//etc/./passwd", "etc/passwd"), ("/../etc/passwd", "etc/passwd"),
            ("a/../etc/passwd", "etc/passwd"), ("./a/b/../../etc/passwd", "etc/passwd"),
        ])
    func namesBelowTheRoot(name: String, path: String) throws {
        var tar = TarBuilder()
        tar.directory("/")
        tar.file(name)
        tar.hardLink("link", to: name)
        let entries = try Self.entries(tar.finished)
        #expect(entries.map(\.path.description) == [".", path, "link"])
        #expect(try entries.last?.kind == .hardLink(target: EntryPath(path.utf8)))
    }

    @Test func hardLinksThatLeadOutAreRefused() {
        for target in ["../outside", "a/../../outside"] {
            var tar = TarBuilder()
            tar.hardLink("link", to: target)
            #expect(throws: ArchiveError.self) { try Self.entries(tar.finished) }
        }
    }

    @Test func aRootThatIsNoDirectoryIsRefused() {
        for name in ["a/..", ".", "/."] {
            var tar = TarBuilder()
            tar.file(name)
            let error = #expect(throws: ArchiveError.self) { try Self.entries(tar.finished) }
            #expect(error?.code == .unsafePath)
        }
    }

    @Test("a lone block of zeros ends nothing: what is behind it would not be looked at")
    func loneZeros() throws {
        var first = TarBuilder()
        first.file("one", "1")
        var second = TarBuilder()
        second.file("two", "2")
        let zeros = [UInt8](repeating: 0, count: 512)
        let error = #expect(throws: ArchiveError.self) { try Self.entries(first.bytes + zeros + second.finished) }
        #expect(error?.code == .corrupt)
        #expect(try Self.entries(first.bytes + zeros + zeros + second.finished).map(\.path.description) == ["one"])
        #expect(try Self.entries(first.bytes + zeros).count == 1)
    }

    @Test("what is read does not depend on where chunks end", arguments: [1, 13, 511, 700, 5000])
    func pieces(most: Int) throws {
        var tar = TarBuilder()
        tar.file("one", "1")
        let zeros = [UInt8](repeating: 0, count: 512)
        func entries(_ bytes: [UInt8]) throws -> (names: [String], error: ArchiveError?) {
            var names: [String] = []
            let reader = try ArchiveReader(Dripping(bytes, most: most))
            do throws(ArchiveError) {
                while let entry = try reader.next() { names.append("\(entry.path)") }
                return (names, nil)
            } catch {
                return (names, error)
            }
        }
        let good = try entries(tar.finished)
        #expect(good.names == ["one"] && good.error == nil)
        let lone = try entries(tar.bytes + zeros + tar.finished)
        #expect(lone.names == ["one"] && lone.error?.code == .corrupt)
        let cut = try entries(tar.bytes + zeros + [UInt8](repeating: 0, count: 100))
        #expect(cut.names == ["one"] && cut.error?.code == .corrupt)
        #expect("\(cut.error.map(String.init(describing:)) ?? "")".contains("one, and 100 bytes behind it"))
    }

    @Test func namesThatAreNotUTF8KeepTheirBytes() throws {
        var tar = TarBuilder()
        tar.pax([("path", Array("caf\u{e9}".utf8))])
        tar.file("x")
        tar.pax([("path", [0xff, 0x41])])
        tar.file("x")
        let entries = try Self.entries(tar.finished)
        #expect(entries.map(\.path.bytes) == [Array("caf\u{e9}".utf8), [0xff, 0x41]])
    }

    @Test func aNameWithANULByteNeverNamesTwoFiles() throws {
        var tar = TarBuilder()
        tar.pax([("path", Array("safe\0../../etc/passwd".utf8))])
        tar.file("x")
        let entries = try? Self.entries(tar.finished)
        #expect(entries == nil || entries?.map(\.path.description) == ["safe"])
        #expect(throws: EntryPath.Fault.self) { try EntryPath("a\0b".utf8) }
    }

    @Test(arguments: ["4294967296", "4294967295", "-1"], ["uid", "gid"])
    func ownersThatNobodyCanBeAreRefused(number: String, key: String) {
        var tar = TarBuilder()
        tar.pax([(key, Array(number.utf8))])
        tar.file("x")
        let error = #expect(throws: ArchiveError.self) { try Self.entries(tar.finished) }
        #expect(error?.code == .unsupportedEntry, "\(String(describing: error))")
    }

    @Test func anOrdinaryOwnerIsKept() throws {
        var tar = TarBuilder()
        tar.pax([("uid", Array("4294967294".utf8)), ("gid", Array("1000".utf8))])
        tar.file("x")
        let entries = try Self.entries(tar.finished)
        #expect(entries.map(\.owner) == [4_294_967_294] && entries.map(\.group) == [1000])
    }

    @Test(arguments: [false, true])
    func holesThatAreOutOfAllProportionAreOverTheLimit(endsInData: Bool) throws {
        let scratch = Scratch()
        #expect(
            SystemTool.shell(
                """
                cd '\(scratch.path)' && truncate -s 200G hole && \(endsInData ? "printf x >>hole" : "true") &&
                tar --sparse -cf hole.tar hole
                """))
        let tar = try #require(scratch.read("hole.tar"))
        let error = #expect(throws: ArchiveError.self) { try Self.entries(tar) }
        #expect(error?.code == .overLimit && error?.entry == "hole")
        let extraction = #expect(throws: ArchiveError.self) {
            try Extractor.extract(MemorySource(tar, name: "hole"), to: scratch.path.appending("out"))
        }
        #expect(extraction?.code == .overLimit)
    }

    @Test("contents lie within their entry's size, whatever a sparse file's map says", arguments: ["1000,5", "98,5"])
    func sparseMap(map: String) throws {
        var tar = TarBuilder()
        tar.pax([("GNU.sparse.size", Array("100".utf8)), ("GNU.sparse.map", Array(map.utf8))])
        tar.file("sparse", "short")
        let reader = try ArchiveReader(MemorySource(tar.finished, name: "sparse"))
        let entry = try #require(try reader.next())
        #expect(entry.size == 100)
        let error = #expect(throws: ArchiveError.self) { try reader.contents(of: entry).drain() }
        #expect(error?.code == .corrupt && error?.entry == "sparse")
        // The pieces that a source brings are no matter of the archive.
        #expect(error?.found == "contents beyond them")
    }

    @Test func limitsHold() {
        var tar = TarBuilder()
        tar.file("a/long/path/to/a/file", [UInt8](repeating: 0, count: 300_000))
        tar.file("b")
        let bytes = tar.finished
        let gzip = SystemTool.filter(bytes, through: "gzip -nc")
        let cases: [(ArchiveLimits, [UInt8])] = [
            (ArchiveLimits(entries: 1), bytes), (ArchiveLimits(bytes: 299_999), bytes),
            (ArchiveLimits(pathBytes: 20), bytes), (ArchiveLimits(ratio: 100, ratioFloor: 1000), gzip),
            (ArchiveLimits(bytes: 299_999), gzip),
        ]
        for (limits, bytes) in cases {
            let error = #expect(throws: ArchiveError.self) { try Self.entries(bytes, limits: limits) }
            #expect(error?.code == .overLimit, "\(limits)")
        }
    }

    @Test func anArchiveInsideAnArchiveIsReadInOnePass() throws {
        let inner = Self.sample().finished
        var tar = TarBuilder()
        tar.file("first")
        tar.file("inner.tar.gz", SystemTool.filter(inner, through: "gzip -nc"))
        tar.file("last")
        let outer = try ArchiveReader(MemorySource(tar.finished, name: "outer"))
        var names: [String] = []
        while let entry = try outer.next() {
            names.append(entry.path.description)
            guard entry.path.description == "inner.tar.gz" else { continue }
            let compressed = MeasuredSource(outer.contents(of: entry))
            let plain = MeasuredSource(try DecompressedSource(compressed))
            let reader = try ArchiveReader(plain)
            while let entry = try reader.next() { names.append("inner/\(entry.path)") }
            try plain.drain()
            try compressed.drain()
            #expect(plain.sha256 == SHA256.hexadecimal(inner))
            #expect(compressed.count == entry.size)
        }
        #expect(names.count == 9 && names.first == "first" && names.last == "last")
    }
}

private func + (left: StrideThrough<Int>, right: [Int]) -> [Int] {
    Array(left) + right
}
