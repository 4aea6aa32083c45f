import Reports

/// What is running, for those who wait: one line of a terminal that is drawn anew, else a line each few seconds.
final class LiveLine {
    let isLive = CallerEnvironment.wantsLiveLine
    private let begun = ContinuousClock.now
    private var last = ContinuousClock.now
    /// Empty if nothing is.
    private var drawn = ""

    /// Without a terminal a log must not fill up with it, nor a CI engine take silence for a hang.
    private static let pause = Duration.seconds(5)

    /// Shows the text, cut to the terminal's width: a line that is wrapped cannot be cleared.
    func show(_ text: String) {
        guard !text.isEmpty else { return clear() }
        if isLive {
            let line = Terminal.cut(text.oneLine, to: StandardError.width - 1)
            guard line != drawn else { return }
            StandardError.write("\r\u{1b}[K\(line)")
            drawn = line
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
        guard !drawn.isEmpty else { return }
        StandardError.write("\r\u{1b}[K")
        drawn = ""
    }
}
