/// An error in a scenario file, and its place.
public struct ScenarioError: Sendable, Hashable, CustomStringConvertible {
    /// The file as the user named it.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in characters.
    public var column: Int
    public var message: String

    public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// All errors in the files of a run.
public struct ScenarioErrors: Error, Sendable, CustomStringConvertible {
    public var errors: [ScenarioError]

    public var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// A place in a file.
struct Place: Sendable, Equatable {
    var line: Int
    var column: Int
}

/// Collects errors, so that a file's reader can go on after each.
final class ErrorLog {
    /// The most errors kept, more than anybody reads: one file can have hundreds of thousands.
    private static let most = 1000

    let file: String
    /// The number of errors that were not kept.
    private var omitted = 0
    private(set) var errors: [ScenarioError] = []
    private var known: Set<ScenarioError> = []

    init(file: String) { self.file = file }

    func add(_ place: Place, _ message: String) {
        guard errors.count < Self.most else {
            omitted += 1
            return
        }
        let error = ScenarioError(file: file, line: place.line, column: place.column, message: message)
        if known.insert(error).inserted { errors.append(error) }
    }

    /// `expected …, found …; did you mean …`
    func add(_ place: Place, expected: String, found: String, meant: String? = nil) {
        let hint = meant.map { "; did you mean \"\($0)\"?" } ?? ""
        add(place, "expected \(expected), found \(Self.shortened(found))\(hint)")
    }

    /// The beginning of what was found: a file of another kind may be one long word.
    private static func shortened(_ found: String) -> String {
        let most = 100
        return found.count > most ? "\(found.prefix(most))…" : found
    }

    /// Whether further errors are dropped.
    var isFull: Bool { errors.count >= Self.most }

    /// The errors in the order of the file.
    var sorted: [ScenarioError] {
        var sorted = errors.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        if omitted > 0, let last = sorted.last {
            let message = "\(omitted) more faults were found: only the first \(Self.most) are named"
            sorted.append(ScenarioError(file: file, line: last.line, column: last.column, message: message))
        }
        return sorted
    }
}
