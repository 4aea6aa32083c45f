/// Follows a log from line to line.
struct BuildLogReader {
    private(set) var log = BuildLog()
    /// The step of lines that do not name theirs.
    private var current: Int?
    /// The steps by BuildKit's numbers.
    private var vertices: [Substring: Int] = [:]
    /// Whether the line is in BuildKit's summary of the failed step, between two rules.
    private var isInSummary = false
    /// The platform that the last command of a shell asked for.
    private var platform: String?

    mutating func read(_ text: String, number: Int) {
        let trimmed = text.trimmed
        guard !trimmed.isEmpty else { return }
        if trimmed.allSatisfy({ $0 == "-" }), trimmed.count > 4 {
            // Six dashes begin and end the summary, twenty the quoted Dockerfile.
            isInSummary = trimmed.count == 6 && !isInSummary
            // Later lines are about the Dockerfile.
            if !isInSummary { current = nil }
            return
        }
        if isQuotedDockerfile(trimmed) { return }
        if readBuildKit(text, number) || readStep(trimmed) || readCommand(trimmed, number) { return }
        if isInSummary, trimmed.hasPrefix("> [") {
            current = step(named: trimmed.dropFirst(2))
            return
        }
        readListing(trimmed)
        readWarning(trimmed)
        let isBuilders = readEnd(trimmed)
        add(isInSummary ? withoutSeconds(Substring(trimmed)) : Substring(trimmed), number, step: current, isBuilders)
    }

    private mutating func add(_ text: Substring, _ number: Int, step: Int?, _ isBuilders: Bool) {
        log.lines.append(
            BuildLog.Line(
                number: number, text: isBuilders ? Self.withoutQuotedCommand(text) : String(text), step: step,
                isBuilders: isBuilders))
    }

    private mutating func begin(_ instruction: Substring, platform: String?, isBuilders: Bool, runs: Bool) -> Int {
        log.steps.append(
            BuildLog.Step(
                platform: platform ?? self.platform, instruction: String(instruction), runs: runs,
                isBuilders: isBuilders))
        return log.steps.count - 1
    }

    /// Marks the current step as done: otherwise the next one would not have begun.
    private mutating func pass() {
        if let current, log.steps[current].end == .open { log.steps[current].end = .done }
    }

    // MARK: BuildKit: "#8 [linux/arm64 build 3/4] RUN …", "#8 0.103 output", "#8 DONE 0.1s"

    private mutating func readBuildKit(_ text: String, _ number: Int) -> Bool {
        guard text.first == "#" else { return false }
        let id = text.dropFirst().prefix(while: \.isNumber)
        guard !id.isEmpty, text.dropFirst(id.count + 1).first == " " else { return false }
        let rest = text.dropFirst(id.count + 2)
        if rest.first == "[", let close = rest.firstIndex(of: "]") {
            let instruction = rest[rest.index(after: close)...].trimmedStart
            if vertices[id] == nil {
                vertices[id] = begin(
                    instruction, platform: Self.platform(in: rest[..<close]), isBuilders: true,
                    runs: instruction.uppercased().hasPrefix("RUN "))
                log.steps[vertices[id] ?? 0].name = String(rest)
                if let platform = Self.platform(in: rest[..<close]) { log.wanted.insert(platform) }
            }
            current = vertices[id]
            return true
        }
        // Some tools leave the place among the steps out: "#8 RUN make".
        if vertices[id] == nil, rest.hasPrefix("RUN ") {
            vertices[id] = begin(rest, platform: nil, isBuilders: true, runs: true)
            current = vertices[id]
            return true
        }
        let step = vertices[id]
        if let step { current = step }
        if rest.hasPrefix("DONE") {
            if let step { log.steps[step].end = .done }
        } else if rest.hasPrefix("CACHED") {
            if let step { (log.steps[step].end, log.steps[step].runs) = (.done, false) }
        } else if rest.hasPrefix("CANCELED") {
            if let step { log.steps[step].end = .cancelled }
        } else if rest.hasPrefix("ERROR") {
            if let step { log.steps[step].end = .failed }
            add(rest, number, step: step, true)
        } else {
            let output = withoutSeconds(rest)
            add(output, number, step: step, output.count == rest.count)
        }
        return true
    }

    /// The step whose line the summary repeats. If the log begins after that step, it is added.
    private mutating func step(named name: Substring) -> Int {
        let name = name.hasSuffix(":") ? name.dropLast() : name
        if let known = log.steps.lastIndex(where: { $0.name == name || $0.name.hasSuffix(name) }) { return known }
        let parts = name.split(separator: "]", maxSplits: 1)
        let instruction = parts.last?.trimmedStart ?? ""
        let step = begin(
            instruction, platform: Self.platform(in: parts.first ?? ""), isBuilders: true,
            runs: instruction.uppercased().hasPrefix("RUN "))
        log.steps[step].end = .failed
        return step
    }

    private func withoutSeconds(_ text: Substring) -> Substring {
        let seconds = text.prefix(while: { $0.isNumber || $0 == "." })
        guard seconds.contains("."), seconds.first?.isNumber == true, text.dropFirst(seconds.count).first == " " else {
            return text
        }
        return text.dropFirst(seconds.count + 1)
    }

    /// Whether a line is like "   4 | >>> RUN …".
    private func isQuotedDockerfile(_ text: Substring) -> Bool {
        let digits = text.prefix(while: \.isNumber)
        return !digits.isEmpty && text.dropFirst(digits.count).hasPrefix(" |")
    }

    static func platform(in text: some StringProtocol) -> String? {
        text.split(whereSeparator: { " [],=\"'".contains($0) }).first { $0.hasPrefix("linux/") && $0.count > 6 }
            .map { String($0) }
    }

    // MARK: buildah, podman: "[1/2] STEP 3/6: RUN …"; docker's classic builder: "Step 3/6 : RUN …"; kaniko: "INFO[0003] RUN …"

    private mutating func readStep(_ text: Substring) -> Bool {
        var rest = text
        if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
            let after = rest[rest.index(after: close)...].trimmedStart
            if after.hasPrefix("STEP ") { rest = after }
        }
        let instruction: Substring
        if rest.hasPrefix("STEP ") || rest.hasPrefix("Step "), let colon = rest.firstIndex(of: ":"),
            rest.dropFirst(5).first?.isNumber == true
        {
            instruction = rest[rest.index(after: colon)...].trimmedStart
        } else if rest.hasPrefix("INFO["), let close = rest.firstIndex(of: "]") {
            instruction = rest[rest.index(after: close)...].trimmedStart
            guard Self.instructions.contains(where: instruction.hasPrefix) else { return true }
        } else if rest.hasPrefix("COMMIT ") || rest.hasPrefix("Successfully ") {
            pass()
            current = nil
            return true
        } else {
            return false
        }
        pass()
        current = begin(
            instruction, platform: Self.platform(in: instruction), isBuilders: true,
            runs: instruction.uppercased().hasPrefix("RUN "))
        return true
    }

    private static let instructions = [
        "RUN ", "COPY ", "ADD ", "FROM ", "WORKDIR ", "ENV ", "USER ", "ENTRYPOINT ", "CMD ",
    ]

    // MARK: Shells: "$ buildah bud --platform linux/arm64 …", "+ chroot …"

    private mutating func readCommand(_ text: Substring, _ number: Int) -> Bool {
        guard text.hasPrefix("$ ") || text.hasPrefix("+ ") else { return false }
        let command = text.dropFirst(2)
        // This is the trace of a shell in a step.
        if text.hasPrefix("+ "), let current, log.steps[current].isBuilders, log.steps[current].end == .open {
            return true
        }
        pass()
        let words = command.split(whereSeparator: { $0 == " " || $0 == "=" })
        platform = nil
        if let option = words.firstIndex(of: "--platform"), option + 1 < words.count {
            let platforms = words[option + 1].split(separator: ",").map(String.init)
            log.wanted.formUnion(platforms)
            platform = platforms.count == 1 ? platforms[0] : nil
        }
        let runs = ["podman", "docker", "nerdctl"].contains(words.first) && words.dropFirst().first == "run"
        current = begin(command, platform: platform, isBuilders: false, runs: runs || words.first == "chroot")
        vertices = [:]
        return true
    }

    // MARK: What is told beside the steps

    /// Reads "Platforms:        linux/amd64, linux/386".
    private mutating func readListing(_ text: Substring) {
        guard text.hasPrefix("Platforms:") else { return }
        let names = text.dropFirst(10).split(whereSeparator: { " ,*".contains($0) }).map(String.init)
        log.listed = (log.listed ?? []).union(names)
    }

    /// Reads "The requested image's platform (linux/arm64) does not match the detected host platform".
    private mutating func readWarning(_ text: Substring) {
        let warnings = ["requested image's platform (", "image platform ("]
        guard warnings.contains(where: { text.contains($0) }), let open = text.firstIndex(of: "(") else {
            return
        }
        let platform = text[text.index(after: open)...].prefix(while: { $0 != ")" })
        log.wanted.insert(String(platform))
        log.foreign = String(platform)
        if let current { log.steps[current].platform = String(platform) }
    }

    /// The words of CI engines for a job that they ended because it took too long.
    private static let cuts = [
        "execution took longer than", "The operation was canceled", "exceeded the maximum execution time",
        "context canceled", "timed out after",
    ]

    /// Reads a builder's line about a failed step, or about the end of the build. Returns whether it was one.
    private mutating func readEnd(_ text: Substring) -> Bool {
        let words = [
            "Error: building at STEP", "The command '", "error building image", "ERROR: failed to", "error: failed to",
            "executor failed running", "subprocess exited", "ERROR: Job failed",
        ]
        if Self.cuts.contains(where: { text.contains($0) }) {
            log.isCutOff = true
            return true
        }
        guard words.contains(where: text.hasPrefix) else { return false }
        if let current, log.steps[current].end == .open { log.steps[current].end = .failed }
        return true
    }

    /// Without the quoted command: that was only asked for.
    private static func withoutQuotedCommand(_ text: Substring) -> String {
        for (before, after) in [
            ("STEP \"", "\": "), ("process \"", "\" did not"), ("The command '", "' returned"), ("running [", "]: "),
        ] {
            guard let start = text.firstRange(of: before), let end = text.ranges(of: after).last,
                start.upperBound <= end.lowerBound
            else { continue }
            return "\(text[..<start.upperBound])…\(text[end.lowerBound...])"
        }
        return String(text)
    }
}

extension StringProtocol {
    fileprivate var trimmedStart: SubSequence { self[(firstIndex { !$0.isWhitespace } ?? endIndex)...] }

    fileprivate var trimmed: SubSequence {
        let start = trimmedStart
        return start[..<(start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex)]
    }
}
