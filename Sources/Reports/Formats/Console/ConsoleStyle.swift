/// How a report is shown to people.
public struct ConsoleStyle: Sendable, Equatable {
    /// How much of it is shown, least first.
    public enum Detail: Sendable, Comparable, CaseIterable {
        /// The verdict's line.
        case verdict
        /// The references of the checks that failed or could not be made, one a line.
        case failures
        /// The findings, and what to type.
        case normal
        /// Every check too, and every finding in full.
        case checks
        /// The evidence too.
        case evidence
    }

    /// The width for an output without one: a file, a pipe, a log.
    public static let usualWidth = 100
    /// The least width for wrapping.
    static let leastWidth = 40

    public var colours: Bool
    public var detail: Detail
    /// The width in characters. Sentences are wrapped at it, commands never.
    public var width: Int
    /// What changed since the last run; nil if unknown.
    public var sinceLast: String?

    public init(
        colours: Bool = false, detail: Detail = .normal, width: Int = Self.usualWidth, sinceLast: String? = nil
    ) {
        self.colours = colours
        self.detail = detail
        self.width = max(Self.leastWidth, width)
        self.sinceLast = sinceLast
    }
}
