import Files
import Glibc
public import SystemPackage

/// The runs recorded on this machine, in an SQLite database in write-ahead logging mode: one process writes at a time
/// and others wait; readers never wait. See `docs/history.md`.
///
/// An object belongs to one thread. Any number of processes may open the database.
public final class RunHistory {
    /// How many of the latest runs are kept by default.
    public static let usualBound = 1000

    let connection: Connection
    public var path: String { connection.path }

    private init(_ connection: Connection) { self.connection = connection }

    /// Opens a database for recording; makes it and its directories if missing.
    ///
    /// - Throws: `HistoryError`.
    public static func forRecording(_ path: FilePath) throws(HistoryError) -> RunHistory {
        let action = "recording a run in"
        let file = try trusted(path, action: action, making: 0o700)
        let connection = try Connection(path.string, at: file.path, .writing, action: action)
        try Schema.prepare(connection)
        return RunHistory(connection)
    }

    /// Opens a database for reading; nil if nothing was ever recorded. Migrates a database of an earlier version.
    ///
    /// - Throws: `HistoryError`.
    public static func forReading(_ path: FilePath) throws(HistoryError) -> RunHistory? {
        let action = "reading the history"
        let file: TrustedFile
        do throws(FileError) { file = try TrustedFile(path, action: action) } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw HistoryError(error, path: path)
        }
        guard file.exists else { return nil }
        var connection = try Connection(path.string, at: file.path, .reading, action: action)
        var version: Int
        do {
            version = try Schema.version(of: connection)
        } catch {
            // On read-only media SQLite cannot make the log's index. Without it, runs in the log would be missed.
            guard error.code == .unavailable, isEmptyOrAbsent(file.path.string + "-wal") else { throw error }
            connection = try Connection(path.string, at: file.path, .immutable, action: action)
            version = try Schema.version(of: connection)
        }
        if version == 0 { return nil }
        guard version == Schema.migrations.count else { return try forRecording(path) }
        return RunHistory(connection)
    }

    /// Opens a database for pruning; nil if nothing was ever recorded.
    ///
    /// - Throws: `HistoryError`.
    public static func forPruning(_ path: FilePath) throws(HistoryError) -> RunHistory? {
        guard try forReading(path) != nil else { return nil }
        let history = try forRecording(path)
        history.connection.action = "pruning"
        return history
    }

    /// New directories are for the user alone, as the XDG base directory specification requires.
    private static func trusted(
        _ path: FilePath, action: String, making: mode_t
    ) throws(HistoryError) -> TrustedFile {
        do throws(FileError) { return try TrustedFile(path, action: action, making: making) } catch {
            throw HistoryError(error, path: path)
        }
    }

    private static func isEmptyOrAbsent(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_size == 0 : errno == ENOENT
    }
}
