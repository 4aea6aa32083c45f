import Files
import Processes
import Reports
import SystemPackage

/// The Markdown file that GitHub Actions gives each step. Its existing content stays.
struct StepSummary {
    let path: FilePath

    static var given: StepSummary? {
        Tool.variable("GITHUB_STEP_SUMMARY").map { StepSummary(path: FilePath($0)) }
    }

    /// Appends as much as GitHub's limit allows.
    func append(_ report: Reported) throws {
        try AppendedFile(path, action: "writing the summary to").append { taken in
            Array(try ReportFormat.github.renderFile(report, limit: max(0, ReportFormat.summaryLimit - taken)).utf8)
        }
    }
}
