import ArgumentParser
import Guest

extension CompletionKind {
    /// Names that this program gives when somebody presses TAB.
    ///
    /// A source that fails gives none: a message would be written into the line that is being typed.
    static func names(_ source: @Sendable @escaping (TypedLine) throws -> [String]) -> CompletionKind {
        .custom { words, _, prefix in
            let found = (try? source(TypedLine(words: words, prefix: prefix))) ?? []
            var seen: Set<String> = []
            return found.filter { $0.isPlain && seen.insert($0).inserted }
        }
    }
}

/// A command line that somebody is typing, as the shell gives it.
struct TypedLine {
    /// All words, the program's own first.
    let words: [String]
    /// The word to complete, up to the cursor.
    let prefix: String

    /// The name of the command.
    var command: String { words.dropFirst().first ?? "" }

    /// The guest of `--platform`, else the usual one.
    var guest: Guest { value(of: "--platform").flatMap(Guest.init(platform:)) ?? .usual }

    /// The value of an option; nil if it is not there.
    func value(of option: String) -> String? {
        for (index, word) in words.enumerated() {
            if word.hasPrefix("\(option)=") { return String(word.dropFirst(option.count + 1)) }
            guard word == option else { continue }
            // Bash makes three words of OPTION=VALUE.
            return words[(index + 1)...].first { $0 != "=" }
        }
        return nil
    }
}

extension String {
    /// Whether a shell takes the word as it stands. Bash expands the names that it is given to choose from: a file called
    /// `$(command)` would run the command.
    fileprivate var isPlain: Bool {
        !isEmpty
            && utf8.allSatisfy {
                switch UInt8($0) {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-_.:=/+@,".utf8.contains($0)
                }
            }
    }
}
