import Archive
import Findings
import FoundationEssentials
import Glibc
public import SystemPackage

/// What a run has finished, written as it goes: one line of JSON for each step, on the disk before the next one begins.
public final class Journal {
    public static let schema = "assay.journal/1"

    /// What a journal belongs to: it says nothing about another plan.
    struct Header: Codable, Equatable {
        var journal = Journal.schema
        var version: String
        var files: [File]
        /// What was selected, and how it is run.
        var options: String

        struct File: Codable, Equatable {
            var path: String
            var sha256: String
        }
    }

    public let path: FilePath
    private let file: FileDescriptor

    /// Where a run of these files is kept when nobody says: below `$XDG_STATE_HOME/assay`, named for them.
    public static func standardPath(state: FilePath, files: [ScenarioFile]) -> FilePath {
        let names = files.map { realPath($0.path) }.sorted().joined(separator: "\n")
        return state.appending("run-\(SHA256.hexadecimal(Array(names.utf8)).prefix(16)).journal")
    }

    /// However a file was named, and wherever from.
    fileprivate static func realPath(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// Opens a journal, for this process alone.
    ///
    /// - Parameter resume: read what is there, if anything is, and go on after it; else begin anew.
    /// - Returns: the journal, and what it holds.
    /// - Throws: `SuiteError` where another run has it open, or where it belongs to something else.
    static func open(_ path: FilePath, header: Header, resume: Bool) throws -> (Journal, [StepRecord]) {
        let parent = path.removingLastComponent()
        do {
            try FileManager.default.createDirectory(
                atPath: parent.string.isEmpty ? "." : parent.string, withIntermediateDirectories: true)
        } catch {
            throw SuiteError("\(path): its directory cannot be made: give --journal a place that can be written")
        }
        let file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .closeOnExec, .noFollow], permissions: [.ownerReadWrite])
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try file.close()
            throw SuiteError("\(path): another run is writing this journal: give one of them --journal")
        }
        let journal = Journal(path, file)
        guard resume else {
            try journal.refuseOther()
            try journal.begin(header)
            return (journal, [])
        }
        return (journal, try journal.read(header))
    }

    private init(_ path: FilePath, _ file: FileDescriptor) {
        self.path = path
        self.file = file
    }

    deinit {
        // A child that is on its way to its own program has the file, and with it the lock, a moment longer.
        flock(file.rawValue, LOCK_UN)
        try? file.close()
    }

    /// A journal is begun over an older one, never over something else.
    private func refuseOther() throws {
        let start = try [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
            count = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
        }
        let line = String(decoding: start.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        // Of its first line everything but the files' names is in any order.
        guard start.isEmpty || line.contains("\"assay.journal\\/") || line.contains("\"\(Self.schema)\"") else {
            throw MalformedInput(
                "\(path): expected a journal (\(Self.schema)) or no file, found another one: it was not touched")
        }
    }

    private func begin(_ header: Header) throws {
        guard ftruncate(file.rawValue, 0) == 0 else { throw Errno(rawValue: errno) }
        try file.seek(offset: 0, from: .start)
        try append(String(decoding: JSONEncoder().encode(header), as: UTF8.self))
        // The name, too, must survive a power cut.
        let parent = path.removingLastComponent()
        let directory = try FileDescriptor.open(parent.isEmpty ? "." : parent, .readOnly, options: .closeOnExec)
        try directory.closeAfter { if fsync(directory.rawValue) != 0 { throw Errno(rawValue: errno) } }
    }

    private func read(_ header: Header) throws -> [StepRecord] {
        var bytes: [UInt8] = []
        while true {
            let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if chunk.isEmpty { break }
            bytes += chunk
        }
        // A line that was cut off is a step that was not finished.
        let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard ftruncate(file.rawValue, off_t(whole)) == 0 else { throw Errno(rawValue: errno) }
        try file.seek(offset: Int64(whole), from: .start)
        let lines = bytes[..<whole].split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first else {
            try begin(header)
            return []
        }
        try check(first, against: header)
        return try lines.dropFirst().enumerated().map { index, line in
            do { return try StepRecord(line: String(decoding: line, as: UTF8.self)) } catch {
                throw MalformedInput("\(path): line \(index + 2): expected a step of a journal, found something else")
            }
        }
    }

    private func check(_ line: ArraySlice<UInt8>, against header: Header) throws {
        guard let found = try? JSONDecoder().decode(Header.self, from: Data(line)), found.journal == Self.schema else {
            throw MalformedInput(
                "\(path): line 1: expected the head of a journal (\(Self.schema)), found something else")
        }
        guard found.version == header.version else {
            throw SuiteError(
                "\(path): this journal is of assay \(found.version), and this is \(header.version): run without --resume"
            )
        }
        let names = (old: found.files.map(\.path), new: header.files.map(\.path))
        guard names.old == names.new else {
            throw SuiteError(
                "\(path): this journal is of other files (\(names.old.joined(separator: ", "))): run without --resume")
        }
        for (old, new) in zip(found.files, header.files) where old != new {
            throw SuiteError("\(path): \(new.path) has changed since: run without --resume")
        }
        guard found.options == header.options else {
            throw SuiteError(
                "\(path): this journal is of another selection (\(found.options); now \(header.options)): give the same options, or run without --resume"
            )
        }
    }

    /// Writes a line, and returns when it is on the disk.
    private func append(_ line: String) throws {
        _ = try file.writeAll((line + "\n").utf8)
        guard fdatasync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    func append(_ record: StepRecord) throws { try append(try record.line) }

    /// How long each step of an earlier run of these files took, for estimates; empty where there is none.
    public static func durations(_ path: FilePath) -> [String: Duration] {
        guard let bytes = FileManager.default.contents(atPath: path.string) else { return [:] }
        let lines = bytes.split(separator: UInt8(ascii: "\n")).dropFirst()
        let records = lines.compactMap { try? StepRecord(line: String(decoding: $0, as: UTF8.self)) }
        return Dictionary(records.map { ($0.id, $0.check.duration) }) { _, last in last }
    }
}

extension Journal.Header {
    init(version: String, files: [ScenarioFile], options: String) {
        self.init(
            version: version,
            files: files.map { File(path: Journal.realPath($0.path), sha256: $0.digest) }.sorted { $0.path < $1.path },
            options: options)
    }
}
