public import Findings
import FoundationEssentials
public import Processes

/// The results of drills: injected faults against reported findings.
public struct DrillReport: Sendable {
    public static let schema = "assay.drill/1"

    let results: [DrillResult]

    let version: String
    let started: Timestamp
    let duration: Duration
    /// The signal that ended the run early; nil if none did.
    let interrupt: Int32?

    /// - Parameters:
    ///   - version: Assay's version.
    ///   - interrupt: the signal that ended the run early.
    public init(
        _ results: [DrillResult], version: String, started: Timestamp, duration: Duration, interrupt: Int32? = nil
    ) {
        self.interrupt = interrupt
        self.results = results
        self.version = version
        self.started = started
        self.duration = duration
    }

    /// Undetermined where this host can have none of the faults.
    public var verdict: Verdict {
        interrupt == nil && (results.isEmpty || count(.skip) < results.count)
            ? Verdict(results.map(\.outcome)) : .undetermined
    }

    private var platforms: [String] { results.compactMap(\.platform).uniqued() }

    private var interruption: Finding? { interrupt.map { InterruptRules(signal: $0).finding } }

    private func count(_ outcome: Outcome) -> Int { results.count { $0.outcome == outcome } }

    /// One check for each drill, for forms that know only checks.
    var document: ReportDocument {
        let checks = results.map { result in
            ReportDocument.Check(
                id: result.drill.name, kind: "drill", platform: result.platform, outcome: result.outcome,
                duration: result.duration, attempts: 1,
                detail: ([result.drill.about] + result.problems).joined(separator: "; "), findings: [])
        }
        return ReportDocument(
            version: version, command: "drill", verdict: verdict, started: started,
            duration: duration, summary: OutcomeCounts(checks), checks: checks,
            findings: [interruption].compactMap { $0 }.map(ReportDocument.Finding.init),
            judged: platforms.map { platform in
                (platform, results.filter { $0.platform == platform }.map(\.duration).reduce(.zero, +))
            })
    }

    /// The verdict, then a matrix of injected faults (rows) and reported findings (columns). If all is well, the marks
    /// are on the diagonal.
    func console(_ style: ConsoleStyle) -> String {
        let paint = Paint(enabled: style.colours)
        let others = [Outcome.skip, .broken].filter { count($0) > 0 }.map {
            ", \(count($0)) \($0 == .skip ? "skipped" : "broken")"
        }
        let counts = "\(count(.pass)) passed, \(count(.fail)) failed" + others.joined()
        let verdict = VerdictLine(document, style: style).lines + ["  drills: \(counts)"]
        switch style.detail {
        case .verdict: return verdict[0] + "\n"
        case .failures:
            return results.filter { ![.pass, .skip].contains($0.outcome) }.map { named($0).oneLine + "\n" }.joined()
        case .normal, .checks, .evidence:
            let matrices = platforms.count > 1 ? platforms.flatMap { matrix(of: $0, paint) } : matrix(paint)
            return (verdict + [""] + matrices).joined(separator: "\n") + "\n"
        }
    }

    private func named(_ result: DrillResult) -> String {
        platforms.count > 1 ? "\(result.platform ?? "") \(result.drill.name)" : result.drill.name
    }

    private func matrix(of platform: String, _ paint: Paint) -> [String] {
        let own = DrillReport(
            results.filter { $0.platform == platform }, version: version, started: started, duration: duration)
        return [paint.bold(platform)] + own.matrix(paint) + [""]
    }

    private func matrix(_ paint: Paint) -> [String] {
        let rows = results.map { result in
            [
                mark(result.outcome, paint), result.drill.name, result.drill.about,
            ]
        }
        var lines = [paint.bold("Drills")] + Table(rows).lines
        let codes = results.compactMap(\.drill.proves)
        let columns = FindingCode.allCases.filter { code in
            codes.contains(code) || results.contains { $0.reported.contains { $0.code == code && $0.severity > .info } }
        }
        lines += ["", paint.bold("Injected (rows) against reported (columns, numbered as the rows)")]
        var matrix = [["", ""] + columns.indices.map { "\($0 + 1)" }]
        for (index, code) in columns.enumerated() {
            let own = results.filter { $0.drill.proves == code }
            matrix.append(["\(index + 1)", code.rawValue] + columns.map { mark(own, $0, paint) })
        }
        lines += Table(matrix).lines
        for result in results where !result.problems.isEmpty {
            lines +=
                ["", "\(paint.bold(result.drill.name)): \(result.drill.about)"]
                + result.problems.map { "    \($0.oneLine)" }
        }
        if let interruption { lines += ["", "\(interruption.code.rawValue): \(interruption.summary)"] }
        return lines
    }

    private func mark(_ outcome: Outcome, _ paint: Paint) -> String {
        switch outcome {
        case .pass: paint.colour("pass", .green)
        case .skip: "skip"
        case .fail: paint.colour("FAIL", .red)
        case .broken: paint.colour("BROKEN", .yellow)
        }
    }

    /// How many of the drills reported the code; `*` if they prove another code, and all that reported this one expect
    /// it too.
    private func mark(_ drills: [DrillResult], _ code: FindingCode, _ paint: Paint) -> String {
        let hits = drills.filter { result in
            result.reported.contains { $0.code == code && ($0.severity > .info || result.drill.proves == code) }
        }
        guard !hits.isEmpty else { return "." }
        if hits.allSatisfy({ $0.drill.proves == code }) { return paint.colour("\(hits.count)", .green) }
        return hits.allSatisfy { $0.drill.also?.contains(code) ?? false } ? "*" : paint.colour("\(hits.count)!", .red)
    }

    struct Form: Encodable {
        struct Reported: Encodable {
            var code: String
            var severity: String
        }
        struct One: Encodable {
            var name: String
            var platform: String?
            var about: String
            var proves: String?
            var outcome: String
            var problems: [String]
            var reported: [Reported]
            var durationMS: Double

            enum CodingKeys: String, CodingKey {
                case name, platform, about, proves, outcome, problems, reported
                case durationMS = "duration_ms"
            }
        }
        var schema = DrillReport.schema
        var drills: [One]
        /// Absent if the run was complete.
        var interrupted: String?
    }

    /// The JSON form.
    var form: Form {
        Form(
            drills: results.map { result in
                Form.One(
                    name: result.drill.name, platform: result.platform, about: result.drill.about,
                    proves: result.drill.proves?.rawValue,
                    outcome: result.outcome.rawValue, problems: result.problems,
                    reported: result.reported.map {
                        Form.Reported(code: $0.code.rawValue, severity: $0.severity.rawValue)
                    },
                    durationMS: result.duration.milliseconds.tenths)
            }, interrupted: interruption?.summary)
    }
}
