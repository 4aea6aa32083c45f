import Glibc
import Processes

/// Removes what builds left in a daemon and in its BuildKit cache.
///
/// Cache records do not name their build. Another build's new records go too, unless in use: it is only a cache.
struct CacheSweep {
    /// The result of one pass over what the daemon holds.
    struct Pass {
        /// Whether nothing was there to remove.
        var isClean: Bool
        /// What could not be removed.
        var failures: [String]
    }

    private static let mostPasses = 20
    /// After a build that was given up, records come and are in use until the daemon has ended its processes.
    private static let longestWait = Duration.seconds(10)

    private let before: Set<String>
    private let wasCancelled: Bool
    private let begun = ContinuousClock.now
    private var own: Set<String> = []
    private var passes = 0
    private var count = 0
    /// How many records that came since are in use, and so stay.
    private(set) var held = 0

    /// - Parameters:
    ///   - before: ids of the records from before the builds.
    ///   - wasCancelled: a build was given up.
    init(before: Set<String>, wasCancelled: Bool = false) {
        self.before = before
        self.wasCancelled = wasCancelled || Interrupt.signal != nil
    }

    private var mayGoOn: Bool {
        passes < Self.mostPasses || wasCancelled && begun.duration(to: .now) < Self.longestWait
    }

    /// Repeats `body` until nothing is left: a daemon goes on for a moment with a build after its client has gone.
    ///
    /// - Returns: empty when clean, else what the last pass could not remove, and that `leftovers` are still there.
    mutating func untilClean(
        of leftovers: String, _ body: (inout CacheSweep) throws(NoAnswer) -> Pass
    ) throws(NoAnswer) -> [String] {
        var quiet = wasCancelled ? -2 : 0
        var failures: [String] = []
        while mayGoOn {
            let found = try body(&self)
            passes += 1
            failures = found.failures
            if found.isClean {
                quiet += 1
                if quiet > 0 { return [] }
            }
            usleep(found.isClean ? 200_000 : 50_000)
        }
        let why =
            wasCancelled && held > 0
            ? ": in use; BuildKit may hold what it cancelled until its daemon is restarted" : ""
        return failures + ["\(count == 0 ? "" : "\(count) ")\(leftovers) are still there\(why)"]
    }

    /// The records that are still to be removed.
    ///
    /// On a busy daemon new records come all the time. After half of the passes, records that are new or in use are
    /// taken for other builds'.
    ///
    /// - Parameter now: the daemon's records, each with whether a build uses it.
    mutating func left(of now: [String: Bool]) -> Set<String> {
        let isLate = passes >= Self.mostPasses / 2 && !wasCancelled
        if !isLate { own.formUnion(now.keys.filter { !before.contains($0) }) }
        let left = own.filter { now[$0] == false || now[$0] == true && !isLate }
        count = left.count
        held = own.count { now[$0] == true }
        return left
    }

    /// The Go template for one record of `du` and `system df`.
    static let template = "{{.ID}}:{{.InUse}} "

    /// The records of `template`, each with whether a build uses it.
    static func records(_ text: String) -> [String: Bool] {
        let pairs = text.split { $0 == " " || $0 == "\n" }.map { $0.split(separator: ":") }
            .compactMap { pair in pair.first.map { (String($0), pair.last == "true") } }
        return Dictionary(pairs) { first, _ in first }
    }

    /// The ids for a BuildKit filter: one regular expression, since a filter may be given only once.
    static func expression(_ ids: Set<String>) -> String { "/^(\(ids.sorted().joined(separator: "|")))$/" }
}

/// The daemon did not answer.
struct NoAnswer: Error {
    var message: String
}
