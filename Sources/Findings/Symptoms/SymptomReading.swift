public import Guest

/// The findings that a log stands for, likeliest first, each with the lines that tell.
public struct SymptomReading: Sendable {
    /// A finding that the log may stand for.
    public struct Candidate: Sendable {
        public let code: FindingCode
        /// The lines of the log that stand for it.
        public internal(set) var evidence: [BuildLog.Line]
        /// What else in the log supports it, for people.
        public internal(set) var because: String?
        /// Whose programs the log is about there; nil if it does not tell.
        public let guest: Guest?
        var score: Int
    }

    /// The most candidates: more would be no answer.
    private static let most = 3
    private static let mostLines = 3

    public let candidates: [Candidate]

    public init(_ log: BuildLog) {
        var found: [Candidate] = []
        func add(
            _ code: FindingCode, _ score: Int, _ line: BuildLog.Line?, because: String? = nil, guest: Guest? = nil
        ) {
            if let index = found.firstIndex(where: { $0.code == code }) {
                found[index].score = max(found[index].score, score)
                if let line, found[index].evidence.count < Self.mostLines, found[index].evidence.last?.text != line.text
                {
                    found[index].evidence.append(line)
                }
                found[index].because = found[index].because ?? because
            } else {
                found.append(
                    Candidate(
                        code: code, evidence: line.map { [$0] } ?? [], because: because, guest: guest, score: score))
            }
        }
        for place in LogPlaces(log) {
            for symptom in place.symptoms {
                for (rank, code) in symptom.means(place).enumerated() {
                    add(code, symptom.weight * 10 - rank * 4, place.line, because: place.because, guest: place.guest)
                }
            }
        }
        // The listed platforms decide between a missing handler and a builder that was never asked for the platform.
        if let listed = log.listed, let missing = log.wanted.filter({ !listed.contains($0) }).min(),
            found.contains(where: { $0.code == .handlerMissing })
        {
            add(
                .builderLacksPlatform, 90, nil,
                because: "the builder lists \(listed.sorted().joined(separator: ", ")), not \(missing)")
        }
        if found.isEmpty, let hung = log.hungStep {
            add(.emulationHangs, 20, nil, because: "\"\(hung.instruction)\" had not ended when the build was cancelled")
            add(.emulationSlow, 16, nil, because: "\"\(hung.instruction)\" had not ended when the build was cancelled")
        }
        let ordered = found.enumerated().sorted { one, other in
            one.element.score == other.element.score
                ? one.offset < other.offset : one.element.score > other.element.score
        }
        candidates = ordered.prefix(Self.most).map(\.element)
    }
}

extension LogPlace {
    /// What the place adds to the words, for people.
    fileprivate var because: String? {
        if hasRun { return "programs ran before it: the handler works" }
        if isSaidInside { return "a program of the image says it: that one runs" }
        if isShell { return "the image's own shell did not start, and nothing ran before it" }
        return nil
    }
}

extension BuildLog {
    /// The emulated step that a build waited for until it was ended; nil if something failed.
    fileprivate var hungStep: Step? {
        guard isCutOff, !steps.contains(where: { $0.end == .failed }) else { return nil }
        guard let step = steps.last(where: { [.cancelled, .open].contains($0.end) && $0.runs }) else { return nil }
        let isForeign =
            step.platform?.hasPrefix("linux/arm64") == true
            || step.platform == nil && lines.contains { ["aarch64", "arm64"].contains($0.text.lowercased()) }
        return isForeign ? step : nil
    }
}

extension SymptomReading {
    /// The command that decides between the candidates, for the host that built; nil without candidates.
    public var decision: String? {
        guard let first = candidates.first else { return nil }
        let groups = candidates.map { $0.code.rawValue.prefix { $0 != "-" } }
        let command =
            switch groups[0] {
            case "artifact", "archive": "docker save IMAGE | assay artifact -"
            case "builder": "assay builders"
            // These need the probes and the builders.
            case "emulation", "cpu": "assay accept"
            case "runner" where first.code == .runnerLargePages: "assay accept"
            default: groups.contains("artifact") && first.code != .handlerMissing ? "assay accept" : "assay host"
            }
        guard let guest = first.guest, guest != .usual else { return command }
        return "\(command) --platform \(guest.platform)"
    }
}
