/// How long the smallest program takes to start and end: the least of several runs each. Nothing here is judged.
public struct StartEvidence: Sendable, Equatable {
    /// Through the handler: by the clock, and in processor time.
    public var emulated: Duration, emulatedProcessor: Duration
    /// The same program compiled for this host, by the clock.
    public var native: Duration
    /// By the clock, how long Assay itself takes to spend as much processor time as the emulated run: more on a busy or
    /// throttled host.
    public var spent: Duration
    /// How many times slower than usual this host computes.
    public var slowness: Double

    public init(
        emulated: Duration, emulatedProcessor: Duration, native: Duration, spent: Duration, slowness: Double
    ) {
        self.emulated = emulated
        self.emulatedProcessor = emulatedProcessor
        self.native = native
        self.spent = spent
        self.slowness = slowness
    }
}
