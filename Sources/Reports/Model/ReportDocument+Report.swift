import Binfmt
import Evidence
import Files
import Findings
import Guest
import Processes

extension Report {
    /// What the artifacts were to be, where one platform was wanted of all.
    private var platform: String? {
        let wanted = Set(artifacts.map(\.platform))
        return wanted.count == 1 ? wanted.first : nil
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
            host: host.map(ReportDocument.Host.init), platform: platform, isPartial: isPartial ? true : nil,
            summary: OutcomeCounts(checks),
            builders: builders.isEmpty ? nil : ReportDocument.Builder.merged(builders),
            faults: ReportDocument.Fault.of(artifacts), checks: checks,
            findings: findings.map(ReportDocument.Finding.init),
            allowed: allowed.isEmpty ? nil : allowed.map(ReportDocument.Allowed.init))
    }
}

extension ReportDocument.Host {
    init(_ host: HostEvidence) {
        name = host.name
        id = host.id
        kernel = host.kernel
        machine = host.machine
        privileged = host.privileged
        interpreter = host.interpreter.map {
            ReportDocument.Interpreter(path: $0.path, version: $0.version, sha256: $0.sha256)
        }
        handler = host.handler().map(ReportDocument.Handler.init)
        platform = host.guest == .standard ? nil : host.guest.platform
    }
}

extension ReportDocument.Handler {
    init(_ handler: Binfmt.Handler) {
        name = handler.name
        flags = handler.flags
        if case .magic(_, let magic, let mask) = handler.recognition {
            self.magic = magic.hexadecimal
            self.mask = mask.hexadecimal
        }
    }
}

extension ReportDocument.Check {
    init(_ check: Findings.Check) {
        self.init(
            id: check.id, kind: check.kind.rawValue, image: check.image, venue: check.venue, outcome: check.outcome,
            duration: check.duration, attempts: check.attempts,
            failureRate: check.failureRate.map(ReportDocument.Rate.init), detail: check.detail,
            findings: check.findings.map(\.rawValue), follows: check.follows?.rawValue)
    }
}

extension ReportDocument.Fault {
    private static let most = 1000

    static func of(_ artifacts: [ArtifactEvidenceSummary]) -> [Self]? {
        let faults = artifacts.lazy.flatMap { artifact in
            artifact.faults.lazy.map { fault in
                Self(
                    artifact: artifact.name, code: fault.kind.code.rawValue, path: fault.path, layer: fault.layer,
                    expected: fault.expected, found: fault.found)
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
            code: finding.code.rawValue, severity: finding.severity, summary: finding.summary,
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
        case .built, .failed, .timedOut, .notApplicable, .lost: break
        }
    }
}
