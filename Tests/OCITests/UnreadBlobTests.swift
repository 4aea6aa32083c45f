import Archive
import Evidence
import Findings
import OCI
import TestSupport
import Testing

/// What cannot be looked at must never make an artifact fit, nor unfit.
@Suite struct UnreadBlobTests {
    private static func outcome(_ evidence: ArtifactEvidence, for platform: Platform = .linuxARM64) -> Outcome? {
        var all = CommandEvidence()
        all.artifacts = [evidence.summary(name: "a", platform: platform, duration: .zero)]
        return Diagnosis(all).checks.first?.outcome
    }

    private static func twoLayers(_ upper: String) -> LayoutBuilder {
        var layout = LayoutBuilder()
        layout.add(
            .init(
                architecture: "arm64", layers: [LayoutBuilder.layer("arm64"), LayoutBuilder.layer("amd64")],
                upperMediaType: upper))
        layout.finish()
        return layout
    }

    private static let absent = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"

    @Test(arguments: ["application/vnd.example.layer.v1.tar", "application/vnd.oci.image.layer.v1.tar+gzip+encrypted"])
    func aLayerOfAnUnknownTypeLeavesTheQuestionOpen(type: String) throws {
        let evidence = try LayoutInspectionTests.inspect(Self.twoLayers(type))
        #expect(evidence.faults.isEmpty && evidence.archiveErrors.isEmpty)
        #expect(Self.outcome(evidence) == .broken)
        let unread = evidence.summary(name: "a", platform: .linuxARM64, duration: .zero).unread
        #expect(unread.count == 1 && unread.first?.reason.contains(type) == true)
    }

    @Test func aLayerThatNeedNotBeThereLeavesTheQuestionOpenWhereItIsNot() throws {
        var layout = Self.twoLayers(Self.absent)
        let whole = try LayoutInspectionTests.inspect(layout)
        #expect(whole.faults.map(\.kind) == [.foreignBinary] && whole.unread.isEmpty)
        layout.replace(layout.paths { $0.starts(with: [0x1f, 0x8b]) }[1], with: nil)
        let evidence = try LayoutInspectionTests.inspect(layout)
        #expect(evidence.faults.isEmpty && Self.outcome(evidence) == .broken)
    }

    @Test func anotherPlatformsAbsentLayersDoNotMatter() throws {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")]))
        let other = LayoutBuilder.layer("amd64") { $0.file("more") }
        layout.add(.init(architecture: "amd64", layers: [other], mediaType: Self.absent))
        layout.finish()
        layout.replace(layout.paths { $0.starts(with: [0x1f, 0x8b]) }[1], with: nil)
        let evidence = try LayoutInspectionTests.inspect(layout)
        #expect(evidence.faults.isEmpty && evidence.unread.count == 1)
        #expect(Self.outcome(evidence) == .pass)
        #expect(Self.outcome(evidence, for: Platform(os: "linux", architecture: "amd64")) == .broken)
    }

    /// An index with the manifest's digest in another algorithm, the blob being at the digest's place.
    private static func layout(digest: String, blob: [UInt8]? = nil) -> LayoutBuilder {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")]))
        let manifest = layout.files[layout.files.count - 1]
        let old = "sha256:" + manifest.path.suffix(64)
        layout.manifests[0] = layout.manifests[0].replacing(old, with: digest)
        layout.add(blob ?? manifest.bytes, at: "blobs/" + digest.replacing(":", with: "/"))
        layout.finish()
        return layout
    }

    private static func sha512(_ bytes: [UInt8]) -> String {
        "sha512:" + String(decoding: SystemTool.filter(bytes, through: "sha512sum").prefix(128), as: UTF8.self)
    }

    @Test(arguments: [LayoutInspectionTests.Form.directory, .archive])
    func sha512IsVerified(form: LayoutInspectionTests.Form) throws {
        var plain = LayoutBuilder()
        plain.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")]))
        let manifest = plain.files[plain.files.count - 1].bytes
        let good = try LayoutInspectionTests.inspect(Self.layout(digest: Self.sha512(manifest)), as: form)
        #expect(good.faults.isEmpty && Self.outcome(good) == .pass)
        let bad = try LayoutInspectionTests.inspect(Self.layout(digest: Self.sha512([1])), as: form)
        #expect(bad.faults.map(\.kind) == [.digestMismatch])
    }

    @Test func anUnknownDigestAlgorithmLeavesTheQuestionOpen() throws {
        let evidence = try LayoutInspectionTests.inspect(
            Self.layout(digest: "blake3:" + String(repeating: "a", count: 64)))
        #expect(evidence.faults.isEmpty && Self.outcome(evidence) == .broken)
        #expect(evidence.unread.first?.reason.contains("blake3") == true)
        let malformed = try LayoutInspectionTests.inspect(Self.layout(digest: "sha256:aa"))
        #expect(malformed.faults.map(\.kind) == [.digestMismatch])
    }

    @Test(arguments: ["sha512:", "blake3:"])
    func aDiffIDOfAnotherAlgorithmLeavesTheQuestionOpen(algorithm: String) throws {
        var layout = LayoutBuilder()
        let diffID = algorithm + String(repeating: "a", count: 128)
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")], diffIDs: [diffID]))
        layout.finish()
        let evidence = try LayoutInspectionTests.inspect(layout)
        #expect(evidence.faults.isEmpty && Self.outcome(evidence) == .broken)
    }
}
