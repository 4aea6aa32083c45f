import Findings
import Glibc
import History
import Reports
import SystemPackage
import TestSupport
import Testing

@testable import HistoryStore

@Suite("The database file") struct DatabaseFileTests {
    let place: Place

    init() throws { place = try Place() }

    @Test("nothing recorded is neither an error nor a file") func absent() throws {
        #expect(try RunHistory.forReading(place.path) == nil)
        #expect(access(place.path.string, F_OK) != 0)
    }

    @Test("its directories are the user's alone") func permissions() throws {
        _ = try RunHistory.forRecording(place.path)
        var status = stat()
        #expect(stat(place.path.removingLastComponent().string, &status) == 0 && status.st_mode & 0o777 == 0o700)
    }

    @Test("bytes that are no database are refused with what was found, and left alone") func garbage() throws {
        _ = try RunHistory.forRecording(place.path)
        let garbage = String(repeating: "not a database. ", count: 512)
        for suffix in ["-wal", "-shm"] { unlink(place.path.string + suffix) }
        let file = try FileDescriptor.open(place.path, .readWrite, options: [.truncate])
        try file.closeAfter { _ = try file.writeAll(garbage.utf8) }
        for open in [{ _ = try RunHistory.forReading($0) }, { _ = try RunHistory.forRecording($0) }]
            as [(FilePath) throws -> Void]
        {
            let error = #expect(throws: HistoryError.self) { try open(place.path) }
            #expect(error?.code == .malformed && error?.description.contains("file is not a database") == true)
            #expect(error?.path == place.path.string)
        }
        var status = stat()
        #expect(stat(place.path.string, &status) == 0 && status.st_size == garbage.utf8.count)
    }

    @Test("a page that was overwritten is an error, not an empty history") func damage() throws {
        do {
            let history = try RunHistory.forRecording(place.path)
            try history.record(Given.report([Given.check("a")]), exitStatus: 0)
        }
        let file = try FileDescriptor.open(place.path, .readWrite)
        try file.closeAfter {
            let size = try file.seek(offset: 0, from: .end)
            try #require(size >= 8192)
            let junk = [UInt8](repeating: 0x5a, count: Int(size) - 4096)
            _ = try file.writeAll(toAbsoluteOffset: 4096, junk)
        }
        let error = #expect(throws: HistoryError.self) {
            _ = try RunHistory.forReading(place.path)?.runs(last: 1)
        }
        #expect(error?.code == .malformed, "\(String(describing: error))")
    }

    @Test("a later Assay's database is refused, and says so") func newer() throws {
        _ = try RunHistory.forRecording(place.path)
        try OtherProgram(place.path).execute("PRAGMA user_version = 99")
        let error = #expect(throws: HistoryError.self) { try RunHistory.forRecording(place.path) }
        #expect(error?.code == .newer && error?.found.hasPrefix("99") == true)
        #expect(throws: HistoryError.self) { _ = try RunHistory.forReading(place.path) }
    }

    @Test("a history of before platforms were recorded is migrated as one of linux/arm64") func older() throws {
        _ = try RunHistory.forRecording(place.path)
        unlink(place.path.string)
        for suffix in ["-wal", "-shm"] { unlink(place.path.string + suffix) }
        let old = try OtherProgram(place.path)
        try old.execute(Schema.migrations[0])
        try old.execute(
            """
            PRAGMA application_id = \(Schema.application); PRAGMA user_version = 1;
            INSERT INTO hosts VALUES (1, 'k', 'm', '', '', '', '', '');
            INSERT INTO runs VALUES (7, 'accept', 1, 2, 'fit', '0.1.0', 0, 1, 1);
            INSERT INTO subjects VALUES (3, 'probe', 'a', 'core', 'direct');
            INSERT INTO checks VALUES (7, 0, 3, 'pass', 1000, 1, '');
            INSERT INTO findings VALUES (7, 0, 'handler-missing', 'error', 's');
            """)
        for _ in 1...2 {
            let run = try #require(try RunHistory.forReading(place.path)).run(7)
            #expect(
                run.checks.map(\.name) == [
                    CheckName(kind: "probe", id: "a", image: "core", venue: "direct", platform: "linux/arm64")
                ])
            #expect(run.findings.map(\.platform) == ["linux/arm64"])
        }
        let history = try RunHistory.forRecording(place.path)
        var other = Given.check("a")
        other.platform = "linux/riscv64"
        let id = try history.record(Given.report([other]), exitStatus: 0)
        #expect(try history.run(id).checks.map(\.name.platform) == ["linux/riscv64"])
        #expect(try history.run(7).checks.map(\.name.platform) == ["linux/arm64"])
        // A check that is still referred to cannot be removed.
        try old.execute("PRAGMA foreign_key_check")
        #expect(try history.prune(keep: 0, before: nil) == 2)
    }

    @Test("another program's database is refused, and left alone") func foreign() throws {
        _ = try RunHistory.forRecording(place.path)
        unlink(place.path.string)
        try OtherProgram(place.path).execute("CREATE TABLE runs (a); INSERT INTO runs VALUES (1)")
        let error = #expect(throws: HistoryError.self) { try RunHistory.forRecording(place.path) }
        #expect(error?.code == .malformed && error?.expected.contains("application id") == true)
        try OtherProgram(place.path).execute("INSERT INTO runs VALUES (2)")
    }

    @Test("where no directory can be made the error names it") func noDirectory() throws {
        let error = #expect(throws: HistoryError.self) {
            try RunHistory.forRecording("/proc/assay/history.sqlite")
        }
        #expect(error?.code == .unavailable && error?.found.hasPrefix("/proc/assay") == true)
    }

    @Test("a reader sees what was recorded while a writer holds its lock") func readers() throws {
        let history = try RunHistory.forRecording(place.path)
        try history.record(Given.report([Given.check("a")]), exitStatus: 0)
        let writer = try OtherProgram(place.path)
        try writer.execute("BEGIN IMMEDIATE; DELETE FROM findings; DELETE FROM checks; DELETE FROM runs")
        let clock = ContinuousClock.now
        #expect(try RunHistory.forReading(place.path)?.runs(last: 5).count == 1)
        #expect(clock.duration(to: .now) < .seconds(1))
        try writer.execute("ROLLBACK")
    }
}
