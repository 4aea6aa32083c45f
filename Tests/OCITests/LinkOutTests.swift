import Archive
import Evidence
import Findings
import SystemPackage
import TestSupport
import Testing

@testable import OCI

/// A symbolic link in the place of a part of an artifact, to something that is not in it.
@Suite("Links out of an artifact") struct LinkOutTests {
    /// The faults of a layout in which one file is a link, as a directory, as an archive and as a stream.
    private static func faults(of part: String, target: String) throws -> [[ArtifactFault]] {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")]))
        layout.finish()
        let place = part == "index" ? "index.json" : try #require(layout.paths { Self.is($0, part) }.first)
        let scratch = Scratch()
        layout.write(to: scratch)
        _ = SystemTool.shell("cd '\(scratch.path)' && rm '\(place)' && ln -s '\(target)' '\(place)'")
        let tar = Scratch()
        _ = SystemTool.shell("tar -C '\(scratch.path)' -cf '\(tar.path)/image.tar' .")
        return [
            try ArtifactInspector().inspect(scratch.path).faults.map { $0 },
            try ArtifactInspector().inspect(tar.path.appending("image.tar")).faults.map { $0 },
            try ArtifactInspector().inspect(
                MemorySource(try #require(tar.read("image.tar")), name: "stream")
            ).faults.map { $0 },
        ]
    }

    private static func `is`(_ bytes: [UInt8], _ part: String) -> Bool {
        switch part {
        case "manifest": String(decoding: bytes, as: UTF8.self).contains("\"layers\"")
        case "config": String(decoding: bytes, as: UTF8.self).contains("\"diff_ids\"")
        default: bytes.starts(with: [0x1f, 0x8b])
        }
    }

    @Test("of more links than any tool writes, the first are told") func many() throws {
        var tar = TarBuilder()
        let count = 1 << 16
        for number in 0...count { tar.symbolicLink("link\(number)", to: "/elsewhere") }
        let scratch = Scratch()
        let index = try #require(try ArchiveIndex(scratch.write(tar.finished, to: "image.tar")))
        func target(_ number: Int) throws -> [UInt8]? { index.link(on: try EntryPath("link\(number)".utf8))?.target }
        #expect(try target(count - 1) == Array("/elsewhere".utf8))
        #expect(try target(count) == nil)
    }

    @Test(
        "one fault says that it is a link, and to what; that nothing is behind it is not said of the image",
        arguments: ["index", "manifest", "config", "layer"], ["/srv/elsewhere", "../../../../../elsewhere", "none"])
    func links(part: String, target: String) throws {
        for faults in try Self.faults(of: part, target: target) {
            #expect(faults.map(\.reason) == [.linkOutOfArtifact])
            #expect(faults.map(\.kind) == [part == "index" ? .notOCI : .blobMissing])
            #expect(faults.first?.subject == target)
            #expect(faults.first?.found == "a link to \(target), which is not in the artifact")
        }
    }
}
