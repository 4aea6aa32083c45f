import Archive
import ELF
import Evidence
import OCI
import TestSupport
import Testing

/// Which of an artifact's images are meant.
@Suite struct WantedImagesTests {
    private static func layout(_ names: [String?], foreign: Bool = false, without dropped: Int? = nil) -> LayoutBuilder
    {
        var layout = LayoutBuilder()
        for (number, architecture) in ["arm64", "amd64"].enumerated() {
            let program = foreign && architecture == "amd64" ? "386" : architecture
            let known = layout.files.count
            layout.add(.init(architecture: architecture, layers: [LayoutBuilder.layer(program)]))
            if number == dropped { for file in layout.files[known...] { layout.replace(file.path, with: nil) } }
            if let name = names[number] {
                layout.manifests[number].removeLast()
                layout.manifests[number] += #","annotations":{"org.opencontainers.image.ref.name":"\#(name)"}}"#
            }
        }
        layout.finish()
        return layout
    }

    private static func inspect(_ layout: LayoutBuilder, reference: String? = nil, all: Bool = false) throws
        -> ArtifactEvidence
    {
        var inspector = ArtifactInspector()
        inspector.reference = reference
        inspector.wantsAllPlatforms = all
        return try inspector.inspect(MemorySource(layout.archive, name: "archive"))
    }

    @Test("a name chooses one image, and one that is not there is named with those that are") func reference() throws {
        let layout = Self.layout(["one", "two"], foreign: true)
        #expect(try Self.inspect(layout, reference: "one").faults.isEmpty)
        #expect(try Self.inspect(layout, reference: "one").images.count == 1)
        #expect(try Self.inspect(layout, reference: "two").faults.map(\.kind) == [.foreignBinary, .platformMissing])
        #expect { try Self.inspect(layout, reference: "three") } throws: {
            let error = $0 as? ArchiveError
            return error?.code == .malformed && error?.found == "one, two"
        }
    }

    @Test("all platforms are wanted: each must be there, and each must tell its architecture") func all() throws {
        let good = try Self.inspect(Self.layout([nil, nil]), all: true)
        let summary = good.summaryOfAllPlatforms(name: "a", duration: .zero)
        #expect(summary.platform == "linux/arm64, linux/amd64" && summary.binaries == 2 && summary.silent.isEmpty)
        #expect(good.faults.isEmpty)
        let absent = try Self.inspect(Self.layout([nil, nil], without: 1), all: true)
        #expect(absent.faults.map(\.kind) == [.blobMissing])
        #expect(try Self.inspect(Self.layout([nil, nil], without: 1)).faults.isEmpty)
    }

    @Test("a root file system names neither images nor platforms") func rootfs() {
        var tar = TarBuilder()
        tar.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
        var inspector = ArtifactInspector()
        inspector.wantsAllPlatforms = true
        #expect { try inspector.inspect(MemorySource(tar.finished, name: "archive")) } throws: {
            ($0 as? ArchiveError)?.code == .malformed
        }
    }
}
