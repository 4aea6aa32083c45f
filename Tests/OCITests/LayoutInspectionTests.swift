import Archive
import Evidence
import Files
import Findings
import OCI
import TestSupport
import Testing

@Suite struct LayoutInspectionTests {
    enum Form: CaseIterable {
        case directory, archive, gzip, zstd
    }

    static func inspect(
        _ layout: LayoutBuilder, as form: Form = .archive, platform: Platform = .linuxARM64
    ) throws -> ArtifactEvidence {
        let inspector = ArtifactInspector(platform: platform, wantedFiles: ["/etc/proof"])
        switch form {
        case .directory:
            let scratch = Scratch()
            layout.write(to: scratch)
            return try inspector.inspect(scratch.path)
        case .archive:
            return try inspector.inspect(MemorySource(layout.archive, name: "archive"))
        case .gzip:
            return try inspector.inspect(
                MemorySource(SystemTool.filter(layout.archive, through: "gzip -nc"), name: "archive"))
        case .zstd:
            return try inspector.inspect(
                MemorySource(SystemTool.filter(layout.archive, through: "zstd -qc"), name: "archive"))
        }
    }

    @Test(arguments: Form.allCases)
    func aGoodTwoPlatformLayoutHasNoFaults(form: Form) throws {
        let evidence = try Self.inspect(.twoPlatforms(), as: form)
        #expect(evidence.faults.isEmpty)
        #expect(evidence.archiveErrors.isEmpty)
        #expect(evidence.kind == (form == .directory ? .ociLayout : .ociArchive))
        #expect(evidence.platforms.map(\.description) == ["linux/amd64", "linux/arm64"])
        let image = try #require(evidence.images(for: .linuxARM64).first)
        #expect(image.files["etc/proof"] == Array("nonce-arm64\n".utf8))
        #expect(image.layers.count == 2)
        #expect(image.layers[0].entries == 3)
        #expect(image.layers[0].binaries == 1)
    }

    @Test("an archive is of the same kind as a file and as a stream, also where its mark is no document")
    func kind() throws {
        var tar = TarBuilder()
        tar.file("oci-layout", [UInt8](repeating: 0, count: 30))
        let scratch = Scratch()
        let file = scratch.write(tar.finished, to: "archive.tar")
        let inspector = ArtifactInspector()
        #expect(try inspector.inspect(file).kind == .rootfsTar)
        #expect(try inspector.inspect(MemorySource(tar.finished, name: "archive")).kind == .rootfsTar)
    }

    @Test(arguments: ["gzip -nc", "zstd -qc", "cat"])
    func layersOfEveryCompressionAreRead(compress: String) throws {
        var layout = LayoutBuilder()
        layout.add(
            .init(
                architecture: "arm64", layers: [LayoutBuilder.layer("arm64")], compress: compress,
                mediaType: "application/vnd.docker.image.rootfs.diff.tar"))
        layout.finish()
        let evidence = try Self.inspect(layout)
        #expect(evidence.faults.isEmpty && evidence.archiveErrors.isEmpty)
        #expect(evidence.images.first?.nativeBinaries == 1)
    }

    @Test(arguments: [Form.directory, .archive])
    func aForeignBinaryIsNamedWithItsLayer(form: Form) throws {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("amd64")]))
        layout.finish()
        let evidence = try Self.inspect(layout, as: form)
        #expect(evidence.faults.map(\.kind) == [.foreignBinary])
        let fault = try #require(evidence.faults.first)
        #expect(fault.path == "/bin/tool")
        #expect(fault.layer == evidence.images.first?.layers.first?.digest)
        #expect(fault.expected == "AArch64, 64-bit, little-endian")
        #expect(fault.found == "x86-64, 64-bit, little-endian")
    }

    @Test func aMissingPlatformIsNamed() throws {
        let evidence = try Self.inspect(.twoPlatforms(), platform: Platform(os: "linux", architecture: "riscv64"))
        #expect(evidence.faults.map(\.kind) == [.platformMissing])
        #expect(evidence.faults.first?.found == "linux/amd64, linux/arm64")
    }

    @Test func anIndexThatPromisesAnotherPlatformThanTheConfigurationIsAMismatch() throws {
        var layout = LayoutBuilder()
        layout.add(
            .init(architecture: "riscv64", promisedArchitecture: "arm64", layers: [LayoutBuilder.layer("arm64")]))
        layout.finish()
        #expect(try Self.inspect(layout).faults.map(\.kind) == [.platformMismatch])
    }

    @Test(arguments: [nil, "v8"])
    func arm64AndItsFirstVariantAreOnePlatform(variant: String?) throws {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", variant: variant, layers: [LayoutBuilder.layer("arm64")]))
        layout.finish()
        #expect(try Self.inspect(layout).faults.isEmpty)
        let platform = try #require(Platform("linux/arm64/v8"))
        #expect(try Self.inspect(layout, platform: platform).faults.isEmpty)
    }

    private static func gzipPaths(_ layout: LayoutBuilder) -> [String] {
        layout.paths { $0.starts(with: [0x1f, 0x8b]) }
    }

    @Test(arguments: [Form.directory, .archive])
    func aBlobThatIsNotThereIsMissing(form: Form) throws {
        var layout = LayoutBuilder.twoPlatforms()
        // The first is another platform's. This one is listed twice.
        layout.replace(Self.gzipPaths(layout)[1], with: nil)
        #expect(try Self.inspect(layout, as: form).faults.map(\.kind) == [.blobMissing, .blobMissing])
    }

    @Test(arguments: [Form.directory, .archive])
    func aBlobOfAnotherSizeAndDigestIsBoth(form: Form) throws {
        var layout = LayoutBuilder.twoPlatforms()
        let other = SystemTool.filter(LayoutBuilder.layer("amd64") { $0.file("more") }, through: "gzip -nc")
        layout.replace(Self.gzipPaths(layout)[0], with: other)
        let kinds = try Self.inspect(layout, as: form).faults.map(\.kind)
        #expect(kinds == [.sizeMismatch, .digestMismatch, .digestMismatch])
    }

    @Test func aDiffIDThatIsNotTheLayersIsADigestMismatch() throws {
        var layout = LayoutBuilder()
        let wrong = "sha256:" + SHA256.hexadecimal([1])
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")], diffIDs: [wrong]))
        layout.finish()
        let faults = try Self.inspect(layout).faults
        #expect(faults.map(\.kind) == [.digestMismatch])
        #expect(faults.first?.path == "diff_id")
        #expect(faults.first?.expected == wrong)
    }

    @Test(arguments: ["oci-layout", "index.json"])
    func aLayoutWithoutItsDocumentsIsNotOCI(path: String) throws {
        var layout = LayoutBuilder.twoPlatforms()
        layout.replace(path, with: nil)
        let kinds = try Self.inspect(layout, as: .directory).faults.map(\.kind)
        #expect(kinds.first == .notOCI)
        var malformed = LayoutBuilder.twoPlatforms()
        malformed.replace(path, with: Array("{".utf8))
        #expect(try Self.inspect(malformed).faults.first?.kind == .notOCI)
    }

    @Test func aDirectoryThatIsNoLayoutIsNoArtifact() throws {
        let scratch = Scratch()
        _ = scratch.write([], to: "file")
        let error = try #require(throws: ArchiveError.self) { try ArtifactInspector().inspect(scratch.path) }
        #expect(error.code == .malformed && error.description.contains("has to be given as a tar"), "\(error)")
    }

    @Test func aLayoutThatLostBothItsDocumentsIsOneFault() throws {
        let scratch = Scratch()
        _ = SystemTool.shell("mkdir -p '\(scratch.path)/blobs/sha256'")
        let faults = try ArtifactInspector().inspect(scratch.path).faults
        #expect(faults.map(\.kind) == [.notOCI])
    }

    @Test func attestationsAndUnknownTypesAreTolerated() throws {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")]))
        let statement = layout.descriptor("application/vnd.in-toto+json", Array(#"{"predicate":{}}"#.utf8))
        let config = layout.descriptor(
            "application/vnd.oci.image.config.v1+json", Array(#"{"architecture":"unknown","os":"unknown"}"#.utf8))
        let manifest = #"{"schemaVersion":2,"config":\#(config),"layers":[\#(statement)]}"#
        layout.manifests.append(
            layout.descriptor(
                "application/vnd.oci.image.manifest.v1+json", Array(manifest.utf8),
                more: """
                    ,"annotations":{"vnd.docker.reference.type":"attestation-manifest"},
                     "platform":{"architecture":"unknown","os":"unknown"}
                    """))
        layout.manifests.append(layout.descriptor("application/x-unheard-of", [1, 2, 3]))
        layout.finish()
        let evidence = try Self.inspect(layout)
        #expect(evidence.faults.isEmpty)
        #expect(evidence.images.map(\.isAttestation) == [false, true])
        #expect(evidence.platforms.count == 1)
    }

    @Test func indexesInsideIndexesAreFollowed() throws {
        var inner = LayoutBuilder()
        inner.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")]))
        let nested = inner.descriptor("application/vnd.oci.image.index.v1+json", Array(inner.index.utf8))
        inner.manifests = [nested]
        inner.finish()
        let evidence = try Self.inspect(inner)
        #expect(evidence.faults.isEmpty)
        #expect(evidence.platforms == [.linuxARM64])
    }

    @Test func aLayerThatEndsEarlyIsAnArchiveError() throws {
        var layout = LayoutBuilder()
        layout.add(
            .init(
                architecture: "arm64", layers: [LayoutBuilder.layer("arm64")], compress: "gzip -nc | head -c 100"))
        layout.finish()
        let evidence = try Self.inspect(layout)
        #expect(evidence.archiveErrors.map(\.code) == [.corrupt])
        #expect(evidence.archiveErrors.first?.archive == evidence.images.first?.layers.first?.digest)
    }

    @Test func anArchiveThatEndsEarlyIsAnError() throws {
        let whole = LayoutBuilder.twoPlatforms().archive
        for length in stride(from: 0, to: whole.count - 1024, by: 509) {
            #expect(throws: ArchiveError.self) {
                try ArtifactInspector().inspect(MemorySource(Array(whole[..<length]), name: "cut"))
            }
        }
    }

    @Test func damagedArchivesEndInEvidenceOrErrorsButAlwaysEnd() {
        let whole = LayoutBuilder.twoPlatforms().archive
        for round in 0..<600 {
            var damaged = whole
            for _ in 0..<Int.random(in: 1...5) {
                damaged[Int.random(in: 0..<damaged.count)] = .random(in: .min ... .max)
            }
            // The digests notice what the formats do not.
            if round % 3 == 0 { damaged.swapAt(.random(in: 0..<damaged.count), .random(in: 0..<damaged.count)) }
            _ = try? ArtifactInspector().inspect(MemorySource(damaged, name: "damaged"))
        }
    }

    @Test func oneManifestListedForTwoPlatformsFitsOnlyOne() throws {
        for (architecture, other) in [("arm64", "amd64"), ("amd64", "arm64")] {
            var layout = LayoutBuilder()
            layout.add(.init(architecture: architecture, layers: [LayoutBuilder.layer(architecture)]))
            let promise = "\"architecture\":\"\(architecture)\""
            #expect(layout.manifests[0].contains(promise))
            layout.manifests.append(
                layout.manifests[0].replacing(promise, with: "\"architecture\":\"\(other)\""))
            layout.finish()
            #expect(try Self.inspect(layout).faults.map(\.kind) == [.platformMismatch, .foreignBinary])
        }
    }

    @Test func whatShortLayersUnfoldIntoIsLimited() throws {
        var tar = TarBuilder()
        tar.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
        for number in 0..<20 {
            tar.pax([("path", Array("\(number)\(String(repeating: "/a", count: 1000))".utf8))])
            tar.file("short")
        }
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [tar.finished]))
        layout.finish()
        for (entries, codes) in [(20_100, []), (10_000, [ArchiveError.Code.overLimit])] {
            let inspector = ArtifactInspector(limits: ArchiveLimits(entries: entries))
            let evidence = try inspector.inspect(MemorySource(layout.archive, name: "archive"))
            #expect(evidence.archiveErrors.map(\.code) == codes && evidence.faults.isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func longNamesAreLimitedWrittenOrLinkedTo(written: Bool) throws {
        let deep = String(repeating: "/a", count: 1000).dropFirst()
        let layers = (0..<4).map { layer in
            var tar = TarBuilder()
            tar.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
            tar.pax([("linkpath", Array(deep.utf8))])
            tar.symbolicLink("deep", to: "short")
            tar.pax([("path", Array("\(deep)/file".utf8))])
            tar.file("short")
            for number in 0..<500 {
                if written { tar.pax([("path", Array("\(deep)/\(layer)-\(number)".utf8))]) }
                tar.hardLink(written ? "short" : "deep/\(layer)-\(number)", to: "bin/tool")
            }
            return tar.finished
        }
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: layers))
        layout.finish()
        for (entries, codes) in [(10_000, []), (6_000, [ArchiveError.Code.overLimit])] {
            let inspector = ArtifactInspector(limits: ArchiveLimits(entries: entries))
            let evidence = try inspector.inspect(MemorySource(layout.archive, name: "archive"))
            #expect(Set(evidence.archiveErrors.map(\.code)) == Set(codes) && evidence.faults.isEmpty)
        }
    }

    @Test(arguments: [(512, []), (513, [ArchiveError.Code.overLimit])])
    func layersAreCountedAsOftenAsTheyAreListed(count: Int, codes: [ArchiveError.Code]) throws {
        var layout = LayoutBuilder()
        layout.add(
            .init(
                architecture: "arm64", layers: Array(repeating: LayoutBuilder.layer("arm64"), count: count),
                compress: "cat"))
        layout.finish()
        let evidence = try Self.inspect(layout)
        #expect(evidence.archiveErrors.map(\.code) == codes)
        #expect(evidence.faults.map(\.reason) == [.tooManyLayers])
    }

    @Test(arguments: [(17, []), (18, [ArchiveError.Code.overLimit])])
    func whatManyImagesListIsCountedForEachOfThem(count: Int, codes: [ArchiveError.Code]) throws {
        var layout = LayoutBuilder()
        let layer = LayoutBuilder.layer("arm64") { tar in
            for number in 4...90 { tar.file("etc/\(number)", "") }
        }
        for number in 0..<count {
            let execution = #"{"Env":["NUMBER=\#(number)"]}"#
            layout.add(.init(architecture: "arm64", layers: [layer], compress: "cat", execution: execution))
        }
        layout.finish()
        let evidence = try ArtifactInspector(limits: ArchiveLimits(entries: 100))
            .inspect(MemorySource(layout.archive, name: "a"))
        #expect(evidence.archiveErrors.map(\.code) == codes && evidence.images.count == count)
    }

    @Test func aConfigurationWithoutDiffIDsIsADigestMismatch() throws {
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [LayoutBuilder.layer("arm64")], hasRootFS: false))
        layout.finish()
        #expect(try Self.inspect(layout).faults.map(\.kind) == [.digestMismatch])
    }

    @Test(arguments: [Form.directory, .archive], ["[id].js", "{x}"])
    func aTarWhoseFirstNameBeginsLikeJSONIsALayer(form: Form, name: String) throws {
        var tar = TarBuilder()
        tar.file(name, "1")
        tar.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
        var layout = LayoutBuilder()
        layout.add(.init(architecture: "arm64", layers: [tar.finished], compress: "cat"))
        layout.finish()
        let evidence = try Self.inspect(layout, as: form)
        #expect(evidence.faults.isEmpty && evidence.archiveErrors.isEmpty)
        #expect(evidence.images.first?.nativeBinaries == 1)
    }

    @Test(
        arguments: [
            ("[]", [.notOCI]), ("{}", [.notOCI]), ("null", [.notOCI]),
            (#"{"schemaVersion":1,"manifests":[]}"#, [.notOCI, .platformMissing]),
            (#"{"schemaVersion":2}"#, [.notOCI]),
            (
                #"{"schemaVersion":2,"manifests":[{"digest":"sha256:../../etc/passwd","size":1}]}"#,
                [.digestMismatch, .platformMissing]
            ),
            (
                #"{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha512:00","size":-1}]}"#,
                [.digestMismatch]
            ),
        ] as [(String, [ArtifactFault.Kind])])
    func indexesThatAreNoneAreFaultsAndNothingElse(index: String, kinds: [ArtifactFault.Kind]) throws {
        var layout = LayoutBuilder.twoPlatforms()
        layout.replace("index.json", with: Array(index.utf8))
        #expect(try Self.inspect(layout).faults.map(\.kind) == kinds)
    }
}
