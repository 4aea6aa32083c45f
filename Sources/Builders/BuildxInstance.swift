import Files
import FoundationEssentials
import Processes
import SystemPackage

/// One of buildx's builders, read from its file: a look costs nothing, where running buildx takes half a second.
struct BuildxInstance: Decodable {
    struct Node: Decodable {
        /// An address, or the name of a docker context.
        var endpoint: String
        /// Of the driver `remote`: `cacert`, `cert`, `key` and `servername`.
        var options: [String: String]?
        enum CodingKeys: String, CodingKey {
            case endpoint = "Endpoint"
            case options = "DriverOpts"
        }
    }
    var driver: String
    var nodes: [Node]
    enum CodingKeys: String, CodingKey {
        case driver = "Driver"
        case nodes = "Nodes"
    }

    /// Nil if there is no such file, or it is no builder's.
    init?(named name: String, in directory: FilePath) {
        guard name.allSatisfy({ $0 != "/" }),
            let bytes = try? WholeFile.read(directory.appending("instances").appending(name).string, limit: 1 << 20),
            let found = try? JSONDecoder().decode(Self.self, from: Data(bytes))
        else { return nil }
        self = found
    }

    /// The name that `docker buildx use` saved; nil for the context's own builder, or if it was never used.
    static func current(in directory: FilePath) -> String? {
        struct Current: Decodable {
            var name: String?
            enum CodingKeys: String, CodingKey { case name = "Name" }
        }
        guard let bytes = try? WholeFile.read(directory.appending("current").string, limit: 1 << 20) else { return nil }
        let name = (try? JSONDecoder().decode(Current.self, from: Data(bytes)))?.name
        return name.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Why none of the nodes can be there; nil if one may be.
    var obstacle: (endpoint: String, reason: String)? {
        let found = nodes.map { node in
            LocalSocket.obstacle(at: node.endpoint).map { (endpoint: node.endpoint, reason: $0) }
        }
        return found.allSatisfy { $0 != nil } ? found.first ?? nil : nil
    }
}

extension Buildx {
    /// The names of the user's own builders, as buildx keeps them.
    public static var instances: [String] {
        ((try? DirectoryListing.names(in: BuildxState.users.appending("instances").string)) ?? []).sorted()
    }
}
