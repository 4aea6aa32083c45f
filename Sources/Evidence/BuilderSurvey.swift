/// What a builder says about itself, before it builds anything. A listing is no evidence that a platform works.
public struct BuilderSurvey: Sendable, Equatable {
    public var version: String?
    /// The program that was chosen, where PATH has several.
    public var program: String?
    /// Where the work is done: a socket or an address; nil for tools that build in their own process.
    public var endpoint: String?
    public var nodes: [BuilderNode] = []
    /// It makes a manifest list of several platforms in one build.
    public var buildsInOneGo = true
    /// For tools that drive others: `docker`, `docker-container`, `remote`, `kubernetes`.
    public var driver: String?
    /// Asking it has started its node, which did not run before.
    public var wasStarted = false
    /// Why it cannot serve this caller; nil when nothing is known against it.
    public var obstacle: BuilderObstacle?

    public init() {}

    /// Every platform that some node lists; detected wins over declared.
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
    /// `linux/arm64`
    public var name: String
    /// Somebody said so when the node was created (buildx marks these with `*`); nobody looked.
    public var isDeclared: Bool

    public init(name: String, isDeclared: Bool) {
        self.name = name
        self.isDeclared = isDeclared
    }
}

/// Why an installed builder is of no use to this caller.
public enum BuilderObstacle: Sendable, Equatable {
    /// The tool itself lacks something: a component, a version, user ids.
    case unusable(reason: String)
    /// The daemon behind it does not answer: where it was looked for, and what is known about that place.
    case unreachable(endpoint: String, reason: String)
    /// The image of the builder's own node cannot be had.
    case imageUnavailable(reason: String)

    public var reason: String {
        switch self {
        case .unusable(let reason), .imageUnavailable(let reason): reason
        case .unreachable(let endpoint, let reason): "\(endpoint): \(reason)"
        }
    }

    /// Whether a builder's words say that a registry's image could not be had.
    public static func isPullFailure(_ message: String) -> Bool {
        let message = message.lowercased()
        return pullFailures.contains { message.contains($0) }
    }

    private static let pullFailures = [
        "pull access denied", "error pulling image", "failed to pull", "no such image", "lookup registry-1.docker.io",
        "failed to resolve reference", "failed to resolve source metadata",
    ]
}
