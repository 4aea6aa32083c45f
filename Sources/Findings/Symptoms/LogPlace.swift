import Guest

/// A line of a log, with what its step tells about it.
struct LogPlace {
    let line: BuildLog.Line
    /// The line in lower case.
    let text: String
    let step: BuildLog.Step?
    /// Whether an earlier program ran, so that emulation works.
    let hasRun: Bool
    /// The last few lines that the step printed before, in lower case, without those of the builder.
    let before: [String]
    let symptoms: [Symptom]
    /// The platform of an image of which a tool says that it is not the host's.
    let foreign: String?
    /// Whether the step printed something else before, so that its first program runs.
    var hasPrinted: Bool { before.contains { $0 != text } }

    /// Whether the step runs programs of the building machine, mostly x86-64, so that no emulator has a part in it.
    var isNative: Bool {
        step?.platform.map { ["linux/amd64", "linux/386"].contains($0) && $0 != foreign } ?? false
    }

    /// The platform of the programs that ran there; nil if the log does not tell.
    var platform: String? { step?.platform ?? foreign }

    /// Whose programs ran there; nil if the log does not tell.
    var guest: Guest? {
        switch platform.map(NamedPlatform.init) {
        case .guest(let guest), .variant(of: let guest, _): guest
        case .unknown, nil: nil
        }
    }

    /// Whether the line is about a program that every image has: a shell, or one that tests whether an image runs at
    /// all.
    var isShell: Bool {
        Self.paths(in: String(speech.words)).last.map(Self.isShell) ?? false
    }

    /// The program that says the line, if the line begins with a shell's or env's name, and what it says: "/bin/bash:
    /// line 1: ./tool: Exec format error". That program runs.
    private var speech: (shell: Substring?, words: Substring) {
        let speaker = line.text.prefix { $0 != ":" }
        let rest = line.text[speaker.endIndex...].dropFirst()
        guard !rest.isEmpty, !speaker.contains(" "), Self.isShell(speaker) else { return (nil, line.text[...]) }
        return (speaker, rest)
    }

    /// Whether a shell that runs says the line.
    var isSaidByShell: Bool { speech.shell != nil }

    /// Whether a program of the image runs, and says the line itself: "/bin/sh: 1: /usr/bin/tool: Exec format error".
    var isSaidInside: Bool {
        guard step?.isBuilders == true else { return false }
        return hasPrinted || isSaidByShell || text.hasPrefix("oserror")
    }

    /// Whether the line only speaks of the words: they stand in quotes, and the sentence goes on, as a test's does:
    /// got "exec format error" as wanted.
    func quotes(_ words: String) -> Bool {
        let places = text.ranges(of: words)
        return !places.isEmpty
            && places.allSatisfy { place in
                guard let mark = text[..<place.lowerBound].last, "\"'`".contains(mark) else { return false }
                let rest = text[place.upperBound...]
                return rest.first == mark && rest.dropFirst().first == " " && rest.dropFirst(2).first?.isLetter == true
            }
    }

    /// Whether a test speaks of what it expected: the words are its own, not the kernel's.
    var isOfTest: Bool {
        ["assertionerror", "assert ", "expected ", "to be raised", " want ", "did not raise"].contains {
            text.contains($0)
        }
    }

    /// Whether the line is about a script, by its name: without a first line `#!` no machine starts it.
    var isAboutScript: Bool { Self.paths(in: text).last.map(Self.isScript) ?? false }

    /// Whether a shell read a program's bytes as a script, since the kernel had refused it: the first line is no syntax. A
    /// shell's own name before it is about the shell's words.
    var isProgramReadAsScript: Bool {
        let program = text.prefix { $0 != ":" }
        let place = text[program.endIndex...]
        return program.contains("/") && !program.contains(" ") && !Self.isShell(program) && !Self.isScript(program)
            && [": 1: ", ": line 1: "].contains(where: place.hasPrefix)
    }

    private static func isScript(_ path: Substring) -> Bool {
        [".sh", ".bash", ".py", ".pl", ".rb"].contains(where: path.hasSuffix)
    }

    private static func isShell(_ program: some StringProtocol) -> Bool {
        ["sh", "bash", "dash", "ash", "true", "env"].contains(String(program.split(separator: "/").last ?? ""))
    }

    private static func paths(in text: String) -> [Substring] {
        text.split(whereSeparator: { " \t:,'\"`‘’[]()".contains($0) }).filter { $0.first == "/" }
    }
}

/// The telling lines of a log in order, each with what is known about its step by then.
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
            // Output of a step that ended well is not why the build failed. But a builder's warning is about the image.
            let isHarmless = line.step.map { log.steps[$0].end == .done } == true && !line.isBuilders
            let symptoms = isHarmless ? [] : Symptom.all.filter { $0.isSaid(in: lowered) }
            guard !symptoms.isEmpty else { continue }
            return LogPlace(
                line: line, text: line.text.lowercased(), step: line.step.map { log.steps[$0] },
                hasRun: line.step.map { hasRun[$0] } ?? false, before: before.map { $0.lowercased() },
                symptoms: symptoms, foreign: log.foreign)
        }
        return nil
    }

    /// Whether a builder or its runtime says the line, although it looks like a step's output.
    private static func isBuilders(_ line: BuildLog.Line) -> Bool {
        let words = [
            "--->", "time=\"", "WARN", "[Warning]", "Trying to pull", "Getting image", "Copying ", "Removing ", "INFO[",
        ]
        return line.isBuilders || words.contains(where: line.text.hasPrefix)
    }
}

extension BuildLog {
    /// For each step, whether an earlier program of the same platform ran and ended well. Then emulation works, and a
    /// failure is about one program.
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
