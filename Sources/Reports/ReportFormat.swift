/// The forms of a report. A new one is a case here and one file; the compiler shows the rest.
public enum ReportFormat: String, Sendable, CaseIterable {
    case console, json

    /// - Parameter colours: for the console form: use ANSI colours.
    public func render(_ report: Report, colours: Bool) throws -> String {
        switch self {
        case .console: ConsoleReport(report, colours: colours).text
        case .json: try JSONReport(report).text
        }
    }
}
