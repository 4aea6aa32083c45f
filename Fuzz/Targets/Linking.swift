import Archive
import ELF

@testable import OCI

extension FuzzTarget {
    /// `ld.so.cache`, and a dynamic linker's own bytes.
    static let cache = FuzzTarget(name: "cache") { bytes in
        func stands(_ text: String) -> Bool {
            let text = Array(text.utf8)
            // Text that is not UTF-8 comes back as other bytes.
            guard !text.contains(0xef), !text.isEmpty else { return true }
            return bytes.indices.contains { bytes[$0...].starts(with: text) }
        }
        for (isBig, architecture) in [(false, "arm64"), (true, "s390x"), (false, "mips")] {
            let flags = CacheFlags(architecture: architecture)
            guard let cache = LibraryCache(bytes, isBig: isBig, capabilities: ["z15", "v3", "v2"]) else { continue }
            for name in ["libc.so.6", "liba.so", "lib10.so.9", ""] {
                for takesThreadLocal in [false, true] {
                    let path = cache.path(of: name, flags: flags, takesThreadLocal: takesThreadLocal)
                    if let path { require(stands(name) && stands(path), "\(name) => \(path) stands in the file") }
                }
            }
        }
        switch LoaderFacts(bytes) {
        case .glibc(let directories, let place, _):
            require(!directories.isEmpty && place.hasSuffix("/ld.so.cache"), "directories and a cache: \(place)")
            for directory in directories { require(directory.hasPrefix("/") && stands(directory), directory) }
        case .musl(let word): require(!word.isEmpty && stands(word), word)
        case nil: break
        }
    }
}
