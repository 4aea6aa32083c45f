import Evidence
import Files
import Guest
import Processes
import Sandbox
import SystemPackage
import Testing

@testable import Builders

/// No `buildkitd` could be tried here: that BuildKit takes the base for its own platform is its source's word.
@Suite("The base of the context stages") struct BaseImageTests {
    private static func with<Result>(_ body: (BaseImage, BuildRequest) throws -> Result) throws -> Result {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let base = try BaseImage(in: scratch.appending("base"))
        var request = BuildRequest(
            context: "/c", platforms: ["linux/amd64", "linux/arm64"], arguments: [:], work: scratch, label: "assay-1",
            timeout: .seconds(5))
        request.base = base
        return try body(base, request)
    }

    @Test("it is an OCI layout of this program's platform, every digest right") func layout() throws {
        try Self.with { base, _ in
            func text(_ path: String) throws -> String {
                String(decoding: try WholeFile.read(base.layout.appending(path).string, limit: 1 << 20), as: UTF8.self)
            }
            #expect(try text("index.json").contains(base.digest) && text("oci-layout").contains("1.0.0"))
            let manifest = try text("blobs/sha256/\(base.digest.dropFirst(7))")
            var seen = 0
            for part in manifest.split(separator: "sha256:").dropFirst() {
                let digest = String(part.prefix(64))
                let bytes = try WholeFile.read(base.layout.appending("blobs/sha256/\(digest)").string, limit: 1 << 20)
                #expect(SHA256.hexadecimal(bytes) == digest)
                #expect(manifest.contains("\"sha256:\(digest)\",\"size\":\(bytes.count)}"))
                seen += 1
            }
            #expect(seen == 2 && base.digest == "sha256:\(SHA256.hexadecimal(Array(manifest.utf8)))")
            let config = try #require(manifest.split(separator: "sha256:").dropFirst().first).prefix(64)
            #expect(try text("blobs/sha256/\(config)").contains("\"architecture\":\"\(Guest.native.architecture)\""))
        }
    }

    @Test("buildctl gets it as a context by digest") func buildctl() throws {
        try Self.with { base, request in
            let words = try #require(
                Buildctl(program: "/bin/buildctl", address: "tcp://far:1").jobs(request, BuilderSurvey()).first?.steps
                    .first
            ).arguments
            #expect(words.contains("assay-base=\(base.layout)") && words.contains("build-arg:BASE=assay-base"))
            #expect(words.contains("context:assay-base=oci-layout://assay-base@\(base.digest)"))
        }
    }

    @Test("buildx gets it so too, and the daemon's own builder goes without") func buildx() throws {
        try Self.with { base, request in
            var survey = BuilderSurvey()
            survey.program = "/usr/bin/docker"
            survey.driver = "remote"
            let remote = try #require(Buildx(builder: "far").jobs(request, survey).first?.steps)
            #expect(remote.count == 1)
            #expect(remote[0].arguments.contains("assay-base=oci-layout://\(base.layout)@\(base.digest)"))
            survey.driver = "docker"
            let docker = try #require(Buildx().jobs(request, survey).first?.steps)
            #expect(
                docker.count == 1
                    && !docker[0].arguments.contains { $0.hasPrefix("assay-base") || $0.hasPrefix("BASE=") })
            #expect(!Docker().takesScratchForTarget)
        }
    }
}
