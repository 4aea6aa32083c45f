import Archive
import Glibc

/// The entries of one layer, stored compactly: an image has many thousands of them.
struct LayerEntries: Sendable {
    enum Kind: UInt8, Sendable {
        case file, directory, symbolicLink, hardLink, special
    }

    /// A run of `bytes`.
    struct Text: Sendable, Hashable {
        var start: UInt32 = 0
        var count: UInt16 = 0
    }

    private struct Record {
        var directory: Text
        var name: Text
        var mode: UInt16
        var kind: Kind
        /// The directory of what a hard link names.
        var targetDirectory = Text()
        /// What a symbolic link says, the last component of what a hard link names; of a file which of the facts are its own.
        var target = Text(start: LayerEntries.none, count: 0)
    }

    private static let none = UInt32.max
    private static let slash = UInt8(ascii: "/")
    /// The most that is kept of the names of a layer, in bytes.
    private static let mostBytes = 1 << 30

    private var bytes: [UInt8] = []
    private var records: [Record] = []
    private(set) var facts: [FileFacts] = []
    /// Where each directory's path is: many entries are in one directory, however deep it is. Not needed once all is read.
    private var directories: [Int: [Text]] = [:]
    private var last: (entry: Text, target: Text) = (Text(), Text())

    var count: Int { records.count }

    /// What is kept of names and links, in bytes.
    var byteCount: Int { bytes.count }

    /// How many files are ELF files.
    var binaryCount: Int {
        facts.count { fact in
            if case .elf = fact { true } else { false }
        }
    }

    /// - Throws: `ArchiveError.Code.overLimit` where the names of a layer take more than 1 GiB.
    mutating func append(_ entry: ArchiveEntry, facts found: FileFacts?, archive: String) throws(ArchiveError) {
        guard bytes.count < Self.mostBytes, entry.path.bytes.count <= Int(UInt16.max) else {
            throw ArchiveError(
                .overLimit, archive: archive, entry: entry.path.description,
                expected: "names of at most 64 KiB, and of 1 GiB in one layer", found: "more")
        }
        last.entry = directory(of: entry.path.bytes, like: last.entry)
        var record = Record(
            directory: last.entry, name: add(entry.path.name), mode: UInt16(truncatingIfNeeded: entry.mode),
            kind: .file)
        switch entry.kind {
        case .file:
            if let found {
                record.target.start = UInt32(facts.count)
                facts.append(found)
            }
        case .directory: record.kind = .directory
        case .special: record.kind = .special
        case .symbolicLink(let link):
            record.kind = .symbolicLink
            record.target = add(link.prefix(Int(UInt16.max)))
        case .hardLink(let link):
            record.kind = .hardLink
            // Longer ones lead to nothing that is kept.
            let link = link.bytes.count <= Int(UInt16.max) ? link : .root
            last.target = directory(of: link.bytes, like: last.target)
            record.targetDirectory = last.target
            record.target = add(link.name)
        }
        records.append(record)
    }

    /// Lets go of what only `append` needs.
    mutating func finish() { directories = [:] }

    /// The directory that an entry is in, without a slash at either end: equal ones are the same text.
    func directory(_ index: Int) -> Text { records[index].directory }

    func name(_ index: Int) -> Text { records[index].name }

    /// The directory of what a hard link names.
    func targetDirectory(_ index: Int) -> Text { records[index].targetDirectory }

    /// The last component of what a hard link names; what a symbolic link says.
    func target(_ index: Int) -> Text { records[index].target }

    subscript(text: Text) -> ArraySlice<UInt8> { bytes[Int(text.start)..<Int(text.start) + Int(text.count)] }

    func path(_ index: Int) -> [UInt8] { path(records[index].directory, records[index].name) }

    /// What a symbolic link says, or the path that a hard link names.
    func targetPath(_ index: Int) -> [UInt8] { path(records[index].targetDirectory, records[index].target) }

    func kind(_ index: Int) -> Kind { records[index].kind }

    func mode(_ index: Int) -> UInt16 { records[index].mode }

    func facts(_ index: Int) -> FileFacts? {
        guard kind(index) == .file, records[index].target.start != Self.none else { return nil }
        return facts[Int(records[index].target.start)]
    }

    private func path(_ directory: Text, _ name: Text) -> [UInt8] {
        directory.count == 0 ? Array(self[name]) : self[directory] + [Self.slash] + self[name]
    }

    private mutating func add(_ text: some Collection<UInt8>) -> Text {
        defer { bytes.append(contentsOf: text) }
        return Text(start: UInt32(bytes.count), count: UInt16(text.count))
    }

    /// The directory of a path, which is often that of the path before.
    private mutating func directory(of path: [UInt8], like last: Text) -> Text {
        guard let slash = path.lastIndex(of: Self.slash) else { return Text() }
        let directory = path[..<slash]
        if directory.count == Int(last.count), Self.equal(directory, self[last]) { return last }
        var hasher = Hasher()
        directory.withUnsafeBytes { hasher.combine(bytes: $0) }
        let key = hasher.finalize()
        if let known = directories[key]?.first(where: { Self.equal(directory, self[$0]) }) { return known }
        let text = add(directory)
        directories[key, default: []].append(text)
        return text
    }

    private static func equal(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                guard left.count == right.count, let one = left.baseAddress, let other = right.baseAddress else {
                    return left.count == right.count
                }
                return memcmp(one, other, left.count) == 0
            }
        }
    }
}
