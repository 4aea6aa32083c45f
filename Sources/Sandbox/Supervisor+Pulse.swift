import Glibc

extension Supervisor {
    /// A function that is called again and again while children run, so that who waits can be told.
    public struct Pulse {
        var every: Duration
        private var beat: () -> Void
        /// Children may be run by several threads. Only the one that set the pulse calls the function.
        private let owner = pthread_self()

        public init(every: Duration, beat: @escaping () -> Void) {
            self.every = every
            self.beat = beat
        }

        func call() {
            if pthread_equal(owner, pthread_self()) != 0 { beat() }
        }
    }

    /// Nil: nobody is told. It is set before other threads run children, and taken away after.
    public nonisolated(unsafe) static var pulse: Pulse?
}
