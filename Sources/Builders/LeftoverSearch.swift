/// What a search for the traces of killed runs did in one builder's storage or daemon.
public enum LeftoverSearch: Equatable, Sendable {
    /// Nothing was searched.
    case notMade(reason: String)
    /// What was removed, what could not be, and what names no run and so stays, each for people.
    case made(removed: [String] = [], failures: [String] = [], stays: [String] = [])

    /// - Parameter count: how many images were removed.
    static func images(_ count: Int, failures: [String], stays: [String] = []) -> LeftoverSearch {
        .made(removed: count > 0 ? ["images removed: \(count)"] : [], failures: failures, stays: stays)
    }

    /// What was found, a line each.
    public var lines: [String] {
        switch self {
        case .notMade(let reason): ["not looked at: \(reason)"]
        case .made(let removed, let failures, let stays):
            removed + failures + stays + (removed + failures + stays == [] ? ["nothing is left"] : [])
        }
    }
}
