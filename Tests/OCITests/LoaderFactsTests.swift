import Testing

@testable import OCI

@Suite("What a dynamic linker's bytes tell") struct LoaderFactsTests {
    private static let directories = [
        "/lib/arm-linux-gnueabihf", "/usr/lib/arm-linux-gnueabihf", "/lib", "/usr/lib",
    ]
    private static let array: [UInt8] = directories.flatMap { Array("\($0)/".utf8) + [0] }
    private static let cache = [0] + Array("/etc/ld.so.cache".utf8) + [0]

    @Test("its directories may stand right behind code, as armhf's do", arguments: [[UInt8]([0xe5, 0xff, 0xff]), [0]])
    func behindCode(before: [UInt8]) {
        let facts = LoaderFacts([0] + before + Self.array + [0x19, 0] + Self.cache)
        #expect(facts == .glibc(directories: Self.directories, cache: "/etc/ld.so.cache", version: nil))
    }

    @Test("where the code's last byte is a letter by chance, the array's copy tells") func chance() {
        let facts = LoaderFacts([0, 0xff, 0x41] + Self.array + [0x19, 0] + Self.array + Self.cache)
        #expect(facts == .glibc(directories: Self.directories, cache: "/etc/ld.so.cache", version: nil))
    }
}
