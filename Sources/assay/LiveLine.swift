import Reports

/// What is running, for those who wait: one line of a terminal that is drawn anew, else a line each few seconds.
final class LiveLine {
    let isLive = CallerEnvironment.wantsLiveLine
    private let begun = ContinuousClock.now
    private var last = ContinuousClock.now
    private var isDrawn = false

    /// Without a terminal a log must not fill up with it, nor a CI engine take silence for a hang.
    private static let pause = Duration.seconds(5)

    /// Shows the text, cut to the terminal's width: a line that is wrapped cannot be cleared.
    func show(_ text: String) {
        guard !text.isEmpty else { return clear() }
        if isLive {
            StandardError.write("\r\u{1b}[K\(Terminal.cut(text.oneLine, to: StandardError.width - 1))")
            isDrawn = true
        } else if ContinuousClock.now - last >= Self.pause {
            last = .now
            let seconds = begun.duration(to: .now).components.seconds
            StandardError.write("assay: \(seconds) s: \(Terminal.cut(text.oneLine, to: 200))\n")
        }
    }

    /// Writes a line that stays.
    func say(_ line: String) {
        clear()
        StandardError.write("\(line)\n")
        last = .now
    }

    func clear() {
        guard isDrawn else { return }
        StandardError.write("\r\u{1b}[K")
        isDrawn = false
    }
}
