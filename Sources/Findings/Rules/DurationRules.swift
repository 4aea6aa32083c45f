public import Evidence
import Processes

/// Judges whether checks took longer than usual.
public struct DurationRules {
    /// With fewer earlier runs nothing is usual yet.
    static let fewestSamples = 5
    static let factor = 2.0
    /// The scheduler alone may add less than this to any check. A probe that takes 3 ms instead of 1 ms is no news.
    static let leastDifference = Duration.milliseconds(100)
    /// More than this many spreads from the median is more than runs vary.
    static let spreads = 5

    let durations: [DurationEvidence]

    public init(_ durations: [DurationEvidence]) { self.durations = durations }

    /// Whether a check took longer than usual, by all of these limits.
    public static func isSlower(_ evidence: DurationEvidence) -> Bool {
        let difference = evidence.duration - evidence.median
        return evidence.samples >= fewestSamples && evidence.duration > evidence.median * factor
            && difference >= leastDifference && difference > evidence.spread * spreads
    }

    /// One for each platform.
    public var findings: [Finding] {
        let slower = durations.filter(Self.isSlower).sorted { $0.duration / $0.median > $1.duration / $1.median }
        let platforms = Dictionary(grouping: slower, by: \.platform)
        return platforms.sorted { ($0.key ?? "") < ($1.key ?? "") }.compactMap { Self.finding($1, on: $0) }
    }

    /// - Parameter slower: the worst first.
    private static func finding(_ slower: [DurationEvidence], on platform: String?) -> Finding? {
        guard let worst = slower.first else { return nil }
        let more = slower.count > 1 ? ", and \(slower.count - 1) more took longer than usual" : ""
        var finding = Finding(
            .checkSlowerThanUsual,
            summary: "\(worst.check) took \((worst.duration / worst.median).tenths) times as long as usual\(more)",
            evidence: slower.prefix(10).map { evidence in
                "\(evidence.check): \(evidence.duration.milliseconds.tenths) ms, usually "
                    + "\(evidence.median.milliseconds.tenths) ms ± \(evidence.spread.milliseconds.tenths) ms "
                    + "(median and median deviation of \(evidence.samples) runs)"
            } + (slower.count > 10 ? ["… and \(slower.count - 10) more like these"] : []),
            checks: slower.map(\.check))
        finding.platform = platform
        return finding
    }
}
