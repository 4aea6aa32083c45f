import Synchronization

/// Counts the steps of work for one artifact. Beyond the limit every search finds nothing, so callers check the budget
/// before they conclude anything.
final class WorkBudget: Sendable {
    private let limit: Int
    private let spent = Atomic(0)

    init(limit: Int) { self.limit = limit }

    /// Counts steps. Returns false beyond the limit.
    @discardableResult
    func spend(_ steps: Int = 1) -> Bool { spent.wrappingAdd(steps, ordering: .relaxed).newValue <= limit }

    var isSpent: Bool { spent.load(ordering: .relaxed) > limit }

    /// How many steps were counted.
    var steps: Int { spent.load(ordering: .relaxed) }

    /// - Throws: `ImageTree.OverLimit` if there were more steps than the limit.
    func check() throws(ImageTree.OverLimit) {
        guard isSpent else { return }
        throw ImageTree.OverLimit(
            expected: "at most \(limit) steps in applying layers and looking for files (--limit steps=N)")
    }
}
