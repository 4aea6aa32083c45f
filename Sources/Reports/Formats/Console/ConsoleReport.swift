import Findings
import Guest

/// The form for people: the host, the matrix of probes and venues, findings with remedies, and the verdict last.
struct ConsoleReport {
    let report: ReportDocument
    let paint: Paint

    init(_ report: ReportDocument, colours: Bool) {
        self.report = report
        paint = Paint(enabled: colours)
    }

    var text: String {
        let sections = [
            [hostLines, hostChecks, stepChecks], ProbeMatrix.all(of: report).map(lines),
            [builderTable, otherChecks, faultTable, findingLines],
        ].joined().filter { !$0.isEmpty }
        return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n\n" + verdictLine + "\n"
    }

    private var hostLines: [String] {
        guard let host = report.host else { return [] }
        let privileges = host.privileged ? "privileged" : "unprivileged"
        var rows = [["kernel", "\(host.kernel) \(host.machine), \(privileges)"]]
        if let handler = host.handler {
            rows.append(["handler", "\(handler.name)  flags \(handler.flags.isEmpty ? "none" : handler.flags)"])
        } else {
            rows.append(["handler", report.isGuestNative ? "not needed" : missingHandler])
        }
        if let interpreter = host.interpreter {
            let version = interpreter.version.map { "  \($0)" } ?? ""
            let digest = interpreter.sha256.map { "  sha256:\($0.prefix(12))…" } ?? ""
            rows.append(["interpreter", interpreter.path + version + digest])
        }
        return [paint.bold("Host")] + Table(rows).lines
    }

    /// The words for a missing handler. If the registry could not be read, it is not known to be missing.
    private var missingHandler: String {
        let registry = report.checks.first { $0.id == PathLink.registry.rawValue }
        let isHidden =
            registry?.outcome == .broken
            || report.findings.contains { $0.code == FindingCode.binfmtMiscUnavailable.rawValue }
        return isHidden ? "not visible: the registry cannot be read here" : "none takes \(report.guest.name) programs"
    }

    private var hostChecks: [String] { list("Path", report.checks.filter { $0.isOf(.host) }) }

    private var stepChecks: [String] { list("Steps", report.checks.filter { $0.isOf(.step) }) }

    private var otherChecks: [String] {
        list("Builders and artifacts", report.checks.filter { $0.isOf(.builder) || $0.isOf(.artifact) })
    }

    /// The table of platforms, for the command `builders` only.
    private var builderTable: [String] {
        guard report.command == "builders" else { return [] }
        return [paint.bold("Platforms")] + BuilderTable(report.builders ?? []).lines
    }

    private var faultTable: [String] {
        let table = FaultTable(report.faults ?? [])
        return table.lines.isEmpty ? [] : [paint.bold("Faults")] + table.lines
    }

    private func list(_ title: String, _ checks: [ReportDocument.Check]) -> [String] {
        guard !checks.isEmpty else { return [] }
        let rows = checks.map { check in
            [check.reference, mark(check.outcome), check.duration == .zero ? "" : time(check.duration), check.detail]
        }
        return [paint.bold(title)] + Table(rows, rightAligned: [2]).lines
    }

    private func lines(_ matrix: ProbeMatrix) -> [String] {
        let rows = matrix.rows
        let lines = Table([[""] + matrix.venues] + rows.map { [$0.title] + $0.cells.map(cell) }).lines
        var text = [paint.bold(matrix.title), lines[0]]
        for (index, row) in rows.enumerated() {
            text.append(lines[index + 1])
            // Consecutive rows with equal notes show them once, below the last.
            if index + 1 < rows.count && rows[index + 1].notes == row.notes { continue }
            text += row.notes.prefix(3).map { "      " + paint.dim($0.oneLine) }
        }
        return text
    }

    private var findingLines: [String] {
        guard !report.findings.isEmpty else { return [] }
        var lines = [paint.bold("Findings")]
        for finding in report.findings {
            lines.append(
                "  \(severity(finding.severity)) \(paint.bold(finding.code.oneLine)): \(finding.summary.oneLine)")
            // The table of faults has this evidence already.
            if !FaultTable.shows(finding, in: report) {
                lines += finding.evidence.flatMap(Self.lines).map { "      " + paint.dim($0) }
            }
            lines += labelled("    cause   ", finding.cause) { $0 }
            lines += labelled("    remedy  ", finding.remedy, paint.bold)
            if !finding.checks.isEmpty {
                let shown = finding.checks.prefix(4).joined(separator: " ").oneLine
                let more = finding.checks.count > 4 ? " and \(finding.checks.count - 4) more" : ""
                lines.append("    checks  \(shown)\(more)")
            }
        }
        return lines
    }

    /// Indents further lines below the first: unindented, they would pass for lines of the report.
    private func labelled(_ label: String, _ text: String, _ paint: (String) -> String) -> [String] {
        let blank = String(repeating: " ", count: label.count)
        return Self.lines(text).enumerated().map { ($0 == 0 ? label : blank) + paint($1) }
    }

    private static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    private var verdictLine: String {
        let summary = report.summary
        let colour: Paint.Colour =
            switch report.verdict {
            case .fit: .green
            case .unfit: .red
            case .undetermined: .yellow
            }
        let lacking = report.checks.count { $0.outcome == .skip && $0.detail.contains(Self.unclaimed) }
        let skipped =
            "\(summary.skip) skipped" + (lacking > 0 ? " (\(lacking) for features that the processor lacks)" : "")
        var counts = "\(summary.pass) passed, \(summary.fail) failed, \(skipped), \(summary.broken) broken"
        if summary.flaky > 0 { counts += ", \(summary.flaky) flaky" }
        return "\(paint.colour(report.verdict.rawValue, colour)): \(counts) in \(time(report.duration))"
    }

    /// The words of probes of optional instructions if the processor does not claim them (`require_hwcap`).
    private static let unclaimed = "hwcap not claimed"

    private func cell(_ cell: ProbeMatrix.Cell) -> String {
        guard let outcome = cell.outcome else { return "" }
        return outcome == .pass ? "\(mark(.pass)) \(time(cell.duration))" : mark(outcome)
    }

    private func mark(_ outcome: Outcome) -> String {
        switch outcome {
        case .pass: paint.colour("pass", .green)
        case .fail: paint.colour("FAIL", .red)
        case .skip: paint.dim("skip")
        case .broken: paint.colour("BROKEN", .yellow)
        }
    }

    private func severity(_ severity: Severity) -> String { paint.severity(severity) }

    private func time(_ duration: Duration) -> String { duration.shown }
}

extension ConsoleReport: ReportForm {
    static let about = "for people, in a terminal"

    static func text(_ subject: Reported, colours: Bool) -> SafeText {
        .painted(colours: colours) { colours in
            switch subject {
            case .report(let report, _): ConsoleReport(report, colours: colours).text
            case .fleet(let fleet): FleetConsole(fleet, colours: colours).text
            case .drills(let drills): drills.console(Paint(enabled: colours))
            }
        }
    }
}
