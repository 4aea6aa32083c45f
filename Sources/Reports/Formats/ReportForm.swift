/// A form of report: one type, in a file of this directory.
protocol ReportForm {
    /// One line for `--help`.
    static var about: String { get }
    /// The document for standard output.
    ///
    /// - Parameter colours: use ANSI colours, where the form has any.
    static func text(_ subject: Reported, colours: Bool) throws -> SafeText
    /// The document for a file, of at most so many bytes where the form can be shortened.
    static func file(_ subject: Reported, limit: Int) throws -> String
}

extension ReportForm {
    static func file(_ subject: Reported, limit: Int) throws -> String { try text(subject, colours: false).string }
}

/// Something to report, in every form.
public enum Reported: Sendable {
    /// - earlier: for the page's trend and its usual durations.
    case report(ReportDocument, earlier: EarlierRuns = EarlierRuns())
    case fleet(Fleet)
    case drills(DrillReport)

    /// For forms that know only checks: one for each host of a fleet, one for each drill.
    var document: ReportDocument {
        switch self {
        case .report(let report, _): report
        case .fleet(let fleet): fleet.document
        case .drills(let drills): drills.document
        }
    }
}
