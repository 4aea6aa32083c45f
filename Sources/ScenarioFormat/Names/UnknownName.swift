/// A name that does not exist. It must never be a silent pass.
public struct UnknownName: Error, Sendable, CustomStringConvertible {
    public var kind: String
    public var name: String
    public var nearest: String?
    /// Every name that exists.
    public var known: [String]

    public init(kind: String, name: String, known: [String]) {
        self.kind = kind
        self.name = name
        self.known = known
        nearest = Self.nearest(to: name, in: known)
    }

    /// The name that was probably meant; nil if none is near.
    public static func nearest(to name: String, in known: [String]) -> String? {
        let length = name.count
        let farthest = max(3, length / 2)
        // If lengths differ by more, so do the names: skip the comparison.
        let ranked = known.filter { abs($0.count - length) <= farthest }.map { ($0, distance(name, $0)) }
        let near = ranked.min { $0.1 < $1.1 }
        // Not a slip of the finger, but the end of a name, such as "not-fixed".
        if near.map({ $0.1 > max(1, length / 4) }) ?? true, let whole = known.first(where: { $0.hasSuffix("-" + name) })
        {
            return whole
        }
        return near.flatMap { $0.1 <= farthest ? $0.0 : nil }
    }

    public var description: String {
        let hint = nearest.map { "; the nearest is \"\($0)\"" } ?? ""
        var list = Self.listings[kind].map { " (\($0) shows them all)" } ?? ""
        if Self.isShort(kind), !known.isEmpty { list = "; known are \(known.joined(separator: ", "))" }
        return "there is no \(kind) called \"\(name)\"\(hint)\(list)"
    }

    /// Kinds of which there are so few that all are named.
    private static func isShort(_ kind: String) -> Bool { ["platform", "builder"].contains(kind) }

    private static let listings = [
        "command": "assay --help", "image": "assay list images", "probe": "assay list probes",
        "venue": "assay list venues",
        "finding": "assay list findings", "drill": "assay drill --list",
        "finding, limit, probe or drill": "assay list findings|limits|probes|drills",
        "scenario": "assay list scenarios PATH", "profile": "profiles: of the configuration",
    ]

    /// Levenshtein's distance: insertions, deletions and substitutions.
    public static func distance(_ left: String, _ right: String) -> Int {
        let target = Array(right)
        var row = Array(0...target.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in target.indices {
                let substituted = diagonal + (character == target[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, row[column] + 1, diagonal + 1)
            }
        }
        return row[target.count]
    }
}
