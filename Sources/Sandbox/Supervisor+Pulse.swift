extension Supervisor {
    /// What is called again and again while children run, so that who waits can be told so; set and used by the one thread that runs them.
    public struct Pulse {
        var every: Duration
        var beat: () -> Void

        public init(every: Duration, beat: @escaping () -> Void) {
            self.every = every
            self.beat = beat
        }
    }

    /// Nil: nobody is told.
    public nonisolated(unsafe) static var pulse: Pulse?
}
