import Evidence
import Guest

/// What a failed build shows.
struct BuilderFailure {
    private let evidence: BuilderEvidence
    private let command: String
    /// How the command ended, or the limit that ended it.
    private let status: String
    private let message: [String]
    private let reference: String
    private let hasTimedOut: Bool
    private let log: BuildLog
    private let cause: BuilderCause?
    private var wanted: String { evidence.guest.platform }

    init?(_ evidence: BuilderEvidence, _ result: BuilderEvidence.Result, _ reference: String) {
        switch result {
        case .failed(let command, let status, let message):
            (self.command, self.status, self.message, hasTimedOut) = (command, status, message, false)
        case .timedOut(let command, let limit, let message):
            (self.command, status, self.message, hasTimedOut) = (command, limit, message, true)
        case .missing, .unusable, .built, .notApplicable, .lost: return nil
        }
        self.evidence = evidence
        self.reference = reference
        log = BuildLog(message)
        cause = hasTimedOut ? nil : BuilderCause(log)
    }

    /// The failure leaves open what the builder can do: its daemon or its image was out of reach.
    var isOpen: Bool { [.builderUnreachable, .builderImageUnavailable].contains(code) }

    /// It says that the platform is not listed.
    var saysLacking: Bool { code == .builderLacksPlatform }

    private var code: FindingCode {
        if hasTimedOut { return .builderBuildFailed }
        if cause?.kind == .unreachable { return .builderUnreachable }
        if let cause, cause.kind != .runtime {
            // What it does not list it does not declare either.
            return evidence.lacks(wanted) && cause.builderCode == .builderDeclaresButCannotRun
                ? .builderLacksPlatform : cause.builderCode
        }
        if BuilderObstacle.isPullFailure(message.joined(separator: "\n")) { return .builderImageUnavailable }
        return cause?.builderCode ?? .builderBuildFailed
    }

    var findings: [Finding] {
        let remedy = BuilderRemedy(evidence: evidence)
        let listed = evidence.survey.platforms.first { $0.name == wanted }
        let listing =
            listed.map { ["listed: \($0.name)\($0.isDeclared ? "* (declared)" : " (detected)")"] }
            ?? evidence.survey.listing
        let native = evidence.proven.isEmpty ? [] : ["proven: \(evidence.proven.joined(separator: ", "))"]
        // Some tools print much after the one line that tells why.
        let last = message.suffix(10)
        let refusal = telling.map { line in last.contains { $0.contains(line) } ? [] : [line, "…"] } ?? []
        var own: String?
        switch code {
        case .builderUnreachable: own = remedy.reach(evidence.survey.endpoint ?? "", telling ?? "")
        case .builderImageUnavailable: own = remedy.image
        case .builderLacksPlatform: own = remedy.addPlatform
        default: break
        }
        let said = saysLacking ? " does not list \(wanted), and cannot run it: " : ": "
        let seen = Finding(
            code, summary: evidence.builder + said + (telling ?? status),
            evidence: listing + ["$ \(command)", status] + (hasTimedOut ? [] : refusal) + last + native + candidates,
            remedy: own, checks: [reference])
        return [seen] + ofHost(remedy)
    }

    /// What the words say about the host that builds and no look at this one shows: it is another host, or the program has to run for it.
    private func ofHost(_ remedy: BuilderRemedy) -> [Finding] {
        // An emulator of the builder's own says nothing of its host's.
        guard let cause, let code = cause.hostCode,
            !message.contains(where: { $0.contains("buildkit_qemu_emulator") })
        else { return [] }
        let isElsewhere = evidence.survey.isElsewhere == true
        guard isElsewhere || code == .interpreterWrongProgram else { return [] }
        let place = isElsewhere ? evidence.survey.endpoint ?? "its host" : "here"
        return [
            Finding(
                code, summary: "where \(evidence.builder) builds (\(place)): \(cause.meaning)", evidence: [cause.line],
                remedy: isElsewhere ? remedy.there(code) : nil, checks: [reference])
        ]
    }

    /// The line of the message that says most.
    ///
    /// That is the one that names a cause, else what the failed step said last, else the last error, else the last line.
    /// After a time limit it is the limit, with the step that had not ended.
    var telling: String? {
        if hasTimedOut {
            let step = log.steps.last { $0.end == .open || $0.end == .cancelled }
            return "\(status)\(step.map { "; it was at: \($0.instruction)" } ?? "")"
        }
        return said.map(Self.tidied)
    }

    private var said: String? {
        if let cause { return cause.line }
        let step = log.lines.last { line in
            !line.isBuilders && line.step.map { log.steps[$0].end == .failed && log.steps[$0].runs } == true
        }
        return step?.text ?? log.lines.last { $0.text.lowercased().contains("error") }?.text ?? log.lines.last?.text
    }

    /// A line without the progress's time before it, and without what buildah's next process says on the same line.
    private static func tidied(_ line: String) -> String {
        let time = line.prefix { $0.isNumber || $0 == "." }
        let isTime = time.contains(".") && time.count < line.count && line.dropFirst(time.count).first == " "
        let text = isTime ? line.dropFirst(time.count + 1) : Substring(line)
        guard let next = text.firstRange(of: "process exited with error"), next.lowerBound > text.startIndex else {
            return String(text)
        }
        return String(text[..<next.lowerBound])
    }

    /// The findings that the message may come of, for a daemon whose host may not be this one.
    private var candidates: [String] {
        guard evidence.survey.isElsewhere != true else { return [] }
        let codes = SymptomReading(log).candidates.map(\.code.rawValue)
        return codes.isEmpty ? [] : ["where it was built, this may be: \(codes.joined(separator: ", "))"]
    }
}

extension BuilderEvidence {
    /// Whether the builder has a list of platforms without this one.
    func lacks(_ platform: String) -> Bool {
        let listed = survey.platforms
        return !listed.isEmpty && !listed.contains { $0.name == platform }
    }
}

extension BuilderSurvey {
    /// Each node with its platforms; a star marks those that were declared.
    var listing: [String] {
        nodes.map { node in
            "\(node.name) (\(node.status)): "
                + node.platforms.map { $0.name + ($0.isDeclared ? "*" : "") }.joined(separator: ", ")
        }
    }
}
