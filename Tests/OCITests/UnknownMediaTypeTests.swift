import Archive
import Evidence
import OCI
import TestSupport
import Testing

@Suite("Media types of an index's entries") struct UnknownMediaTypeTests {
    @Test("an entry whose media type is none of an image's is named, not called absent", arguments: ["", "text/plain"])
    func unknown(type: String) throws {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")]))
        layout.manifests = layout.manifests.map {
            $0.replacing("application/vnd.oci.image.manifest.v1+json", with: type)
        }
        layout.finish()
        let faults = try ArtifactInspector().inspect(MemorySource(layout.archive, name: "archive")).faults
        #expect(faults.map(\.kind) == [.platformMissing] && faults.map(\.reason) == [.mediaTypeUnknown])
        #expect(faults.first?.subject == (type.isEmpty ? "(no name)" : type))
    }
}
