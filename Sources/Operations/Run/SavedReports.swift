public import Files
import Glibc
public import Reports
public import SystemPackage

/// A file of saved reports, or a list or directory of them, that cannot be read.
public struct UnreadableReport: InputError, CustomStringConvertible {
    public var path: String
    public var error: Errno

    public var lacksInput: Bool { error.lacksInput }

    public var description: String { "reading a saved report: \(path): \(error)" }
}

/// Reads reports that `--format json` wrote.
public enum SavedReports {
    /// Above any real report: enough for a hundred thousand checks. The other forms are several times as long.
    private static let mostBytes = 16 << 20

    /// Reads one report.
    ///
    /// - Parameter path: `-` for standard input.
    /// - Throws: `UnreadableReport`, `MalformedReport`; `MalformedInput` for a file of more than 16 MiB.
    public static func read(_ path: String) throws -> ReportDocument {
        let bytes = try whole(path == "-" ? "/dev/stdin" : path)
        return try ReportDocument(json: bytes, file: path == "-" ? "standard input" : path)
    }

    /// Reads reports one by one, with only one in memory.
    ///
    /// - Parameter arguments: files; directories, whose `*.json` are read at every depth; or `@LIST`, a file with one
    ///   such path on each line.
    /// - Throws: as `read(_:)`, and what `body` throws.
    public static func forEach(_ arguments: [String], _ body: (ReportDocument, _ file: String) throws -> Void) throws {
        for argument in arguments {
            if argument.hasPrefix("@") {
                let list = String(decoding: try whole(String(argument.dropFirst())), as: UTF8.self)
                // `isNewline` also matches CR LF, one character to Swift: lists from Windows work too.
                for line in list.split(whereSeparator: \.isNewline) { try each(String(line), body) }
            } else {
                try each(argument, body)
            }
        }
    }

    private static func each(_ path: String, _ body: (ReportDocument, String) throws -> Void) throws {
        guard path != "-", try kind(path, follow: true) == S_IFDIR else { return try body(read(path), path) }
        for name in try names(in: path) {
            let inner = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
            // Do not follow a link to a directory: it could form a loop.
            let isDirectory = try kind(inner, follow: false) == S_IFDIR
            // Skip pipes and devices.
            if try isDirectory || name.hasSuffix(".json") && kind(inner, follow: true) == S_IFREG {
                try each(inner, body)
            }
        }
    }

    /// The file type bits of a mode.
    private static func kind(_ path: String, follow: Bool) throws -> mode_t {
        var status = stat()
        guard (follow ? stat(path, &status) : lstat(path, &status)) == 0 else {
            throw UnreadableReport(path: path, error: Errno(rawValue: errno))
        }
        return status.st_mode & S_IFMT
    }

    /// The names, sorted so that the same directory gives the same result.
    private static func names(in directory: String) throws -> [String] {
        do throws(Errno) {
            return try DirectoryListing.names(in: directory).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw UnreadableReport(path: directory, error: error)
        }
    }

    private static func whole(_ path: String) throws -> [UInt8] {
        do throws(Errno) { return try WholeFile.read(path, limit: mostBytes, kind: .any) } catch .fileTooLarge {
            throw MalformedInput("\(path): expected at most \(mostBytes) bytes, found more")
        } catch {
            throw UnreadableReport(path: path, error: error)
        }
    }
}
