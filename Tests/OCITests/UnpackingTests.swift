import Archive
import ELF
import Glibc
import OCI
import SystemPackage
import TestSupport
import Testing

@Suite("An inspected image is unpacked") struct UnpackingTests {
    enum Form: CaseIterable {
        case directory, archive, gzip
    }

    private struct Unpacked {
        let scratch: Scratch
        let image: ImageEvidence

        func text(_ path: String) -> String? {
            scratch.read("root/\(path)").map { String(decoding: $0, as: UTF8.self) }
        }

        func inode(_ path: String) -> ino_t? { scratch.status("root/\(path)")?.st_ino }
    }

    private static func write(_ layout: LayoutBuilder, as form: Form, to scratch: Scratch) -> FilePath {
        switch form {
        case .directory:
            layout.write(to: scratch)
            return scratch.path
        case .archive: return scratch.write(layout.archive, to: "image.tar")
        case .gzip: return scratch.write(SystemTool.filter(layout.archive, through: "gzip -nc"), to: "image.tar")
        }
    }

    private static func unpack(
        _ layers: [(inout TarBuilder) -> Void], execution: String = "{}", as form: Form = .archive,
        meanwhile: (FilePath) -> Void = { _ in }
    ) throws -> Unpacked {
        var layout = LayoutBuilder()
        let tars = layers.map { make in
            var tar = TarBuilder()
            make(&tar)
            return tar.finished
        }
        layout.add(.init(architecture: "arm64", layers: tars, execution: execution))
        layout.finish()
        let scratch = Scratch()
        let artifact = write(layout, as: form, to: scratch)
        var inspector = ArtifactInspector()
        inspector.keepsTrees = true
        let found = try inspector.inspect(artifact)
        let image = try #require(found.images(for: .linuxARM64).first)
        meanwhile(artifact)
        let root = scratch.path.appending("root")
        try #require(mkdir(root.string, 0o700) == 0)
        try ImageUnpacker(artifact, limits: ArchiveLimits(), scratch: scratch.path)
            .unpack(image, of: found.kind, into: root, options: ExtractionOptions())
        return Unpacked(scratch: scratch, image: image)
    }

    @Test("with its layers applied in order, whiteouts and hard links too, from every form", arguments: Form.allCases)
    func layers(form: Form) throws {
        let unpacked = try Self.unpack(
            [
                {
                    $0.file("etc/kept", "lower", mode: 0o600)
                    $0.file("etc/changed", "lower")
                    $0.file("etc/gone", "lower")
                    $0.file("opaque/lower", "lower")
                    $0.directory("becomes-file/deep")
                    $0.file("becomes-directory", "lower")
                    $0.file("linked", "lower")
                    $0.hardLink("link", to: "linked")
                },
                {
                    $0.directory("etc", mode: 0o750)
                    $0.file("etc/.wh.gone")
                    $0.file("etc/changed", "upper", mode: 0o755)
                    $0.file("opaque/upper", "upper")
                    $0.file("opaque/.wh..wh..opq")
                    $0.file("becomes-file", "upper")
                    $0.file("becomes-directory/file", "upper")
                    $0.file(".wh.linked")
                    $0.hardLink("alias", to: "etc/kept")
                    $0.symbolicLink("usr", to: "etc")
                    $0.file("usr/through", "link")
                },
                { $0.file("usr/hides", "link") },
            ], as: form)
        #expect(unpacked.scratch.names(in: "root/etc") == ["changed", "kept", "through"])
        #expect(unpacked.text("etc/changed") == "upper" && unpacked.text("etc/kept") == "lower")
        #expect(unpacked.text("etc/through") == "link" && unpacked.text("usr/hides") == "link")
        #expect(unpacked.scratch.names(in: "root/opaque") == ["upper"])
        #expect(unpacked.text("becomes-file") == "upper" && unpacked.text("becomes-directory/file") == "upper")
        #expect(unpacked.text("link") == "lower" && unpacked.inode("linked") == nil)
        #expect(unpacked.inode("alias") != nil && unpacked.inode("alias") == unpacked.inode("etc/kept"))
        #expect(unpacked.scratch.status("root/etc")?.st_mode == S_IFDIR | 0o750)
        #expect(unpacked.scratch.status("root/etc/kept")?.st_mode == S_IFREG | 0o600)
    }

    @Test("and nothing is written outside, whatever its links say") func links() throws {
        let outside = Scratch()
        let unpacked = try Self.unpack([
            {
                $0.symbolicLink("out", to: outside.path.string)
                $0.symbolicLink("up", to: "../../../../../..\(outside.path)")
                $0.file("real", "mine")
            },
            {
                $0.file("out/written", "evil")
                $0.file("up/written", "evil")
            },
        ])
        #expect(outside.names().isEmpty)
        // A link that leads nowhere in the image gives way to the directory that the layer needs.
        #expect(unpacked.text("out/written") == "evil" && unpacked.text("real") == "mine")
    }

    @Test("but not when its bytes are others than those that were inspected") func changed() throws {
        let error = #expect(throws: ArchiveError.self) {
            _ = try Self.unpack([{ $0.file("etc/proof", "good") }], as: .directory) { layout in
                var other = TarBuilder()
                other.file("etc/proof", "evil")
                let bytes = SystemTool.filter(other.finished, through: "gzip -nc")
                let blobs = SystemTool.output("LC_ALL=C grep -rlaP '^\\x1f\\x8b' '\(layout)/blobs/sha256'")
                let path = String(decoding: blobs, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
                let scratch = Scratch()
                _ = SystemTool.shell("cp '\(scratch.write(bytes, to: "blob"))' '\(path)'")
            }
        }
        #expect(error?.code == .corrupt && error?.expected.contains("as it was inspected") == true, "\(error as Any)")
    }

    @Test("and its programs are found as a runtime finds them") func programs() throws {
        let unpacked = try Self.unpack(
            [
                {
                    $0.file("opt/bin/real", LayoutBuilder.binary("arm64"), mode: 0o755)
                    $0.symbolicLink("opt/bin/tool", to: "real")
                    $0.file("opt/bin/plain", "text")
                    $0.file("opt/bin/script", "#!/opt/bin/tool -x\n", mode: 0o755)
                }
            ], execution: #"{"Env":["PATH=/usr/bin:/opt/bin"],"WorkingDir":"/opt"}"#)
        let tool = try #require(unpacked.image.program("tool"))
        #expect(tool.path == "/opt/bin/tool" && tool.files == ["opt/bin/real"] && tool.target == .arm64)
        #expect(unpacked.image.program("bin/tool")?.path == "/opt/bin/tool")
        #expect(unpacked.image.program("script")?.files == ["opt/bin/script", "opt/bin/real"])
        #expect(unpacked.image.program("script")?.target == .arm64)
        #expect(unpacked.image.program("plain") == nil)
        #expect(unpacked.image.program("/opt/bin/plain")?.isExecutable == false)
        #expect(unpacked.image.program("absent") == nil)
    }
}
