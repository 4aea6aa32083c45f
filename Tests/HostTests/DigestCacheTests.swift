import Files
import Host
import SystemPackage
import TestSupport
import Testing

@Suite("What is remembered of a program") struct DigestCacheTests {
    private let scratch = Scratch()
    private let program: String
    private let cache: DigestCache

    init() {
        program = scratch.write(Array("one".utf8), to: "program").string
        cache = DigestCache(directory: scratch.path)
    }

    private var text: String {
        get throws { String(decoding: try WholeFile.read(scratch["digests"].string, limit: 4096), as: UTF8.self) }
    }

    @Test("its digest and version, until the file changes") func remembered() throws {
        #expect(cache.version(program) == nil)
        cache.remember(version: "1.2.3", of: program)
        #expect(cache.version(program) == nil, "no digest is known yet")
        let digest = try #require(cache.sha256(program))
        #expect(cache.version(program) == nil)
        cache.remember(version: "1.2.3", of: program)
        #expect(DigestCache(directory: scratch.path).version(program) == "1.2.3")
        #expect(DigestCache(directory: scratch.path).sha256(program) == digest)
        cache.remember(version: "1.2.4 word", of: program)
        #expect(cache.version(program) == "1.2.3", "a version is one word")

        scratch.write(Array("two".utf8), to: "program")
        #expect(cache.version(program) == nil)
        #expect(cache.sha256(program) != digest)
    }

    @Test("lines without a version, as older programs wrote them, are read") func old() throws {
        _ = cache.sha256(program)
        let row = try text
        #expect(row.split(separator: " ").count == 2)
        cache.remember(version: "9", of: program)
        #expect(try text == row.dropLast() + " 9\n")
    }
}
