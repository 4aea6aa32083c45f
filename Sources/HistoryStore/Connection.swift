import CSQLite
import Files
import Glibc
import SystemPackage

/// One connection to an SQLite database, for one thread.
final class Connection {
    enum Mode {
        case reading
        /// For read-only media, where SQLite cannot make the log's index. No other process writes there either.
        case immutable
        case writing
    }

    /// Far more checks than any catalogue has. A run of this size takes 160 MB, and a comparison reads two.
    static let mostRows = 100_000
    /// How long a writer waits for another, in milliseconds.
    static let busyTimeout: Int32 = 5000

    let path: String
    /// The action that errors name.
    var action: String
    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    /// - Parameters:
    ///   - path: the path that errors name.
    ///   - place: the same file's path without symbolic links.
    /// - Throws: `HistoryError`.
    init(_ path: String, at place: FilePath, _ mode: Mode, action: String) throws(HistoryError) {
        self.path = path
        self.action = action
        let flags: Int32 =
            switch mode {
            case .reading: SQLITE_OPEN_READONLY
            case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            case .writing: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        let name = mode == .immutable ? "file:\(Self.escaped(place.string))?immutable=1" : place.string
        var handle: OpaquePointer?
        let opened = sqlite3_open_v2(
            name, &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW, nil)
        guard let handle, opened == SQLITE_OK else {
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
            sqlite3_close_v2(handle)
            throw HistoryError(opened, action: action, path: path, message: message)
        }
        self.handle = handle
        sqlite3_busy_timeout(handle, Self.busyTimeout)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Number of rows that the last statement changed.
    var changes: Int { Int(sqlite3_changes64(handle)) }
    var lastRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Executes statements without parameters.
    func execute(_ sql: String) throws(HistoryError) {
        let status = sqlite3_exec(handle, sql, nil, nil, nil)
        guard status == SQLITE_OK else { throw error(status) }
    }

    func run(_ sql: String, _ values: [Value] = []) throws(HistoryError) {
        _ = try rows(sql, values) { _ in }
    }

    /// All rows of a statement, which stays prepared for the next call.
    func rows<Element>(
        _ sql: String, _ values: [Value] = [], _ read: (Row) -> Element
    ) throws(HistoryError) -> [Element] {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() {
            let status = value.bind(to: statement, at: Int32(index + 1))
            guard status == SQLITE_OK else { throw error(status) }
        }
        var rows: [Element] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                guard rows.count < Self.mostRows else { throw overLimit() }
                rows.append(read(Row(statement: statement)))
            case SQLITE_DONE: return rows
            case let status: throw error(status)
            }
        }
    }

    func overLimit() -> HistoryError {
        HistoryError(
            .overLimit, action: action, path: path,
            expected: "at most \(Self.mostRows) checks of a run, and as many runs, at once", found: "more")
    }

    /// Runs `body` as one transaction: all of it takes effect, or nothing.
    ///
    /// - Parameter writing: take the writer's lock first, so that data read in `body` is still current when it writes.
    func transaction<Result>(
        writing: Bool, _ body: () throws(HistoryError) -> Result
    ) throws(HistoryError) -> Result {
        try execute(writing ? "BEGIN IMMEDIATE" : "BEGIN")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // SQLite rolls back by itself after some errors; then this fails, which is harmless.
            try? execute("ROLLBACK")
            throw error
        }
    }

    private func prepared(_ sql: String) throws(HistoryError) -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard let statement, status == SQLITE_OK else { throw error(status) }
        statements[sql] = statement
        return statement
    }

    private func error(_ status: Int32) -> HistoryError {
        HistoryError(status, action: action, path: path, message: String(cString: sqlite3_errmsg(handle)))
    }

    /// Escapes a path for a URI: <https://www.sqlite.org/uri.html>.
    private static func escaped(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            switch UInt8(byte) {
            case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "%"):
                text += "%" + byte.hexadecimal
            default: text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return text
    }
}

/// The value of a statement's parameter.
enum Value {
    case integer(Int64)
    case text(String)
    case null

    init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }

    fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch self {
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .text(let text): assay_bind_text(statement, index, text, Int32(text.utf8.count))
        case .null: sqlite3_bind_null(statement, index)
        }
    }
}

/// The current row of a statement.
struct Row {
    fileprivate let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    /// Nil for NULL.
    func optionalInteger(_ column: Int32) -> Int64? {
        sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : integer(column)
    }

    func text(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(statement, column) else { return "" }
        return String(cString: bytes)
    }

    /// Nil for NULL and for empty text.
    func optionalText(_ column: Int32) -> String? {
        let text = text(column)
        return text.isEmpty ? nil : text
    }
}
