import Archive
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import OCI
@testable import Operations

/// What the user typed, and what is meant by it.
@Suite struct ArtifactLocationTests {
    @Test("a path that exists goes first, then engines and skopeo's transports") func names() {
        let scratch = Scratch()
        scratch.write([1], to: "oci:image")
        scratch.shell("mkdir layout")
        let directory = "\(scratch.path)/layout"
        #expect(ArtifactLocation("-") == .standardInput)
        #expect(ArtifactLocation("\(scratch.path)/oci:image") == .path("\(scratch.path)/oci:image", reference: nil))
        #expect(ArtifactLocation("oci:\(directory)") == .path(directory, reference: nil))
        #expect(ArtifactLocation("oci:\(directory):1.2") == .path(directory, reference: "1.2"))
        #expect(ArtifactLocation("oci-archive:\(directory):r/n:1") == .path(directory, reference: "r/n:1"))
        #expect(ArtifactLocation("oci:\(directory):") == .path(directory, reference: nil))
        #expect(ArtifactLocation("oci:nowhere:1") == .path("nowhere", reference: "1"))
        #expect(ArtifactLocation("docker:alpine:3") == .engine(.docker, image: "alpine:3"))
        #expect(ArtifactLocation("podman:localhost/x") == .engine(.podman, image: "localhost/x"))
        #expect(ArtifactLocation("docker:") == .path("docker:", reference: nil))
        #expect(ArtifactLocation("image.tar") == .path("image.tar", reference: nil))
    }

    @Test(
        "what an engine may know is told from a file's name",
        arguments: [
            ("nginx", true), ("nginx:latest", true), ("registry:5000/team/app", true), ("a/b@sha256:00", true),
            ("localhost/x.y:1", true), ("image.tar", false), ("./nginx", false), ("/nginx", false), ("-x", false),
            ("x y:1", false), ("", false),
        ])
    func images(text: String, mayBe: Bool) {
        #expect(ArtifactLocation.mayBeImage(text) == mayBe)
    }

    /// Programs of these names in PATH take the place of the engines: what is tried is the stream, and how it ends.
    @Test(
        "an engine's stream is read as it comes, and how the engine ends counts", .serialized,
        arguments: [
            ("cat \"$IMAGE\"", nil), ("head -c 700 \"$IMAGE\"; exit 3", "status 3"), ("exit 125", "status 125"),
            ("cat \"$IMAGE\"; exit 1", "status 1"),
            ("echo first >&2; echo 'no such image' >&2; echo >&2; exit 1", "status 1: no such image"),
            ("head -c 300000 /dev/zero | tr '\\0' x >&2; echo >&2; echo why >&2; exit 9", "status 9: why"),
            ("echo a warning >&2; cat \"$IMAGE\"", nil),
        ] as [(String, String?)])
    func stream(script: String, ending: String?) throws {
        let scratch = Scratch()
        var tar = TarBuilder()
        tar.file("bin/tool", [UInt8](repeating: 7, count: 100), mode: 0o755)
        let image = scratch.write(tar.finished, to: "image.tar")
        let program = scratch.write(Array("#!/bin/sh\nIMAGE='\(image)'\n\(script)\n".utf8), to: "engine")
        try #require(chmod(program.string, 0o755) == 0)
        let inspector = ArtifactInspector(platform: Platform(os: "linux", architecture: "arm64"))
        let found = Result<ArtifactEvidence, ArchiveError> { () throws(ArchiveError) in
            try ArtifactInspector.stream(of: program, ["save"], name: "docker:x") { source throws(ArchiveError) in
                try inspector.inspect(source)
            }
        }
        switch found {
        case .success(let evidence): #expect(ending == nil && evidence.kind == .rootfsTar)
        case .failure(let error): #expect(error.code == .io && error.found == ending, "\(error)")
        }
    }

    @Test("what an engine leaves behind may keep its standard error open") func detached() throws {
        let scratch = Scratch()
        let script = "#!/bin/sh\nsleep 40 >/dev/null & echo $! >'\(scratch.path)/left'\necho why >&2\nexit 1\n"
        let program = scratch.write(Array(script.utf8), to: "engine")
        try #require(chmod(program.string, 0o755) == 0)
        // Where this process is a subreaper, it has become the parent: exit tests of the same run wait for any child.
        defer {
            let text = SystemTool.output("cat '\(scratch.path)/left'")
            if let left = pid_t(String(decoding: text, as: UTF8.self).dropLast()) {
                kill(left, SIGKILL)
                while waitpid(left, nil, 0) < 0, errno == EINTR {}
            }
        }
        let begun = ContinuousClock.now
        let inspector = ArtifactInspector(platform: Platform(os: "linux", architecture: "arm64"))
        let found = Result<ArtifactEvidence, ArchiveError> { () throws(ArchiveError) in
            try ArtifactInspector.stream(of: program, ["save"], name: "docker:x") { source throws(ArchiveError) in
                try inspector.inspect(source)
            }
        }
        guard case .failure(let error) = found else { return #expect(Bool(false), "it wrote no image") }
        #expect(error.found == "status 1: why" && begun.duration(to: .now) < .seconds(35), "\(error)")
    }
}
