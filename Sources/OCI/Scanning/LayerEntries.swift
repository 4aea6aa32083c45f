import Archive
import Glibc

/// The entries of one layer. Stored compactly: an image has many thousands.
struct LayerEntries: Sendable {
    enum Kind: UInt8, Sendable {
        case file, directory, symbolicLink, hardLink, special
    }

    /// A range of `bytes`.
    struct Text: Sendable, Hashable {
        var start: UInt32 = 0
        var count: UInt16 = 0
    }

    private struct Record {
        var directory: Text
        var name: Text
        var mode: UInt16
        var kind: Kind
        /// The index of its owner.
        var owner: UInt16 = 0
        /// The directory of a hard link's target.
        var targetDirectory = Text()
        /// The text of a symbolic link, or the last component of a hard link's target. For a file, the index of its
        /// facts.
        var target = Text(start: LayerEntries.none, count: 0)
    }

    /// Who owns a file: numbers of a user and a group.
    struct Owner: Hashable, Sendable {
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    /// The types of Go's `archive/tar` that engines unpack: files, links, devices, directories, pipes.
    ///
    /// Source: `createTarFile` of <https://github.com/containerd/containerd/blob/main/pkg/archive/tar.go>
    private static let types = Set("0123456".utf8 + [0])
    private static let none = UInt32.max
    private static let slash = UInt8(ascii: "/")
    /// The most that is kept of a layer's names, in bytes.
    private static let mostBytes = 1 << 30

    private var bytes: [UInt8] = []
    private var records: [Record] = []
    private(set) var facts: [FileFacts] = []
    /// The users and groups of the entries, each pair once. Entries of users beyond the 65,535th are taken for root's.
    private var owners = [Owner()]
    private var ownerIndexes = [Owner(): UInt16(0)]
    private var capabilities: [Int: FileCapabilities] = [:]
    /// The most files with capabilities of which these are kept. No system has so many.
    private static let mostCapabilities = 4096
    /// The first entry of a type that engines do not unpack, and the type.
    private(set) var odd: (entry: Int, type: UInt8)?
    /// The texts of the directories, by hash: many entries share one. Only for `append`.
    private var directories: [Int: [Text]] = [:]
    private var last: (entry: Text, target: Text) = (Text(), Text())

    var count: Int { records.count }

    /// How much is kept of names and links, in bytes.
    var byteCount: Int { bytes.count }

    /// How many files are ELF files.
    var binaryCount: Int {
        facts.count { fact in
            if case .elf = fact { true } else { false }
        }
    }

    /// - Throws: `ArchiveError` `.overLimit` if a name is longer than 64 KiB, or if a layer's names take more than 1
    ///   GiB.
    mutating func append(_ entry: ArchiveEntry, facts found: FileFacts?, archive: String) throws(ArchiveError) {
        guard bytes.count < Self.mostBytes, entry.path.bytes.count <= Int(UInt16.max) else {
            throw ArchiveError(
                .overLimit, archive: archive, entry: entry.path.description,
                expected: "names of at most 64 KiB, and of 1 GiB in one layer", found: "more")
        }
        last.entry = directory(of: entry.path.bytes, like: last.entry)
        var record = Record(
            directory: last.entry, name: add(entry.path.name),
            mode: UInt16(truncatingIfNeeded: entry.mode & 0o7777), kind: .file)
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
            // Longer paths lead to nothing that is kept.
            let link = link.bytes.count <= Int(UInt16.max) ? link : .root
            last.target = directory(of: link.bytes, like: last.target)
            record.targetDirectory = last.target
            record.target = add(link.name)
        }
        if capabilities.count < Self.mostCapabilities {
            capabilities[records.count] = entry.attributes.lazy.compactMap(FileCapabilities.init).first
        }
        record.owner = index(of: Owner(user: entry.owner, group: entry.group))
        if odd == nil, !Self.types.contains(entry.type) { odd = (records.count, entry.type) }
        records.append(record)
    }

    private mutating func index(of owner: Owner) -> UInt16 {
        if let known = ownerIndexes[owner] { return known }
        guard owners.count < UInt16.max else { return 0 }
        owners.append(owner)
        ownerIndexes[owner] = UInt16(owners.count - 1)
        return UInt16(owners.count - 1)
    }

    /// Frees what only `append` needs.
    mutating func finish() { directories = [:] }

    /// The directory of an entry, without a slash at either end. Equal directories have the same text.
    func directory(_ index: Int) -> Text { records[index].directory }

    func name(_ index: Int) -> Text { records[index].name }

    /// The directory of a hard link's target.
    func targetDirectory(_ index: Int) -> Text { records[index].targetDirectory }

    /// The last component of a hard link's target, or the text of a symbolic link.
    func target(_ index: Int) -> Text { records[index].target }

    subscript(text: Text) -> ArraySlice<UInt8> { bytes[Int(text.start)..<Int(text.start) + Int(text.count)] }

    func path(_ index: Int) -> [UInt8] { path(records[index].directory, records[index].name) }

    /// The text of a symbolic link, or the path of a hard link's target.
    func targetPath(_ index: Int) -> [UInt8] { path(records[index].targetDirectory, records[index].target) }

    func kind(_ index: Int) -> Kind { records[index].kind }

    func mode(_ index: Int) -> UInt16 { records[index].mode }

    /// The capabilities that its file gives; nil if it gives none.
    func capabilities(_ index: Int) -> FileCapabilities? { capabilities[index] }

    func owner(_ index: Int) -> Owner { owners[Int(records[index].owner)] }

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

    /// The directory of a path. It is often the same as the one before.
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
