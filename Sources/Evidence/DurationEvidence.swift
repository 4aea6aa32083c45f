/// How long a passed check took, now and in earlier runs on a comparable host.
public struct DurationEvidence: Sendable, Equatable {
    /// The check's reference: `build.run@buildah`.
    public var check: String
    /// The image of the check's probe; nil for other checks.
    public var image: String?
    /// The platform of the check; nil if it is about none.
    public var platform: String?
    /// How long it took now.
    public var duration: Duration
    /// The median of earlier runs.
    public var median: Duration
    /// The median absolute deviation from `median`.
    public var spread: Duration
    /// How many earlier runs there are.
    public var samples: Int

    public init(
        check: String, image: String? = nil, platform: String? = nil, duration: Duration, median: Duration,
        spread: Duration, samples: Int
    ) {
        self.check = check
        self.image = image
        self.platform = platform
        self.duration = duration
        self.median = median
        self.spread = spread
        self.samples = samples
    }
}
