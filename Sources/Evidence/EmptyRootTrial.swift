/// A start of the smallest program in a root without other files, watched for files that it looks up in vain. Nothing
/// here is judged.
public struct EmptyRootTrial: Sendable, Equatable {
    /// A path that was not found in the empty root.
    public struct Missing: Sendable, Equatable {
        public var path: String
        /// Looked up for execve(2); else for open(2).
        public var wasExecuted: Bool
        /// Whether the host has it.
        public var isOnHost: Bool

        public init(path: String, wasExecuted: Bool, isOnHost: Bool) {
            self.path = path
            self.wasExecuted = wasExecuted
            self.isOnHost = isOnHost
        }
    }

    /// In the order in which they were looked up.
    public var missing: [Missing]
    /// Why the start could not be watched; nil if it was.
    public var failure: String?

    public init(missing: [Missing] = [], failure: String? = nil) {
        self.missing = missing
        self.failure = failure
    }
}
