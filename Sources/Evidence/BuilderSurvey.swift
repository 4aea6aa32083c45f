/// What a builder says about itself before it builds. A listed platform is not yet proven to work.
public struct BuilderSurvey: Sendable, Equatable {
    /// As the tool prints it; nil if it printed none.
    public var version: String?
    /// The chosen program, if PATH has several.
    public var program: String?
    /// Socket or address of the daemon that builds; nil for tools that build in their own process.
    public var endpoint: String?
    /// Whether the builds run on another host than this one; nil if it is not known.
    public var isElsewhere: Bool?
    public var nodes: [BuilderNode] = []
    /// Whether one build can make a manifest list of several platforms.
    public var buildsInOneGo = true
    /// For buildx: `docker`, `docker-container`, `remote`, `kubernetes`.
    public var driver: String?
    /// Whether the survey had to start the builder's node.
    public var wasStarted = false
    /// The user's own storage, which builds without a daemon share; nil if there is none.
    public var storage: String?
    /// A step was seen to run in BuildKit's own emulator, because no handler is registered where it builds.
    public var usesEmbeddedEmulator = false
    /// Why it cannot serve this caller; nil if no reason is known.
    public var obstacle: BuilderObstacle?

    public init() {}

    /// All platforms that nodes list. A detected platform replaces a declared one.
    public var platforms: [BuilderPlatform] {
        var found: [String: BuilderPlatform] = [:]
        for platform in nodes.flatMap(\.platforms) where found[platform.name]?.isDeclared != false {
            found[platform.name] = platform
        }
        return found.values.sorted { $0.name < $1.name }
    }
}

/// One machine or container that builds.
public struct BuilderNode: Sendable, Equatable {
    public var name: String
    /// As the tool prints it: `running`, `inactive`.
    public var status: String
    public var platforms: [BuilderPlatform]

    public init(name: String, status: String, platforms: [BuilderPlatform]) {
        self.name = name
        self.status = status
        self.platforms = platforms
    }
}

/// One platform of a node's list.
public struct BuilderPlatform: Sendable, Equatable {
    /// `OS/ARCHITECTURE`.
    public var name: String
    /// Whether it was set by hand when the node was created, not detected. buildx marks such platforms with `*`.
    public var isDeclared: Bool

    public init(name: String, isDeclared: Bool) {
        self.name = name
        self.isDeclared = isDeclared
    }
}

/// Why an installed builder cannot serve this caller.
public enum BuilderObstacle: Sendable, Equatable {
    /// The tool itself lacks something: a component, a version, user ids.
    case unusable(reason: String)
    /// The daemon does not answer: its endpoint, and what is known about it.
    case unreachable(endpoint: String, reason: String)
    /// The image of the builder's own node cannot be pulled.
    case imageUnavailable(reason: String)

    public var reason: String {
        switch self {
        case .unusable(let reason), .imageUnavailable(let reason): reason
        case .unreachable(let endpoint, let reason): "\(endpoint): \(reason)"
        }
    }

    /// Whether a builder's message says that it could not pull an image.
    public static func isPullFailure(_ message: String) -> Bool {
        let message = message.lowercased()
        return pullFailures.contains { message.contains($0) }
    }

    private static let pullFailures = [
        "pull access denied", "error pulling image", "failed to pull", "no such image", "lookup registry-1.docker.io",
        "failed to resolve reference", "failed to resolve source metadata",
    ]
}
