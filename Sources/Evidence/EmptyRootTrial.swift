/// The start of the smallest program in a root that has nothing else, watched for files that it looks up in vain. Nothing here is judged.
public struct EmptyRootTrial: Sendable, Equatable {
    /// A path that was not found in the empty root.
    public struct Missing: Sendable, Equatable {
        public var path: String
        /// It was to be executed; else opened.
        public var wasExecuted: Bool
        /// The host has it.
        public var isOnHost: Bool

        public init(path: String, wasExecuted: Bool, isOnHost: Bool) {
            self.path = path
            self.wasExecuted = wasExecuted
            self.isOnHost = isOnHost
        }
    }

    /// In the order in which they were asked for.
    public var missing: [Missing]
    /// Why the start could not be watched; nil where it was.
    public var failure: String?

    public init(missing: [Missing] = [], failure: String? = nil) {
        self.missing = missing
        self.failure = failure
    }
}
