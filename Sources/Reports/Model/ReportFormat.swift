/// The forms of a report. A new one is a case here and a file in `Formats`; the compiler names what is missing.
public enum ReportFormat: String, Sendable, CaseIterable {
    case console, json, junit, tap, github, prometheus, html, sarif, npd

    var form: any ReportForm.Type {
        switch self {
        case .console: ConsoleReport.self
        case .json: JSONReport.self
        case .junit: JUnitReport.self
        case .tap: TAPReport.self
        case .github: GitHubAnnotations.self
        case .prometheus: PrometheusReport.self
        case .html: ReportPage.self
        case .sarif: SARIFReport.self
        case .npd: PluginLine.self
        }
    }

    /// In bytes. GitHub rejects a whole step summary above 1 MiB.
    public static let summaryLimit = 1 << 20

    /// One line for `--help`.
    public var about: String { form.about }

    /// The document for standard output.
    ///
    /// - Parameter style: for the console; other forms have one style.
    public func safe(_ subject: Reported, style: ConsoleStyle = ConsoleStyle()) throws -> SafeText {
        try form.text(subject, style: style)
    }

    /// The same, as a string.
    public func render(_ subject: Reported, style: ConsoleStyle = ConsoleStyle()) throws -> String {
        try safe(subject, style: style).string
    }

    /// The document for a file. It differs only for GitHub: annotations go to standard output, Markdown to a file.
    ///
    /// - Parameter limit: most bytes of Markdown, for GitHub only.
    /// - Throws: `EncodingError`.
    public func renderFile(_ subject: Reported, limit: Int = Self.summaryLimit) throws -> String {
        try form.file(subject, limit: limit)
    }
}
