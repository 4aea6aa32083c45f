import CSQLite
import Files
import SystemPackage

/// Why the history could not be read or written.
public struct HistoryError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Sendable {
        /// The file or its directory cannot be made, opened or written.
        case unavailable
        /// Another process held the writer's lock for longer than `Connection.busyTimeout`.
        case busy
        /// Not a database of Assay, or a damaged one.
        case malformed
        /// Written by a later Assay, in a schema unknown to this one.
        case newer
        /// No recorded run has this number.
        case unknownRun
        /// More checks or runs than are read at once, or recorded of one run.
        case overLimit
    }

    public var code: Code
    /// The action that failed: `recording a run in`.
    public var action: String
    public var path: String
    public var expected: String
    public var found: String

    public var description: String { "\(action) \(path): expected \(expected), found \(found)" }

    /// The file, or a directory of its path, is not to be trusted or cannot be used.
    init(_ error: FileError, path: FilePath) {
        let found = error.path == path.string ? error.found : "\(error.path): \(error.found)"
        self.init(
            .unavailable, action: error.action, path: path.string,
            expected: error.errno == nil ? error.expected : "a file that can be used", found: found)
    }

    /// - Parameter status: an SQLite result code, <https://www.sqlite.org/rescode.html>.
    init(_ status: Int32, action: String, path: String, message: String) {
        self.action = action
        self.path = path
        // The low byte is the primary code; the other bits refine it.
        switch status & 0xff {
        case SQLITE_NOTADB, SQLITE_CORRUPT:
            code = .malformed
            expected = "an SQLite database of Assay's"
        case SQLITE_BUSY, SQLITE_LOCKED:
            code = .busy
            expected = "its writer's lock within \(Connection.busyTimeout / 1000) s"
        default:
            code = .unavailable
            expected = "a file that can be used"
        }
        found = message
    }

    init(_ code: Code, action: String, path: String, expected: String, found: String) {
        self.code = code
        self.action = action
        self.path = path
        self.expected = expected
        self.found = found
    }
}
