import Files
import Findings
import FoundationEssentials
import Glibc
import Operations
import Reports
public import ScenarioFormat
public import SystemPackage

/// Records the finished steps of a run, one line each, on the disk before the next step begins. Never writes to a file
/// that is not a journal.
public final class Journal {
    public static let schema = JournalText.schema
    /// The most bytes of a journal and of its first line, far beyond any real one.
    private static let (mostBytes, longestHead) = (256 << 20, 16 << 20)

    /// The plan that a journal belongs to. For another plan it is refused.
    struct Header: Codable, Equatable {
        var version: String
        var files: [File]
        /// The selection, and how it is run.
        var options: String

        struct File: Codable, Equatable {
            var path: String
            var sha256: String
        }
    }

    public let path: FilePath
    private let file: OwnedDescriptor
    private var text = JournalText()

    /// The default path for a run of these files: below `$XDG_STATE_HOME/assay`, with a name derived from theirs.
    public static func standardPath(state: FilePath, files: [ScenarioFile]) -> FilePath {
        let names = files.map { realPath($0.path) }.sorted().joined(separator: "\n")
        return state.appending("run-\(SHA256.hexadecimal(Array(names.utf8)).prefix(16)).journal")
    }

    /// The same path however, and from wherever, a file was named.
    fileprivate static func realPath(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// Opens a journal for this process alone.
    ///
    /// - Parameters:
    ///   - resume: read an existing journal and continue it; else begin anew.
    ///   - known: the ids of the plan's steps: records of others are dropped; nil: all are kept.
    ///   - isNamed: whether the caller named the file; if not, nobody else may be able to change its directory.
    /// - Returns: the journal and its records.
    /// - Throws: `SuiteError` if another run has it open, or it belongs to another plan; `MalformedInput` if the file
    ///   is not a journal or is damaged: it was then not touched.
    static func open(
        _ path: FilePath, header: Header, resume: Bool, of known: Set<String>? = nil, isNamed: Bool = true
    ) throws -> (Journal, [StepRecord]) {
        let file: OwnedDescriptor
        do throws(FileError) { file = try opened(path, isNamed: isNamed) } catch {
            throw SuiteError("\(path): \(error): give --journal a place that can be written")
        }
        guard SystemError.retrying({ flock(file.value, LOCK_EX | LOCK_NB) }) == 0 else {
            guard errno == EWOULDBLOCK else { throw CallFailure("flock \(path)", Errno(rawValue: errno)) }
            throw SuiteError("\(path): another run is writing this journal: give one of them --journal")
        }
        let journal = Journal(path, file)
        let beginning = try journal.beginning()
        switch (beginning, resume) {
        case (.other, _):
            throw MalformedInput(
                "\(path): line 1: expected the head of a journal (\(schema)), found something else: it was not touched")
        case (.older, true):
            throw SuiteError(
                "\(path): this journal is of an older assay (\(JournalText.olderSchema), without checksums): run without --resume"
            )
        case (.journal, true): return (journal, try journal.read(header, of: known))
        case (.empty, _), (.torn, _), (.older, false), (.journal, false):
            try journal.begin(header)
            return (journal, [])
        }
    }

    private static func opened(_ path: FilePath, isNamed: Bool) throws(FileError) -> OwnedDescriptor {
        let action = "opening the journal"
        let path = isNamed ? path : try TrustedFile(path, action: action, making: 0o700).path
        let place = try FilePlace(path, action: action, making: 0o777)
        switch place.found {
        case .absent: return try place.create(O_RDWR, mode: 0o600)
        case .something(let status) where status.isRegular: return try place.open(O_RDWR)
        case .something(let status):
            throw FileError(action, path.string, expected: "a file", found: status.kind)
        case .ownDescriptor: throw FileError(action, path.string, expected: "a file", found: "an open descriptor")
        }
    }

    private init(_ path: FilePath, _ file: OwnedDescriptor) {
        self.path = path
        self.file = file
    }

    deinit {
        // A child between fork and exec has the file, and with it the lock, a moment longer.
        flock(file.value, LOCK_UN)
    }

    private func beginning() throws -> JournalText.Beginning {
        var bytes: [UInt8] = []
        while true {
            let chunk = try chunk(at: bytes.count)
            if let end = chunk.firstIndex(of: UInt8(ascii: "\n")) {
                return JournalText.beginning((bytes + chunk[..<end])[...], isWhole: true, isOlder: Self.isOlder)
            }
            bytes += chunk
            // No journal begins otherwise, so the rest need not be read.
            let isPromising = bytes.starts(with: JournalText.schema.utf8) || bytes.first == UInt8(ascii: "{")
            if chunk.isEmpty || !isPromising || bytes.count > Self.longestHead {
                return JournalText.beginning(bytes[...], isWhole: false, isOlder: Self.isOlder)
            }
        }
    }

    private static func isOlder(_ line: ArraySlice<UInt8>) -> Bool {
        struct Older: Decodable {
            var journal, version, options: String
            var files: [Header.File]
        }
        return (try? JSONDecoder().decode(Older.self, from: Data(line)))?.journal == JournalText.olderSchema
    }

    private func chunk(at offset: Int) throws -> [UInt8] { try Self.chunk(of: file, path, at: offset) }

    private static func chunk(of file: OwnedDescriptor, _ path: FilePath, at offset: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            let got = SystemError.retrying { pread(file.value, buffer.baseAddress, buffer.count, off_t(offset)) }
            guard got >= 0 else { throw CallFailure("pread64 \(path)", Errno(rawValue: errno)) }
            count = got
        }
    }

    private func begin(_ header: Header) throws {
        try cut(to: 0)
        text = JournalText()
        try append(String(decoding: JSONEncoder().encode(header), as: UTF8.self))
        // The file's name must survive a power cut too.
        let parent = path.removingLastComponent()
        let place = parent.isEmpty ? "." : parent
        let opened = try CallFailure.naming("open \(place)") {
            try FileDescriptor.open(place, .readOnly, options: .closeOnExec)
        }
        let directory = OwnedDescriptor(opened.rawValue)
        if fsync(directory.value) != 0 { throw CallFailure("fsync \(place)", Errno(rawValue: errno)) }
    }

    private func cut(to size: Int) throws {
        guard ftruncate(file.value, off_t(size)) == 0 else {
            throw CallFailure("ftruncate \(path)", Errno(rawValue: errno))
        }
        guard lseek(file.value, off_t(size), SEEK_SET) >= 0 else {
            throw CallFailure("lseek \(path)", Errno(rawValue: errno))
        }
    }

    private func read(_ header: Header, of known: Set<String>?) throws -> [StepRecord] {
        var lines = JournalLines { [self] in try chunk(at: $0) }
        var records: [StepRecord] = []
        var places: [String: Int] = [:]
        var number = 1
        do {
            while let line = try lines.next() {
                guard lines.offset <= Self.mostBytes else {
                    throw MalformedInput("\(path): expected a journal of at most \(Self.mostBytes) bytes, found more")
                }
                guard let json = text.json(of: line) else { throw damaged(number) }
                if number == 1 {
                    try check(json, against: header)
                } else {
                    guard let record = Self.record(json) else { throw damaged(number) }
                    if let place = places[record.id] {
                        records[place] = record
                    } else if known?.contains(record.id) ?? true {
                        places[record.id] = records.count
                        records.append(record)
                    }
                }
                number += 1
            }
        } catch is JournalLines.TooLong {
            throw damaged(number)
        }
        // A truncated line is an unfinished step. A line that is right except for its line end was not truncated: it is
        // damaged.
        var rest = text
        if rest.json(of: lines.rest.dropLast()) != nil { throw damaged(number) }
        try cut(to: lines.place)
        return records
    }

    /// Far more values than a step's results have: see `JSONValues`.
    private static let mostValues = 1_000_000

    private static func record(_ json: ArraySlice<UInt8>) -> StepRecord? {
        let bytes = Array(json)
        guard JSONValues.areAtMost(mostValues, in: bytes) else { return nil }
        return try? StepRecord(line: String(decoding: bytes, as: UTF8.self))
    }

    private func damaged(_ line: Int) -> MalformedInput {
        MalformedInput(
            "\(path): line \(line): expected what its checksum says, found something else: it was not touched; run without --resume"
        )
    }

    private func check(_ line: ArraySlice<UInt8>, against header: Header) throws {
        guard let found = try? JSONDecoder().decode(Header.self, from: Data(line)) else { throw damaged(1) }
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
    private func append(_ json: String) throws {
        let line = Array(text.line(json).utf8)
        try CallFailure.naming("write \(path)") { try DescriptorWriter(file.value).write(line) }
        guard fdatasync(file.value) == 0 else { throw CallFailure("fdatasync \(path)", Errno(rawValue: errno)) }
    }

    func append(_ record: StepRecord) throws { try append(try record.line) }

    /// How long each step of an earlier run of these files took, for estimates; empty if there was none.
    ///
    /// - Parameter known: the ids of the plan's steps.
    public static func durations(_ path: FilePath, of known: Set<String>) -> [String: Duration] {
        guard let file = try? WholeFile.open(path.string, in: AT_FDCWD, kind: .regular) else { return [:] }
        var text = JournalText()
        var durations: [String: Duration] = [:]
        var lines = JournalLines { try chunk(of: file, path, at: $0) }
        while lines.offset <= mostBytes, let line = try? lines.next(), let json = text.json(of: line) {
            guard let record = record(json), known.contains(record.id) else { continue }
            durations[record.id] = record.check.duration
        }
        return durations
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
