/// What an image is for, and how it is run.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/config.md>
public struct ImageConfig: Codable, Sendable, Equatable {
    /// The processor, as Go's `GOARCH`.
    public var architecture: String?
    /// The operating system, as Go's `GOOS`.
    public var os: String?
    /// The version of the processor's architecture, see `Platform.variant`.
    public var variant: String?
    /// How a container is run.
    public var config: Execution?
    /// The digests of the decompressed layers.
    public var rootfs: RootFileSystem?
    /// The steps that made the image, the first one first.
    public var history: [HistoryEntry]?

    /// The step of a build that made a layer, or set a property of the image.
    public struct HistoryEntry: Codable, Sendable, Equatable {
        /// The command that the step ran.
        public var createdBy: String?
        /// Whether it made no layer.
        public var emptyLayer: Bool?

        enum CodingKeys: String, CodingKey {
            case createdBy = "created_by"
            case emptyLayer = "empty_layer"
        }
    }

    /// The instructions that made the layers, the lowest first; nil unless there is one for each.
    public func instructions(layers count: Int) -> [String]? {
        let made = (history ?? []).filter { $0.emptyLayer != true }
        guard made.count == count, count > 0 else { return nil }
        return made.map { Self.instruction($0.createdBy ?? "") }
    }

    private static let longestInstruction = 200

    /// A line of the history in the form of a Dockerfile, as far as it can be restored.
    private static func instruction(_ text: String) -> String {
        var line = Substring(text)
        if line.hasPrefix("|"), let shell = line.firstRange(of: "/bin/sh -c ") {
            line = line[shell.lowerBound...]
        }
        if line.hasPrefix("/bin/sh -c #(nop) ") {
            line = line.dropFirst("/bin/sh -c #(nop) ".count).drop { $0 == " " }
        } else if line.hasPrefix("/bin/sh -c ") {
            line = "RUN " + line.dropFirst("/bin/sh -c ".count)
        }
        if line.hasSuffix(" # buildkit") { line = line.dropLast(" # buildkit".count) }
        return line.count > longestInstruction ? line.prefix(longestInstruction) + "…" : String(line)
    }

    /// How a container from the image is run.
    public struct Execution: Codable, Sendable, Equatable {
        /// `USER`, `UID`, `USER:GROUP` or `UID:GID`; names are those of the image.
        public var user: String?
        /// Each as `NAME=VALUE`.
        public var environment: [String]?
        /// The first words of the command.
        public var entrypoint: [String]?
        /// The words after the entrypoint, or the whole command without one.
        public var command: [String]?
        /// Where the command starts; nil: `/`.
        public var workingDirectory: String?
        /// Directories that get a volume each, sorted.
        public var volumes: [String] = []

        enum CodingKeys: String, CodingKey {
            case user = "User"
            case environment = "Env"
            case entrypoint = "Entrypoint"
            case command = "Cmd"
            case workingDirectory = "WorkingDir"
        }

        /// The value of an environment variable; the last one if it is set several times.
        public func variable(_ name: String) -> String? {
            let start = Array("\(name)=".utf8)
            return environment?.last { $0.utf8.starts(with: start) }
                .map { String(decoding: $0.utf8.dropFirst(start.count), as: UTF8.self) }
        }
    }

    /// The layers that make the root file system.
    public struct RootFileSystem: Codable, Sendable, Equatable {
        /// Always `layers`. Engines do not look at it.
        public var type: String?
        /// The digests of the decompressed layers, the lowest first.
        public var diffIDs: [String]?

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    /// The platform that the image says it is for; nil if it does not say.
    public var platform: Platform? {
        guard let os, let architecture, !os.isEmpty, !architecture.isEmpty else { return nil }
        return Platform(os: os, architecture: architecture, variant: variant)
    }
}

// An initializer in an extension leaves the memberwise one.
extension ImageConfig {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        architecture = try fields.decodeIfPresent(String.self, forKey: .architecture)
        os = try fields.decodeIfPresent(String.self, forKey: .os)
        variant = try fields.decodeIfPresent(String.self, forKey: .variant)
        config = try fields.decodeIfPresent(Execution.self, forKey: .config)
        rootfs = try fields.decodeIfPresent(RootFileSystem.self, forKey: .rootfs)
        history = try fields.decodeIfPresent([HistoryEntry?].self, forKey: .history)?.map {
            $0 ?? HistoryEntry()
        }
    }
}

extension ImageConfig.HistoryEntry {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        createdBy = try fields.decodeIfPresent(String.self, forKey: .createdBy)
        emptyLayer = try fields.decodeIfPresent(Bool.self, forKey: .emptyLayer)
    }
}

extension ImageConfig.Execution {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        // Go takes null for an empty text.
        func texts(_ key: CodingKeys) throws -> [String]? {
            try fields.decodeIfPresent([String?].self, forKey: key)?.map { $0 ?? "" }
        }
        user = try fields.decodeIfPresent(String.self, forKey: .user)
        environment = try texts(.environment)
        entrypoint = try texts(.entrypoint)
        command = try texts(.command)
        workingDirectory = try fields.decodeIfPresent(String.self, forKey: .workingDirectory)
        volumes = try VolumeList(from: decoder).names
    }
}

/// The names in `Volumes`; their values are empty.
private struct VolumeList: Decodable {
    private struct Nothing: Decodable {}
    private enum Key: String, CodingKey {
        case volumes = "Volumes"
    }

    let names: [String]

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        names = try fields.decodeIfPresent([String: Nothing?].self, forKey: .volumes)?.keys.sorted() ?? []
    }
}
