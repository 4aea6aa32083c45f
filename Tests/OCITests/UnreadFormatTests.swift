import Archive
import Evidence
import Findings
import OCI
import TestSupport
import Testing

/// Forms that engines or other tools read, and Assay does not: never damage.
@Suite struct UnreadFormatTests {
    private static let heads: [(UnreadFormat, [UInt8])] = [
        (.bzip2, Array("BZh91AY&SY".utf8)), (.lz4, [0x04, 0x22, 0x4d, 0x18]), (.compress, [0x1f, 0x9d, 0x90]),
        (.squashfs, Array("hsqs".utf8)),
        (.sevenZip, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), (.cpio, Array("070701".utf8)),
        (.zip, [0x50, 0x4b, 0x03, 0x04]),
    ]

    private static func error(_ bytes: [UInt8]) -> ArchiveError? {
        do {
            _ = try ArtifactInspector().inspect(MemorySource(bytes, name: "artifact"))
            return nil
        } catch { return error }
    }

    @Test("as the whole artifact it is not read", arguments: heads)
    func artifact(format: UnreadFormat, head: [UInt8]) throws {
        let bytes = head + [UInt8](repeating: 7, count: 2000)
        #expect(Self.error(bytes)?.code == .notRead)
        #expect(Self.error(bytes)?.found.contains(format.rawValue) == true)
        let scratch = Scratch()
        #expect { try ArtifactInspector().inspect(scratch.write(bytes, to: "file")) } throws: {
            ($0 as? ArchiveError)?.code == .notRead
        }
        // In a stream that is compressed once more, likewise.
        #expect(Self.error(SystemTool.filter(bytes, through: "gzip -nc"))?.code == .notRead)
    }

    @Test("as a layer it leaves the image for its platform open, and no other", arguments: heads, ["arm64", "amd64"])
    func layer(format: (UnreadFormat, [UInt8]), architecture: String) throws {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")]))
        layout.add(
            .init(
                architecture: architecture,
                layers: [LayoutBuilder.layer(architecture), format.1 + [UInt8](repeating: 7, count: 2000)],
                compress: "cat"))
        layout.finish()
        let evidence = try ArtifactInspector().inspect(MemorySource(layout.archive, name: "archive"))
        #expect(evidence.archiveErrors.isEmpty && evidence.faults.isEmpty)
        let summary = evidence.summary(name: "archive", platform: .linuxARM64, duration: .zero)
        #expect(summary.unread.map(\.reason).contains { $0.contains(format.0.rawValue) } == (architecture == "arm64"))
    }

    @Test(
        "what is no archive at all is malformed, with what it is",
        arguments: [
            ([], "nothing"), (Array("text\n".utf8), "text"), ([0x7f, 0x45, 0x4c, 0x46, 2, 1], "an ELF file"),
            ([1, 0, 2], "other bytes"),
            ([UInt8](repeating: 1, count: 512) + [0], "other bytes"),
        ] as [([UInt8], String)])
    func noArchive(bytes: [UInt8], found: String) {
        #expect(Self.error(bytes)?.code == .malformed && Self.error(bytes)?.found == found)
        #expect(Self.error(SystemTool.filter(bytes, through: "gzip -nc"))?.code == .malformed)
        let scratch = Scratch()
        #expect { try ArtifactInspector().inspect(scratch.write(bytes, to: "file")) } throws: {
            ($0 as? ArchiveError)?.code == .malformed
        }
    }

    @Test("three letters make no bzip2, and a tar's first name may be anything") func names() throws {
        var tar = TarBuilder()
        tar.file("070701-hsqs", LayoutBuilder.binary("arm64"), mode: 0o755)
        #expect(Self.error(tar.finished) == nil)
        #expect(Self.error(Array("BZh is a name".utf8))?.code == .malformed)
    }

    @Test(
        "another compression than the media type says is a note",
        arguments: [
            ("zstd -qc", "tar+gzip", "zstd"), ("cat", "tar+gzip", "a plain tar"), ("gzip -nc", "tar+zstd", "gzip"),
            ("gzip -nc", "tar+gzip", nil),
        ] as [(String, String, String?)])
    func note(compress: String, type: String, found: String?) throws {
        let evidence = try EngineLayerTests.inspect(
            [{ $0.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755) }], compress: compress, type: type)
        #expect(evidence.faults.isEmpty && evidence.notes.map(\.found) == (found.map { [$0] } ?? []))
        #expect(evidence.notes.allSatisfy { $0.kind == .compression })
    }
}
