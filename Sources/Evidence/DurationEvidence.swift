/// How long a check took that passed, and what it took in earlier runs on a host like this one.
public struct DurationEvidence: Sendable, Equatable {
    /// Its reference: `build.run@buildah`.
    public var check: String
    public var image: String?
    public var duration: Duration
    /// The median of earlier runs.
    public var median: Duration
    /// The median of their distances from it.
    public var spread: Duration
    /// How many earlier runs.
    public var samples: Int

    public init(
        check: String, image: String? = nil, duration: Duration, median: Duration, spread: Duration, samples: Int
    ) {
        self.check = check
        self.image = image
        self.duration = duration
        self.median = median
        self.spread = spread
        self.samples = samples
    }
}
