import Archive
import ELF
import Evidence
import Findings
import Glibc
import OCI
import SystemPackage
import TestSupport
import Testing

/// Inputs that are small, and once took minutes or gigabytes.
@Suite(.serialized) struct BudgetTests {
    private static func inspect(_ tar: TarBuilder, limits: ArchiveLimits = ArchiveLimits()) throws -> ArtifactEvidence {
        try ArtifactInspector(limits: limits).inspect(MemorySource(tar.finished, name: "a"))
    }

    private static var image: TarBuilder {
        var tar = TarBuilder()
        tar.file("lib/ld.so", LayoutBuilder.binary("arm64"), mode: 0o755)
        return tar
    }

    @Test("access control lists in pax headers are not read, and say nothing about an entry's name") func accessLists()
        throws
    {
        var tar = Self.image
        let list = (0..<40_000).map { "user:u\($0):r-x:\($0)" }.joined(separator: ",")
        tar.pax([("path", Array("lib/long".utf8)), ("SCHILY.acl.access", Array(list.utf8))])
        tar.file("short", LayoutBuilder.binary("amd64"))
        let time = try processorTime(of: CLOCK_PROCESS_CPUTIME_ID) {
            let evidence = try Self.inspect(tar)
            #expect(evidence.archiveErrors.isEmpty && evidence.faults.map(\.path) == ["/lib/long"])
        }
        #expect(time < .seconds(20))
    }

    @Test("a document that is too long to be read says nothing against the artifact") func longDocument() throws {
        var tar = TarBuilder()
        tar.file("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
        let blanks = [UInt8](repeating: 0x20, count: 5 << 20)
        tar.file("index.json", Array(#"{"schemaVersion":2,"manifests":["#.utf8) + blanks + Array("]}".utf8))
        let evidence = try Self.inspect(tar)
        #expect(evidence.faults.isEmpty && evidence.unread.map(\.digest) == ["index.json"])
        #expect(evidence.unread.first?.reason.contains("at most 4194304 bytes") == true)
    }

    @Test("many needed libraries in many search paths") func searchPaths() throws {
        var tar = Self.image
        var program = ELFBuilder()
        program.interpreter = "/lib/ld.so"
        program.needed = (0..<2000).map { "l\($0).so" }
        program.rpath = (0..<8000).map { "/r\($0)" }.joined(separator: ":")
        tar.file("bin/program", program.bytes, mode: 0o755)
        for number in 0..<8000 { tar.directory("r\(number)") }
        tar.file("r7000/l5.so", ELFBuilder().bytes)
        let time = try processorTime(of: CLOCK_PROCESS_CPUTIME_ID) {
            let evidence = try Self.inspect(tar)
            #expect(evidence.faults.count(of: .loaderMissing) == 1999)
            #expect(!evidence.faults.contains { $0.expected.contains(" l5.so") })
        }
        #expect(time < .seconds(20))
    }

    @Test("the steps of one artifact are counted, and end at a limit that is named") func steps() throws {
        var tar = Self.image
        let deep = String(repeating: "a/", count: 40)
        for number in 0..<200 { tar.file("\(number)/\(deep)f") }
        var limits = ArchiveLimits()
        #expect(try Self.inspect(tar).archiveErrors.isEmpty)
        limits.steps = 5000
        let evidence = try Self.inspect(tar, limits: limits)
        #expect(evidence.archiveErrors.map(\.code) == [.overLimit] && evidence.faults.isEmpty)
        #expect(evidence.archiveErrors.first?.expected.contains("--limit steps=N") == true)
    }

    @Test("libraries that are programs, too, each of which needs the next", arguments: [false, true]) func chain(
        isBroken: Bool
    ) throws {
        var tar = Self.image
        let count = 3000
        for number in 0..<count {
            var library = ELFBuilder()
            library.interpreter = "/lib/ld.so"
            library.soname = "l\(number).so"
            library.needed = number + 1 < count || isBroken ? ["l\(number + 1).so"] : []
            tar.file("lib/l\(number).so", library.bytes)
        }
        let time = try processorTime(of: CLOCK_PROCESS_CPUTIME_ID) {
            let evidence = try Self.inspect(tar)
            // Each lacks the last one. The search for it takes as many steps as there are libraries between.
            #expect(isBroken ? evidence.archiveErrors.first?.code == .overLimit : evidence.archiveErrors.isEmpty)
            #expect(evidence.faults.isEmpty)
        }
        #expect(time < .seconds(60))
    }

    @Test("a library that is there only under the name that another says it has is found as before") func sonames()
        throws
    {
        var tar = Self.image
        func library(_ name: String, needed: [String], soname: String? = nil) {
            var library = ELFBuilder()
            library.interpreter = "/lib/ld.so"
            (library.needed, library.soname) = (needed, soname)
            tar.file(name, library.bytes, mode: 0o755)
        }
        library("bin/a", needed: ["b.so", "c.so"])
        library("bin/z", needed: ["b.so", "c.so", "d.so"])
        library("lib/b.so", needed: [], soname: "c.so")
        #expect(try Self.inspect(tar).faults.map(\.expected) == ["the library d.so"])
    }

    @Test("long targets of links are what the archive says", arguments: [100, 255, 256, 2000]) func longTargets(
        length: Int
    ) throws {
        var tar = Self.image
        let name = String(repeating: "ä/", count: length / 3) + "f"
        tar.pax([("path", Array(name.utf8))])
        tar.file("short", LayoutBuilder.binary("amd64"))
        for kind in [TarBuilder.Flag.hardLink, .symbolicLink] {
            tar.pax([("linkpath", Array(name.utf8)), ("mtime", Array("1.5".utf8))])
            tar.entry(kind, "\(kind)", link: "other")
        }
        let reader = try ArchiveReader(MemorySource(tar.finished, name: "a"))
        var kinds: [ArchiveEntry.Kind] = []
        while let entry = try reader.next() { kinds.append(entry.kind) }
        #expect(
            try kinds.dropFirst(2) == [
                .hardLink(target: EntryPath(name.utf8)), .symbolicLink(target: Array(name.utf8)),
            ])
        #expect(try Self.inspect(tar).faults.map(\.path).sorted() == ["/" + name, "/hardLink"].sorted())
    }

    @Test("a static library with an object for every machine") func targets() throws {
        var library = Array("!<arch>\n".utf8)
        for machine in UInt16(0)..<20_000 {
            let object = ELFHeader.synthetic(machine: ELFMachine(rawValue: machine), type: .relocatable)
            func padded(_ text: String, _ count: Int) -> [UInt8] {
                Array((text + String(repeating: " ", count: count)).utf8.prefix(count))
            }
            library += padded("o/", 16) + padded("0", 12) + padded("0", 6) + padded("0", 6) + padded("644", 8)
            library += padded("\(object.count)", 10) + [0x60, 0x0a] + object
        }
        var tar = Self.image
        tar.file("lib/a.a", library)
        let time = try processorTime(of: CLOCK_PROCESS_CPUTIME_ID) {
            let evidence = try Self.inspect(tar)
            #expect(evidence.faults.map(\.path) == ["/lib/a.a"])
        }
        #expect(time < .seconds(20))
    }

    @Test("the dictionary of xz is limited", arguments: [(1, nil), (256, ArchiveError.Code.overLimit)])
    func dictionaries(size: Int, code: ArchiveError.Code?) throws {
        let packed = SystemTool.filter(Self.image.finished, through: "xz -0 --lzma2=preset=0,dict=\(size)MiB -c")
        let inspect = { try ArtifactInspector().inspect(MemorySource(packed, name: "a")) }
        guard let code else {
            #expect(try inspect().faults.isEmpty)
            return
        }
        let error = #expect(throws: ArchiveError.self) { _ = try inspect() }
        #expect(error?.code == code && error?.expected.contains("--limit window=N") == true)
    }

    @Test("headers of one entry are limited") func headers() throws {
        var tar = Self.image
        tar.pax([("comment", [UInt8](repeating: 0x61, count: 4096))])
        tar.file("f")
        var limits = ArchiveLimits()
        #expect(try Self.inspect(tar, limits: limits).archiveErrors.isEmpty)
        limits.headerBytes = 2048
        let error = #expect(throws: ArchiveError.self) { _ = try Self.inspect(tar, limits: limits) }
        #expect(error?.code == .overLimit && error?.expected.contains("--limit headers=N") == true)
    }

    @Test("a pipe where a builder was to leave an archive is refused at once, and so is a file of holes")
    func otherThanStored() {
        let scratch = Scratch()
        var inspector = ArtifactInspector()
        inspector.takesOnlyStored = true
        let pipe = scratch.path.appending("pipe")
        #expect(mkfifo(pipe.string, 0o600) == 0)
        #expect(throws: ArchiveError.self) { _ = try inspector.inspect(pipe) }
        let holes = scratch.write([], to: "holes")
        #expect(truncate(holes.string, 1 << 40) == 0)
        let error = #expect(throws: ArchiveError.self) { _ = try inspector.inspect(holes) }
        #expect(error?.code == .overLimit)
    }
}
