@testable import Reports

extension ReportFormat {
    func render(_ report: ReportDocument, earlier: EarlierRuns = EarlierRuns(), colours: Bool = false) throws -> String
    {
        try render(.report(report, earlier: earlier), colours: colours)
    }

    func render(_ report: Report, colours: Bool) throws -> String { try render(report.document, colours: colours) }

    func renderFile(
        _ report: ReportDocument, earlier: EarlierRuns = EarlierRuns(), limit: Int = Self.summaryLimit
    ) throws -> String {
        try renderFile(.report(report, earlier: earlier), limit: limit)
    }

    func render(_ fleet: Fleet, colours: Bool = false) throws -> String { try render(.fleet(fleet), colours: colours) }

    func renderFile(_ fleet: Fleet) throws -> String { try renderFile(.fleet(fleet)) }
}
