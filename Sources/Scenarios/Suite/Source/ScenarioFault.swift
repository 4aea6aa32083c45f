/// One thing that is wrong in a scenario file, and where.
public struct ScenarioFault: Sendable, Hashable, CustomStringConvertible {
    /// The file as the user named it.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in characters.
    public var column: Int
    public var message: String

    public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// Everything that is wrong in all files of a run.
public struct ScenarioFaults: Error, Sendable, CustomStringConvertible {
    public var faults: [ScenarioFault]

    public var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// A place in a file.
struct Place: Sendable, Equatable {
    var line: Int
    var column: Int
}

/// Where faults gather, so that a file's reader can go on after each.
final class FaultLog {
    let file: String
    private(set) var faults: [ScenarioFault] = []
    private var known: Set<ScenarioFault> = []

    init(file: String) { self.file = file }

    func add(_ place: Place, _ message: String) {
        let fault = ScenarioFault(file: file, line: place.line, column: place.column, message: message)
        if known.insert(fault).inserted { faults.append(fault) }
    }

    /// `expected …, found …; did you mean …`
    func add(_ place: Place, expected: String, found: String, meant: String? = nil) {
        add(place, "expected \(expected), found \(found)" + (meant.map { "; did you mean \"\($0)\"?" } ?? ""))
    }

    /// In the order of the file, whatever was looked at first.
    var sorted: [ScenarioFault] { faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) } }
}
