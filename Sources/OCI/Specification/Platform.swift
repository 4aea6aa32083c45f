import Guest

/// The operating system and processor that an image is for.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/image-index.md#image-index-property-descriptions>
public struct Platform: Codable, Sendable, Hashable {
    /// The processor, as Go's `GOARCH`: `arm64`, `amd64`.
    public var architecture: String
    /// The operating system, as Go's `GOOS`: `linux`.
    public var os: String
    /// The version of the processor's architecture: `v8` for `arm64`, `v6` to `v8` for `arm`.
    public var variant: String?
    /// For Windows only.
    public var osVersion: String?
    /// Features that an engine must have to run the image.
    public var osFeatures: [String]?

    enum CodingKeys: String, CodingKey {
        case architecture, os, variant
        case osVersion = "os.version"
        case osFeatures = "os.features"
    }

    /// A member that is missing is empty, as in Go.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        architecture = try members.decodeIfPresent(String.self, forKey: .architecture) ?? ""
        os = try members.decodeIfPresent(String.self, forKey: .os) ?? ""
        variant = try members.decodeIfPresent(String.self, forKey: .variant)
        osVersion = try members.decodeIfPresent(String.self, forKey: .osVersion)
        osFeatures = try members.decodeIfPresent([String].self, forKey: .osFeatures)
    }

    public init(os: String, architecture: String, variant: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
    }

    /// Whether it is the platform that BuildKit writes for attestations.
    public var isUnknown: Bool {
        os == "unknown" && architecture == "unknown"
    }

    /// Whether it is the platform that cosign writes for signatures.
    public var isEmpty: Bool { os.isEmpty && architecture.isEmpty }

    /// Whether its images need more than a plain engine, such as the snapshotter of Nydus.
    public var needsFeatures: Bool { os.lowercased() == "linux" && osFeatures?.isEmpty == false }

    /// Reads `linux/arm64`, `linux/arm64/v8` or `arm64`. Accepts the kernel's names for processors too.
    ///
    /// - Returns: nil unless there are one to three words.
    public init?(_ text: String) {
        let words = text.split(separator: "/", omittingEmptySubsequences: false).map { $0.lowercased() }
        guard words.allSatisfy({ !$0.isEmpty }) else { return nil }
        switch words.count {
        case 1: self.init(os: "linux", architecture: words[0])
        case 2: self.init(os: words[0], architecture: words[1])
        case 3: self.init(os: words[0], architecture: words[1], variant: words[2])
        default: return nil
        }
        self = normalized
    }

    /// The form in which all names for one platform are equal: `arm64/v8` is `arm64`, `arm` is `arm/v7`.
    ///
    /// Source: <https://github.com/containerd/platforms/blob/main/database.go>
    public var normalized: Platform {
        // Engines take no system for their own.
        let os = os.isEmpty && !architecture.isEmpty ? "linux" : os.lowercased()
        var platform = Platform(os: os, architecture: architecture.lowercased(), variant: variant)
        platform.variant = variant.flatMap { $0.isEmpty ? nil : $0.lowercased() }
        (platform.architecture, platform.variant) = PlatformRules.normalized(platform.architecture, platform.variant)
        return platform
    }

    /// Whether both stand for one platform.
    public func matches(_ other: Platform) -> Bool {
        normalized == other.normalized
    }
}

extension Platform: CustomStringConvertible {
    /// For example `linux/arm64` or `linux/arm/v7`.
    public var description: String {
        let base = [os, architecture].map { $0.isEmpty ? "(none)" : $0 }.joined(separator: "/")
        return variant.map { $0.isEmpty ? base : "\(base)/\($0)" } ?? base
    }
}
