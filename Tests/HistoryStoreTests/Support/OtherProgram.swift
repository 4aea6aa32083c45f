import CSQLite
import SystemPackage
import Testing

/// Another connection to a database, as another program might have it.
final class OtherProgram {
    private var handle: OpaquePointer?

    init(_ path: FilePath) throws { try #require(sqlite3_open(path.string, &handle) == SQLITE_OK) }

    deinit { sqlite3_close(handle) }

    func execute(_ sql: String) throws {
        try #require(
            sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle)))")
    }
}
