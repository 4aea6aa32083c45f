import Findings
import Sandbox
import SystemPackage
import Testing

@testable import Builders

@Suite("What docker's buildx plugin says") struct BuildxTests {
    /// `Tests/Transcripts/README.md` says how each was recorded.
    private func transcript(_ name: String) throws -> String {
        let directory = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Transcripts")
        return String(decoding: try readWhole(directory.appending(name).string, limit: 1 << 20), as: UTF8.self)
    }

    @Test("a docker driver with the containerd store makes manifest lists, and has detected its platforms")
    func dockerDriver() throws {
        let listing = BuildxListing(try transcript("buildx-0.29.1-inspect-docker.txt"))
        #expect(listing.driver == "docker" && listing.hasContainerdStore)
        let node = try #require(listing.nodes.first)
        #expect(listing.nodes.count == 1 && node.name == "default" && node.status == "running")
        #expect(node.platforms.contains(BuilderPlatform(name: "linux/arm64", isDeclared: false)))
    }

    @Test("platforms with a star were declared, and a node that does not run is inactive") func declared() throws {
        let listing = BuildxListing(try transcript("buildx-0.29.1-inspect-inactive.txt"))
        #expect(listing.driver == "docker-container" && !listing.hasContainerdStore)
        #expect(
            listing.nodes == [
                BuilderNode(
                    name: "many0", status: "inactive",
                    platforms: ["linux/amd64", "linux/arm64"].map { BuilderPlatform(name: $0, isDeclared: true) })
            ])
    }

    @Test("the builder's own image that cannot be pulled is told from a daemon that does not answer") func noImage()
        throws
    {
        let listing = BuildxListing(try transcript("buildx-0.29.1-inspect-inactive.txt"))
        let said = try transcript("buildx-0.29.1-bootstrap-no-image.txt")
        let daemon = DockerEndpoint(address: "unix:///does/not/exist.sock")
        guard case .imageUnavailable(let reason) = Buildx.obstacle(said, listing, daemon) else {
            Issue.record("expected the image")
            return
        }
        #expect(reason.contains("moby/buildkit:buildx-stable-1"))
        guard case .unreachable = Buildx.obstacle("Cannot connect to the Docker daemon", listing, daemon) else {
            Issue.record("expected the daemon")
            return
        }
    }

    @Test("a remote node's own endpoint is named") func remote() throws {
        let listing = BuildxListing(try transcript("buildx-0.29.1-inspect-remote.txt"))
        #expect(listing.driver == "remote" && listing.endpoint == "unix:///tmp/none.sock")
        let obstacle = Buildx.obstacle("", listing, DockerEndpoint(address: "unix:///var/run/docker.sock"))
        #expect(
            obstacle
                == .unreachable(
                    endpoint: "unix:///tmp/none.sock", reason: "there is no such socket: no daemon is running there"))
    }

    @Test("a builder's word is a driver's name, or buildx: and a name") func words() {
        #expect(BuilderCatalogue.driver("podman")?.name == "podman")
        #expect(BuilderCatalogue.driver("buildx:many")?.name == "buildx:many")
        #expect(BuilderCatalogue.driver("buildx:") == nil)
        #expect(BuilderCatalogue.driver("bildah") == nil)
    }
}
