internal import CSQLite

/// The library that keeps the history.
public enum DatabaseLibrary {
    /// Its version, as it says it itself.
    public static var versions: [String: String] { ["sqlite": String(cString: sqlite3_libversion())] }
}
