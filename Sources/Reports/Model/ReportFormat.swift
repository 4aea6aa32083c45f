/// The forms of a report. A new one is a case here and one file; the compiler shows the rest.
public enum ReportFormat: String, Sendable, CaseIterable {
    case console, json, junit, tap, github, prometheus, html

    /// Bytes: GitHub refuses a step's summary beyond 1 MiB as a whole.
    public static let summaryLimit = 1 << 20

    /// One line for `--help`.
    public var about: String {
        switch self {
        case .console: "for people, in a terminal"
        case .json: "schema assay.report/1, for programs; what report render and report merge read"
        case .junit: "JUnit XML, for Jenkins, GitLab and others"
        case .tap: "TAP 14"
        case .github: "GitHub's annotations; as a file: Markdown for the step summary"
        case .prometheus: "metrics for the node exporter's textfile collector"
        case .html: "one self-contained page"
        }
    }

    /// The document for standard output.
    ///
    /// - Parameters:
    ///   - earlier: for the page's trend and its usual durations.
    ///   - colours: for the console form: use ANSI colours.
    public func safe(_ report: ReportDocument, earlier: EarlierRuns = EarlierRuns(), colours: Bool = false) throws
        -> SafeText
    {
        switch self {
        case .console: .painted(colours: colours) { ConsoleReport(report, colours: $0).text }
        case .json: try .json(report)
        case .junit: SafeText(JUnitReport(report).text, as: .reference)
        case .tap: SafeText(TAPReport(report).text)
        case .github: GitHubAnnotations(report).text
        case .prometheus: SafeText(PrometheusReport(report).text)
        case .html: SafeText(ReportPage(report, earlier: earlier).text, as: .reference)
        }
    }

    /// The same, as a string.
    public func render(_ report: ReportDocument, earlier: EarlierRuns = EarlierRuns(), colours: Bool = false) throws
        -> String
    {
        try safe(report, earlier: earlier, colours: colours).string
    }

    /// The document for a file: the same, but for GitHub, which takes annotations from standard output and Markdown from a file.
    ///
    /// - Parameter limit: for GitHub: most bytes of Markdown.
    public func renderFile(
        _ report: ReportDocument, earlier: EarlierRuns = EarlierRuns(), limit: Int = Self.summaryLimit
    ) throws -> String {
        self == .github
            ? Markdown.safe(limit: limit) { MarkdownSummary(report).text(limit: $0) }
            : try render(report, earlier: earlier)
    }

    /// What is said of a fleet, on standard output. Forms that know only checks have one for each host.
    ///
    /// - Parameter colours: for the console form: use ANSI colours.
    public func safe(_ fleet: Fleet, colours: Bool = false) throws -> SafeText {
        switch self {
        case .console: .painted(colours: colours) { FleetConsole(fleet, colours: $0).text }
        case .json: try .json(fleet)
        case .junit, .tap, .github: try safe(fleet.document)
        case .prometheus: SafeText(PrometheusReport(fleet).text)
        case .html: SafeText(FleetPage(fleet).text, as: .reference)
        }
    }

    /// The same, as a string.
    public func render(_ fleet: Fleet, colours: Bool = false) throws -> String {
        try safe(fleet, colours: colours).string
    }

    /// What is said of a fleet, in a file.
    public func renderFile(_ fleet: Fleet, limit: Int = Self.summaryLimit) throws -> String {
        self == .github ? Markdown.safe(limit: limit) { FleetMarkdown(fleet).text(limit: $0) } : try render(fleet)
    }
}

extension ReportFormat {
    /// A report that was made just now.
    public func render(_ report: Report, colours: Bool) throws -> String {
        try render(report.document, colours: colours)
    }

    /// A report that somebody saved: it is shown as carefully as one that was made just now.
    public func renderSaved(_ report: ReportDocument, earlier: EarlierRuns, colours: Bool) throws -> String {
        try render(report, earlier: earlier, colours: colours)
    }
}
