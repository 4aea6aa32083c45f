import Binfmt
import Evidence
import Files
import Findings
import Guest
import Processes

extension Report {
    /// What the artifacts were to be, where one platform was wanted of all.
    private var platform: String? {
        let wanted = Set(artifacts.map(\.summary.platform))
        return wanted.count == 1 ? wanted.first : nil
    }

    /// The platforms that were judged, in the order of the checks.
    private var platforms: [String] {
        (checks.compactMap(\.platform) + hosts.map(\.guest.platform)).uniqued()
    }

    /// The document that is written, saved and rendered.
    public var document: ReportDocument {
        let checks = checks.map { check in
            var written = ReportDocument.Check(check)
            if check.kind == .step { written.begun = begun[check.id]?.milliseconds.tenths }
            return written
        }
        return ReportDocument(
            version: version, command: command, verdict: verdict, started: started, duration: duration,
            host: ReportDocument.Host(hosts), platform: platform, isPartial: isPartial ? true : nil,
            summary: OutcomeCounts(checks),
            builders: builders.isEmpty ? nil : ReportDocument.Builder.merged(builders),
            faults: ReportDocument.Fault.of(artifacts), checks: checks,
            findings: findings.map(ReportDocument.Finding.init),
            allowed: allowed.isEmpty ? nil : allowed.map(ReportDocument.Allowed.init),
            judged: platforms.map { ($0, durations[$0] ?? duration) })
    }
}

extension ReportDocument.Host {
    /// The host as each guest finds it; nil for none.
    init?(_ hosts: [HostEvidence]) {
        guard let host = hosts.first else { return nil }
        self.init(
            name: host.name, id: host.id, kernel: host.kernel, machine: host.machine, privileged: host.privileged,
            handlers: hosts.compactMap { host in
                host.handler().map { ReportDocument.Handler($0, for: host.guest.platform) }
            },
            interpreters: hosts.compactMap { host in
                host.interpreter.map {
                    ReportDocument.Interpreter(
                        platform: host.guest.platform, path: $0.path, version: $0.version, sha256: $0.sha256)
                }
            })
    }
}

extension ReportDocument.Handler {
    init(_ handler: Binfmt.Handler, for platform: String) {
        self.init(platform: platform, name: handler.name, flags: handler.flags)
        if case .magic(_, let magic, let mask) = handler.recognition {
            self.magic = magic.hexadecimal
            self.mask = mask.hexadecimal
        }
    }
}

extension ReportDocument.Check {
    init(_ check: Findings.Check) {
        self.init(
            id: check.id, kind: check.kind.rawValue, platform: check.platform, image: check.image, venue: check.venue,
            outcome: check.outcome, duration: check.duration, attempts: check.attempts,
            failureRate: check.failureRate.map(ReportDocument.Rate.init), detail: check.detail,
            findings: check.findings.map(\.rawValue), follows: check.follows?.rawValue)
    }
}

extension ReportDocument.Fault {
    private static let most = 1000

    static func of(_ artifacts: [(platform: String?, summary: ArtifactEvidenceSummary)]) -> [Self]? {
        let faults = artifacts.lazy.flatMap { platform, artifact in
            artifact.faults.lazy.map { fault in
                Self(
                    artifact: artifact.name, platform: platform, code: fault.kind.code.rawValue, path: fault.path,
                    layer: fault.layer, expected: fault.expected, found: fault.found)
            }
        }.prefix(most)
        return faults.isEmpty ? nil : Array(faults)
    }
}

extension ReportDocument.Rate {
    init(_ rate: FailureRate) {
        runs = rate.runs
        failures = rate.failures
        self.rate = rate.observed
        // Without a failure, the exact one-sided bound; see `FailureRate`.
        low = rate.interval.lowerBound
        high = rate.excludedAbove ?? rate.interval.upperBound
    }
}

extension ReportDocument.Finding {
    init(_ finding: Findings.Finding) {
        self.init(
            code: finding.code.rawValue, platform: finding.platform, severity: finding.severity,
            summary: finding.summary,
            evidence: finding.evidence, cause: finding.cause, remedy: finding.command ?? finding.remedy,
            byHand: finding.command == nil ? nil : finding.remedy, checks: finding.checks)
    }
}

extension ReportDocument.Builder {
    /// One entry for each builder, with all platforms that it proved.
    static func merged(_ builders: [BuilderEvidence]) -> [Self] {
        var merged: [Self] = []
        for evidence in builders {
            if let index = merged.firstIndex(where: { $0.name == evidence.builder }) {
                merged[index].proven = Set(merged[index].proven + evidence.proven).sorted()
            } else {
                merged.append(Self(evidence))
            }
        }
        return merged
    }

    private init(_ evidence: BuilderEvidence) {
        let survey = evidence.survey
        name = evidence.builder
        version = survey.version ?? ""
        driver = survey.driver.flatMap { $0.isEmpty ? nil : $0 }
        endpoint = survey.endpoint
        buildsInOneGo = survey.buildsInOneGo
        nodes = survey.nodes.map { ReportDocument.Node(name: $0.name, status: $0.status) }
        declared = survey.platforms.filter(\.isDeclared).map(\.name)
        detected = survey.platforms.filter { !$0.isDeclared }.map(\.name)
        proven = evidence.proven
        switch evidence.result {
        case .missing: obstacle = "not installed"
        case .unusable(let found): obstacle = found.reason
        case .notApplicable where evidence.isBlocked: obstacle = "no program of the guest starts here"
        case .built, .failed, .timedOut, .notApplicable, .lost: break
        }
    }
}
