import Findings
import Guest

/// What was judged, in a row each: handler, probes, builders, artifacts, steps; and the path.
struct FactLines {
    private let report: ReportDocument
    private let style: ConsoleStyle
    private let paint: Paint

    init(_ report: ReportDocument, style: ConsoleStyle) {
        self.report = report
        self.style = style
        paint = Paint(enabled: style.colours)
    }

    var lines: [String] {
        let rows = [handler, probes, builders, artifacts, steps].compactMap(\.self)
        return rows.flatMap { title, cells in row(title, cells) } + notRun + platforms
    }

    /// The links from the kernel to the program; empty where all are as they should be.
    var path: [String] {
        guard report.verdict != .fit, let path = EmulationPath(report) else { return [] }
        return ["  " + path.links.map { link in paint.link(link) }.joined(separator: " -> ")]
    }

    /// What is known and does no harm, and what changed.
    var last: [String] {
        var parts: [String] = []
        let limits = Self.limits(report.checks).count
        if limits > 0, style.detail == .normal {
            let emulator = report.host?.interpreter?.version == nil ? "emulator" : "QEMU"
            parts.append("\(limits) known \(limits == 1 ? "limit" : "limits") of this \(emulator) (-v)")
        }
        if let since { parts.append(since) }
        let line = parts.joined(separator: "        ")
        // What does not fit one line stands in lines of its own.
        let lines = line.count + 2 <= style.width ? [line] : parts.flatMap { $0.wrapped(to: style.width - 4) }
        return parts.isEmpty ? [] : lines.map { "  " + paint.dim($0) }
    }

    /// What changed, if that is known.
    var changes: [String] { since.map { [""] + $0.wrapped(to: style.width - 4).map { "  " + paint.dim($0) } } ?? [] }

    private var since: String? { style.sinceLast.map { "since the last run: \($0)" } }

    /// Names of the limits that passing probes noted.
    static func limits(_ checks: [ReportDocument.Check]) -> Set<Substring> {
        Set(
            checks.lazy.filter { $0.outcome == .pass }.flatMap { $0.detail.split(separator: " ") }
                .filter { $0.hasPrefix("limit-") && $0.hasSuffix(":") })
    }

    /// What was not tried, for it has a cause that is named above.
    private var notRun: [String] {
        let following = report.checks.filter { $0.follows != nil }
        guard let first = following.first?.follows else { return [] }
        func count(_ kind: Check.Kind, _ word: String) -> String? {
            let count = following.count { $0.isOf(kind) }
            return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
        }
        let what = [count(.step, "step"), count(.probe, "probe"), count(.builder, "builder")].compactMap(\.self).joined(
            separator: ", ")
        let nothingRan = !report.checks.contains { $0.isOf(.probe) && $0.outcome == .pass }
        let codes = following.compactMap(\.follows).uniqued()
        let which = nothingRan || codes.count > 1 ? "this" : first.oneLine
        return ["  not run: \(what): \(nothingRan ? "nothing" : "none of them") can pass before \(which) is mended"]
    }

    private typealias Row = (title: String, cells: [String])

    /// Cells are kept whole.
    private func row(_ title: String, _ cells: [String]) -> [String] {
        let indent = 12
        var lines: [String] = []
        var line = "  " + title + String(repeating: " ", count: max(1, indent - 2 - title.count))
        var isEmpty = true
        for cell in cells {
            if !isEmpty, Paint.width(line) + 3 + Paint.width(cell) > style.width {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : "   ") + cell
            isEmpty = false
        }
        return lines + [line]
    }

    private var handler: Row? {
        guard let host = report.host, let handler = host.handler else { return nil }
        let flags = handler.flags.isEmpty ? "without flags" : handler.flags
        guard let interpreter = host.interpreter else { return ("handler", ["\(handler.name) \(flags)".oneLine]) }
        // What the version belongs to is QEMU: only its words are read for one.
        let program = interpreter.version.map { "QEMU \($0)" } ?? interpreter.path
        return ("handler", ["\(handler.name) \(flags) -> \(program)".oneLine])
    }

    private var probes: Row? {
        let all = report.checks.filter { $0.isOf(.probe) && $0.follows == nil }
        // Where no program starts there is nothing to count.
        let isCutOff = report.summary.follows != nil && !all.contains { $0.outcome == .pass }
        guard !all.isEmpty, !isCutOff else { return nil }
        if all.count == 1, report.command == "probe" {
            let check = all[0]
            return ("probe", [paint.outcome(check.outcome)] + (check.detail.isEmpty ? [] : [check.detail.oneLine]))
        }
        let images = all.map(\.image).uniqued()
        let cells = images.flatMap { image in
            all.filter { $0.image == image }.compactMap(\.venue).uniqued().map { venue in
                let checks = all.filter { $0.image == image && $0.venue == venue }
                return cell(images.count > 1 ? "\(image ?? "") \(venue)" : venue, checks)
            }
        }
        return ("probes", cells)
    }

    private var steps: Row? {
        let steps = report.checks.filter { $0.isOf(.step) }
        return steps.isEmpty ? nil : ("steps", [cell("", steps)])
    }

    /// How many passed; what did not is named.
    private func cell(_ name: String, _ checks: [ReportDocument.Check]) -> String {
        func count(_ outcome: Outcome) -> Int { checks.count { $0.outcome == outcome } }
        let start = name.isEmpty ? "" : name.oneLine + " "
        if count(.skip) == checks.count {
            let why = checks[0].detail
            return paint.dim("\(name.oneLine): \(why.isEmpty ? "does not apply" : why.oneLine.shortened(to: 60))")
        }
        var parts = [count(.pass) > 0 || count(.fail) + count(.broken) == 0 ? "\(count(.pass))" : ""]
        if count(.fail) > 0 { parts.append(paint.colour("\(count(.fail)) FAILED", .red)) }
        if count(.broken) > 0 { parts.append(paint.colour("\(count(.broken)) broken", .yellow)) }
        let flaky = checks.count(where: \.isFlaky)
        if flaky > 0 { parts.append(paint.colour("\(flaky) flaky", .yellow)) }
        let skipped = count(.skip) > 0 ? paint.dim(" (\(count(.skip)) skipped)") : ""
        return start + parts.filter { !$0.isEmpty }.joined(separator: ", ") + skipped
    }

    private var builders: Row? {
        let all = report.checks.filter { $0.isOf(.builder) && $0.follows == nil }
        guard !all.isEmpty else { return nil }
        let cells = all.compactMap(\.venue).uniqued().map { name in
            let checks = all.filter { $0.venue == name }
            if checks.contains(where: { $0.outcome == .fail }) {
                return "\(name.oneLine) \(paint.colour("FAILED", .red))"
            }
            if checks.contains(where: { $0.outcome == .broken }) {
                return "\(name.oneLine) \(paint.colour("?", .yellow))"
            }
            if checks.contains(where: { $0.outcome == .pass }) {
                return "\(name.oneLine) \(paint.colour("ok", .green))"
            }
            return paint.dim("\(name.oneLine): \(Self.brief(checks.first?.detail ?? ""))")
        }
        return ("builders", cells)
    }

    /// What the reason ends with: the nearest to its cause.
    private static func brief(_ reason: String) -> String {
        let last = reason.oneLine.split(separator: ": ").last.map(String.init) ?? ""
        return last.hasPrefix("no daemon") ? "no daemon" : last.shortened(to: 40)
    }

    private var artifacts: Row? {
        let passed = report.checks.filter { $0.isOf(.artifact) && $0.outcome == .pass }
        guard report.command == "artifact", !passed.isEmpty else { return nil }
        return ("artifact", passed.prefix(20).map { $0.detail.oneLine })
    }

    /// Only for the command `builders`; of several platforms it stands below all of them.
    var platforms: [String] {
        guard report.command == "builders", !report.isPart else { return [] }
        // Below the blocks of several platforms it stands apart.
        return (report.hasParts ? [""] : []) + [paint.bold("Platforms")] + BuilderTable(report.builders ?? []).lines
    }
}
