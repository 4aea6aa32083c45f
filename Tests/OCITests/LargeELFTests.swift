import Archive
import ELF
import Evidence
import Findings
import OCI
import TestSupport
import Testing

/// ELF files of which much has to be kept to read them.
@Suite(.serialized) struct LargeELFTests {
    private static func evidence(of tool: [UInt8]) throws -> ArtifactEvidence {
        let scratch = Scratch()
        var layout = LayoutBuilder()
        let layer = LayoutBuilder.layer("arm64") {
            $0.file("lib/ld.so", LayoutBuilder.binary("arm64"), mode: 0o755)
            $0.file("bin/large", tool, mode: 0o755)
        }
        layout.add(LayoutBuilder.Image(architecture: "arm64", layers: [LayoutBuilder.layer("arm64"), layer]))
        layout.finish()
        layout.write(to: scratch)
        return try ArtifactInspector().inspect(scratch.path)
    }

    @Test("a table that begins beyond what is kept at first is read all the same", arguments: [1, 20])
    func farTable(megabytes: Int) throws {
        let tool = ELFBuilder(interpreter: "/lib/ld.so", needed: ["liba.so"], gap: megabytes << 20)
        let evidence = try Self.evidence(of: tool.bytes)
        #expect(evidence.archiveErrors.isEmpty)
        #expect(evidence.faults.map(\.expected) == ["the library liba.so"])
    }

    @Test("a layer that is read twice has its names counted once") func namesOnce() throws {
        let scratch = Scratch()
        var layout = LayoutBuilder()
        let tool = ELFBuilder(interpreter: "/lib/ld.so", gap: 20 << 20).bytes
        let layer = LayoutBuilder.layer("arm64") {
            for number in 0..<100 { $0.file("etc/a-name-that-takes-room-\(number)") }
            $0.file("lib/ld.so", LayoutBuilder.binary("arm64"), mode: 0o755)
            $0.file("bin/large", tool, mode: 0o755)
        }
        layout.add(LayoutBuilder.Image(architecture: "arm64", layers: [layer]))
        layout.finish()
        layout.write(to: scratch)
        var limits = ArchiveLimits()
        limits.nameBytes = 4096
        #expect(try ArtifactInspector(limits: limits).inspect(scratch.path).archiveErrors.isEmpty)
    }

    @Test("program headers beyond what is kept are over a limit, not malformed") func farHeaders() throws {
        var tool = ELFBuilder(interpreter: "/lib/ld.so", padding: 50 << 20).bytes
        let headers = tool[64..<64 + 56 * 4]
        let place = UInt64(tool.count)
        tool += headers
        for index in 0..<8 { tool[32 + index] = UInt8(truncatingIfNeeded: place >> (8 * index)) }
        let evidence = try Self.evidence(of: tool)
        #expect(evidence.archiveErrors.map(\.code) == [.overLimit])
        #expect(evidence.faults.isEmpty)
    }
}
