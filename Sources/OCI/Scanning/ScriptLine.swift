import Archive

/// Reads the first line of a script as the kernel does.
///
/// Source: `load_script` in <https://github.com/torvalds/linux/blob/master/fs/binfmt_script.c>
enum ScriptLine {
    /// How much of a file the kernel reads, in bytes (`BINPRM_BUF_SIZE`; 128 before Linux 5.1). It takes the last byte
    /// for the end.
    static let bufferSize = 256

    private static let newline = UInt8(ascii: "\n")

    /// - Parameter head: the file's first bytes, up to `bufferSize`.
    /// - Returns: nil for a file that does not begin with `#!`.
    static func facts(_ head: some Collection<UInt8>) -> ScriptFacts? {
        let head = Array(head.prefix(bufferSize))
        guard head.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "!")]) else { return nil }
        // The kernel sees zeros after the end of a short file.
        let buffer = head + [UInt8](repeating: 0, count: bufferSize - head.count)
        var line = buffer[2...].prefix { $0 != newline }
        let isWhole = line.endIndex < buffer.endIndex
        if !isWhole {
            line = buffer[2..<bufferSize - 1]
            let words = line.drop(while: isBlank)
            guard !words.isEmpty else { return ScriptFacts(interpreter: "", flaw: .noInterpreter) }
            // The kernel looks for the end of the path in the last byte, too.
            guard buffer[words.startIndex...].contains(where: { isBlank($0) || $0 == 0 }) else {
                return ScriptFacts(interpreter: text(words), flaw: .interpreterCut)
            }
        }
        while line.last.map(isBlank) == true { line.removeLast() }
        line = line.drop(while: isBlank)
        let interpreter = line.prefix { !isBlank($0) && $0 != 0 }
        guard !interpreter.isEmpty else { return ScriptFacts(interpreter: "", flaw: .noInterpreter) }
        var facts = ScriptFacts(interpreter: text(interpreter))
        let rest = line[interpreter.endIndex...]
        if rest.first.map(isBlank) == true {
            let argument = rest.drop(while: isBlank)
            let visible = argument.prefix { $0 != 0 }
            if !visible.isEmpty { facts.argument = text(visible) }
            facts.isArgumentCut = !isWhole && head.count == bufferSize && visible.count == argument.count
        }
        return facts
    }

    /// Whether an archive follows a script of one line.
    static func isBeforeArchive(_ head: [UInt8]) -> Bool {
        head.firstIndex(of: newline).map { head[($0 + 1)...].starts(with: ZipReader.magic) } ?? false
    }

    /// The beginning of an executable file that is neither an ELF file nor a script; nil if it has no known one.
    static func text(in head: [UInt8]) -> TextFacts? {
        if head.isEmpty { return .empty }
        if head.starts(with: [0xef, 0xbb, 0xbf]), head.dropFirst(3).starts(with: "#!".utf8) { return .byteOrderMark }
        if head.starts(with: [0xff, 0xfe]) || head.starts(with: [0xfe, 0xff]) { return .wideCharacters }
        if head.starts(with: [0x23, 0, 0x21, 0]) || head.starts(with: [0, 0x23, 0, 0x21]) { return .wideCharacters }
        if head.starts(with: "!/".utf8) { return .noHash }
        if isLFSPointer(head) { return .lfsPointer }
        if head.starts(with: [0x1f, 0x8b]) { return .gzip }
        let start = String(decoding: head.prefix(9), as: UTF8.self).lowercased()
        if start.hasPrefix("<!doctype") || start.hasPrefix("<html") { return .html }
        let words = head.drop { isBlank($0) || $0 == newline || $0 == 0x0d }
        return words.startIndex > 0 && words.starts(with: "#!".utf8) ? .blankFirst : nil
    }

    /// Source: <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>
    static func isLFSPointer(_ head: [UInt8]) -> Bool {
        head.starts(with: "version https://git-lfs.github.com/spec/".utf8)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
