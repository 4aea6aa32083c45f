import Archive
import ELF
import Evidence
import Findings
import OCI
import TestSupport
import Testing

/// What builders were seen to write: B6 to B9 of docs/failure-modes.md.
@Suite("What builders get wrong shows in what they wrote") struct BuilderFaultTests {
    private static func image(
        _ architecture: String, variant: String? = nil, _ layers: ((inout TarBuilder) -> Void)...
    ) -> LayoutBuilder.Image {
        LayoutBuilder.Image(
            architecture: architecture, variant: variant,
            layers: layers.map { make in
                var tar = TarBuilder()
                make(&tar)
                return tar.finished
            })
    }

    private static func layout(_ images: LayoutBuilder.Image...) -> LayoutBuilder {
        var layout = LayoutBuilder()
        for image in images { layout.add(image) }
        layout.finish()
        return layout
    }

    private static func foreign(_ layout: LayoutBuilder) throws -> [String] {
        let faults = try LayoutInspectionTests.inspect(layout).faults
        #expect(faults.allSatisfy { $0.kind == .foreignBinary })
        return faults.map(\.path)
    }

    private static func tool(_ tar: inout TarBuilder) {
        tar.file("usr/bin/tool", LayoutBuilder.binary("amd64"), mode: 0o755)
    }

    @Test("B6: one layer with an x86-64 program under both platforms is a fault of one of them") func oneLayer() throws
    {
        let layout = Self.layout(Self.image("amd64", Self.tool), Self.image("arm64", Self.tool))
        let evidence = try LayoutInspectionTests.inspect(layout)
        let digests = Set(evidence.images.compactMap { $0.layers.first?.digest })
        #expect(digests.count == 1, "one layer, named twice")
        #expect(evidence.faults.map(\.kind) == [.foreignBinary])
        #expect(evidence.faults.first?.path == "/usr/bin/tool" && evidence.faults.first?.layer == digests.first)
    }

    @Test("B6: the same file in layers of different digests") func oneFile() throws {
        let layout = Self.layout(
            Self.image("amd64", Self.tool),
            Self.image("arm64") {
                Self.tool(&$0)
                $0.file("etc/arch", "arm64\n")
            })
        #expect(try Self.foreign(layout) == ["/usr/bin/tool"])
    }

    @Test("B6: a name that leads to a lower layer's program by a hard link, when its own name is taken away")
    func hardLink() throws {
        let layout = Self.layout(
            Self.image(
                "arm64", Self.tool, { $0.hardLink("opt/alias", to: "usr/bin/tool") }, { $0.file("usr/bin/.wh.tool") }))
        #expect(try Self.foreign(layout) == ["/opt/alias"])
    }

    @Test("B6: a file in the place of a lower layer's link to a directory: engines unpack each layer alone")
    func symbolicLink() throws {
        let layout = Self.layout(
            Self.image(
                "arm64",
                {
                    $0.directory("usr/bin")
                    $0.symbolicLink("bin", to: "usr/bin")
                }, { $0.file("bin/tool", LayoutBuilder.binary("amd64"), mode: 0o755) }))
        #expect(try Self.foreign(layout) == ["/bin/tool"])
    }

    @Test("B6: a whiteout in the layer that brings the file again hides only the older one") func whiteout() throws {
        let native: (inout TarBuilder) -> Void = {
            $0.file("usr/bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
        }
        let layout = Self.layout(
            Self.image(
                "arm64", native,
                {
                    Self.tool(&$0)
                    $0.file("usr/bin/.wh.tool")
                }))
        #expect(try Self.foreign(layout) == ["/usr/bin/tool"])
        #expect(try Self.foreign(Self.layout(Self.image("arm64", Self.tool, native))).isEmpty)
    }

    @Test("B7: an index that a single-platform push replaced lacks the platform, and says what it has") func pushed()
        throws
    {
        let evidence = try LayoutInspectionTests.inspect(Self.layout(Self.image("amd64", Self.tool)))
        #expect(evidence.faults.map(\.kind) == [.platformMissing])
        #expect(evidence.faults.first?.expected == "an image for linux/arm64")
        #expect(evidence.faults.first?.found == "linux/amd64")
    }

    @Test("B8: v8, written or not, asked for or not, is one platform", arguments: [nil, "v8"], [nil, "v8"])
    func variant(written: String?, asked: String?) throws {
        let layout = Self.layout(
            Self.image("arm64", variant: written) { $0.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755) })
        let platform = Platform(os: "linux", architecture: "arm64", variant: asked)
        let evidence = try LayoutInspectionTests.inspect(layout, platform: platform)
        #expect(evidence.faults.isEmpty && evidence.images(for: platform).count == 1)
    }

    @Test("B9: an attestation manifest, unknown/unknown, is no image and no fault") func attestation() throws {
        var layout = LayoutBuilder()
        layout.add(Self.image("arm64") { $0.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755) })
        let statement = layout.descriptor("application/vnd.in-toto+json", Array(#"{"_type":"statement"}"#.utf8))
        let config = layout.descriptor("application/vnd.oci.image.config.v1+json", Array("{}".utf8))
        let manifest = #"{"schemaVersion":2,"config":\#(config),"layers":[\#(statement)]}"#
        layout.manifests.append(
            layout.descriptor(
                "application/vnd.oci.image.manifest.v1+json", Array(manifest.utf8),
                more: #","annotations":{"vnd.docker.reference.type":"attestation-manifest"},"#
                    + #""platform":{"architecture":"unknown","os":"unknown"}"#))
        layout.finish()
        let evidence = try LayoutInspectionTests.inspect(layout)
        #expect(evidence.faults.isEmpty && evidence.archiveErrors.isEmpty)
        #expect(evidence.images.map(\.isAttestation) == [false, true])
        #expect(evidence.platforms.map(\.description) == ["linux/arm64"])
    }

    @Test("kernel modules are looked into as they are and compressed, and so are libraries") func modules() throws {
        let module = ELFHeader.synthetic(machine: .amd64, type: .relocatable)
        let native = ELFHeader.synthetic(machine: .aarch64, type: .relocatable)
        let compress = [("", "cat"), (".gz", "gzip -nc"), (".xz", "xz -c"), (".zst", "zstd -qc")]
        let layout = Self.layout(
            Self.image("arm64") { tar in
                for (suffix, command) in compress {
                    tar.file("lib/modules/6.1/bad.ko\(suffix)", SystemTool.filter(module, through: command))
                    tar.file("lib/modules/6.1/good.ko\(suffix)", SystemTool.filter(native, through: command))
                }
                tar.file("usr/lib/libbad.so.1", ELFHeader.synthetic(machine: .amd64, type: .shared))
                // A thin archive holds names; what they lead to is a file of its own.
                tar.file("usr/lib/thin.a", "!<thin>\nobject.o/       0           0     0     644     64        `\n")
                tar.file("usr/lib/object.o", module)
            })
        #expect(
            try Self.foreign(layout) == [
                "/lib/modules/6.1/bad.ko", "/lib/modules/6.1/bad.ko.gz", "/lib/modules/6.1/bad.ko.xz",
                "/lib/modules/6.1/bad.ko.zst", "/usr/lib/libbad.so.1", "/usr/lib/object.o",
            ])
    }

    @Test("a compressed module that would never end costs no more than its first bytes") func bomb() throws {
        let bomb = SystemTool.output("head -c 300000000 /dev/zero | xz -0c")
        var limits = ArchiveLimits()
        limits.bytes = 64 << 20
        let layout = Self.layout(
            Self.image("arm64") {
                $0.file("lib/modules/bomb.ko.xz", bomb)
                $0.file("bin/tool", LayoutBuilder.binary("arm64"))
            })
        let evidence = try ArtifactInspector(limits: limits).inspect(MemorySource(layout.archive, name: "archive"))
        #expect(evidence.faults.isEmpty && evidence.archiveErrors.isEmpty)
    }
}
