import Archive
import ELF
import Evidence
import Files
import Findings
import TestSupport
import Testing

@testable import OCI

/// Layers make what container engines make of them on overlay, each unpacked alone.
@Suite struct EngineLayerTests {
    typealias Make = (inout TarBuilder) -> Void

    private static let loader = "/lib/ld-linux-aarch64.so.1"

    static func inspect(
        _ layers: [Make], execution: String = "{}", compress: String = "gzip -nc", type: String = "tar+gzip",
        diffIDs: [String]? = nil
    ) throws -> ArtifactEvidence {
        var layout = LayoutBuilder()
        let tars = layers.map { make in
            var tar = TarBuilder()
            make(&tar)
            return tar.finished
        }
        layout.add(
            .init(
                architecture: "arm64", layers: tars, compress: compress,
                mediaType: "application/vnd.oci.image.layer.v1." + type, execution: execution, diffIDs: diffIDs))
        layout.finish()
        return try ArtifactInspector().inspect(MemorySource(layout.archive, name: "archive"))
    }

    /// A merged /usr, as distributions have it.
    private static func base(_ tar: inout TarBuilder) {
        tar.directory("usr/lib")
        tar.file("usr/lib/ld-linux-aarch64.so.1", ELFBuilder().bytes, mode: 0o755)
        tar.file("usr/bin/tool", ELFBuilder(interpreter: loader).bytes, mode: 0o755)
        tar.symbolicLink("lib", to: "usr/lib")
    }

    /// Entries in a line each: `f NAME`, `d NAME`, `l NAME TARGET` for a symbolic link, `h NAME TARGET` for a hard link.
    private static func layer(_ entries: [String]) -> Make {
        { tar in
            for words in entries.map({ $0.split(separator: " ").map(String.init) }) {
                switch words[0] {
                case "d": tar.directory(words[1])
                case "l": tar.symbolicLink(words[1], to: words[2])
                case "h": tar.hardLink(words[1], to: words[2])
                default: tar.file(words[1])
                }
            }
        }
    }

    @Test(
        "a directory of a layer, or one that its files are in, hides a link of the same name below",
        arguments: [["f lib/extra/note"], ["d lib"], ["d lib/extra", "d lib"]])
    func hiddenLink(upper: [String]) throws {
        let faults = try Self.inspect([Self.base, { _ in }, Self.layer(upper)]).faults
        #expect(faults.map(\.kind) == [.loaderMissing] && faults.first?.expected.hasSuffix(Self.loader) == true)
    }

    @Test("a whiteout hides the link that would lead to what it hides") func whiteoutBehindALink() throws {
        let faults = try Self.inspect([Self.base, Self.layer(["f lib/.wh.gone"])]).faults
        #expect(faults.map(\.kind) == [.loaderMissing])
    }

    @Test(
        "links of the layer itself are followed to what it has itself",
        arguments: [
            ["f usr/lib/own", "l lib usr/lib", "f lib/extra/note"],
            ["d usr/bin", "d usr/lib", "l lib /usr/./bin/../lib", "f lib/note"], ["f usr/lib/.wh.gone"],
            ["f gone/.wh.gone", "f .wh.nothing"],
        ])
    func ownLink(upper: [String]) throws {
        let evidence = try Self.inspect([Self.base, Self.layer(upper)])
        #expect(evidence.faults.isEmpty && evidence.archiveErrors.isEmpty)
    }

    @Test(
        "what engines refuse to unpack is an error of the layer",
        arguments: [
            (["d etc", "f etc/a", "d etc/"], .duplicateEntry, "etc", "podman"),
            (["f etc/a", "f /etc/./a"], .duplicateEntry, "etc/a", "another"),
            (["h bin/two usr/bin/tool"], .corrupt, "bin/two", "a layer below"),
            (["f etc", "f etc/a"], .corrupt, "etc/a", "another kind of file"),
            (["f etc/a", "f etc/.wh.a"], .corrupt, "etc/.wh.a", "its own layer"),
        ] as [([String], ArchiveError.Code, String, String)])
    func refused(upper: [String], code: ArchiveError.Code, entry: String, word: String) throws {
        let errors = try Self.inspect([Self.base, Self.layer(upper)]).archiveErrors
        #expect(errors.map(\.code) == [code] && errors.first?.entry == entry)
        #expect(errors.first.map { ($0.expected + $0.found).contains(word) } == true)
    }

    @Test("tar takes a directory twice, and nothing else unpacks a root file system") func twiceInARootFileSystem()
        throws
    {
        var tar = TarBuilder()
        Self.base(&tar)
        tar.directory("usr/lib")
        let evidence = try ArtifactInspector().inspect(MemorySource(tar.finished, name: "rootfs"))
        #expect(evidence.kind == .rootfsTar && evidence.archiveErrors.isEmpty)
    }

    @Test("kaniko writes the root itself, and names and hard links that begin with a slash") func absoluteNames() throws
    {
        let evidence = try Self.inspect(
            [
                Self.base,
                {
                    $0.directory("/")
                    $0.directory("/opt/")
                    $0.file("/opt/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
                    $0.hardLink("opt/alias", to: "/opt/tool")
                    $0.file("opt/foreign", LayoutBuilder.binary("amd64"), mode: 0o755)
                },
            ], execution: #"{"Entrypoint":["/opt/alias"]}"#)
        #expect(evidence.archiveErrors.isEmpty)
        #expect(evidence.faults.map(\.path) == ["/opt/foreign"])
    }

    @Test(
        "the media type of a plain tar is believed, others are not",
        arguments: [
            ("gzip -nc", "tar", .compressedPlainLayer), ("zstd -qc", "tar", .compressedPlainLayer),
            ("xz -c", "tar+gzip", .unusualCompression), ("cat", "tar", nil), ("cat", "tar+gzip", nil),
            ("zstd -qc", "tar+gzip", nil), ("gzip -nc", "tar+zstd", nil),
        ] as [(String, String, ArtifactFault.Reason?)])
    func compression(compress: String, type: String, reason: ArtifactFault.Reason?) throws {
        let evidence = try Self.inspect([Self.base], compress: compress, type: type)
        #expect(evidence.faults.map(\.reason) == (reason.map { [$0] } ?? []))
        #expect(evidence.images.first?.nativeBinaries == 2 && evidence.archiveErrors.isEmpty)
    }

    @Test(
        "podman does not know zstd by a frame that is to be skipped; behind the first one it may stand anywhere",
        arguments: [
            (#"{ printf '\120\052\115\030\003\0\0\0abc'; zstd -qc; }"#, .skippableFrameFirst),
            (#"{ printf '\137\052\115\030\0\0\0\0'; zstd -qc; }"#, .skippableFrameFirst),
            (#"{ zstd -qc; printf '\120\052\115\030\003\0\0\0abc'; }"#, nil),
            ("{ zstd -qc </dev/null; zstd -qc; zstd -qc </dev/null; }", nil),
            ("{ gzip -nc </dev/null; gzip -nc; gzip -nc </dev/null; }", nil),
        ] as [(String, ArtifactFault.Reason?)])
    func frames(compress: String, reason: ArtifactFault.Reason?) throws {
        let type = compress.contains("gzip") ? "tar+gzip" : "tar+zstd"
        let evidence = try Self.inspect([Self.base], compress: compress, type: type)
        #expect(evidence.faults.map(\.reason) == (reason.map { [$0] } ?? []))
        #expect(evidence.images.first?.nativeBinaries == 2 && evidence.archiveErrors.isEmpty)
    }

    @Test("podman 4 mounts 128 layers over each other", arguments: [(128, 0), (129, 1)])
    func manyLayers(count: Int, faults: Int) throws {
        let evidence = try Self.inspect([Self.base] + [Make](repeating: { $0.file("srv", [1]) }, count: count - 1))
        #expect(evidence.faults.map(\.reason) == Array(repeating: .tooManyLayers, count: faults))
    }

    @Test("a configuration of Docker's type in a manifest of OCI's is refused by podman") func mixedTypes() throws {
        var layout = LayoutBuilder()
        let layer = LayoutBuilder.layer("arm64")
        let config =
            #"{"architecture":"arm64","os":"linux","rootfs":{"diff_ids":["sha256:\#(SHA256.hexadecimal(layer))"]}}"#
        let stored = layout.descriptor("application/vnd.oci.image.layer.v1.tar", layer)
        for (type, manifestType, count) in [
            (MediaType.config, MediaType.manifest, 0), (MediaType.dockerConfig, MediaType.dockerManifest, 0),
            (MediaType.dockerConfig, MediaType.manifest, 1),
        ] {
            let configuration = layout.descriptor(type, Array(config.utf8))
            let manifest = #"{"schemaVersion":2,"config":\#(configuration),"layers":[\#(stored)]}"#
            var whole = layout
            whole.manifests = [whole.descriptor(manifestType, Array(manifest.utf8))]
            whole.finish()
            let evidence = try ArtifactInspector().inspect(MemorySource(whole.archive, name: "archive"))
            #expect(evidence.faults.map(\.reason) == Array(repeating: .dockerConfig, count: count))
        }
    }

    @Test("a layer of no bytes is one without files") func emptyLayer() throws {
        var layout = LayoutBuilder()
        layout.add(
            .init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64"), []], compress: "cat"))
        layout.finish()
        let evidence = try ArtifactInspector().inspect(MemorySource(layout.archive, name: "archive"))
        #expect(evidence.faults.isEmpty && evidence.archiveErrors.isEmpty)
        #expect(evidence.images.first?.isComplete == true && evidence.images.first?.layers.count == 2)
    }

    @Test("a diff_id of the compressed bytes is told from damage") func compressedDiffID() throws {
        var tar = TarBuilder()
        Self.base(&tar)
        let compressed = SystemTool.filter(tar.finished, through: "gzip -nc")
        for (bytes, reason) in [(compressed, ArtifactFault.Reason.compressedDiffID), ([1], nil)] {
            let faults = try Self.inspect([Self.base], diffIDs: ["sha256:" + SHA256.hexadecimal(bytes)]).faults
            #expect(faults.map(\.kind) == [.digestMismatch] && faults.first?.reason == reason)
        }
    }

    @Test("a path through a link of its own layer that leads nowhere is refused, as podman does") func danglingLink()
        throws
    {
        let errors = try Self.inspect([
            {
                $0.symbolicLink("srv", to: "/nowhere")
                $0.file("srv/file", "x")
                $0.directory("there")
                $0.symbolicLink("link", to: "there")
                $0.file("link/file", "x")
            }
        ]).archiveErrors
        #expect(errors.map(\.code) == [.corrupt] && errors.first?.entry == "srv/file")
    }

    @Test(
        "where a link of a layer leads, only the same layer counts: podman unpacks it alone",
        arguments: [("", "link/file"), ("dir/own", nil), ("dir/sub/deep", nil), ("dir/.wh.gone", nil)])
    func linkBelow(own: String, refused: String?) throws {
        let errors = try Self.inspect([
            { $0.file("dir/file", "x") },
            {
                if !own.isEmpty { $0.file(own, "x") }
                $0.symbolicLink("link", to: "/dir")
                $0.file("link/file", "y")
            },
        ]).archiveErrors
        #expect(errors.map(\.entry) == (refused.map { [$0] } ?? []))
    }
    @Test(
        "types of entries that Go's programs do not unpack are refused",
        arguments: [TarBuilder.Flag.volume, .gnuSparse, .contiguous, .dump, .unknown])
    func types(type: TarBuilder.Flag) throws {
        let errors = try Self.inspect([
            {
                $0.file("usr/x", "x")
                $0.entry(type, "usr/y")
                $0.file("usr/z", "z")
            }
        ]).archiveErrors
        #expect(errors.map(\.code) == [.unsupportedEntry])
        #expect(errors.first?.found.hasPrefix("type \(type.rawValue)") == true)
    }

    @Test("names that no file system takes, and whiteouts of no name, are refused") func names() throws {
        let long = String(repeating: "n", count: 256)
        for name in [long, "dir/\(long)/file", "dir/.wh.", "dir/.wh..", "dir/.wh..."] {
            let errors = try Self.inspect([
                {
                    $0.pax([("path", Array(name.utf8))])
                    $0.file("short")
                }
            ]).archiveErrors
            #expect(errors.map(\.code) == [.unsupportedEntry], "\(name)")
        }
        let errors = try Self.inspect([
            {
                $0.pax([("path", Array(long.dropLast().utf8))])
                $0.file("short")
            }
        ]).archiveErrors
        #expect(errors.isEmpty)
    }

    @Test(
        "zeros behind a member of a gzip layer are refused, as Go's programs do",
        arguments: [("true", 0), ("head -c 512 /dev/zero", 1)])
    func padding(more: String, count: Int) throws {
        let found = try Self.inspect(
            [{ $0.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755) }], compress: "sh -c 'gzip -nc; \(more)'"
        )
        #expect(found.archiveErrors.map(\.code) == Array(repeating: .corrupt, count: count))
    }
}
