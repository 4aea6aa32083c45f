/// A line of a log, and what its step says about it.
struct LogPlace {
    let line: BuildLog.Line
    /// In lower case.
    let text: String
    let step: BuildLog.Step?
    /// An earlier program ran: emulation works.
    let hasRun: Bool
    /// What the step has printed before, the last few lines of it, and not what the builder said.
    let before: [String]
    let symptoms: [Symptom]
    /// The step has printed something else before: its first program runs.
    var hasPrinted: Bool { before.contains { $0 != text } }

    /// The step runs the programs of the machine that builds: most are x86-64, and an emulator has no part in it.
    var isNative: Bool { step?.platform.map { ["linux/amd64", "linux/386"].contains($0) } ?? false }

    /// The program that a line is about is one that every image has: a shell, or what tries whether an image runs at all.
    var isShell: Bool {
        Self.paths(in: line.text).last.map(Self.isShell) ?? false
    }

    /// A program of the image runs, and says it: "/bin/sh: 1: /usr/bin/tool: Exec format error".
    var isSaidInside: Bool {
        guard step?.isBuilders == true else { return false }
        let speaker = text.prefix { $0 != ":" }
        return hasPrinted || !speaker.contains(" ") && Self.isShell(speaker) || speaker.hasPrefix("oserror")
    }

    private static func isShell(_ program: some StringProtocol) -> Bool {
        ["sh", "bash", "dash", "ash", "true", "env"].contains(String(program.split(separator: "/").last ?? ""))
    }

    private static func paths(in text: String) -> [Substring] {
        text.split(whereSeparator: { " \t:,'\"`‘’[]()".contains($0) }).filter { $0.first == "/" }
    }
}

/// The lines of a log that say something, one after the other, with what is known of each step by then.
struct LogPlaces: Sequence, IteratorProtocol {
    private let log: BuildLog
    private let hasRun: [Bool]
    private var index = 0
    private var printed: [Int: [String]] = [:]

    init(_ log: BuildLog) {
        self.log = log
        hasRun = log.stepsAfterRuns
    }

    mutating func next() -> LogPlace? {
        while index < log.lines.count {
            let line = log.lines[index]
            index += 1
            let before = line.step.flatMap { printed[$0] } ?? []
            if let step = line.step, !Self.isBuilders(line), before.last != line.text {
                printed[step] = before.suffix(2) + [line.text]
            }
            let lowered = LoweredLine(line.text)
            // What a step prints that ends well is not what the build died of; a warning of the builder's is about the image.
            let isHarmless = line.step.map { log.steps[$0].end == .done } == true && !line.isBuilders
            let symptoms = isHarmless ? [] : Symptom.all.filter { $0.isSaid(in: lowered) }
            guard !symptoms.isEmpty else { continue }
            return LogPlace(
                line: line, text: line.text.lowercased(), step: line.step.map { log.steps[$0] },
                hasRun: line.step.map { hasRun[$0] } ?? false, before: before.map { $0.lowercased() },
                symptoms: symptoms)
        }
        return nil
    }

    /// What a builder or its runtime says, in lines that look like a step's output.
    private static func isBuilders(_ line: BuildLog.Line) -> Bool {
        let words = [
            "--->", "time=\"", "WARN", "[Warning]", "Trying to pull", "Getting image", "Copying ", "Removing ", "INFO[",
        ]
        return line.isBuilders || words.contains(where: line.text.hasPrefix)
    }
}

extension BuildLog {
    /// For each step whether an earlier program of the same platform ran and ended well: then emulation works, and what fails now is about one program.
    fileprivate var stepsAfterRuns: [Bool] {
        var platforms: Set<String> = []
        var isUnknown = false
        return steps.map { step in
            defer {
                if step.runs && step.end == .done {
                    if let platform = step.platform { platforms.insert(platform) } else { isUnknown = true }
                }
            }
            return isUnknown || step.platform.map(platforms.contains) ?? !platforms.isEmpty
        }
    }
}
