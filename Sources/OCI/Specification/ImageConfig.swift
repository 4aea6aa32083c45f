/// What an image is for, and how it is run.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/config.md>
public struct ImageConfig: Codable, Sendable, Equatable {
    public var architecture: String?
    public var os: String?
    public var variant: String?
    public var config: Execution?
    public var rootfs: RootFileSystem?

    /// How a container from the image is run.
    public struct Execution: Codable, Sendable, Equatable {
        public var user: String?
        /// `NAME=VALUE`
        public var environment: [String]?
        public var entrypoint: [String]?
        public var command: [String]?
        public var workingDirectory: String?

        enum CodingKeys: String, CodingKey {
            case user = "User"
            case environment = "Env"
            case entrypoint = "Entrypoint"
            case command = "Cmd"
            case workingDirectory = "WorkingDir"
        }

        /// The value of an environment variable, the last where it is set several times.
        public func variable(_ name: String) -> String? {
            environment?.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }
    }

    public struct RootFileSystem: Codable, Sendable, Equatable {
        public var type: String
        /// The digests of the layers before compression, the lowest first.
        public var diffIDs: [String]?

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    /// The platform that the image says it is for, or nil where it does not say.
    public var platform: Platform? {
        guard let os, let architecture, !os.isEmpty, !architecture.isEmpty else { return nil }
        return Platform(os: os, architecture: architecture, variant: variant)
    }
}
