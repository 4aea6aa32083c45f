import Glibc
import Processes

/// Removes what builds have left in a daemon, and what they have added to its BuildKit cache.
///
/// Records do not say which build made them. Another build's that came in the same seconds goes too, unless it is in use: it is only a cache.
struct CacheSweep {
    /// What one pass over what the daemon holds found.
    struct Pass {
        /// Nothing was there.
        var isClean: Bool
        /// What could not be removed.
        var failures: [String]
    }

    private static let mostPasses = 20

    private let before: Set<String>
    private let isInterrupted = Interrupt.signal != nil
    private var own: Set<String> = []
    private var passes = 0

    /// - Parameter before: the records that were there.
    init(before: Set<String>) {
        self.before = before
    }

    /// A daemon goes on for a moment with a build whose client has gone, so one pass is not enough.
    ///
    /// - Returns: nothing, or what the last pass could not remove, and that `leftovers` are still there.
    mutating func untilClean(
        of leftovers: String, _ body: (inout CacheSweep) throws(NoAnswer) -> Pass
    ) throws(NoAnswer) -> [String] {
        var quiet = isInterrupted ? -2 : 0
        var failures: [String] = []
        while passes < Self.mostPasses {
            let found = try body(&self)
            passes += 1
            failures = found.failures
            if found.isClean {
                quiet += 1
                if quiet > 0 { return [] }
            }
            usleep(found.isClean ? 200_000 : 50_000)
        }
        return failures + ["\(leftovers) are still there"]
    }

    /// Of the records that are there now, with whether a build uses them, those that are still to go.
    ///
    /// On a busy daemon more come all the time: what comes, or is still in use, so much later is not these builds'.
    mutating func left(of now: [String: Bool]) -> Set<String> {
        let isLate = passes >= Self.mostPasses / 2 && !isInterrupted
        if !isLate { own.formUnion(now.keys.filter { !before.contains($0) }) }
        return own.filter { now[$0] == false || now[$0] == true && !isLate }
    }

    /// What `du` and `system df` are to print of each record.
    static let template = "{{.ID}}:{{.InUse}} "

    /// The records of `template`, each with whether a build uses it.
    static func records(_ text: String) -> [String: Bool] {
        let pairs = text.split { $0 == " " || $0 == "\n" }.map { $0.split(separator: ":") }
            .compactMap { pair in pair.first.map { (String($0), pair.last == "true") } }
        return Dictionary(pairs) { first, _ in first }
    }

    /// As BuildKit's filters take several ids: one regular expression, since a filter may be given only once.
    static func expression(_ ids: Set<String>) -> String { "/^(\(ids.sorted().joined(separator: "|")))$/" }
}

/// The daemon did not answer.
struct NoAnswer: Error {
    var message: String
}
