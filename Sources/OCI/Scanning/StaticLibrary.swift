import Archive
import ELF

/// Looks at the objects in a static library.
///
/// Source: <https://man7.org/linux/man-pages/man5/ar.5.html>; its variants:
/// <https://man.freebsd.org/cgi/man.cgi?query=ar&sektion=5>. `/SYM64/`, the index of a library above 4 GiB, is read as
/// any member that is no object.
struct StaticLibrary {
    static let magic = Array("!<arch>\n".utf8)
    private static let headerSize = 60
    /// The most bytes of long names that are read. No library has so many.
    private static let mostNames = 1 << 20
    /// The longest name, in bytes, like that of a file: the table of long names need not mark the end of one.
    private static let longestName = 255

    private let contents: ByteCursor

    init(_ contents: any ByteSource) {
        self.contents = ByteCursor(contents)
    }

    /// One member for each target, the first one for it. Stops at what cannot be read: a damaged library concerns its
    /// linker.
    func members() throws(ArchiveError) -> [LibraryMember] {
        var members: [LibraryMember] = []
        var targets: Set<ELFTarget> = []
        var longNames: [UInt8] = []
        guard try contents.read(Self.magic.count) == Self.magic else { return [] }
        while let header = try contents.read(Self.headerSize) {
            guard header[58] == 0x60, header[59] == 0x0a, let size = Self.number(header[48..<58]) else { break }
            let isNameTable = header.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")])
            // BSD's ar, and llvm-ar in its form, write a long name before the object, and count it in the size.
            let ownName = Self.lengthOfOwnName(header[..<16])
            guard ownName <= size else { break }
            let name = try contents.read(min(ownName, Self.longestName)) ?? []
            guard try contents.skip(ownName - name.count) else { break }
            let rest = size - ownName
            let head = try contents.read(min(rest, isNameTable ? Self.mostNames : ELFHeader.size)) ?? []
            if isNameTable {
                longNames = head
            } else if let target = (try? ELFHeader(prefix: head))?.target, targets.insert(target).inserted {
                let text = ownName > 0 ? Self.text(name.prefix { $0 != 0 }) : Self.name(header[..<16], longNames)
                members.append(LibraryMember(name: text, target: target))
            }
            guard try contents.skip(rest - head.count + size % 2) else { break }
        }
        return members
    }

    /// The length of a name that begins the object, in bytes: `#1/20`. 0 if the header has the name. The name is padded
    /// with NULs.
    private static func lengthOfOwnName(_ field: ArraySlice<UInt8>) -> Int {
        guard field.starts(with: "#1/".utf8) else { return 0 }
        return number(field.dropFirst(3)) ?? 0
    }

    /// The text of a name, never empty.
    private static func text(_ name: some Sequence<UInt8>) -> String {
        let text = String(decoding: Array(name), as: UTF8.self)
        return text.isEmpty ? "an object" : text
    }

    /// The name of a member. Names end in a slash. A long name is in a table, at the offset after the slash.
    private static func name(_ field: ArraySlice<UInt8>, _ longNames: [UInt8]) -> String {
        let slash = UInt8(ascii: "/")
        guard field.first == slash else {
            return text(field.prefix { $0 != slash && $0 != UInt8(ascii: " ") })
        }
        guard let offset = number(field.dropFirst()), offset < longNames.count else { return "an object" }
        // A name that is a path has slashes itself. It ends with a slash before a newline.
        var name = longNames[offset...].prefix(longestName).prefix { $0 != 0x0a && $0 != 0 }
        if name.last == slash { name.removeLast() }
        return text(name)
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.prefix { $0 >= 0x30 && $0 <= 0x39 }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}

/// Reads exact numbers of bytes from a source.
final class ByteCursor {
    private let source: any ByteSource
    private var chunk = UnsafeRawBufferPointer(start: nil, count: 0)

    init(_ source: any ByteSource) {
        self.source = source
    }

    /// The next bytes; nil if there are not as many.
    func read(_ count: Int) throws(ArchiveError) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            guard try fill() else { return nil }
            let part = chunk.prefix(count - bytes.count)
            bytes += part
            chunk = UnsafeRawBufferPointer(rebasing: chunk[part.count...])
        }
        return bytes
    }

    /// Skips bytes. Returns false if there are not as many.
    func skip(_ count: Int) throws(ArchiveError) -> Bool {
        var rest = count
        while rest > 0 {
            guard try fill() else { return false }
            let part = min(rest, chunk.count)
            chunk = UnsafeRawBufferPointer(rebasing: chunk[part...])
            rest -= part
        }
        return true
    }

    private func fill() throws(ArchiveError) -> Bool {
        if chunk.isEmpty { chunk = try source.nextChunk() }
        return !chunk.isEmpty
    }
}
