import Glibc
public import SystemPackage

/// Every run that was recorded on this machine: an SQLite database in write-ahead logging mode, so that one process
/// writes at a time (others wait), and readers never do. See `docs/history.md`.
///
/// An object is for one thread; any number of processes may have one.
public final class RunHistory {
    /// So many of the latest runs are kept where nobody asked for another number.
    public static let usualBound = 1000

    let connection: Connection
    public var path: String { connection.path }

    private init(_ connection: Connection) { self.connection = connection }

    /// Opens a database for recording, and makes it and its directories where they are not there.
    ///
    /// - Throws: `HistoryError`.
    public static func forRecording(_ path: FilePath) throws(HistoryError) -> RunHistory {
        try makeDirectories(above: path)
        let connection = try Connection(path.string, .writing, action: "recording a run in")
        try Schema.prepare(connection)
        return RunHistory(connection)
    }

    /// Opens a database for reading; nil where nothing was ever recorded.
    ///
    /// - Throws: `HistoryError`.
    public static func forReading(_ path: FilePath) throws(HistoryError) -> RunHistory? {
        let action = "reading the history"
        guard access(path.string, F_OK) == 0 else {
            guard errno == ENOENT else {
                throw HistoryError(
                    .unavailable, action: action, path: path.string, expected: "a readable file",
                    found: Errno(rawValue: errno).description)
            }
            return nil
        }
        var connection = try Connection(path.string, .reading, action: action)
        var version: Int
        do {
            version = try Schema.version(of: connection)
        } catch {
            // Where nothing can be written, SQLite cannot make its log's index. Then there must be nothing in the log to miss.
            guard error.code == .unavailable, isEmptyOrAbsent(path.string + "-wal") else { throw error }
            connection = try Connection(path.string, .immutable, action: action)
            version = try Schema.version(of: connection)
        }
        if version == 0 { return nil }
        guard version == Schema.migrations.count else { return try forRecording(path) }
        return RunHistory(connection)
    }

    /// Opens a database for changing what is in it; nil where nothing was ever recorded.
    ///
    /// - Throws: `HistoryError`.
    public static func forPruning(_ path: FilePath) throws(HistoryError) -> RunHistory? {
        guard try forReading(path) != nil else { return nil }
        let history = try forRecording(path)
        history.connection.action = "pruning"
        return history
    }

    private static func isEmptyOrAbsent(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_size == 0 : errno == ENOENT
    }

    /// As the XDG base directory specification has it: for the user alone.
    private static func makeDirectories(above path: FilePath) throws(HistoryError) {
        var directory = FilePath("/")
        for component in path.removingLastComponent().components {
            directory.append(component)
            if mkdir(directory.string, 0o700) == 0 || errno == EEXIST { continue }
            let error = Errno(rawValue: errno)
            // A directory that is there may lie below one in which nothing can be made.
            if access(directory.string, X_OK) == 0 { continue }
            throw HistoryError(
                .unavailable, action: "recording a run in", path: path.string, expected: "a directory to make it in",
                found: "\(directory): \(error)")
        }
    }
}
