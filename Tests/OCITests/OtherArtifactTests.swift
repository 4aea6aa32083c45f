import Archive
import Evidence
import Files
import Findings
import OCI
import SystemPackage
import TestSupport
import Testing

@Suite struct OtherArtifactTests {
    /// What `docker save` of Docker 24 and older writes, where equal layers are links.
    private static func dockerArchive(
        _ architecture: String, layer: [UInt8], link: Bool = false, config edit: (String) -> String = { $0 }
    ) -> TarBuilder {
        let diffID = SHA256.hexadecimal(layer)
        let ids = Array(repeating: "\"sha256:\(diffID)\"", count: link ? 2 : 1).joined(separator: ",")
        let config = edit(
            #"{"architecture":"\#(architecture)","os":"linux","rootfs":{"type":"layers","diff_ids":[\#(ids)]}}"#)
        let name = SHA256.hexadecimal(Array(config.utf8)) + ".json"
        let first = String(repeating: "a", count: 64)
        let second = String(repeating: "b", count: 64)
        var tar = TarBuilder()
        tar.directory("\(first)/")
        tar.file("\(first)/VERSION", "1.0")
        tar.file("\(first)/json", "{}")
        tar.file("\(first)/layer.tar", layer)
        if link { tar.symbolicLink("\(second)/layer.tar", to: "../\(first)/layer.tar") }
        tar.file(name, config)
        let layers = link ? #""\#(first)/layer.tar","\#(second)/layer.tar""# : #""\#(first)/layer.tar""#
        tar.file("manifest.json", #"[{"Config":"\#(name)","RepoTags":["x:latest"],"Layers":[\#(layers)]}]"#)
        tar.file("repositories", "{}")
        return tar
    }

    private static func inspect(_ bytes: [UInt8], _ platform: Platform = .linuxARM64) throws -> ArtifactEvidence {
        try ArtifactInspector(platform: platform, wantedFiles: ["etc/proof"]).inspect(MemorySource(bytes, name: "a"))
    }

    /// As a stream, and as a file that can be read in any order.
    private static func inspectFile(_ bytes: [UInt8]) throws -> ArtifactEvidence {
        let scratch = Scratch()
        return try ArtifactInspector(wantedFiles: ["etc/proof"]).inspect(scratch.write(bytes, to: "artifact"))
    }

    @Test(arguments: [false, true], [false, true])
    func aGoodDockerArchiveHasNoFaults(link: Bool, file: Bool) throws {
        let archive = Self.dockerArchive("arm64", layer: LayoutBuilder.layer("arm64"), link: link).finished
        let evidence = try file ? Self.inspectFile(archive) : Self.inspect(archive)
        #expect(evidence.kind == .dockerArchive)
        #expect(evidence.faults.isEmpty)
        #expect(evidence.platforms == [.linuxARM64])
        #expect(evidence.images.first?.layers.count == (link ? 2 : 1))
        #expect(evidence.images.first?.files["etc/proof"] == Array("nonce-arm64\n".utf8))
    }

    @Test func theFaultsOfADockerArchiveAreNamed() throws {
        let layer = LayoutBuilder.layer("arm64")
        let foreign = try Self.inspect(Self.dockerArchive("arm64", layer: LayoutBuilder.layer("amd64")).finished)
        #expect(foreign.faults.map(\.kind) == [.foreignBinary])
        let platform = try Self.inspect(Self.dockerArchive("amd64", layer: LayoutBuilder.layer("amd64")).finished)
        #expect(platform.faults.map(\.kind) == [.platformMissing])
        let diffID = try Self.inspect(
            Self.dockerArchive("arm64", layer: layer) { config in
                config.split(separator: "sha256:").joined(separator: "sha256:0000").replacingLast(4)
            }.finished)
        #expect(diffID.faults.map(\.kind) == [.digestMismatch])
    }

    @Test func anArchiveInAFileIsReadLikeOneFromAPipe() throws {
        let archive = LayoutBuilder.twoPlatforms().archive
        let evidence = try Self.inspectFile(archive)
        #expect(evidence.kind == .ociArchive)
        #expect(evidence.faults.isEmpty)
        #expect(evidence.images.map(\.layers) == (try Self.inspect(archive).images.map(\.layers)))
        for length in stride(from: 0, to: archive.count - 1024, by: 777) {
            #expect(throws: ArchiveError.self) { try Self.inspectFile(Array(archive[..<length])) }
        }
    }

    @Test(arguments: [#"{"name":"a web application"}"#, #"[{"name":"a"}, {"name":"b"}]"#, #"["a", "b"]"#, "[]"])
    func programsAtTheRootOfARootFileSystemAreSeen(manifest: String) throws {
        var tar = TarBuilder()
        tar.file("app", LayoutBuilder.binary("amd64"), mode: 0o755)
        tar.file("settings.json", "{}")
        tar.file("index.json", #"{"name":"a web application"}"#)
        tar.file("manifest.json", manifest)
        let scratch = Scratch()
        let evidence = try ArtifactInspector(wantedFiles: ["/settings.json"])
            .inspect(scratch.write(tar.finished, to: "rootfs.tar"))
        #expect(evidence.kind == .rootfsTar)
        #expect(evidence.faults.map(\.path) == ["/app"])
        #expect(evidence.images.first?.files["settings.json"] == Array("{}".utf8))
    }

    @Test func aDamagedManifestIsNotTakenForAFileOfARootFileSystem() throws {
        var tar = TarBuilder()
        tar.file("manifest.json", #"[{"Config":"a.json","Layers":["#)
        let evidence = try Self.inspect(tar.finished)
        let kinds = evidence.faults.map(\.kind)
        #expect(evidence.kind == .dockerArchive)
        #expect(kinds == [.notOCI, .platformMissing])
    }

    @Test(arguments: ["cat", "gzip -nc", "zstd -qc", "xz -c"])
    func aRootFileSystemIsHeldAgainstThePlatform(compress: String) throws {
        let tar = LayoutBuilder.layer("arm64") { $0.file("app/index.json.d/blobs/x", "y") }
        let bytes = SystemTool.filter(tar, through: compress)
        let evidence = try Self.inspect(bytes)
        #expect(evidence.kind == .rootfsTar)
        #expect(evidence.faults.isEmpty)
        #expect(evidence.images.first?.nativeBinaries == 1)
        #expect(evidence.images.first?.files["etc/proof"] == Array("nonce-arm64\n".utf8))
        let other = try Self.inspect(bytes, Platform(os: "linux", architecture: "amd64"))
        #expect(other.faults.map(\.kind) == [.foreignBinary])
    }

    @Test(arguments: ["v9.9", "v7"])
    func aVariantThatTheArchitectureDoesNotHaveIsInvalid(variant: String) throws {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", variant: variant, layers: [LayoutBuilder.layer("arm64")]))
        layout.finish()
        let platform = Platform(os: "linux", architecture: "arm64", variant: variant)
        #expect(try Self.inspect(layout.archive, platform).faults.map(\.kind) == [.variantInvalid])
    }

    @Test func aDuplicateFileInAnArchiveIsAnError() throws {
        var layout = LayoutBuilder.twoPlatforms()
        layout.finish()
        let error = #expect(throws: ArchiveError.self) { try Self.inspect(layout.archive) }
        #expect(error?.code == .duplicateEntry)
    }

    @Test func whatIsNoArchiveIsAnError() {
        #expect(throws: ArchiveError.self) { try Self.inspect(Array("no archive at all".utf8)) }
        #expect(throws: ArchiveError.self) { try ArtifactInspector().inspect(FilePath("/nonexistent/artifact")) }
    }
}

extension String {
    /// The string without the last digits of a digest before its closing quote.
    fileprivate func replacingLast(_ count: Int) -> String {
        guard let quote = lastIndex(of: "]").map({ index(before: $0) }) else { return self }
        return String(self[..<index(quote, offsetBy: -count)]) + String(self[quote...])
    }
}
