import Evidence
import Guest

/// Judges what a builder did.
struct BuilderRules {
    let evidence: BuilderEvidence
    /// Whether this host's kernel takes the guest's programs now; nil if that was not inspected.
    var handlerIsThere: Bool?

    private var wanted: String { evidence.guest.platform }
    var reference: String { "build.\(evidence.context)@\(evidence.builder)" }
    /// The proof for each platform that was built. A platform without one counts as missing.
    private var proofs: [(key: String, value: BuilderEvidence.Proof)] {
        guard evidence.demandsProofs else { return [] }
        var proofs = evidence.proofs
        if case .built = evidence.result {
            for platform in evidence.platforms where proofs[platform] == nil { proofs[platform] = .missing }
        }
        return proofs.sorted { $0.key < $1.key }
    }
    private var wrongProofs: [(key: String, value: BuilderEvidence.Proof)] { proofs.filter { !$0.value.isProven } }

    /// The shortage that explains a failure; nil if there was no failure, or no shortage.
    private var shortage: BuilderShortage? {
        let text: String
        switch evidence.result {
        case .failed(_, let status, let message): text = (message + [status]).joined(separator: "\n").lowercased()
        case .built where !wrongProofs.allSatisfy(\.value.isOpen):
            text = wrongProofs.map(\.value.words).joined(separator: "\n").lowercased()
        default: return nil
        }
        guard let shortage = BuilderShortage(evidence, saying: text) else { return nil }
        // These have a reason of their own that no limit causes.
        let isOther = Self.refusals.contains(where: text.contains) || BuilderObstacle.isPullFailure(text)
        return isOther && !shortage.isShown ? nil : shortage
    }

    var findings: [Finding] {
        if let shortage {
            var lines = shortage.evidence
            if case .failed(let command, let status, let message) = evidence.result {
                lines += ["$ \(command)", status] + message.suffix(10)
            }
            return [
                Finding(
                    .runnerLimits, severity: shortage.isShown ? nil : .warning, summary: shortage.summary,
                    evidence: lines, checks: [reference])
            ]
        }
        switch evidence.result {
        case .missing:
            return evidence.required
                ? [found(.builderMissing, "\(evidence.builder) is not installed", ["no \(evidence.builder) in PATH"])]
                : []
        case .unusable(let obstacle): return evidence.required ? obstacleFindings(obstacle) : []
        case .failed(let command, let status, let message):
            return [failure(command, status, message)] + builtFindings
        case .built: return builtFindings
        case .notApplicable, .lost: return []
        }
    }

    /// The findings about the platforms that were built, whatever happened to the others.
    private var builtFindings: [Finding] {
        let artifacts = zip(evidence.artifacts, artifactReferences).flatMap {
            ArtifactRules(artifact: $0, reference: $1).findings
        }
        return proofFindings + limitationFindings + listFindings + artifacts
    }

    private var artifactReferences: [String] { evidence.artifacts.map { "artifact.contents@\($0.name)" } }

    var checks: [Check] {
        let findings = findings
        var build = Check(
            id: "build.\(evidence.context)", kind: .builder, venue: evidence.builder, outcome: .pass,
            duration: evidence.duration,
            findings: findings.filter { $0.checks.contains(reference) }.map(\.code))
        switch evidence.result {
        case .missing:
            build.outcome = evidence.required ? .broken : .skip
            build.detail = "\(evidence.builder) is not installed"
        case .unusable(let obstacle):
            build.outcome = evidence.required ? .broken : .skip
            build.detail = obstacle.reason
        case .failed(_, let status, let message):
            build.outcome = .fail
            build.detail = "\(status): \(Self.telling(message, BuildLog(message)) ?? "no message")"
        case .lost(let reason):
            build.outcome = .broken
            build.detail = reason
        case .notApplicable(let reason):
            build.outcome = .skip
            build.detail = reason
        case .built:
            build.outcome = wrongProofs.isEmpty ? .pass : wrongProofs.allSatisfy(\.value.isOpen) ? .broken : .fail
            build.detail = proofWords
        }
        if let shortage {
            build.outcome = shortage.isShown ? .fail : .broken
            build.detail = "\(shortage.summary): \(build.detail)"
        }
        return [build]
            + zip(evidence.artifacts, artifactReferences).map { ArtifactRules(artifact: $0, reference: $1).check }
    }

    private var proofWords: String {
        guard !proofs.isEmpty else { return "built for \(evidence.platforms.joined(separator: ", "))" }
        return proofs.map { platform, proof in
            let asides = [evidence.emulators[platform], evidence.limitations[platform]?.text].compactMap(\.self)
            return "\(platform): \(proof.words)\(asides.isEmpty ? "" : " (\(asides.joined(separator: "; ")))")"
        }.joined(separator: ", ")
    }

    private func obstacleFindings(_ obstacle: BuilderObstacle) -> [Finding] {
        switch obstacle {
        case .unusable: []
        case .unreachable(let endpoint, let reason):
            [found(.builderUnreachable, "\(evidence.builder): \(obstacle.reason)", ["endpoint: \(endpoint)", reason])]
        case .imageUnavailable(let reason):
            [found(.builderImageUnavailable, "\(evidence.builder): \(reason)", [reason])]
        }
    }

    private func failure(_ command: String, _ status: String, _ message: [String]) -> Finding {
        let text = message.joined(separator: "\n").lowercased()
        let code: FindingCode =
            Self.refusals.contains { text.contains($0) }
            ? .builderDeclaresButCannotRun
            : BuilderObstacle.isPullFailure(text) ? .builderImageUnavailable : .builderBuildFailed
        let listed = evidence.survey.platforms.first { $0.name == wanted }
        let listing = listed.map { ["listed: \($0.name)\($0.isDeclared ? "* (declared)" : " (detected)")"] } ?? []
        let native = evidence.proven.isEmpty ? [] : ["proven: \(evidence.proven.joined(separator: ", "))"]
        // Some tools print much after the one line that tells the reason.
        let last = message.suffix(10)
        let log = BuildLog(message)
        let telling = Self.telling(message, log)
        let refusal = telling.map { line in last.contains { $0.contains(line) } ? [] : [line, "…"] } ?? []
        return found(
            code, "\(evidence.builder): \(telling ?? status)",
            listing + ["$ \(command)", status] + refusal + last + native + Self.candidates(log))
    }

    /// The words of builders for a program that the kernel refused.
    static let refusals = [
        "exec format error", "invalid elf image", "runtime execution on platform", "exec user process caused",
    ]

    /// The most telling line of a message: the refusal, else the last words of the failed step, else the last error,
    /// else the last line.
    private static func telling(_ message: [String], _ log: BuildLog) -> String? {
        let said = log.lines.last { line in
            !line.isBuilders && line.step.map { log.steps[$0].end == .failed && log.steps[$0].runs } == true
        }
        return log.lines.last { line in refusals.contains { line.text.lowercased().contains($0) } }?.text ?? said?.text
            ?? message.last { $0.lowercased().contains("error") } ?? message.last
    }

    /// The findings that a message may stand for, in case the daemon's host is not this one.
    private static func candidates(_ log: BuildLog) -> [String] {
        let codes = SymptomReading(log).candidates.map(\.code.rawValue)
        return codes.isEmpty ? [] : ["where it was built, this may be: \(codes.joined(separator: ", "))"]
    }

    private var proofFindings: [Finding] {
        let failed = wrongProofs.filter { if case .failed = $0.value { true } else { false } }
        let unproven = wrongProofs.filter { if case .failed = $0.value { false } else { !$0.value.isOpen } }
        var findings: [Finding] = []
        if let first = unproven.first {
            findings.append(
                found(
                    .builderRanNatively, "\(evidence.builder): the RUN step for \(first.key) is not proven",
                    unproven.map { "\($0.key): \($0.value.words)" }))
        }
        if let first = failed.first {
            findings.append(
                found(
                    .emulationWrongResult, "\(evidence.builder): the RUN step for \(first.key) did something else",
                    failed.map { "\($0.key): \($0.value.words)" }))
        }
        return findings
    }

    /// The finding for a limitation that a step could do without, if it has one.
    private var limitationFindings: [Finding] {
        guard let limitation = evidence.limitations[wanted], limitation.slug == .credentialsDropped else {
            return []
        }
        return [
            found(
                .handlerDropsCredentials,
                "\(evidence.builder): a set-user-id program in a RUN step kept its caller's id",
                ["\(wanted): \(limitation.text)"])
        ]
    }

    /// Compares the list of platforms with the proven ones and the wanted one.
    private var listFindings: [Finding] {
        guard evidence.context == "run", evidence.platforms.contains(wanted) else { return [] }
        var findings: [Finding] = []
        let listed = evidence.survey.platforms
        let lines = evidence.survey.nodes.map { node in
            "\(node.name) (\(node.status)): "
                + node.platforms.map { $0.name + ($0.isDeclared ? "*" : "") }.joined(separator: ", ")
        }
        if !listed.isEmpty, !listed.contains(where: { $0.name == wanted }) {
            if evidence.proven.contains(wanted) || handlerIsThere == true {
                findings.append(
                    found(
                        .builderPlatformsStale,
                        "\(evidence.builder) does not list \(wanted), which its host can run", lines))
            } else {
                findings.append(
                    found(.builderLacksPlatform, "\(evidence.builder) does not list \(wanted)", lines))
            }
        }
        if !evidence.survey.buildsInOneGo, let driver = evidence.survey.driver {
            findings.append(
                found(
                    .builderSinglePlatformDriver,
                    "\(evidence.builder): its driver \"\(driver)\" makes one platform at a time", ["driver: \(driver)"])
            )
        }
        return findings
    }

    private func found(_ code: FindingCode, _ summary: String, _ lines: [String]) -> Finding {
        Finding(code, summary: summary, evidence: lines, checks: [reference])
    }
}

extension BuilderEvidence.Proof {
    /// Whether it shows neither that the step works nor that it does not.
    var isOpen: Bool {
        if case .undecided = self { true } else { false }
    }

    var words: String {
        switch self {
        case .proven(let machine): "RUN ran on \(machine)"
        case .missing: "the RUN step left no proof"
        case .wrong(let what), .failed(let what), .undecided(let what): what
        }
    }
}
