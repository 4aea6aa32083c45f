import Archive
import Evidence
import Files
import Findings
import OCI
import TestSupport
import Testing

/// Other manifests beside the wanted platform's do not count against it.
@Suite struct OtherManifestTests {
    private static let layer = "application/vnd.oci.image.layer."

    private static func arm64(execution: String = #"{"Entrypoint":["/bin/tool"]}"#) -> LayoutBuilder {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")], execution: execution))
        return layout
    }

    /// Adds a manifest: layers as media types and bytes.
    private static func add(
        to layout: inout LayoutBuilder, platform: String?, config: String,
        layers: [(type: String, bytes: [UInt8])]
    ) {
        let stored = layers.map { layout.descriptor($0.type, $0.bytes) }.joined(separator: ",")
        let configuration = layout.descriptor("application/vnd.oci.image.config.v1+json", Array(config.utf8))
        let manifest = """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":\(configuration),
             "layers":[\(stored)]}
            """
        layout.manifests.append(
            layout.descriptor(
                "application/vnd.oci.image.manifest.v1+json", Array(manifest.utf8),
                more: platform.map { #","platform":\#($0)"# } ?? ""))
    }

    private static func judged(
        _ layout: LayoutBuilder, _ platform: Platform = .linuxARM64
    ) throws -> (outcome: Outcome?, codes: [FindingCode], detail: String) {
        var layout = layout
        layout.finish()
        let evidence = try ArtifactInspector(platform: platform)
            .inspect(MemorySource(layout.archive, name: "archive"))
        var all = CommandEvidence()
        all.artifacts = [evidence.summary(name: "a", platform: platform, duration: .zero)]
        let diagnosis = Diagnosis(all)
        return (diagnosis.checks.first?.outcome, diagnosis.findings.map(\.code), diagnosis.checks.first?.detail ?? "")
    }

    @Test("docker save lists platforms that it does not carry along: the wanted one decides") func partialIndex() throws
    {
        var layout = Self.arm64()
        let carried = Set(layout.files.map(\.path))
        layout.add(.init(architecture: "amd64", layers: [LayoutBuilder.layer("amd64")]))
        for path in layout.files.map(\.path) where !carried.contains(path) { layout.replace(path, with: nil) }
        let whole = try Self.judged(layout)
        #expect(whole.outcome == .pass && whole.codes.isEmpty)
        #expect(whole.detail.contains("listed, not carried along: linux/amd64"))
        let other = try Self.judged(layout, Platform(os: "linux", architecture: "amd64"))
        #expect(other.outcome == .fail && other.codes.contains(.artifactBlobMissing))
    }

    @Test("a layer of another platform may be absent, too") func partialImage() throws {
        var layout = Self.arm64()
        layout.add(.init(architecture: "amd64", layers: [LayoutBuilder.layer("amd64")]))
        layout.replace(layout.paths { $0.starts(with: [0x1f, 0x8b]) }[1], with: nil)
        #expect(try Self.judged(layout).outcome == .pass)
        #expect(try Self.judged(layout, Platform(os: "linux", architecture: "amd64")).codes == [.artifactBlobMissing])
    }

    @Test(arguments: [nil, #"{"os":"","architecture":""}"#]) func aSignatureIsNoImage(platform: String?) throws {
        var layout = Self.arm64()
        Self.add(
            to: &layout, platform: platform,
            config: #"{"architecture":"","os":"","rootfs":{"type":"layers","diff_ids":["sha256:00"]},"config":{}}"#,
            layers: [("application/vnd.dev.cosign.simplesigning.v1+json", Array(#"{"critical":{}}"#.utf8))])
        let judged = try Self.judged(layout)
        #expect(judged.outcome == .pass && judged.codes.isEmpty, "\(judged.detail)")
    }

    @Test("an image whose platform is empty in the index has that of its configuration") func emptyPlatform() throws {
        var layout = Self.arm64()
        layout.manifests[0] = layout.manifests[0].replacing(
            #"{"os":"linux","architecture":"arm64"}"#, with: #"{"os":"","architecture":""}"#)
        #expect(layout.manifests[0].contains(#""os":"""#))
        #expect(try Self.judged(layout).outcome == .pass)
    }

    @Test func aWindowsImageIsNotJudgedAsOneOfLinux() throws {
        var layout = Self.arm64()
        let tar = LayoutBuilder.layer("arm64")
        Self.add(
            to: &layout, platform: #"{"os":"windows","architecture":"amd64","os.version":"10.0.20348.1"}"#,
            config:
                #"{"architecture":"amd64","os":"windows","config":{"Cmd":["cmd.exe"]},"rootfs":{"type":"layers","diff_ids":["sha256:\#(SHA256.hexadecimal(tar))"]}}"#,
            layers: [(Self.layer + "v1.tar", tar)])
        let judged = try Self.judged(layout)
        #expect(judged.outcome == .pass && judged.codes.isEmpty, "\(judged.detail)")
    }

    @Test("Nydus' image is for its own snapshotter, and alone it is not read") func nydus() throws {
        let boot = LayoutBuilder.layer("arm64")
        let blob = (0..<4096).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
        let ids = [blob, boot].map { "\"sha256:\(SHA256.hexadecimal($0))\"" }.joined(separator: ",")
        func nydus(_ layout: inout LayoutBuilder) {
            Self.add(
                to: &layout,
                platform: #"{"os":"linux","architecture":"arm64","os.features":["nydus.remoteimage.v1"]}"#,
                config:
                    #"{"architecture":"arm64","os":"linux","config":{"Cmd":["/bin/sh"]},"rootfs":{"type":"layers","diff_ids":[\#(ids)]}}"#,
                layers: [(Self.layer + "nydus.blob.v1", blob), (Self.layer + "v1.tar", boot)])
        }
        var beside = Self.arm64()
        nydus(&beside)
        let judged = try Self.judged(beside)
        #expect(judged.outcome == .pass && judged.codes.isEmpty, "\(judged.detail)")
        var alone = LayoutBuilder()
        nydus(&alone)
        let lone = try Self.judged(alone)
        #expect(lone.outcome == .broken && lone.codes.isEmpty && lone.detail.contains("nydus"))
    }

    @Test("Docker 25 wrote an index without images beside its own manifest", arguments: ["null", "[]"])
    func indexWithoutImages(manifests: String) throws {
        var layout = Self.arm64()
        let blobs = layout.files
        let config = try #require(blobs.first { $0.bytes.starts(with: Array(#"{"architecture""#.utf8)) }?.path)
        let layer = try #require(blobs.first { $0.bytes.starts(with: [0x1f, 0x8b]) }?.path)
        layout.finish()
        layout.replace("index.json", with: Array(#"{"schemaVersion":2,"manifests":\#(manifests)}"#.utf8))
        let without = try ArtifactInspector().inspect(MemorySource(layout.archive, name: "archive"))
        #expect(without.kind == .ociArchive && without.faults.map(\.kind) == [.platformMissing])
        layout.add(
            Array(#"[{"Config":"\#(config)","RepoTags":["a:b"],"Layers":["\#(layer)"]}]"#.utf8), at: "manifest.json")
        let evidence = try ArtifactInspector().inspect(MemorySource(layout.archive, name: "archive"))
        #expect(evidence.kind == .dockerArchive && evidence.faults.isEmpty && evidence.images.count == 1)
    }

    @Test("nothing is said of files that a layer which is not there may hold") func missingLayer() throws {
        var layout = LayoutBuilder()
        let upper = LayoutBuilder.layer("arm64") {
            $0.file("usr/bin/start", LayoutBuilder.binary("arm64"), mode: 0o755)
        }
        layout.add(
            .init(
                architecture: "arm64", layers: [LayoutBuilder.layer("arm64"), upper],
                execution: #"{"Entrypoint":["/usr/bin/start"]}"#))
        layout.replace(layout.paths { $0.starts(with: [0x1f, 0x8b]) }[1], with: nil)
        #expect(try Self.judged(layout).codes == [.artifactBlobMissing])
    }
}
