/// What `env` does with its arguments.
///
/// Source: <https://www.gnu.org/software/coreutils/manual/html_node/env-invocation.html>,
/// <https://git.busybox.net/busybox/tree/coreutils/env.c>
struct EnvCommand {
    /// Whose `env` it is.
    enum Implementation {
        case gnu
        /// BusyBox's or toybox's, which know few options.
        case small
    }

    /// The `PATH` by which `env` looks for its program.
    enum Path: Equatable {
        case inherited, unset
        case set(String)
    }

    enum Outcome: Equatable {
        case program(String, Path)
        /// The script whose first line it is.
        case script
        /// No program: `env` prints the variables.
        case nothing
        /// An option that it does not know.
        case refused(option: String)
        /// It depends on quotes, variables or another directory.
        case uncertain
    }

    private enum Word {
        case text(String)
        /// The script's path, which the kernel adds to the words of the first line.
        case script
        case unknown
    }

    let outcome: Outcome

    /// - Parameter argument: everything after `env` in a script's first line. The kernel passes it on as one argument,
    ///   with its blanks.
    init(argument: String?, _ implementation: Implementation) {
        var reading = Reading(words: (argument.map { [.text($0)] } ?? []) + [.script], implementation: implementation)
        outcome = reading.outcome()
    }

    /// - Parameter arguments: separate arguments, as in an image's entrypoint.
    init(arguments: [String], _ implementation: Implementation) {
        var reading = Reading(words: arguments.map { .text($0) }, implementation: implementation)
        outcome = reading.outcome()
    }

    /// Takes the words one after the other.
    private struct Reading {
        var words: [Word]
        let implementation: Implementation
        var path = Path.inherited

        private enum End: Error {
            case refused(String)
            case uncertain
        }

        mutating func outcome() -> Outcome {
            do throws(End) {
                try readOptions()
            } catch {
                switch error {
                case .refused(let option): return .refused(option: option)
                case .uncertain: return .uncertain
                }
            }
            return program()
        }

        private mutating func readOptions() throws(End) {
            while case .text(let word) = words.first, word.utf8.first == UInt8(ascii: "-"), word != "-" {
                words.removeFirst()
                if word == "--" { break }
                if word.utf8.starts(with: "--".utf8) {
                    try readLong(word)
                } else {
                    try readShort(word)
                }
            }
            // The old form of -i.
            if case .text("-") = words.first {
                words.removeFirst()
                path = .unset
            }
        }

        /// Options of one letter, several in a word.
        private mutating func readShort(_ word: String) throws(End) {
            var letters = Array(word.utf8.dropFirst())[...]
            while let letter = letters.popFirst() {
                let isGNU = implementation == .gnu
                switch UnicodeScalar(letter) {
                case "i": path = .unset
                case "0": break
                case "v" where isGNU: break
                case "u":
                    unset(try argument(&letters))
                case "S" where isGNU:
                    try split(letters.isEmpty ? next() : .text(String(decoding: letters, as: UTF8.self)))
                    letters = []
                case "a" where isGNU: _ = try argument(&letters)
                case "C" where isGNU: throw .uncertain
                case let other: throw .refused("-\(Character(other))")
                }
            }
        }

        private mutating func readLong(_ word: String) throws(End) {
            let name = word.parts("=", keepsEmpty: true)[0]
            let isGNU = implementation == .gnu
            let value = name == word ? nil : String(decoding: word.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self)
            switch name {
            case "--ignore-environment": path = .unset
            case "--null": break
            case "--unset": unset(text(try argument(value)))
            case "--split-string" where isGNU: try split(try argument(value))
            case "--argv0" where isGNU: if value == nil { _ = try next() }
            case "--debug" where isGNU, "--list-signal-handling" where isGNU: break
            case "--block-signal" where isGNU, "--default-signal" where isGNU, "--ignore-signal" where isGNU: break
            // Other directories, help, abbreviations.
            case _ where isGNU: throw .uncertain
            default: throw .refused(word)
            }
        }

        /// The argument of an option of one letter: the rest of its word, or the next word.
        private mutating func argument(_ letters: inout ArraySlice<UInt8>) throws(End) -> String {
            defer { letters = [] }
            return letters.isEmpty ? try text(next()) : String(decoding: letters, as: UTF8.self)
        }

        private mutating func next() throws(End) -> Word {
            guard !words.isEmpty else { throw .uncertain }
            return words.removeFirst()
        }

        /// The argument of a long option: what stands behind its `=`, or the next word.
        private mutating func argument(_ value: String?) throws(End) -> Word {
            guard let value else { return try next() }
            return .text(value)
        }

        private func text(_ word: Word) -> String {
            if case .text(let text) = word { return text }
            return ""
        }

        private mutating func unset(_ name: String) {
            if name == "PATH" { path = .unset }
        }

        /// Puts the words of a text before the others. Behind a quote, a variable or a comment they are unknown.
        private mutating func split(_ word: Word) throws(End) {
            guard case .text(let text) = word else { return words.insert(word, at: 0) }
            let bytes = Array(text.utf8)
            let plain = bytes.prefix { !"\"'\\$#".utf8.contains($0) }
            var texts = plain.split(
                omittingEmptySubsequences: false, whereSeparator: { $0 == 0x20 || (0x09...0x0d).contains($0) })
            if plain.count < bytes.count { texts.removeLast() }
            let whole = texts.filter { !$0.isEmpty }.map { Word.text(String(decoding: $0, as: UTF8.self)) }
            words = whole + (plain.count < bytes.count ? [.unknown] : []) + words
        }

        /// What follows the options: variables, and then the program.
        private mutating func program() -> Outcome {
            for word in words {
                switch word {
                case .unknown: return .uncertain
                case .script: return .script
                case .text(let text):
                    guard text.utf8.contains(UInt8(ascii: "=")) else { return .program(text, path) }
                    if text.utf8.starts(with: "PATH=".utf8) {
                        path = .set(String(decoding: text.utf8.dropFirst(5), as: UTF8.self))
                    }
                }
            }
            return .nothing
        }
    }
}
