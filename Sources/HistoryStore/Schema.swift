import Glibc

/// The tables, and the migrations of databases of earlier versions.
enum Schema {
    /// "ASSY", in the file's header; tells Assay's databases from those of other programs.
    static let application: Int64 = 0x4153_5359

    /// One per version. Never edit a released one. `user_version` in the file's header counts those applied.
    static let migrations = [
        // Absent text in a key is empty rather than NULL, because NULLs are never equal.
        """
        CREATE TABLE hosts (
            id INTEGER PRIMARY KEY, kernel TEXT NOT NULL, machine TEXT NOT NULL, interpreter_path TEXT NOT NULL,
            interpreter_version TEXT NOT NULL, interpreter_sha256 TEXT NOT NULL, handler TEXT NOT NULL,
            handler_flags TEXT NOT NULL,
            UNIQUE (kernel, machine, interpreter_path, interpreter_version, interpreter_sha256, handler, handler_flags)
        ) STRICT;
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL, started INTEGER NOT NULL,
            duration_us INTEGER NOT NULL, verdict TEXT NOT NULL, version TEXT NOT NULL, exit_status INTEGER NOT NULL,
            host INTEGER REFERENCES hosts (id), privileged INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE subjects (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, image TEXT NOT NULL, venue TEXT NOT NULL,
            UNIQUE (name, venue, image, kind)
        ) STRICT;
        CREATE TABLE checks (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, position INTEGER NOT NULL,
            subject INTEGER NOT NULL REFERENCES subjects (id), outcome TEXT NOT NULL, duration_us INTEGER NOT NULL,
            attempts INTEGER NOT NULL, detail TEXT NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX checks_of_subject ON checks (subject, run, outcome, attempts, duration_us);
        CREATE TABLE findings (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, position INTEGER NOT NULL,
            code TEXT NOT NULL, severity TEXT NOT NULL, summary TEXT NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID;
        """,
        // Checks and findings have a platform. Before that a history was of one guest, as good as always.
        """
        CREATE TABLE subjects_2 (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, image TEXT NOT NULL, venue TEXT NOT NULL,
            platform TEXT NOT NULL,
            UNIQUE (name, venue, image, kind, platform)
        ) STRICT;
        INSERT INTO subjects_2 SELECT id, kind, name, image, venue, 'linux/arm64' FROM subjects;
        DROP TABLE subjects;
        ALTER TABLE subjects_2 RENAME TO subjects;
        ALTER TABLE findings ADD COLUMN platform TEXT NOT NULL DEFAULT 'linux/arm64';
        """,
    ]

    /// The state read from a file's header and schema table.
    private struct State {
        var application: Int64
        var version: Int
        var tables: Int64
    }

    /// - Returns: the number of applied migrations; 0 for an empty database.
    /// - Throws: `HistoryError`: `.malformed` for another program's database, `.newer` for one of a later Assay.
    static func version(of connection: Connection) throws(HistoryError) -> Int {
        // One transaction for the three reads: another process may be making the tables now.
        let state = try connection.transaction(writing: false) { () throws(HistoryError) in
            let tables = try connection.rows("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
            let application = try connection.rows("PRAGMA application_id") { $0.integer(0) }
            let version = try connection.rows("PRAGMA user_version") { $0.integer(0) }
            return State(application: application[0], version: Int(version[0]), tables: tables[0])
        }
        if state.application == 0 && state.version == 0 && state.tables == 0 { return 0 }
        guard state.application == application, state.version > 0 else {
            throw HistoryError(
                .malformed, action: connection.action, path: connection.path,
                expected: "a database of Assay's (application id \(application))",
                found: "another one (application id \(state.application), \(state.tables) tables and indices)")
        }
        guard state.version <= migrations.count else {
            throw HistoryError(
                .newer, action: connection.action, path: connection.path,
                expected: "schema version \(migrations.count) or earlier",
                found: "\(state.version): a later Assay has written it")
        }
        return state.version
    }

    /// Migrates a database to the current version, and sets write-ahead logging mode.
    static func prepare(_ connection: Connection) throws(HistoryError) {
        let known = try version(of: connection)
        // In this mode readers go on while another process writes. The change of mode ignores SQLite's busy timeout.
        for attempt in 0... {
            do {
                let mode = try connection.rows("PRAGMA journal_mode") { $0.text(0) }
                if mode != ["wal"] { try connection.execute("PRAGMA journal_mode = WAL") }
                break
            } catch {
                guard error.code == .busy, attempt < Connection.busyTimeout / 10 else { throw error }
                usleep(10_000)
            }
        }
        // A killed process loses nothing. A power cut may lose the last runs, but never damages the file.
        try connection.execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF")
        if known < migrations.count { try migrate(connection) }
        try connection.execute("PRAGMA foreign_keys = ON")
    }

    /// With the checks of foreign keys off, which a table could not be replaced with:
    /// <https://www.sqlite.org/lang_altertable.html#otheralter>.
    private static func migrate(_ connection: Connection) throws(HistoryError) {
        try connection.transaction(writing: true) { () throws(HistoryError) in
            // Another process may have migrated meanwhile.
            let applied = try connection.rows("PRAGMA user_version") { Int($0.integer(0)) }[0]
            for migration in migrations.dropFirst(applied) { try connection.execute(migration) }
            try connection.execute(
                "PRAGMA application_id = \(application); PRAGMA user_version = \(max(applied, migrations.count))")
        }
    }
}
