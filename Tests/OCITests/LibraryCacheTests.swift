import TestSupport
import Testing

@testable import OCI

@Suite struct LibraryCacheTests {
    private static let own = CacheFlags(architecture: "arm64")

    private static func path(
        _ name: String, in bytes: [UInt8], capabilities: [String] = [], takesThreadLocal: Bool = false
    ) -> String? {
        LibraryCache(bytes, isBig: false, capabilities: capabilities)?
            .path(of: name, flags: own, takesThreadLocal: takesThreadLocal)
    }

    @Test("a name is found in each form that ldconfig writes", arguments: CacheBuilder.Form.allCases)
    func forms(form: CacheBuilder.Form) {
        let cache = CacheBuilder(entries: [
            .init(name: "libz.so.1", path: "/lib/libz.so.1"), .init(name: "libc.so.10", path: "/lib/ten"),
            .init(name: "libc.so.9", path: "/lib/nine"), .init(name: "liba.so", path: "/other/liba.so", flags: 0x303),
            .init(name: "liba.so", path: "/lib/liba.so"),
        ]).bytes(form)
        #expect(Self.path("libz.so.1", in: cache) == "/lib/libz.so.1")
        #expect(Self.path("libc.so.10", in: cache) == "/lib/ten")
        #expect(Self.path("libc.so.9", in: cache) == "/lib/nine")
        #expect(Self.path("liba.so", in: cache) == "/lib/liba.so")
        #expect(Self.path("libb.so", in: cache) == nil)
    }

    @Test("the best directory of glibc-hwcaps that the machine has comes first, and none that it has not")
    func capabilities() {
        let bit: UInt64 = 1 << 62
        let cache = CacheBuilder(
            entries: [
                .init(name: "lib1.so", path: "/lib/tls", hwcap: 1 << 63),
                .init(name: "liba.so", path: "/lib/v2", hwcap: bit),
                .init(name: "liba.so", path: "/lib/v3", hwcap: bit | 1),
                .init(name: "liba.so", path: "/lib/v4", hwcap: bit | 2), .init(name: "liba.so", path: "/lib/plain"),
            ], capabilities: ["v2", "v3", "v4"]
        ).bytes(.new)
        #expect(Self.path("liba.so", in: cache, capabilities: ["v3", "v2"]) == "/lib/v3")
        #expect(Self.path("liba.so", in: cache, capabilities: ["v2"]) == "/lib/v2")
        #expect(Self.path("liba.so", in: cache) == "/lib/plain")
        #expect(Self.path("lib1.so", in: cache) == nil)
        #expect(Self.path("lib1.so", in: cache, takesThreadLocal: true) == "/lib/tls")
    }

    @Test("what the machine's own ldconfig writes is read", arguments: ["old", "compat", "new"]) func real(form: String)
    {
        let scratch = Scratch()
        scratch.shell(
            """
            mkdir -p etc lib opt && cp "$(ldconfig -p | sed -n 's/.*libz.so.1 .*=> //p' | head -n 1)" opt/libz.so.1
            echo /opt > etc/ld.so.conf && ldconfig -c \(form) -r . 2>/dev/null
            """)
        guard let bytes = scratch.read("etc/ld.so.cache"), Here.isX86 else { return print("no ldconfig, or no x86-64") }
        let cache = LibraryCache(bytes, isBig: false, capabilities: [])
        let path = cache?.path(of: "libz.so.1", flags: CacheFlags(architecture: "amd64"), takesThreadLocal: false)
        #expect(path == "/opt/libz.so.1")
    }

    @Test("what lies outside the file is not found, and ends nothing") func hostile() {
        let whole = CacheBuilder(
            entries: [.init(name: "liba.so", path: "/lib/liba.so", hwcap: 1 << 62)], capabilities: ["v2"])
        for form in CacheBuilder.Form.allCases {
            let bytes = whole.bytes(form)
            for count in 0..<bytes.count { _ = Self.path("liba.so", in: Array(bytes[..<count]), capabilities: ["v2"]) }
            for place in 0..<bytes.count {
                var broken = bytes
                broken[place] = 0xff
                _ = Self.path("liba.so", in: broken, capabilities: ["v2"])
            }
        }
    }
}
