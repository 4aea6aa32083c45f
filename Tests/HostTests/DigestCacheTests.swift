import Files
import Glibc
import Host
import SystemPackage
import Testing

@Suite("What is remembered of a program") struct DigestCacheTests {
    private func text(_ directory: FilePath) throws -> String {
        String(decoding: try WholeFile.read(directory.appending("digests").string, limit: 4096), as: UTF8.self)
    }

    @Test("its digest and version, until the file changes") func remembered() throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let program = scratch.appending("program").string
        try WholeFile.write(Array("one".utf8), to: FilePath(program), .any)
        let cache = DigestCache(directory: scratch)
        #expect(cache.version(program) == nil)
        cache.remember(version: "1.2.3", of: program)
        #expect(cache.version(program) == nil, "no digest is known yet")
        let digest = try #require(cache.sha256(program))
        #expect(cache.version(program) == nil)
        cache.remember(version: "1.2.3", of: program)
        #expect(DigestCache(directory: scratch).version(program) == "1.2.3")
        #expect(DigestCache(directory: scratch).sha256(program) == digest)
        cache.remember(version: "1.2.4 word", of: program)
        #expect(cache.version(program) == "1.2.3", "a version is one word")

        try WholeFile.write(Array("two".utf8), to: FilePath(program), .any)
        #expect(cache.version(program) == nil)
        #expect(cache.sha256(program) != digest)
    }

    @Test("lines without a version, as older programs wrote them, are read") func old() throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let program = scratch.appending("program").string
        try WholeFile.write(Array("one".utf8), to: FilePath(program), .any)
        let cache = DigestCache(directory: scratch)
        _ = cache.sha256(program)
        let row = try text(scratch)
        #expect(row.split(separator: " ").count == 2)
        cache.remember(version: "9", of: program)
        #expect(try text(scratch) == row.dropLast() + " 9\n")
    }
}
