/// Quotes a word for sh(1), if it needs quotes: in single quotes, or in double quotes if it has single ones itself.
public func shellQuoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/._-+:=@,".utf8.contains(byte)
        }
    }
    if plain && !word.isEmpty { return word }
    guard word.contains("'") else { return "'\(word)'" }
    // In double quotes, an interactive shell takes ! for its history, unless a space follows.
    guard !word.replacing("! ", with: "").contains("!") else {
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
    let special = "\"$`\\"
    var quoted = ""
    for (index, character) in word.enumerated() {
        // Before any other character, a backslash stands for itself.
        let next = word.dropFirst(index + 1).first ?? "\""
        let needsNone = character == "\\" && !special.contains(next) && next != "\n"
        if special.contains(character) && !needsNone { quoted.append("\\") }
        quoted.append(character)
    }
    return "\"\(quoted)\""
}
