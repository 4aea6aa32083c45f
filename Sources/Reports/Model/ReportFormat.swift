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
    ///   - history: earlier reports, for the page's trend and its usual durations.
    ///   - colours: for the console form: use ANSI colours.
    public func render(_ report: ReportDocument, history: History = History(), colours: Bool = false) throws -> String {
        switch self {
        case .console: ConsoleReport(report, colours: colours).text
        case .json: try JSONReport.text(report)
        case .junit: JUnitReport(report).text
        case .tap: TAPReport(report).text
        case .github: GitHubAnnotations(report).text
        case .prometheus: PrometheusReport(report).text
        case .html: ReportPage(report, history: history).text
        }
    }

    /// The document for a file: the same, but for GitHub, which takes annotations from standard output and Markdown from a file.
    ///
    /// - Parameter limit: for GitHub: most bytes of Markdown.
    public func renderFile(
        _ report: ReportDocument, history: History = History(), limit: Int = Self.summaryLimit
    ) throws -> String {
        self == .github ? MarkdownSummary(report).text(limit: limit) : try render(report, history: history)
    }

    /// What is said of a fleet, on standard output. Forms that know only checks have one for each host.
    ///
    /// - Parameter colours: for the console form: use ANSI colours.
    public func render(_ fleet: Fleet, colours: Bool = false) throws -> String {
        switch self {
        case .console: FleetConsole(fleet, colours: colours).text
        case .json: try JSONReport.text(fleet)
        case .junit: JUnitReport(fleet.document).text
        case .tap: TAPReport(fleet.document).text
        case .github: GitHubAnnotations(fleet.document).text
        case .prometheus: PrometheusReport(fleet).text
        case .html: FleetPage(fleet).text
        }
    }

    /// What is said of a fleet, in a file.
    public func renderFile(_ fleet: Fleet, limit: Int = Self.summaryLimit) throws -> String {
        self == .github ? FleetMarkdown(fleet).text(limit: limit) : try render(fleet)
    }
}

extension ReportFormat {
    /// A report that was made just now.
    public func render(_ report: Report, colours: Bool) throws -> String {
        try render(report.document, colours: colours)
    }

    /// A report that somebody saved: where it holds what would steer a terminal, the console form shows that, and has no colours.
    public func renderSaved(_ report: ReportDocument, history: History, colours: Bool) throws -> String {
        let plain = try render(report, history: history)
        guard self == .console else { return plain }
        let shown = plain.printable
        return colours && shown == plain ? try render(report, colours: true) : shown
    }
}
