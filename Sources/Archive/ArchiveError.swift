public import Files
import SystemPackage

/// Why an archive could not be read, or written out: which archive and entry, what was expected and what was found.
public struct ArchiveError: InputError, Sendable, Equatable {
    /// The kind of failure, and its word in the text of an error.
    public enum Code: String, Sendable, CaseIterable {
        /// The bytes end early, fail a checksum, or are not what their format allows.
        case corrupt = "archive-corrupt"
        /// A name would lead outside the directory that is written to.
        case unsafePath = "archive-unsafe-path"
        /// One of `ArchiveLimits` is exceeded.
        case overLimit = "archive-over-limit"
        /// Two entries have the same name: which one counts depends on the reader.
        case duplicateEntry = "archive-duplicate-entry"
        /// An entry of a kind that has no safe meaning.
        case unsupportedEntry = "archive-unsupported-entry"
        /// The input is no archive, or it has a document that means different things to different readers. So there is
        /// nothing to judge.
        case malformed = "artifact-not-oci"
        /// The input has a compression or format that Assay knows, but does not read.
        case notRead = "archive-not-read"
        /// The host, not the archive, is at fault: a system call failed.
        case io = "archive-io"
    }

    public var code: Code
    /// The archive's name, as the caller gave it.
    public var archive: String
    /// The path of the entry concerned, if any.
    public var entry: String?
    public var expected: String
    public var found: String
    /// Why engines refuse an entry, if the code alone does not tell; else nil.
    public var reason: Reason?
    /// What made the archive, if known: `layer 2 of 3: COPY tool /usr/bin`.
    public var origin: String?
    /// The named file does not exist, or this user may not read it.
    public var lacksInput = false

    /// Why engines refuse a layer's entry.
    public enum Reason: Sendable, CaseIterable {
        case directoryTwice, sameName, linkToNothing, linkBelow, notInDirectory, whiteoutOfOwn, throughDanglingLink
    }

    public init(_ code: Code, archive: String, entry: String? = nil, expected: String, found: String) {
        self.code = code
        self.archive = archive
        self.entry = entry
        self.expected = expected
        self.found = found
    }

    /// An error for an archive that open(2) refused.
    init(opening archive: String, _ kind: String = "file", errno number: Int32) {
        self.init(archive: archive, doing: "open the \(kind)", errno: number)
        lacksInput = Errno(rawValue: number).lacksInput
    }

    /// A system call that failed.
    init(archive: String, entry: String? = nil, doing action: String, errno number: Int32) {
        self.init(
            .io, archive: archive, entry: entry, expected: "to \(action)", found: SystemError.description(number))
    }
}

extension ArchiveError {
    /// A host file that could not be used.
    init(_ error: FileError) {
        if let number = error.errno {
            self.init(archive: error.path, doing: "go on \(error.action)", errno: number.rawValue)
        } else {
            self.init(.io, archive: error.path, expected: error.expected, found: error.found)
        }
    }
}

extension ArchiveError {
    /// A host directory tree that could not be removed.
    init(_ error: TreeError) {
        self.init(.io, archive: error.path, expected: error.expected, found: error.found)
    }

    /// Removes what was written before this error. If that fails too, this error still comes first.
    func removing(_ written: () throws(TreeError) -> Void) -> ArchiveError {
        do throws(TreeError) {
            try written()
            return self
        } catch let removal {
            var both = self
            both.found += "; what was written is still there: \(removal)"
            return both
        }
    }
}

extension ArchiveError: CustomStringConvertible {
    public var description: String {
        let archive = archive.isEmpty ? "(no name)" : archive
        let place = entry.map { "\(archive): \($0)" } ?? archive
        // A failed system call says nothing about what the archive should hold.
        if code == .io, expected.hasPrefix("to ") { return "\(place): failed \(expected): \(found)" }
        // What was given is rather another file than a damaged one.
        if code == .malformed, expected == Self.isRead {
            return "\(place): not an archive that is read here: \(found) (expected \(expected))"
        }
        return "\(code.rawValue): \(place): expected \(expected), found \(found)"
    }
}
