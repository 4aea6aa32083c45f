@testable import Reports

extension ReportFormat {
    func render(
        _ report: ReportDocument, earlier: EarlierRuns = EarlierRuns(), style: ConsoleStyle = ConsoleStyle()
    ) throws -> String {
        try render(.report(report, earlier: earlier), style: style)
    }

    func render(_ report: ReportDocument, earlier: EarlierRuns = EarlierRuns(), colours: Bool) throws -> String {
        try render(report, earlier: earlier, style: ConsoleStyle(colours: colours))
    }

    func render(_ report: Report, _ detail: ConsoleStyle.Detail = .normal, colours: Bool = false) throws -> String {
        try render(report.document, style: ConsoleStyle(colours: colours, detail: detail))
    }

    func renderFile(
        _ report: ReportDocument, earlier: EarlierRuns = EarlierRuns(), limit: Int = Self.summaryLimit
    ) throws -> String {
        try renderFile(.report(report, earlier: earlier), limit: limit)
    }

    func render(_ fleet: Fleet, colours: Bool = false) throws -> String {
        try render(.fleet(fleet), style: ConsoleStyle(colours: colours))
    }

    func renderFile(_ fleet: Fleet) throws -> String { try renderFile(.fleet(fleet)) }
}
