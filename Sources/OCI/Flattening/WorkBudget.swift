import Synchronization

/// Counts the steps of work that is done for one artifact. When there are too many, everything that is looked for is not found: who asked has to
/// look whether the budget is spent before anything is concluded.
final class WorkBudget: Sendable {
    private let limit: Int
    private let spent = Atomic(0)

    init(limit: Int) { self.limit = limit }

    /// Counts steps; false where there are too many.
    @discardableResult
    func spend(_ steps: Int = 1) -> Bool { spent.wrappingAdd(steps, ordering: .relaxed).newValue <= limit }

    var isSpent: Bool { spent.load(ordering: .relaxed) > limit }

    /// How many steps have been done.
    var steps: Int { spent.load(ordering: .relaxed) }

    /// - Throws: `ImageTree.OverLimit` where there were too many steps.
    func check() throws(ImageTree.OverLimit) {
        guard isSpent else { return }
        throw ImageTree.OverLimit(
            expected: "at most \(limit) steps in applying layers and looking for files (--limit steps=N)")
    }
}
