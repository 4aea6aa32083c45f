import Evidence
import Findings
import Sandbox
import SystemPackage
import Testing

@testable import Builders

@Suite("What docker's buildx plugin says") struct BuildxTests {
    private func transcript(_ name: String) throws -> String { try Transcript.text(name) }

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

    @Test("a cluster that does not answer is named by the node's own endpoint, and what it declares is listed")
    func kubernetes() throws {
        let listing = BuildxListing(try transcript("buildx-0.29.1-inspect-kubernetes.txt"))
        #expect(listing.driver == "kubernetes")
        let endpoint = try #require(listing.endpoint)
        #expect(endpoint.hasPrefix("kubernetes:///kube2?deployment="))
        #expect(
            listing.nodes == [
                BuilderNode(
                    name: "kube20", status: "inactive",
                    platforms: ["linux/amd64", "linux/arm64"].map { BuilderPlatform(name: $0, isDeclared: true) })
            ])
        let said = try transcript("buildx-0.29.1-bootstrap-kubernetes.txt")
        let obstacle = Buildx.obstacle(said, listing, DockerEndpoint(address: "unix:///var/run/docker.sock"))
        guard case .unreachable(endpoint, let reason) = obstacle else {
            Issue.record("expected the cluster, found \(obstacle)")
            return
        }
        #expect(reason.contains("dial tcp 127.0.0.1:6443: connect: connection refused"))
    }

    @Test("what a running node has declared is told from what it has detected") func running() throws {
        let listing = BuildxListing(try transcript("buildx-0.29.1-inspect-container.txt"))
        #expect(listing.driver == "docker-container" && listing.endpoint == "unix:///var/run/docker.sock")
        let node = try #require(listing.nodes.first)
        #expect(listing.nodes.count == 1 && node.status == "running")
        #expect(node.platforms.filter(\.isDeclared).map(\.name) == ["linux/amd64", "linux/arm64"])
        #expect(node.platforms.filter { !$0.isDeclared }.map(\.name) == ["linux/amd64/v2", "linux/amd64/v3"])
    }

    @Test("a builder's word is a driver's name, or buildx: and a name") func words() {
        #expect(BuilderCatalogue.driver("podman")?.name == "podman")
        #expect(BuilderCatalogue.driver("buildx:many")?.name == "buildx:many")
        #expect(BuilderCatalogue.driver("buildx:") == nil)
        #expect(BuilderCatalogue.driver("bildah") == nil)
    }
}
