import Findings
import Guest
import Processes

/// Metrics for the node exporter's textfile collector.
///
/// Specification: <https://prometheus.io/docs/instrumenting/exposition_formats/>,
/// <https://prometheus.io/docs/practices/naming/>.
struct PrometheusReport {
    private var lines: [String] = []

    /// The metrics of one host. Every metric has the command as a label, because a directory may hold files of several
    /// commands.
    init(_ report: ReportDocument) {
        let command = ("command", report.command)
        lines.append("# assay \(report.command): \(Claim(report).text)".oneLine)
        add("assay_info", "Which Assay made this.", [([command, ("version", report.version)], 1)])
        let parts = report.parts
        func labels(_ platform: String?) -> [(String, String)] {
            [command] + (parts.count > 1 ? platform.map { [("platform", $0)] } ?? [] : [])
        }
        if report.host != nil {
            let names = parts.map(\.guest.architecture).joined(separator: " and ")
            add(
                "assay_host_info", "What emulates \(names) on this host.",
                parts.map { part in
                    let facts = part.facts.map { ($0.name.replacing(".", with: "_"), $0.value) }
                    return (labels(part.platforms?.first?.platform) + facts, 1)
                })
        }
        if parts.count > 1 {
            add(
                "assay_platform_fit", "1 where the platform is fit, 0 where it is unfit or undetermined.",
                parts.map { (labels($0.platforms?.first?.platform), $0.verdict == .fit ? 1 : 0) })
        }
        verdict("assay_verdict", "The verdict: 1 for the one that was reached.", report.verdict, command)
        counts("assay_checks", report.summary, command)
        add("assay_duration_seconds", "How long the command took.", [([command], report.duration)])
        add("assay_last_run_timestamp_seconds", "When the command began.", [([command], report.started.seconds)])
        add(
            "assay_finding", "A finding is there; its severity and how many checks it concerns.",
            report.findings.map {
                (
                    labels($0.platform) + [("code", $0.code), ("severity", $0.severity.rawValue)],
                    max(1, $0.checks.count)
                )
            })
        let told = report.checks.filter { $0.outcome != .skip }
        add(
            "assay_check_success", "1 where the check passed, 0 where it failed or could not be made.",
            told.map { (labels($0.platform) + Self.labels($0), $0.outcome == .pass ? 1 : 0) })
        add(
            "assay_check_duration_seconds", "How long the check took.",
            told.filter { $0.duration > .zero }.map { (labels($0.platform) + Self.labels($0), $0.duration) })
    }

    /// The metrics of a fleet.
    init(_ fleet: Fleet) {
        let command = ("command", "merge")
        verdict("assay_fleet_verdict", "The worst verdict of all hosts.", fleet.verdict, command)
        add(
            "assay_fleet_hosts", "Hosts by verdict.",
            [Verdict.fit, .unfit, .undetermined].map { verdict in
                ([command, ("verdict", verdict.rawValue)], fleet.hosts.count { $0.verdict == verdict })
            })
        add("assay_fleet_reports", "Reports that were merged.", [([command], fleet.reports)])
        if let expected = fleet.expected {
            add("assay_fleet_expected_reports", "Reports that should have been there.", [([command], expected)])
        }
        counts("assay_fleet_checks", fleet.summary, command)
        add(
            "assay_fleet_deviating_hosts", "Hosts that differ from the majority in a fact.",
            fleet.facts.map { ([command, ("fact", $0.name)], $0.deviating) })
        add(
            "assay_fleet_finding_hosts", "Hosts with a finding.",
            fleet.findings.map {
                ([command, ("code", $0.code), ("severity", $0.severity.rawValue)] + Self.platform($0), $0.hostCount)
            })
    }

    var text: String { lines.joined(separator: "\n") + "\n" }

    private mutating func verdict(_ name: String, _ help: String, _ verdict: Verdict, _ label: (String, String)) {
        add(
            name, help,
            [Verdict.fit, .unfit, .undetermined].map {
                ([label, ("verdict", $0.rawValue)], $0 == verdict ? 1 : 0)
            })
    }

    private mutating func counts(_ name: String, _ summary: OutcomeCounts, _ label: (String, String)) {
        let counts = [
            ("pass", summary.pass), ("fail", summary.fail), ("skip", summary.skip), ("broken", summary.broken),
        ]
        add(name, "Checks by outcome.", counts.map { ([label, ("outcome", $0.0)], $0.1) })
        add(
            name.replacing("_checks", with: "_flaky_checks"), "Checks that passed, but not at the first attempt.",
            [([label], summary.flaky)])
    }

    private mutating func add(_ name: String, _ help: String, _ samples: [([(String, String)], Duration)]) {
        write(name, help, samples.map { ($0.0, $0.1.seconds) })
    }

    private mutating func add(_ name: String, _ help: String, _ samples: [([(String, String)], Int)]) {
        write(name, help, samples.map { ($0.0, "\($0.1)") })
    }

    private mutating func write(_ name: String, _ help: String, _ samples: [([(String, String)], String)]) {
        guard !samples.isEmpty else { return }
        lines += ["# HELP \(name) \(help)", "# TYPE \(name) gauge"]
        // Prometheus rejects the whole file if a series occurs twice. A 0 wins, so that no pass hides a failure.
        var seen: [String: Int] = [:]
        for (labels, value) in samples {
            let series = name + "{" + labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",") + "}"
            if let line = seen[series] {
                if value == "0" { lines[line] = "\(series) 0" }
                continue
            }
            seen[series] = lines.count
            lines.append("\(series) \(value)")
        }
    }

    private static func labels(_ check: ReportDocument.Check) -> [(String, String)] {
        [
            ("check", check.id), ("kind", check.kind), ("venue", check.venue ?? ""),
            ("image", check.image ?? ""),
        ]
        .filter { !$0.1.isEmpty }
    }

    /// Of what is about another guest than the standard one.
    private static func platform(_ finding: Fleet.Finding) -> [(String, String)] {
        finding.name == finding.code ? [] : finding.platform.map { [("platform", $0)] } ?? []
    }

    /// Escapes a label's value.
    static func escaped(_ text: String) -> String {
        text.printable.escaping { $0 == "\\" ? "\\\\" : $0 == "\"" ? "\\\"" : $0 == "\n" ? "\\n" : nil }
    }
}

extension PrometheusReport: ReportForm {
    static let about = "metrics for the node exporter's textfile collector"

    static func text(_ subject: Reported, style: ConsoleStyle) -> SafeText {
        if case .fleet(let fleet) = subject { return SafeText(PrometheusReport(fleet).text) }
        return SafeText(PrometheusReport(subject.document).text)
    }
}
