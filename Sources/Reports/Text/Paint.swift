import Findings

/// ANSI colours, or none.
struct Paint {
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
    }

    let enabled: Bool

    func colour(_ text: String, _ colour: Colour) -> String { wrap(text, colour.rawValue) }
    func bold(_ text: String) -> String { wrap(text, 1) }
    func dim(_ text: String) -> String { wrap(text, 2) }

    func severity(_ severity: Severity) -> String {
        switch severity {
        case .info: colour("info", .blue)
        case .warning: colour("warning", .yellow)
        case .error: colour("error", .red)
        }
    }

    func outcome(_ outcome: Outcome) -> String {
        switch outcome {
        case .pass: colour("pass", .green)
        case .fail: colour("FAIL", .red)
        case .skip: dim("skip")
        case .broken: colour("BROKEN", .yellow)
        }
    }

    /// - Parameter text: what is shown for it; nil: its own word.
    func verdict(_ verdict: Verdict, text: String? = nil) -> String {
        let text = text ?? verdict.rawValue
        return switch verdict {
        case .fit: colour(text, .green)
        case .unfit: colour(text, .red)
        case .undetermined: colour(text, .yellow)
        }
    }

    private func wrap(_ text: String, _ code: Int) -> String {
        enabled ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }

    /// The width of a text on a terminal, in characters, without colour escapes.
    static func width(_ text: String) -> Int {
        guard text.utf8.contains(0x1b) else { return text.count }
        var width = 0
        var inEscape = false
        for character in text {
            if character == "\u{1b}" {
                inEscape = true
            } else if !inEscape {
                width += 1
            } else if character == "m" {
                inEscape = false
            }
        }
        return width
    }
}
