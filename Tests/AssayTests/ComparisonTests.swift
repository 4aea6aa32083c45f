import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite("Comparing what was built") struct ComparisonTests {
    private func write(_ bytes: [UInt8], _ path: FilePath) throws {
        try WholeFile.write(bytes, to: path, .any)
    }

    @Test("equal files pass") func equal() throws {
        let machine = try Machine()
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (one, other) = (machine.scratch.appending("one"), machine.scratch.appending("other"))
        try write(bytes, one)
        try write(bytes, other)
        let outcome = machine.assay("artifact", one.string, "--same-as", other.string, "--format", "json")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try outcome.report.checks.map(\.outcome) == ["pass"])
        #expect(try outcome.report.checks[0].detail.hasSuffix("700000 bytes"))
    }

    @Test("one byte is found wherever it is, and told with both values", arguments: [0, 262_143, 262_144, 699_999])
    func oneByte(offset: Int) throws {
        let machine = try Machine()
        var bytes = [UInt8](repeating: 0x11, count: 700_000)
        let (one, other) = (machine.scratch.appending("one"), machine.scratch.appending("other"))
        try write(bytes, other)
        bytes[offset] = 0x0f
        try write(bytes, one)
        let outcome = machine.assay("artifact", one.string, "--same-as", other.string, "--format", "json")
        #expect(outcome.status == 1, "\(outcome)")
        let finding = try #require(try outcome.report.finding("artifact-not-reproducible"))
        #expect(
            finding.summary == "\(one) differs from \(other) at offset \(offset): expected 0x11, found 0x0f")
        #expect(finding.checks == ["artifact.same@\(one)"])
    }

    @Test("a file that ends early differs where it ends") func short() throws {
        let machine = try Machine()
        let one = try machine.write("golden", to: "one")
        let other = try machine.write("golden artifact", to: "other")
        let outcome = machine.assay("artifact", one.string, "--same-as", other.string, "--format", "json")
        #expect(outcome.status == 1)
        #expect(
            try #require(outcome.report.finding("artifact-not-reproducible")).summary.hasSuffix(
                "at offset 6: expected 0x20, found the end of the file; 9 bytes differ"))
    }

    @Test("in an ELF file the section and the symbol are named") func symbol() throws {
        let machine = try Machine()
        // What the compiler of these tests makes of the wrong interpreter: an unstripped program.
        let bytes = try #require(WrongInterpreter.program, "\(WrongInterpreter.reason)")
        let (one, other) = (machine.scratch.appending("one"), machine.scratch.appending("other"))
        try write(bytes, other)
        let message = Array("installing a filter".utf8)
        let data = try #require(bytes.indices.first { bytes[$0...].starts(with: message) })
        var changed = bytes
        changed[data] ^= 0x20
        try write(changed, one)
        let outcome = machine.assay("artifact", one.string, "--same-as", other.string, "--format", "json")
        #expect(outcome.status == 1)
        let summary = try #require(outcome.report.finding("artifact-not-reproducible")).summary
        #expect(summary.contains("at offset \(data) (.rodata+0x"), "\(summary)")
    }

    @Test("directories are compared file by file, and a missing file is a difference") func directories() throws {
        let machine = try Machine()
        for side in ["one", "other"] {
            mkdir(machine.scratch.appending(side).string, 0o755)
            mkdir(machine.scratch.appending("\(side)/sub").string, 0o755)
            try machine.write("same", to: "\(side)/sub/same")
            try machine.write(side, to: "\(side)/different")
        }
        try machine.write("", to: "other/only")
        let (one, other) = (machine.scratch.appending("one").string, machine.scratch.appending("other").string)
        let outcome = machine.assay("artifact", one, "--same-as", other, "--format", "json")
        #expect(outcome.status == 1)
        let outcomes = try outcome.report.checks.map {
            "\($0.reference.split(separator: "/").last ?? "") \($0.outcome)"
        }
        #expect(outcomes == ["different fail", "only fail", "same pass"])
        #expect(try outcome.report.checks[1].detail.hasSuffix("\(one) does not have this file"))
    }

    @Test("links are compared by what they say, wherever that leads") func links() throws {
        let machine = try Machine()
        let made = machine.run(
            """
            cd '\(machine.scratch)' && mkdir one other && printf x >one/file && cp one/file other/
            ln -s nowhere one/dangling; ln -s nowhere other/dangling
            ln -s /etc/passwd one/roundabout; ln -s /etc/../etc/passwd other/roundabout
            ln -s file one/turned; printf x >other/turned
            """)
        try #require(made.status == 0, "\(made)")
        let (one, other) = (machine.scratch.appending("one").string, machine.scratch.appending("other").string)
        let outcome = machine.assay("artifact", one, "--same-as", other, "--format", "json")
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.checks.map(\.outcome) == ["pass", "pass", "fail", "fail"])
        #expect(
            report.checks[2...].map(\.detail) == [
                "\(one)/roundabout differs from \(other)/roundabout: expected a symbolic link to /etc/../etc/passwd, found a symbolic link to /etc/passwd",
                "\(one)/turned differs from \(other)/turned: expected no symbolic link, found a symbolic link to file",
            ])
    }

    @Test(
        "a directory that cannot be listed is named, and nothing is found out",
        .enabled(if: Here.nobodyCanRun, "nobody may not execute the program where it lies"))
    func unlisted() throws {
        let machine = try Machine(user: Here.isRoot ? 65534 : nil)
        let made = machine.run("cd && mkdir -p one/closed other && chmod 0 one/closed")
        try #require(made.status == 0, "\(made)")
        let (one, other) = (machine.home.appending("one").string, machine.home.appending("other").string)
        let outcome = machine.assay("artifact", one, "--same-as", other)
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.errors == "assay: comparing \(one)/closed: Permission denied\n")
    }

    @Test("what cannot be read is not found out, and what does not exist is an error") func unreadable() throws {
        let machine = try Machine()
        let file = try machine.write("x", to: "file").string
        let pipe = machine.scratch.appending("pipe").string
        try #require(mkfifo(pipe, 0o600) == 0)
        #expect(machine.assay("artifact", file, "--same-as", pipe).status == 2)
        let absent = machine.assay("artifact", file, "--same-as", "/does/not/exist")
        #expect(absent.status == 66)
        #expect(absent.errors == "assay: comparing /does/not/exist: No such file or directory\n")
        let directory = machine.assay("artifact", file, "--same-as", machine.scratch.string)
        #expect(directory.status == 2)
        #expect(
            directory.errors == "assay: comparing \(file): it is a file, and \(machine.scratch) is a directory\n")
    }
}
