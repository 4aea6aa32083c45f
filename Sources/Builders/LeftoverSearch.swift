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

    /// How many containers of builds and images were removed.
    static func removed(containers: Int = 0, images: Int, failures: [String], stays: [String] = []) -> LeftoverSearch {
        let counts = [("containers of builds", containers), ("images", images)]
        let removed = counts.filter { $0.1 > 0 }.map { "\($0.0) removed: \($0.1)" }
        return .made(removed: removed, failures: failures, stays: stays)
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
