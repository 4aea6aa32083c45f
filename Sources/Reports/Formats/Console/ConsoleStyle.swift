/// How a report is shown to people.
public struct ConsoleStyle: Sendable, Equatable {
    /// How much of it is shown, least first.
    public enum Detail: Sendable, Comparable, CaseIterable {
        /// The verdict's line.
        case verdict
        /// References of the checks that failed or could not be made, one a line.
        case failures
        /// What is to be known, and what to type.
        case normal
        /// Also every check, every finding in full.
        case checks
        /// Also the evidence.
        case evidence
    }

    /// The width where nothing has one: a file, a pipe, a log.
    public static let usualWidth = 100
    /// Narrower than this nothing is wrapped sensibly.
    static let leastWidth = 40

    public var colours: Bool
    public var detail: Detail
    /// In characters. Sentences are wrapped at it; commands never are.
    public var width: Int
    /// What changed since the last run; nil where that is not known.
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
