import Archive
import ELF

/// The directories in which an image's dynamic linker looks for libraries by itself.
///
/// Source: <https://man7.org/linux/man-pages/man8/ld.so.8.html>, <https://man7.org/linux/man-pages/man8/ldconfig.8.html>,
/// <https://musl.libc.org/doc/1.1.24/manual.html>, "Environment Variables"
struct LibraryPaths {
    private static let glibcConfiguration = "etc/ld.so.conf"
    private static let glibcDirectory = "etc/ld.so.conf.d/"
    private static let muslPrefix = "etc/ld-musl-"

    /// From `ld.so.conf`, with what it includes.
    private let configured: [String]
    /// From musl's path file, which replaces its defaults.
    private let musl: [String]?

    /// Whether a file has a say in where libraries are.
    static func isConfiguration(_ path: EntryPath) -> Bool {
        path.bytes.elementsEqual(glibcConfiguration.utf8)
            || (path.bytes.starts(with: glibcDirectory.utf8) && path.bytes.suffix(5).elementsEqual(".conf".utf8))
            || (path.bytes.starts(with: muslPrefix.utf8) && path.bytes.suffix(5).elementsEqual(".path".utf8))
    }

    /// - Parameter files: the contents of the configuration files by path, as they are after all layers.
    init(_ files: [String: [UInt8]]) {
        var configured: [String] = []
        for path in files.keys.sorted() where path == Self.glibcConfiguration || path.hasPrefix(Self.glibcDirectory) {
            configured += Self.directories(files[path] ?? [])
        }
        self.configured = configured
        musl = files.first { $0.key.hasPrefix(Self.muslPrefix) }.map { file in
            file.value.split { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "\n") }
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Whether a dynamic linker is musl's.
    static func isMusl(_ interpreter: String) -> Bool { interpreter.contains("/ld-musl-") }

    /// The directories that a dynamic linker searches, in order; others than musl's look last in the one that they are in.
    func directories(musl isMusl: Bool, target: ELFTarget) -> [String] {
        if isMusl { return musl ?? ["/lib", "/usr/local/lib", "/usr/lib"] }
        let triplets = Self.triplets[target.architecture ?? ""] ?? []
        let multiarch = triplets.flatMap { ["/lib/\($0)", "/usr/lib/\($0)"] }
        let wide = target.elfClass == .bits64 ? ["/lib64", "/usr/lib64"] : ["/lib32", "/usr/lib32"]
        return configured + multiarch + wide + ["/lib", "/usr/lib"]
    }

    /// musl's own names for parts of itself, which it never looks for.
    static func isPartOfMusl(_ name: String) -> Bool {
        ["libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."].contains { name.hasPrefix($0) }
    }

    /// Debian's names for architectures in library paths.
    private static let triplets: [String: [String]] = [
        "arm64": ["aarch64-linux-gnu"], "amd64": ["x86_64-linux-gnu"],
        "arm": ["arm-linux-gnueabihf", "arm-linux-gnueabi"], "386": ["i386-linux-gnu"],
        "riscv64": ["riscv64-linux-gnu"], "ppc64le": ["powerpc64le-linux-gnu"], "s390x": ["s390x-linux-gnu"],
        "loong64": ["loongarch64-linux-gnu"], "mips64le": ["mips64el-linux-gnuabi64"],
        "mipsle": ["mipsel-linux-gnu"], "ppc64": ["powerpc64-linux-gnu"],
    ]

    private static func directories(_ file: [UInt8]) -> [String] {
        String(decoding: file, as: UTF8.self).split(separator: "\n").flatMap { line in
            let text = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
            let words = text.split { $0 == " " || $0 == "\t" || $0 == ":" || $0 == "," }
            // What is included has been read as a file of its own.
            guard let first = words.first, first != "include", first != "hwcap" else { return [String]() }
            return words.map { String($0.split(separator: "=")[0]) }
        }
    }
}
