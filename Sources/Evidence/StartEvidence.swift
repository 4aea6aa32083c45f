/// How long the smallest program takes to start and end, the least of several runs each. Nothing here is judged.
public struct StartEvidence: Sendable, Equatable {
    /// Through the handler: by the clock, and of the processor.
    public var emulated: Duration, emulatedProcessor: Duration
    /// The same program compiled for this host, by the clock.
    public var native: Duration
    /// As much processor time as the emulated run took, spent by Assay itself, by the clock: what a busy or throttled host makes of it.
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
