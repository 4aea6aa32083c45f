import Evidence
import Guest

/// Judges what a builder did.
struct BuilderRules {
    let evidence: BuilderEvidence
    let reference: String
    /// The failed build, whose words are read once; nil if none failed.
    private let failure: BuilderFailure?

    init(evidence: BuilderEvidence) {
        self.evidence = evidence
        reference = "build.\(evidence.context)@\(evidence.builder)"
        failure = BuilderFailure(evidence, evidence.result, reference)
    }

    private var wanted: String { evidence.guest.platform }
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
        case .failed(_, let status, let message), .timedOut(_, let status, let message):
            text = (message + [status]).joined(separator: "\n").lowercased()
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
            switch evidence.result {
            case .failed(let command, let status, let message), .timedOut(let command, let status, let message):
                lines += ["$ \(command)", status] + message.suffix(10)
            default: break
            }
            return [
                Finding(
                    .runnerLimits, severity: shortage.isShown ? nil : .warning, summary: shortage.summary,
                    evidence: lines, remedy: shortage.isFull ? remedy.room : nil, checks: [reference])
            ]
        }
        if isEmbeddedLimit { return embeddedFindings }
        switch evidence.result {
        case .missing:
            return evidence.required
                ? [
                    found(
                        .builderMissing, "\(evidence.builder) is not installed", ["no \(evidence.builder) in PATH"],
                        remedy: remedy.install)
                ]
                : []
        case .unusable(let obstacle): return evidence.required ? obstacleFindings(obstacle) : []
        case .failed, .timedOut: return (failure?.findings ?? []) + builtFindings
        case .built: return builtFindings
        case .notApplicable, .lost: return []
        }
    }

    /// The findings about the platforms that were built, whatever happened to the others.
    private var builtFindings: [Finding] {
        let artifacts = zip(evidence.artifacts, artifactReferences).flatMap {
            ArtifactRules(artifact: $0, reference: $1).findings
        }
        return storageFindings + proofFindings + limitationFindings + listFindings + artifacts
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
        case .failed(_, let status, _):
            build.outcome = failure?.isOpen == true ? .broken : .fail
            build.detail = "\(status): \(failure?.telling ?? "no message")"
        case .timedOut(_, let limit, _):
            build.outcome = .fail
            build.detail = failure?.telling ?? limit
        case .lost(let reason):
            build.outcome = .broken
            build.detail = reason
        case .notApplicable(let reason):
            build.outcome = .skip
            build.detail = reason
        case .built:
            build.outcome = wrongProofs.isEmpty ? .pass : wrongProofs.allSatisfy(\.value.isOpen) ? .broken : .fail
            build.detail = proofWords
            if evidence.refusedStorage != nil {
                if build.outcome == .pass { build.outcome = .fail }
                build.detail += "; in a private storage only"
            }
        }
        if let shortage {
            build.outcome = shortage.isShown ? .fail : .broken
            build.detail = "\(shortage.summary): \(build.detail)"
        }
        if isEmbeddedLimit, build.outcome == .fail {
            build.outcome = .skip
            build.detail = "the builder's embedded emulator cannot do this: \(build.detail)"
        }
        if !evidence.remarks.isEmpty { build.detail += "; \(evidence.remarks.joined(separator: "; "))" }
        if !evidence.leftovers.isEmpty {
            // What is left is Assay's to remove: of the builder it says nothing.
            if build.outcome != .fail { build.outcome = .broken }
            let words = "could not clean up: \(evidence.leftovers.joined(separator: "; "))"
            build.detail = build.detail.isEmpty ? words : "\(build.detail); \(words)"
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

    private var remedy: BuilderRemedy { BuilderRemedy(evidence: evidence) }

    private func obstacleFindings(_ obstacle: BuilderObstacle) -> [Finding] {
        switch obstacle {
        case .unusable: []
        case .unreachable(let endpoint, let reason):
            [
                found(
                    .builderUnreachable, "\(evidence.builder): \(obstacle.reason)", ["endpoint: \(endpoint)", reason],
                    remedy: remedy.reach(endpoint, reason))
            ]
        case .imageUnavailable(let reason):
            [
                found(
                    .builderImageUnavailable, "\(evidence.builder): \(reason)", [reason],
                    remedy: remedy.image)
            ]
        }
    }

    /// How builders say that the kernel found no interpreter for a program.
    static let refusals = [
        "exec format error", "invalid elf image", "runtime execution on platform", "exec user process caused",
    ]

    private var proofFindings: [Finding] {
        let failed = wrongProofs.filter { if case .failed = $0.value { true } else { false } }
        let unproven = wrongProofs.filter { if case .failed = $0.value { false } else { !$0.value.isOpen } }
        var findings: [Finding] = []
        if let first = unproven.first {
            findings.append(
                found(
                    .builderRanNatively, "\(evidence.builder): the RUN step for \(first.key) is not proven",
                    unproven.map { "\($0.key): \($0.value.words)" }))
            // The step ended well, and the program that it names never ran: what was started did nothing.
            if first.key == wanted, first.value == .missing {
                findings.append(
                    found(
                        .interpreterWrongProgram,
                        "\(evidence.builder): what runs \(wanted) programs where it builds ends well and runs nothing",
                        unproven.map { "\($0.key): \($0.value.words)" },
                        remedy: evidence.survey.isElsewhere == true ? remedy.there(.interpreterWrongProgram) : nil))
            }
        }
        if let first = failed.first {
            findings.append(
                found(
                    .emulationWrongResult, "\(evidence.builder): the RUN step for \(first.key) did something else",
                    failed.map { "\($0.key): \($0.value.words)" }))
        }
        return findings
    }

    /// Contexts whose steps need the kernel to know the emulator: it is to start another program, or to honour its mode. `stages` is here for
    /// builders that cannot have a base: their emulator is given the build platform's program.
    private static let beyondEmbedded = ["setuid", "scripts", "heredoc", "toolchain", "stages"]

    /// BuildKit's own emulator stands between the step and what the context asks for. It is known to stop there.
    private var isEmbeddedLimit: Bool {
        guard Self.beyondEmbedded.contains(evidence.context) else { return false }
        if evidence.limitations[wanted]?.slug == .credentialsDropped { return evidence.survey.usesEmbeddedEmulator }
        switch evidence.result {
        case .failed(_, _, let message):
            return evidence.survey.usesEmbeddedEmulator || message.contains { $0.contains("buildkit_qemu_emulator") }
        case .built: return evidence.survey.usesEmbeddedEmulator && !wrongProofs.isEmpty
        case .missing, .unusable, .timedOut, .notApplicable, .lost: return false
        }
    }

    private var embeddedFindings: [Finding] {
        var lines = wrongProofs.map { "\($0.key): \($0.value.words)" }
        if let limitation = evidence.limitations[wanted] { lines.append("\(wanted): \(limitation.text)") }
        if case .failed(let command, let status, let message) = evidence.result {
            lines += ["$ \(command)", status] + message.suffix(10)
        }
        return [
            found(
                .builderEmbeddedEmulator,
                "\(evidence.builder): its embedded emulator cannot do what \(evidence.context) needs",
                lines)
        ]
    }

    /// It built in a private storage what it could not build in the user's own.
    private var storageFindings: [Finding] {
        guard let refused = evidence.refusedStorage, case .failed(let command, let status, let message) = refused
        else { return [] }
        let telling = BuilderFailure(evidence, refused, reference)?.telling ?? status
        return [
            found(
                .builderStorageFails, "\(evidence.builder): it works with a private storage only: \(telling)",
                ["storage: \(evidence.survey.storage ?? "the user's")", "$ \(command)", status] + message.suffix(10))
        ]
    }

    /// What a step could do without, where that has a name.
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
        if evidence.lacks(wanted), failure?.saysLacking != true { findings += unlisted(evidence.survey.listing) }
        if !evidence.survey.buildsInOneGo, let driver = evidence.survey.driver {
            findings.append(
                found(
                    .builderSinglePlatformDriver,
                    "\(evidence.builder): its driver \"\(driver)\" makes one platform at a time", ["driver: \(driver)"])
            )
        }
        return findings
    }

    /// The platform is not listed. What the trial proved decides, not what this host could run.
    private func unlisted(_ lines: [String]) -> [Finding] {
        guard evidence.proven.contains(wanted) else {
            return [
                found(
                    .builderLacksPlatform, "\(evidence.builder) does not list \(wanted)", lines,
                    remedy: remedy.addPlatform)
            ]
        }
        let emulator = evidence.emulators[wanted]
        // BuildKit never lists what only its own emulator runs: the list is as it should be.
        if emulator == BuilderEvidence.embeddedEmulator { return [] }
        return [
            found(
                .builderPlatformsStale,
                "\(evidence.builder) does not list \(wanted), for which a RUN step ran\(emulator.map { " (\($0))" } ?? "")",
                lines, remedy: remedy.listAgain ?? "none is needed: builds for \(wanted) work, whatever is listed")
        ]
    }

    private func found(_ code: FindingCode, _ summary: String, _ lines: [String], remedy: String? = nil) -> Finding {
        Finding(code, summary: summary, evidence: lines, remedy: remedy, checks: [reference])
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
