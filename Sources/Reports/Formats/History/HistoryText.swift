import Evidence
import Findings
public import History
import Processes

/// The history for people.
public enum HistoryText {
    /// One line for each run, latest first.
    ///
    /// - Parameter width: of the terminal, in columns; nil: there is no limit.
    public static func list(_ runs: [RunOverview], width: Int? = nil) -> [String] {
        Table(
            [["run", "started", "command", "verdict", "took", "checks", "host"]]
                + runs.map { run in
                    [
                        "\(run.id)", run.started.text, run.command, run.verdict.rawValue, run.duration.shown,
                        words(run.counts), run.host.map(host) ?? "",
                    ]
                }, rightAligned: [0, 4]
        ).lines(within: width, below: [6])
    }

    /// For example `4 pass, 1 broken`.
    private static func words(_ counts: OutcomeCounts) -> String {
        [
            (counts.pass, "pass"), (counts.fail, "fail"), (counts.skip, "skip"), (counts.broken, "broken"),
            (counts.flaky, "flaky"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    /// The changes, most serious first, and what takes longer than usual.
    public static func changes(_ comparison: RunComparison) -> [String] {
        let run = comparison.run.overview
        guard let before = comparison.before?.overview, let changes = comparison.changes else {
            return ["Run \(run.id) (\(run.command)): no earlier run of the same command and checks to compare with"]
        }
        var lines = [
            "Run \(run.id) (\(run.command), \(run.started.text)) against run \(before.id) (\(before.started.text))"
        ]
        lines += section("new failures", changes.newFailures.map(line))
        lines += section("still failing", changes.stillFailing.map(line))
        lines += section("fixed", changes.fixed.map(line))
        lines += section("flaky", changes.flaky.map { line($0) + ", attempt \($0.check.attempts)" })
        lines += section("skipped, and judged before", changes.nowSkipped.map(line))
        lines += section("new findings", changes.newFindings.map(line))
        lines += section("findings that are gone", changes.goneFindings.map(line))
        lines += section(
            "host", changes.host.map { "\($0.fact): \($0.before ?? "none") → \($0.now ?? "none")" })
        lines += section("slower than usual", comparison.slower.map(line))
        lines += section("checks that are new", some(changes.added))
        lines += section("checks that are gone", some(changes.gone))
        if lines.count == 1 { lines.append("  nothing changed") }
        return lines
    }

    /// The longest checks, with their durations now and usually.
    public static func durations(_ comparison: RunComparison, most: Int = 15) -> [String] {
        let longest = comparison.durations.sorted { $0.duration > $1.duration }.prefix(most)
        guard !longest.isEmpty else { return [] }
        let rows = longest.map { evidence in
            [
                evidence.check.oneLine, evidence.duration.shown, evidence.median.shown, "± " + evidence.spread.shown,
                "\(evidence.samples)", DurationRules.isSlower(evidence) ? "slower" : "",
            ]
        }
        return ["Durations"]
            + Table([["check", "now", "usual", "spread", "samples", ""]] + rows, rightAligned: [1, 2, 3, 4]).lines
    }

    private static func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["  \(title)"] + lines.map { "    " + $0.oneLine }
    }

    private static func some(_ names: [CheckName]) -> [String] {
        names.prefix(10).map(\.description) + (names.count > 10 ? ["… and \(names.count - 10) more"] : [])
    }

    private static func line(_ change: RunChanges.Change) -> String {
        let was = change.before.map { "\($0.outcome.rawValue) → " } ?? "new → "
        let detail = change.check.detail.isEmpty ? "" : ": \(change.check.detail)"
        return "\(change.check.name): \(was)\(change.check.outcome.rawValue)\(detail)"
    }

    private static func line(_ finding: RecordedFinding) -> String {
        "\(finding.severity.rawValue) \(finding.code)\(finding.otherPlatform.map { " \($0)" } ?? ""): \(finding.summary)"
    }

    private static func line(_ evidence: DurationEvidence) -> String {
        "\(evidence.check): \(evidence.duration.shown), usually \(evidence.median.shown) ± \(evidence.spread.shown) "
            + "(\(evidence.samples) runs)"
    }

    private static func host(_ host: HostFingerprint) -> String {
        let version = host.interpreterVersion.map { "QEMU \($0)" } ?? host.interpreterPath ?? "no interpreter"
        return "\(host.kernel) \(version)" + (host.handlerFlags.map { " \($0)" } ?? "")
    }
}
