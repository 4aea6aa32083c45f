import Evidence

/// What `docker buildx inspect` prints: keys and values, then the same for each node after a line `Nodes:`.
struct BuildxListing {
    var driver: String?
    /// Of each node that names one: an address, or a docker context.
    var endpoints: [String] = []
    var endpoint: String? { endpoints.first }
    /// The first error of the builder or of a node.
    var error: String?
    var nodes: [BuilderNode] = []
    /// Whether the daemon has the containerd image store, which holds manifest lists.
    var hasContainerdStore = false

    init(_ text: String) {
        var inNodes = false
        for line in text.split(separator: "\n") {
            // The containerd store shows as a label of the worker; the classic store has none.
            if line.contains("org.mobyproject.buildkit.worker.snapshotter") { hasContainerdStore = true }
            guard let colon = line.firstIndex(of: ":"), line.first != " " else { continue }
            let key = line[..<colon]
            let value = String(line[line.index(after: colon)...].drop { $0 == " " })
            switch key {
            case "Nodes": inNodes = true
            case "Driver" where !inNodes: driver = value
            case "Error": error = error ?? value
            case "Name" where inNodes: nodes.append(BuilderNode(name: value, status: "", platforms: []))
            case "Endpoint": endpoints.append(value)
            case "Status" where !nodes.isEmpty: nodes[nodes.count - 1].status = value
            case "Platforms" where !nodes.isEmpty: nodes[nodes.count - 1].platforms = Self.platforms(value)
            default: break
            }
        }
    }

    /// `linux/amd64*, linux/amd64/v2, linux/386`: a star marks platforms that were declared when the node was made.
    static func platforms(_ text: String) -> [BuilderPlatform] {
        text.split { $0 == "," || $0 == " " }.map {
            BuilderPlatform(name: String($0.filter { $0 != "*" }), isDeclared: $0.hasSuffix("*"))
        }
    }
}
