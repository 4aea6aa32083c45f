import Files
import FoundationEssentials
import Processes
import SystemPackage

/// The daemon that Docker's command line would use, read from its files: running it takes ten times as long as all the
/// rest of an inspection.
public struct DockerContext {
    /// The current context's name; nil for the default one (`DOCKER_HOST`, or the standard socket).
    public let name: String?
    /// `unix:///var/run/docker.sock`; nil when the context does not exist.
    public let address: String?

    public init() {
        let context = DockerEndpoint.context
        name = context == "default" ? nil : context
        address =
            name.map { Self.address(of: $0) }
            ?? Tool.variable("DOCKER_HOST") ?? "unix:///var/run/docker.sock"
    }

    /// Read from the context store: <https://pkg.go.dev/github.com/docker/cli/cli/context/store>.
    private static func address(of context: String) -> String? {
        let digest = SHA256.hexadecimal(Array(context.utf8))
        let file = DockerEndpoint.directory.appending("contexts/meta").appending(digest).appending("meta.json")
        guard let bytes = try? WholeFile.read(file.string, limit: 1 << 20) else { return nil }
        return try? JSONDecoder().decode(Metadata.self, from: Data(bytes)).endpoints["docker"]?.host
    }

    private struct Metadata: Decodable {
        struct Endpoint: Decodable {
            var host: String?
            enum CodingKeys: String, CodingKey { case host = "Host" }
        }
        var endpoints: [String: Endpoint]
        enum CodingKeys: String, CodingKey { case endpoints = "Endpoints" }
    }
}
