import Files
import Reports
import Sandbox
import SystemPackage

/// Something to report, in every form.
struct Rendering {
    /// For standard output.
    let document: (ReportFormat) throws -> SafeText
    /// For a file; of Markdown for GitHub at most so many bytes.
    let file: (ReportFormat, _ limit: Int) throws -> String

    init(_ report: ReportDocument) {
        document = { try $0.safe(report, colours: Surroundings.wantsColours) }
        file = { try $0.renderFile(report, limit: $1) }
    }

    init(saved report: ReportDocument, earlier: EarlierRuns) {
        document = { try $0.safe(report, earlier: earlier, colours: Surroundings.wantsColours) }
        file = { try $0.renderFile(report, earlier: earlier, limit: $1) }
    }

    init(_ fleet: Fleet) {
        document = { try $0.safe(fleet, colours: Surroundings.wantsColours) }
        file = { try $0.renderFile(fleet, limit: $1) }
    }

    init(_ drills: DrillReport) {
        document = { try drills.safe($0, colours: Surroundings.wantsColours) }
        file = { try drills.renderFile($0, limit: $1) }
    }
}

/// The file that GitHub Actions gives each step for Markdown. What others have written there stays.
struct StepSummary {
    let path: FilePath

    static var given: StepSummary? {
        Tool.variable("GITHUB_STEP_SUMMARY").map { StepSummary(path: FilePath($0)) }
    }

    /// Appends as much as GitHub's limit leaves room for.
    func append(_ rendering: Rendering) throws {
        try AppendedFile(path, action: "writing the summary to").append { taken in
            Array(try rendering.file(.github, max(0, ReportFormat.summaryLimit - taken)).utf8)
        }
    }
}
