/// What a search for the traces of killed runs did in one builder's storage or daemon.
public enum LeftoverSearch: Equatable, Sendable {
    /// Nothing was searched.
    case notMade(reason: String)
    /// What was removed, what could not be, and what names no run and so stays, each for people.
    case made(removed: [String] = [], failures: [String] = [], stays: [String] = [])

    static let notInstalled = LeftoverSearch.notMade(reason: "it is not installed")

    /// Why a cache keeps what killed runs left in it.
    ///
    /// - Parameter command: what removes it.
    static func staysInCache(_ command: String) -> String {
        "cache records stay, for they name no run: \(command) removes all that nobody uses"
    }

    /// - Parameter count: how many images were removed.
    static func images(_ count: Int, failures: [String], stays: [String] = []) -> LeftoverSearch {
        .made(removed: count > 0 ? ["images removed: \(count)"] : [], failures: failures, stays: stays)
    }

    /// What was found, a line each.
    public var lines: [String] {
        switch self {
        case .notMade(let reason): ["not looked at: \(reason)"]
        case .made(let removed, let failures, let stays):
            removed + failures + stays == [] ? ["nothing is left"] : removed + failures + stays
        }
    }
}
