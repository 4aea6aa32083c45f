import Findings
import Guest

/// Every check, if it was asked for: the host, the path, each probe by venue, builders, artifacts, steps.
struct CheckSections {
    private let report: ReportDocument
    private let paint: Paint

    init(_ report: ReportDocument, paint: Paint) {
        self.report = report
        self.paint = paint
    }

    var sections: [[String]] {
        ([host, path, steps] + ProbeMatrix.all(of: report).map(lines) + [others]).filter { !$0.isEmpty }
    }

    private var host: [String] {
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

    private var path: [String] { list("Path", report.checks.filter { $0.isOf(.host) }) }

    private var steps: [String] { list("Steps", report.checks.filter { $0.isOf(.step) }) }

    private var others: [String] {
        list("Builders and artifacts", report.checks.filter { $0.isOf(.builder) || $0.isOf(.artifact) })
    }

    private func list(_ title: String, _ checks: [ReportDocument.Check]) -> [String] {
        guard !checks.isEmpty else { return [] }
        let rows = checks.map { check in
            [
                check.reference, paint.outcome(check.outcome), check.duration == .zero ? "" : check.duration.shown,
                check.detail,
            ]
        }
        return [paint.bold(title)] + Table(rows, rightAligned: [2]).lines
    }

    private func lines(_ matrix: ProbeMatrix) -> [String] {
        let rows = matrix.each
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

    private func cell(_ cell: ProbeMatrix.Cell) -> String {
        guard let outcome = cell.outcome else { return "" }
        return outcome == .pass ? "\(paint.outcome(.pass)) \(cell.duration.shown)" : paint.outcome(outcome)
    }
}
