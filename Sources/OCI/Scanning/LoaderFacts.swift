import Archive
import ELF
import Glibc

/// Where a dynamic linker looks for libraries by itself. Read from the linker's own bytes, since distributions differ.
///
/// Source: <https://sourceware.org/git/?p=glibc.git;a=blob;f=elf/dl-load.c>, `system_dirs`;
/// <https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c>, `load_library`
public enum LoaderFacts: Sendable, Equatable {
    /// - directories: the directories that it searches last, in order.
    /// - cache: the path of its `ld.so.cache`.
    /// - version: the minor version of glibc 2; nil for linkers before 2.33, which do not tell it.
    case glibc(directories: [String], cache: String, version: Int?)
    /// - architecture: the word in the name of its path file, `/etc/ld-musl-ARCHITECTURE.path`.
    case musl(architecture: String)

    /// The largest dynamic linker that is read, in bytes. musl's is its whole C library.
    static let mostBytes: UInt64 = 8 << 20
    private static let mostDirectories = 16
    private static let longestText = 256

    /// Whether a file of that name may be a dynamic linker.
    static func mayBeLoader(_ name: some Collection<UInt8>) -> Bool {
        ["ld-", "ld64", "ld.so", "libc.musl-"].contains { name.starts(with: $0.utf8) }
            || name.elementsEqual("libc.so".utf8)
    }

    /// Nil for a file that is neither glibc's linker nor musl's.
    init?(_ file: [UInt8]) {
        if let musl = Self.texts("/ld-musl-", in: file).first {
            let word = musl.suffix.prefix { $0 != UInt8(ascii: ".") }
            guard !word.isEmpty else { return nil }
            self = .musl(architecture: String(decoding: word, as: UTF8.self))
            return
        }
        guard
            let cache = Self.texts("/ld.so.cache", in: file).lazy.map(\.whole).first(where: {
                $0.hasPrefix("/") && $0.hasSuffix("/ld.so.cache")
            })
        else { return nil }
        let directories = Self.directories(in: file)
        guard !directories.isEmpty else { return nil }
        let version = Self.texts("release version 2.", in: file).first.flatMap { text in
            Int(String(decoding: text.suffix.prefix { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self))
        }
        self = .glibc(directories: directories, cache: cache, version: version)
    }

    /// The texts that are kept.
    var texts: [String] {
        switch self {
        case .glibc(let directories, let cache, _): directories + [cache]
        case .musl(let architecture): [architecture]
        }
    }

    /// The texts between NULs that contain a word: each as a whole, and the part after the word.
    private static func texts(_ word: String, in file: [UInt8]) -> [(whole: String, suffix: ArraySlice<UInt8>)] {
        positions(of: Array(word.utf8), in: file).compactMap { position in
            let end = file[position...].prefix(longestText).firstIndex(of: 0)
            let start = file[..<position].suffix(longestText).lastIndex(of: 0)
            guard let end, let start else { return nil }
            return (String(decoding: file[(start + 1)..<end], as: UTF8.self), file[(position + word.utf8.count)..<end])
        }
    }

    /// Whether a text stands between NULs.
    static func has(text: String, _ file: [UInt8]) -> Bool {
        !positions(of: [0] + text.utf8 + [0], in: file).isEmpty
    }

    /// The longest run of paths, one after the other, that begin and end with a slash: one array in glibc's source. It
    /// may follow code (armhf's does), whose last byte is no text, or is by chance: then a copy of the array is longer.
    private static func directories(in file: [UInt8]) -> [String] {
        var longest: [String] = []
        for position in positions(of: Array("/lib".utf8), in: file) {
            guard var start = file[..<position].suffix(longestText).lastIndex(where: { !isText($0) }) else { continue }
            var directories: [String] = []
            while directories.count < mostDirectories {
                let text = file[(start + 1)...].prefix(longestText).prefix { $0 != 0 }
                guard text.count > 1, text.first == slash, text.last == slash,
                    text.allSatisfy(isText)
                else { break }
                directories.append(String(decoding: text.dropLast(), as: UTF8.self))
                start = text.endIndex
                guard start < file.endIndex else { return longest }
            }
            if directories.count > longest.count { longest = directories }
        }
        return longest
    }

    private static func isText(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7f }

    private static let slash = UInt8(ascii: "/")

    private static func positions(of word: [UInt8], in file: [UInt8]) -> [Int] {
        file.withUnsafeBytes { bytes in
            var positions: [Int] = []
            var start = 0
            while start + word.count <= bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(word[0]), bytes.count - word.count + 1 - start)
            {
                let position = UnsafeRawPointer(found) - base
                let isThere = memcmp(found, word, word.count) == 0
                if isThere { positions.append(position) }
                start = position + (isThere ? word.count : 1)
            }
            return positions
        }
    }
}
