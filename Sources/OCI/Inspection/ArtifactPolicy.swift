public import Evidence

/// What an image may hold although it does not fit its platform: firmware, test data, tools for another machine.
public struct ArtifactPolicy: Sendable, Equatable {
    /// Allows faults of one kind at the paths that a pattern matches.
    public struct Rule: Sendable, Equatable {
        public var kind: ArtifactFault.Kind
        /// A pattern for absolute paths. `?` and `*` match within a component, `**` matches slashes too.
        public var pattern: String
        /// Whether wildcards in the pattern stand for themselves.
        public var isLiteral: Bool

        public init(kind: ArtifactFault.Kind, pattern: String, isLiteral: Bool = false) {
            self.kind = kind
            self.pattern = pattern
            self.isLiteral = isLiteral
        }
    }

    public var rules: [Rule]

    /// Allows firmware, which runs on devices rather than on the image's processor.
    public static let standard = ArtifactPolicy(rules: [
        Rule(kind: .foreignBinary, pattern: "/lib/firmware/**"),
        Rule(kind: .foreignBinary, pattern: "/usr/lib/firmware/**"),
    ])

    /// The faults that a policy can allow: those of files in an image. Digests and documents that disagree are never
    /// allowed.
    public static let kinds: [ArtifactFault.Kind] = [.foreignBinary, .loaderMissing, .entrypointMissing]

    public init(rules: [Rule] = []) {
        self.rules = rules
    }

    /// Whether a rule allows a fault.
    public func allows(_ fault: ArtifactFault) -> Bool {
        PolicyMatcher(self, work: WorkBudget(limit: .max)).allows(fault)
    }
}

/// A policy's rules, sorted so that a fault is compared only with the rules that may allow it.
struct PolicyMatcher {
    private struct Key: Hashable {
        var kind: ArtifactFault.Kind
        /// A whole path, or a pattern's directories before the first wildcard.
        var path: [UInt8]
    }

    private var exact: Set<Key> = []
    private var patterns: [Key: [[UInt8]]] = [:]
    /// The lengths of the paths in `patterns`.
    private var lengths: Set<Int> = []
    private let work: WorkBudget

    /// - Parameter work: counts the bytes of patterns that are compared.
    init(_ policy: ArtifactPolicy, work: WorkBudget) {
        self.work = work
        for rule in policy.rules {
            let pattern = Array(rule.pattern.utf8)
            let star = pattern.firstIndex { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
            guard let star, !rule.isLiteral else {
                exact.insert(Key(kind: rule.kind, path: pattern))
                continue
            }
            let directory = pattern[..<star].lastIndex(of: UInt8(ascii: "/")).map { Array(pattern[..<$0]) } ?? []
            lengths.insert(directory.count)
            patterns[Key(kind: rule.kind, path: directory), default: []].append(pattern)
        }
    }

    func allows(_ fault: ArtifactFault) -> Bool {
        let path = Array(fault.path.utf8)
        if exact.contains(Key(kind: fault.kind, path: path)) { return true }
        guard !patterns.isEmpty else { return false }
        var end: Int? = 0
        // For each directory above the path, shortest first, try the patterns that begin with it. No others can match.
        while let here = end {
            let key = lengths.contains(here) ? Key(kind: fault.kind, path: Array(path[..<here])) : nil
            for pattern in key.flatMap({ patterns[$0] }) ?? [] {
                if PathPattern.matches(pattern[...], path[...], work: work) { return true }
            }
            end = path[here...].dropFirst().firstIndex(of: UInt8(ascii: "/"))
        }
        return false
    }
}

/// Patterns for paths.
enum PathPattern {
    /// Tries the shortest match of each star first, and returns to the last star that can match more. A single star
    /// ends at the next slash; then the last `**` matches more.
    static func matches(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>, work: WorkBudget) -> Bool {
        let star = UInt8(ascii: "*")
        let slash = UInt8(ascii: "/")
        var pattern = pattern
        var path = path
        var anything: (pattern: ArraySlice<UInt8>, path: ArraySlice<UInt8>)?
        var component: (pattern: ArraySlice<UInt8>, path: ArraySlice<UInt8>)?
        while work.spend() {
            if pattern.first == star, pattern.dropFirst().first == star {
                pattern = pattern.dropFirst(2)
                anything = (pattern, path)
                component = nil
            } else if pattern.first == star {
                pattern = pattern.dropFirst()
                component = (pattern, path)
            } else if let next = path.first, let wanted = pattern.first,
                wanted == next || (wanted == UInt8(ascii: "?") && next != slash)
            {
                pattern = pattern.dropFirst()
                path = path.dropFirst()
            } else if pattern.isEmpty, path.isEmpty {
                return true
            } else if let last = component, let next = last.path.first, next != slash {
                component = (last.pattern, last.path.dropFirst())
                (pattern, path) = (last.pattern, last.path.dropFirst())
            } else if let last = anything, !last.path.isEmpty {
                anything = (last.pattern, last.path.dropFirst())
                component = nil
                (pattern, path) = (last.pattern, last.path.dropFirst())
            } else {
                return false
            }
        }
        return false
    }
}
