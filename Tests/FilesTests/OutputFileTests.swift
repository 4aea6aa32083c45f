import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite("Files that the caller names") struct OutputFileTests {
    private func write(_ text: String, _ path: FilePath) throws {
        try OutputFile(path, action: "writing").write(Array(text.utf8))
    }

    @Test("are written whole, with the umask's mode or the one that they have, and nothing beside them") func whole()
        throws
    {
        let folder = Scratch()
        try write("one", folder["new"])
        #expect(folder.text("new") == "one")
        folder.shell("echo old >old; chmod 600 old; ln old other; mkdir sub; ln -s ../real sub/link; echo r >real")
        try write("two", folder["old"])
        try write("three", folder["sub/link"])
        #expect(folder.text("old") == "two" && folder.text("other") == "old\n" && folder.text("real") == "three")
        #expect(
            folder.shell("stat -c %a old new; readlink sub/link; ls -A . sub")
                == "600\n644\n../real\n.:\nnew\nold\nother\nreal\nsub\n\nsub:\nlink\n")
        try write("four", folder["sub/../sub/./link"])
        #expect(folder.text("real") == "four")
    }

    @Test("a link in a directory in which everybody may write is not followed, last or in between")
    func planted() throws {
        let folder = Scratch()
        folder.shell(
            "mkdir open dir; chmod 1777 open; echo secret >victim; ln -s ../victim open/link; ln -s ../dir open/dir; ln -s open/link indirect; ln -s loop loop"
        )
        for path in ["open/link", "open/dir/file", "indirect", "loop"] {
            #expect(throws: FileError.self, "\(path)") { try write("x", folder[path]) }
        }
        #expect(folder.text("victim") == "secret\n")
        #expect(folder.shell("ls -A dir; ls -A open") == "dir\nlink\n")
        // What is no link is written there, as ever.
        try write("x", folder["open/file"])
        #expect(folder.text("open/file") == "x")
    }

    @Test(
        "another user's link, pipe and directory on the way", .enabled(if: Here.isRoot, "only root can be two users")
    )
    func foreign() throws {
        let folder = Scratch()
        folder.shell(
            """
            mkdir theirs mine; echo secret >victim; ln -s ../victim theirs/link; ln -s ../mine theirs/dir; chown -hR 65534:65534 theirs
            mkdir open; chmod 1777 open; mkfifo open/pipe; chown 65534 open/pipe
            """)
        for path in ["theirs/link", "theirs/dir/file", "open/pipe"] {
            #expect(throws: FileError.self, "\(path)") { try write("x", folder[path]) }
        }
        #expect(folder.text("victim") == "secret\n" && folder.shell("ls -A mine").isEmpty)
        try write("x", folder["theirs/file"])
        #expect(folder.shell("stat -c %u theirs/file") == "0\n")
    }

    @Test("a descriptor of one's own is written to by any of its names, a regular file's, too") func descriptors()
        throws
    {
        let folder = Scratch()
        let file = try FileDescriptor.open(
            folder["file"], .writeOnly, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
        defer { try? file.close() }
        try file.writeAll("begun ".utf8)
        for path in [
            "/dev/fd/\(file.rawValue)", "/proc/self/fd/\(file.rawValue)", "/proc/\(getpid())/fd/\(file.rawValue)",
        ] {
            try write("x", FilePath(path))
        }
        #expect(folder.text("file") == "begun xxx")
        let ends = try FileDescriptor.pipe()
        try write("through", FilePath("/dev/fd/\(ends.writeEnd.rawValue)"))
        try ends.writeEnd.close()
        var bytes = [UInt8](repeating: 0, count: 99)
        let count = try bytes.withUnsafeMutableBytes { try ends.readEnd.read(into: $0) }
        try ends.readEnd.close()
        #expect(bytes[..<count].elementsEqual("through".utf8))
    }

    @Test("devices: one that takes all, one that takes nothing, one that is no place for text") func devices() throws {
        try write("x", "/dev/null")
        #expect(throws: FileError.self) { try write("x", "/dev/full") }
        #expect(throws: FileError.self) { try write("x", "/tmp") }
        #expect(throws: FileError.self) { try write("x", "/nowhere/file") }
        let blocks = Scratch().shell("find /dev -type b 2>/dev/null | head -1").split(separator: "\n")
        let block = blocks.first.map(String.init) ?? "/dev"
        #expect(throws: FileError.self) { try write("x", FilePath(block)) }
    }

    @Test("a failure leaves the old file, and nothing beside it") func failure() throws {
        let folder = Scratch()
        folder.shell("echo old >file; mkdir place; : >place/x")
        #expect(throws: FileError.self) { try write("x", folder["place"]) }
        #expect(folder.text("file") == "old\n" && folder.shell("ls -A") == "file\nplace\n")
    }

    @Test("who reads finds the old text or the new one, whole") func whileRead() throws {
        let folder = Scratch()
        let (one, other) = (String(repeating: "1", count: 200_000), String(repeating: "2", count: 200_000))
        try write(one, folder["file"])
        for round in 0..<50 {
            let reader = try FileDescriptor.open(folder["file"], .readOnly, options: .closeOnExec)
            try write(round.isMultiple(of: 2) ? other : one, folder["file"])
            let bytes = try [UInt8](unsafeUninitializedCapacity: 300_000) { buffer, count in
                count = try reader.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            try reader.close()
            #expect(bytes.count == 200_000 && Set(bytes).count == 1)
        }
    }
}
