import Evidence

/// Versions of tools, as they print them.
enum Version {
    /// `buildah version 1.28.2 (image-spec …)`, `Docker version 20.10.24+dfsg1, build 297e128`: the third word.
    static func third(of text: String) -> String? {
        text.split { $0 == " " || $0 == "\n" }.dropFirst(2).first.map {
            String($0.drop { $0 == "v" }.prefix { $0 != "," })
        }
    }

    /// The leading numbers: 20.10.24+dfsg1 is [20, 10, 24]. Nil for builds that were given none: `dev`, a commit's id,
    /// `0.0.0+unknown`.
    static func numbers(_ text: String) -> [Int]? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        // A commit's id may begin with digits.
        guard digits.contains(".") || digits.count == text.count else { return nil }
        let numbers = digits.split(separator: ".").compactMap { Int($0) }
        return numbers.contains { $0 > 0 } ? numbers : nil
    }

    /// Whether a version is known to be older. An unknown one is not: only trying it tells what it can do.
    static func isOlder(_ version: String, than oldest: String) -> Bool {
        guard let numbers = numbers(version), let oldest = Self.numbers(oldest) else { return false }
        return numbers.lexicographicallyPrecedes(oldest)
    }

    /// The obstacle of a tool that is older than its driver supports; nil when it is not.
    static func obstacle(_ tool: String, _ version: String?, oldest: String) -> BuilderObstacle? {
        guard let version, isOlder(version, than: oldest) else { return nil }
        return .unusable(reason: "\(tool) \(version) is older than \(oldest), the oldest that Assay can drive")
    }

    /// Why a tool cannot build here-documents in a Containerfile; nil when it can.
    static func lacksHeredocs(_ driver: some BuilderDriver, _ version: String?) -> String? {
        guard let version, isOlder(version, than: driver.heredocsSince) else { return nil }
        return "\(driver.name) \(version) knows no here-documents: \(driver.heredocsSince) is the first that does"
    }
}
