/// A form of report: one type in its own file of this directory.
protocol ReportForm {
    /// One line for `--help`.
    static var about: String { get }
    /// The document for standard output.
    ///
    /// - Parameter style: for the console; other forms have one style.
    static func text(_ subject: Reported, style: ConsoleStyle) throws -> SafeText
    /// The document for a file, of at most `limit` bytes if the form can be shortened.
    static func file(_ subject: Reported, limit: Int) throws -> String
}

extension ReportForm {
    static func file(_ subject: Reported, limit: Int) throws -> String {
        try text(subject, style: ConsoleStyle()).string
    }
}

/// What a form renders.
public enum Reported: Sendable {
    /// `earlier` gives the HTML page its trend and usual durations.
    case report(ReportDocument, earlier: EarlierRuns = EarlierRuns())
    case fleet(Fleet)
    case drills(DrillReport)

    /// For forms that know only checks: one check for each host of a fleet, or for each drill.
    var document: ReportDocument {
        switch self {
        case .report(let report, _): report
        case .fleet(let fleet): fleet.document
        case .drills(let drills): drills.document
        }
    }
}
