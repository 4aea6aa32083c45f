import Archive
import ELF

/// The native code in an archive that programs load code from.
public struct CodeArchiveFacts: Sendable, Equatable {
    /// The targets of the Linux libraries in it, each with the first library for it, and the same of each archive inside.
    public var members: [LibraryMember] = []
    /// Why it was not inspected, or not to its end.
    public var obstacle: String?

    /// The texts that are kept.
    var texts: [String] { members.map(\.name) + [obstacle].compactMap(\.self) }
}

/// Looks for native code in a ZIP file, and in ZIP files inside it.
struct CodeArchive {
    /// Stands between the name of an archive inside and the name of a file in that.
    fileprivate static let inside = "!/"
    /// The deepest nesting of archives: Spring Boot keeps libraries in an archive in an archive.
    private static let deepest = 3
    private static let longestName = 512

    private let limits: ArchiveLimits
    /// Whether it has Python code: a `.zip` counts only then.
    private var hasPython: Bool
    private var facts = CodeArchiveFacts()

    /// - Parameter afterScript: whether a script comes before the archive.
    /// - Returns: nil for an archive of data, and if no archive follows the script.
    static func facts(
        _ contents: any ByteSource, name: ArraySlice<UInt8>, afterScript: Bool = false, limits: ArchiveLimits
    ) throws(ArchiveError) -> CodeArchiveFacts? {
        var archive = CodeArchive(limits: limits, hasPython: !NativePlaces.ends(name, ".zip"))
        do throws(ArchiveError) {
            let reader = ZipReader(contents, limits: limits)
            if afterScript, try !reader.passScript() { return nil }
            try archive.read(reader, prefix: "", depth: 0)
        } catch {
            // A damaged archive concerns only its programs, but the layer's own end is an error.
            guard [.corrupt, .notRead, .overLimit].contains(error.code) else { throw error }
            archive.facts.obstacle = "expected \(error.expected), found \(error.found)"
        }
        return archive.hasPython ? archive.facts : nil
    }

    private init(limits: ArchiveLimits, hasPython: Bool) {
        self.limits = limits
        self.hasPython = hasPython
    }

    private mutating func read(_ reader: ZipReader, prefix: String, depth: Int) throws(ArchiveError) {
        var targets: Set<ELFTarget> = []
        while let (name, contents) = try reader.next() {
            if NativePlaces.ends(name, ".py") || NativePlaces.ends(name, ".pyc") { hasPython = true }
            let isNested = NativePlaces.isCodeArchive(name) && depth < Self.deepest
            guard isNested || NativePlaces.isLibrary(name) || NativePlaces.ends(name, ".jnilib") else { continue }
            let peeked = try PeekedSource(contents, count: ELFHeader.size)
            let text = prefix + String(decoding: name.prefix(Self.longestName), as: UTF8.self)
            if isNested, peeked.head.starts(with: ZipReader.magic) {
                try read(ZipReader(peeked, limits: limits), prefix: text + Self.inside, depth: depth + 1)
            } else if let header = try? ELFHeader(prefix: peeked.head), !header.machine.isDeviceCode,
                targets.insert(header.target).inserted
            {
                facts.members.append(LibraryMember(name: text, target: header.target))
            }
        }
    }
}

extension CodeArchiveFacts {
    /// The members by the archive that they are in, this one or one inside, in their order.
    var membersByArchive: [(archive: String, members: [LibraryMember])] {
        var places: [Substring: Int] = [:]
        var groups: [(archive: String, members: [LibraryMember])] = []
        for member in members {
            let archive = member.name.ranges(of: CodeArchive.inside).last.map { member.name[..<$0.lowerBound] } ?? ""
            if let place = places[archive] {
                groups[place].members.append(member)
            } else {
                places[archive] = groups.count
                groups.append((String(archive), [member]))
            }
        }
        return groups
    }
}
