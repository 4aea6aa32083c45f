/// Which module imports which: as `Package.swift` declares it, or as `docs/architecture.md` has it.
typealias Imports = [String: Set<String>]

/// The modules that `Package.swift` declares, tests and fuzz targets apart.
enum DeclaredModules {
    static func imports(in manifest: String) -> Imports {
        let lines = manifest.split(separator: "\n").filter { line in
            !line.drop { $0 == " " }.hasPrefix("//")
        }
        let text = lines.joined(separator: "\n")
        let beginning = /(?:module|\.systemLibrary|\.target|\.executableTarget)\(\s*(?:name: )?"(\w+)"/
        var found: Imports = [:]
        for match in text.matches(of: beginning) {
            let arguments = arguments(text[match.range.upperBound...])
            // Only what is in Sources has no path of its own.
            if arguments.contains("path: ") { continue }
            found[String(match.output.1)] = dependencies(arguments)
        }
        return found
    }

    /// Up to the parenthesis that closes the declaration.
    private static func arguments(_ text: Substring) -> Substring {
        var depth = 1
        let end = text.firstIndex { character in
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            return depth == 0
        }
        return text[..<(end ?? text.endIndex)]
    }

    /// The names in the first list: `module` has no other, and a target's dependencies come before its resources.
    private static func dependencies(_ arguments: Substring) -> Set<String> {
        guard let list = arguments.firstMatch(of: /^,\s*(?:dependencies: )?\[([^\]]*)\]/) else { return [] }
        return Set(list.output.1.matches(of: /"(\w+)"/).map { String($0.output.1) })
    }
}

/// The drawing in `docs/architecture.md`: the lines of its first block, and the table below it.
struct Drawing {
    /// Modules from the top down, those of one line together, each with the neighbours that an arrow leads to.
    var lines: [[String: Set<String>]] = []
    /// From the table.
    var imports: Imports = [:]

    init(_ text: String) {
        let parts = text.split(separator: "```", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return }
        // The word behind the fence is no module.
        for line in parts[1].drop(while: { !$0.isNewline }).split(separator: "\n") {
            // Two spaces end the names.
            let names = line.prefix(upTo: line.firstRange(of: "  ")?.lowerBound ?? line.endIndex)
            var modules: [String: Set<String>] = [:]
            for name in names.split(separator: " · ") {
                let words = name.matches(of: /\w+/).map { String($0.output) }
                if let first = words.first { modules[first] = Set(words.dropFirst()) }
            }
            lines.append(modules)
        }
        for row in parts[2].matches(of: /\n\| `(\w+)` \| ([^|]*) \|/) {
            imports[String(row.output.1)] = Set(row.output.2.matches(of: /\w+/).map { String($0.output) })
        }
    }

    /// Where this drawing and the declared modules differ, and which of these import upwards.
    func faults(declared: Imports) -> [String] {
        var faults: [String] = []
        let levels = Dictionary(lines.enumerated().flatMap { level, line in line.keys.map { ($0, level) } }) {
            first, _ in first
        }
        for name in Set(declared.keys).symmetricDifference(levels.keys).sorted() {
            faults.append("\(name) is in \(declared[name] == nil ? "the drawing" : "Package.swift") only")
        }
        for name in Set(declared.keys).union(imports.keys).sorted() {
            let (own, drawn) = (declared[name] ?? [], imports[name] ?? [])
            faults += own.subtracting(drawn).sorted().map { "the table lacks that \(name) imports \($0)" }
            faults += drawn.subtracting(own).sorted().map { "the table has that \(name) imports \($0)" }
        }
        for (level, line) in lines.enumerated() {
            for (name, arrows) in line.sorted(by: { $0.key < $1.key }) {
                for other in (declared[name] ?? []).sorted() {
                    guard let below = levels[other] else { continue }
                    if below < level { faults.append("\(name) imports \(other), which stands higher") }
                    if below == level, !arrows.contains(other) {
                        faults.append("\(name) imports its neighbour \(other)")
                    }
                }
                faults += arrows.subtracting(declared[name] ?? []).sorted().map {
                    "an arrow leads from \(name) to \($0)"
                }
            }
        }
        return faults
    }
}
