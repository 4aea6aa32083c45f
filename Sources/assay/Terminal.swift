import Glibc
import Processes

/// What is known of a terminal behind a descriptor.
enum Terminal {
    /// In columns; nil where it has none, or does not say.
    static func width(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(max(0, width - 1)) + "…"
    }

    /// <https://no-color.org>, <https://force-color.org>, <https://bixense.com/clicolors>. Who wants none has the last word, then who
    /// forces them. A CI system's log gets none unasked, even if it looks like a terminal.
    static func wantsColours(isTerminal: Bool, variable: (String) -> String? = Tool.variable) -> Bool {
        if variable("NO_COLOR") != nil { return false }
        if let forced = variable("FORCE_COLOR") { return !["0", "false"].contains(forced) }
        if let forced = variable("CLICOLOR_FORCE"), forced != "0" { return true }
        return isTerminal && variable("CLICOLOR") != "0" && variable("CI") == nil && variable("TERM") != "dumb"
    }
}
