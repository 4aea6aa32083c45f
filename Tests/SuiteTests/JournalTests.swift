import Files
import Findings
import FoundationEssentials
import Glibc
import Guest
import SystemPackage
import TestSupport
import Testing

@testable import Operations
@testable import ScenarioFormat
@testable import Suite

@Suite("The journal of a run")
struct JournalTests {
    private let header = Journal.Header(version: "1", files: [.init(path: "a.yaml", sha256: "00")], options: "all")

    private func record(_ id: String) throws -> StepRecord {
        let check =
            "{\"id\":\"\(id)\",\"kind\":\"step\",\"outcome\":\"pass\",\"duration\":[0,5],\"attempts\":1,\"detail\":\"\",\"findings\":[]}"
        return try StepRecord(line: "{\"check\":\(check),\"checks\":[],\"findings\":[]}")
    }

    private func inFolder(_ body: (FilePath) throws -> Void) throws {
        try Workspace.temporary(Settings(guest: .arm64)) { try body($0.scratch.appending("deep/run.journal")) }
    }

    private func write(_ path: FilePath, _ ids: [String]) throws {
        let (journal, old) = try Journal.open(path, header: header, resume: false)
        #expect(old.isEmpty)
        for id in ids { try journal.append(record(id)) }
    }

    @Test("what was finished is there again, and more can follow") func resume() throws {
        try inFolder { path in
            try write(path, ["a", "b"])
            do {
                let (journal, old) = try Journal.open(path, header: header, resume: true)
                #expect(old.map(\.id) == ["a", "b"])
                try journal.append(record("c"))
            }
            #expect(try Journal.open(path, header: header, resume: true).1.map(\.id) == ["a", "b", "c"])
            #expect(Journal.durations(path, of: ["b", "c"]).keys.sorted() == ["b", "c"])
        }
    }

    @Test("of a step that is there twice the last counts, and of steps that are not planned nothing is kept")
    func known() throws {
        try inFolder { path in
            try write(path, (0..<2000).map { "other-\($0)" } + ["a", "b", "a"])
            let kept = try Journal.open(path, header: header, resume: true, of: ["a", "b"]).1
            #expect(kept.map(\.id) == ["a", "b"])
            #expect(Journal.durations(path, of: ["a"]).keys.sorted() == ["a"])
        }
    }

    @Test("a step of more values than any has is damage") func values() throws {
        try inFolder { path in
            do {
                let (journal, _) = try Journal.open(path, header: header, resume: false)
                var large = try record("b")
                large.checks = Array(repeating: large.check, count: 100_000)
                try journal.append(large)
            }
            let error = #expect(throws: MalformedInput.self) { try Journal.open(path, header: header, resume: true) }
            #expect(error?.description.contains("line 2: expected what its checksum says") == true)
        }
    }

    @Test(
        "a call that fails has its name in the error",
        arguments: ["pread64", "ftruncate", "lseek", "fsync", "fdatasync"])
    func calls(name: String) throws {
        try inFolder { path in
            let header = header
            let error = without(name, EIO) { () -> String in
                do {
                    _ = try Journal.open(path, header: header, resume: false)
                    return "none"
                } catch { return "\(error)" }
            }
            let said = try #require(error, "no filter can be had here")
            #expect(said.hasPrefix("\(name) "))
        }
    }

    @Test("a last line that was cut off anywhere is a step that was not finished") func torn() throws {
        try inFolder { path in
            try write(path, ["a", "b"])
            let whole = try Data(contentsOf: URL(filePath: path.string))
            let first = try #require(whole.dropLast().lastIndex(of: UInt8(ascii: "\n")))
            for cut in stride(from: first + 1, to: whole.count, by: 7) {
                try whole[..<cut].write(to: URL(filePath: path.string))
                do {
                    let (journal, old) = try Journal.open(path, header: header, resume: true)
                    #expect(old.map(\.id) == ["a"])
                    try journal.append(record("c"))
                }
                #expect(try Journal.open(path, header: header, resume: true).1.map(\.id) == ["a", "c"])
            }
        }
    }

    @Test("a journal of something else is refused, and says of what") func refused() throws {
        try inFolder { path in
            try write(path, ["a"])
            func message(_ change: (inout Journal.Header) -> Void) throws -> String {
                var other = header
                change(&other)
                return
                    "\(try #require(throws: (any Error).self) { try Journal.open(path, header: other, resume: true) })"
            }
            #expect(try message { $0.version = "2" }.contains("of assay 1, and this is 2"))
            #expect(try message { $0.files[0].sha256 = "11" }.contains("a.yaml has changed since"))
            #expect(try message { $0.files[0].path = "b.yaml" }.contains("of other files (a.yaml)"))
            #expect(try message { $0.options = "some" }.contains("of another selection (all; now some)"))
            // Nothing of that has touched it.
            #expect(try Journal.open(path, header: header, resume: true).1.map(\.id) == ["a"])
            try Data("something else\n".utf8).write(to: URL(filePath: path.string))
            #expect(try message { _ in }.contains("line 1: expected the head of a journal"))
            // Nor is it overwritten by a run that begins anew.
            #expect(throws: MalformedInput.self) { try Journal.open(path, header: header, resume: false) }
            #expect(try Data(contentsOf: URL(filePath: path.string)) == Data("something else\n".utf8))
        }
    }

    @Test("a byte that was flipped anywhere gives the line, and nothing is written") func flipped() throws {
        try inFolder { path in
            try write(path, ["a", "b"])
            let whole = try Data(contentsOf: URL(filePath: path.string))
            let line = { (index: Int) in 1 + whole[..<index].count { $0 == UInt8(ascii: "\n") } }
            for index in whole.indices {
                for change in [UInt8(1), 0x20, 0x80, whole[index] ^ UInt8(ascii: "\n")] where change != 0 {
                    var damaged = whole
                    damaged[index] ^= change
                    try damaged.write(to: URL(filePath: path.string))
                    let error = try #require(throws: MalformedInput.self, "byte \(index) by \(change)") {
                        try Journal.open(path, header: header, resume: true)
                    }
                    #expect("\(error)".contains("line \(line(index)):"), "byte \(index) by \(change): \(error)")
                    #expect(try Data(contentsOf: URL(filePath: path.string)) == damaged)
                }
            }
        }
    }

    @Test("a line that is gone, doubled, moved or from elsewhere is found") func moved() throws {
        try inFolder { path in
            try write(path, ["a", "b", "c"])
            let lines = try Data(contentsOf: URL(filePath: path.string)).split(separator: UInt8(ascii: "\n"))
            for order in [[0, 2, 3], [0, 2, 1, 3], [0, 1, 1, 2], [1, 2], [0, 0, 1]] {
                let text = order.flatMap { Array(lines[$0]) + [UInt8(ascii: "\n")] }
                try Data(text).write(to: URL(filePath: path.string))
                #expect(throws: MalformedInput.self, "\(order)") {
                    try Journal.open(path, header: header, resume: true)
                }
            }
        }
    }

    @Test(
        "what is no journal is not touched, whether a run begins anew or goes on",
        arguments: [
            "\n\n", "x", "\u{0}\u{0}\n", "no line end", "assay.journal/2 is the name of a form", "assay.journal/2\n",
            "assay.journal/2 0123456789abcdef\n", "assay.journal/3 0123456789abcdef {\"version\":\"1\"}\n",
            "{\"journal\":\"assay.journal/3\",\"version\":\"1\",\"files\":[],\"options\":\"\"}\n",
            "{\"text\":\"assay.journal/1\"}\n",
            "{\"a\": \"assay.journal/1\"", "# assay.journal/1\nassay.journal/2 0123456789abcdef {\"\n",
            "\nassay.journal/2 0123456789abcdef {\"\n",
        ])
    func notOurs(text: String) throws {
        try inFolder { path in
            let folder = path.removingLastComponent()
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path.string))
            for resume in [false, true] {
                #expect(throws: MalformedInput.self, "\(resume)") {
                    try Journal.open(path, header: header, resume: resume)
                }
                #expect(try Data(contentsOf: URL(filePath: path.string)) == Data(text.utf8))
            }
        }
    }

    @Test("a huge file, a directory, a pipe and a device are told at once") func otherKinds() throws {
        try inFolder { path in
            let folder = path.removingLastComponent()
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
            try #require(mkfifo(folder.appending("pipe").string, 0o600) == 0)
            for (name, resume) in [(folder, false), (folder.appending("pipe"), true), ("/dev/zero", false)] {
                #expect(throws: SuiteError.self, "\(name)") { try Journal.open(name, header: header, resume: resume) }
            }
            let huge = try FileDescriptor.open(path, .readWrite, options: [.create], permissions: [.ownerReadWrite])
            defer { try? huge.close() }
            try #require(ftruncate(huge.rawValue, 1 << 40) == 0)
            for resume in [false, true] {
                #expect(throws: MalformedInput.self) { try Journal.open(path, header: header, resume: resume) }
            }
            #expect(try huge.seek(offset: 0, from: .end) == 1 << 40)
        }
    }

    @Test("a journal of before checksums is named, and is begun anew only without --resume") func older() throws {
        try inFolder { path in
            let folder = path.removingLastComponent()
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
            let old =
                "{\"journal\":\"assay.journal\\/1\",\"version\":\"1\",\"files\":[{\"path\":\"a.yaml\",\"sha256\":\"00\"}],\"options\":\"all\"}\n"
            try Data(old.utf8).write(to: URL(filePath: path.string))
            let error = try #require(throws: SuiteError.self) { try Journal.open(path, header: header, resume: true) }
            #expect(error.description.contains("assay.journal/1") && error.description.contains("without --resume"))
            #expect(try Data(contentsOf: URL(filePath: path.string)) == Data(old.utf8))
            try write(path, ["a"])
            #expect(try Journal.open(path, header: header, resume: true).1.map(\.id) == ["a"])
        }
    }

    @Test("whoever still has the descriptor, as a child that is being started, does not keep the next run out")
    func unlocked() throws {
        try inFolder { path in
            var copy: FileDescriptor?
            do {
                let journal = try Journal.open(path, header: header, resume: false)
                let name = path.string
                let held = (0..<Int32(1024)).first {
                    linkTarget("/proc/self/fd/\($0)").map { $0 == Array(name.utf8) } ?? false
                }
                copy = try FileDescriptor(rawValue: #require(held)).duplicate()
                withExtendedLifetime(journal) {}
            }
            #expect(throws: Never.self) { try Journal.open(path, header: header, resume: true) }
            try copy?.close()
        }
    }

    @Test("two runs do not write one journal") func locked() throws {
        try inFolder { path in
            let first = try Journal.open(path, header: header, resume: false)
            let error = try #require(throws: SuiteError.self) { try Journal.open(path, header: header, resume: true) }
            #expect(error.description.contains("another run is writing"))
            withExtendedLifetime(first) {}
        }
    }
}
