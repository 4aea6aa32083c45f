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

    private var code: FindingCode {
        if hasTimedOut { return .builderBuildFailed }
        if cause?.kind == .unreachable { return .builderUnreachable }
        if let cause, cause.kind != .runtime { return cause.builderCode }
        if BuilderObstacle.isPullFailure(message.joined(separator: "\n")) { return .builderImageUnavailable }
        return cause?.builderCode ?? .builderBuildFailed
    }

    var findings: [Finding] {
        let remedy = BuilderRemedy(evidence: evidence)
        let wanted = evidence.guest.platform
        let listed = evidence.survey.platforms.first { $0.name == wanted }
        let listing = listed.map { ["listed: \($0.name)\($0.isDeclared ? "* (declared)" : " (detected)")"] } ?? []
        let native = evidence.proven.isEmpty ? [] : ["proven: \(evidence.proven.joined(separator: ", "))"]
        // Some tools print much after the one line that tells why.
        let last = message.suffix(10)
        let refusal = telling.map { line in last.contains { $0.contains(line) } ? [] : [line, "…"] } ?? []
        var own: String?
        switch code {
        case .builderUnreachable: own = remedy.reach(evidence.survey.endpoint ?? "", telling ?? "")
        case .builderImageUnavailable: own = remedy.image
        default: break
        }
        let seen = Finding(
            code, summary: "\(evidence.builder): \(telling ?? status)",
            evidence: listing + ["$ \(command)", status] + (hasTimedOut ? [] : refusal) + last + native + candidates,
            remedy: own, checks: [reference])
        return [seen] + elsewhere(remedy)
    }

    /// What the words say about the host that builds, where that is not this one: no look at this one would find it.
    private func elsewhere(_ remedy: BuilderRemedy) -> [Finding] {
        guard evidence.survey.isElsewhere == true, let cause, let code = cause.hostCode else { return [] }
        let place = evidence.survey.endpoint ?? "its host"
        return [
            Finding(
                code, summary: "where \(evidence.builder) builds (\(place)): \(cause.meaning)", evidence: [cause.line],
                remedy: remedy.there(code), checks: [reference])
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
