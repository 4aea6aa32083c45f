/// Which checks to make: `--filter` and `--exclude`, patterns in which `*` stands for any characters.
public struct Selection: Sendable {
    public var filters: [String] = []
    public var exclusions: [String] = []

    public init() {}

    /// - Parameters:
    ///   - id: `exec.static`.
    ///   - venue: where it would run; a pattern may name it as `exec.static@chroot`.
    public func includes(_ id: String, venue: String) -> Bool {
        if filters.isEmpty && exclusions.isEmpty { return true }
        let names = [id, "\(id)@\(venue)"]
        func any(_ patterns: [String]) -> Bool {
            patterns.contains { pattern in names.contains { Self.matches(pattern, $0) } }
        }
        return (filters.isEmpty || any(filters)) && !any(exclusions)
    }

    /// Whether `name` matches `pattern`.
    public static func matches(_ pattern: String, _ name: String) -> Bool {
        guard pattern.utf8.contains(UInt8(ascii: "*")) else { return pattern == name }
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard name.count >= parts[0].count + parts[parts.count - 1].count, name.hasPrefix(parts[0]),
            name.hasSuffix(parts[parts.count - 1])
        else { return false }
        var rest = name.dropFirst(parts[0].count).dropLast(parts[parts.count - 1].count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
