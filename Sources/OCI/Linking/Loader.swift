import ELF

/// One program interpreter of an image, glibc's or musl's: its own directories, and its rules.
///
/// Source: <https://sourceware.org/git/?p=glibc.git;a=blob;f=elf/dl-load.c>, <https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c>
struct Loader {
    enum Kind {
        case glibc, musl
    }

    /// The size of musl's buffer for a path, with the NUL, in bytes.
    static let longestMuslPath = 2 * 255 + 2

    let kind: Kind
    /// The path by which programs name it.
    let interpreter: String
    /// Its file; nil if there is none.
    let node: Int?
    /// The directories that it searches last, in order.
    let directories: [String]
    /// In glibc, the subdirectories that are searched before each directory of a search path.
    let subdirectories: [String]
    let tokens: DynamicStringTokens
    let cache: LibraryCache?
    let flags: CacheFlags
    /// Whether it is glibc before 2.37, which also searches directories `tls` and those of the platform.
    let isLegacy: Bool

    init(
        _ interpreter: String, target: ELFTarget, _ tree: ImageTree, _ configuration: LoaderConfiguration
    ) throws(ImageTree.OverLimit) {
        self.interpreter = interpreter
        node = tree.resolve(interpreter).flatMap { tree.nodes[$0].kind == .file ? $0 : nil }
        var facts: LoaderFacts?
        if let node, case .elf(let file) = tree.facts(node) { facts = file.loader }
        let architecture = target.architecture
        flags = CacheFlags(architecture: architecture)
        let platform = architecture.flatMap { GlibcArchitecture.platforms[$0] }
        // If the linker's bytes tell nothing, its name does.
        if facts == nil, let musl = Self.muslArchitecture(of: interpreter) { facts = .musl(architecture: musl) }
        switch facts {
        case .musl(let architecture):
            kind = .musl
            let place = Self.configurationPath(interpreter, architecture)
            let paths = try configuration.muslPath(at: place) ?? "/lib:/usr/local/lib:/usr/lib"
            directories = Self.muslDirectories(paths)
            subdirectories = []
            tokens = DynamicStringTokens(library: "lib", platform: nil)
            cache = nil
            isLegacy = false
        case .glibc(let known, let path, let version):
            kind = .glibc
            directories = known
            isLegacy = version ?? 0 < 37
            let capabilities = architecture.flatMap { GlibcArchitecture.capabilities[$0] } ?? []
            let old = platform.map { ["tls/\($0)", "tls", $0] } ?? ["tls"]
            subdirectories = capabilities.map { "glibc-hwcaps/\($0)" } + (isLegacy ? old : [])
            tokens = DynamicStringTokens(library: Self.libraryDirectory(known), platform: platform)
            cache = try configuration.bytes(at: path).flatMap {
                LibraryCache($0, isBig: target.byteOrder == .big, capabilities: capabilities)
            }
        case nil:
            kind = .glibc
            let usual = Self.usualDirectories(target)
            let own = interpreter.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(interpreter[..<$0]) } ?? "/lib"
            directories = usual + [own.isEmpty ? "/" : own]
            isLegacy = false
            let capabilities = architecture.flatMap { GlibcArchitecture.capabilities[$0] } ?? []
            subdirectories = capabilities.map { "glibc-hwcaps/\($0)" }
            tokens = DynamicStringTokens(library: Self.libraryDirectory(usual), platform: platform)
            cache = try configuration.bytes(at: "/etc/ld.so.cache").flatMap {
                LibraryCache($0, isBig: target.byteOrder == .big, capabilities: capabilities)
            }
        }
    }

    /// The path of musl's path file: in `etc`, beside the linker's directory.
    static func configurationPath(_ interpreter: String, _ architecture: String) -> String {
        let parts =
            interpreter.isAbsolutePath ? interpreter.parts("/", keepsEmpty: true) : []
        return parts.dropLast(2).joined(separator: "/") + "/etc/ld-musl-\(architecture).path"
    }

    /// The directories in a search path of musl: separated by colons and newlines, without empty ones.
    static func muslDirectories(_ path: String) -> [String] {
        path.utf8.split { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "\n") }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Whether a name stands for a part of musl itself, which it never looks for.
    func isOwnPart(_ name: String) -> Bool {
        guard kind == .musl else { return false }
        return name == interpreter
            || ["libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."].contains {
                name.hasPrefix($0)
            }
    }

    private static func muslArchitecture(of interpreter: String) -> String? {
        guard let name = interpreter.pathComponents.last, name.hasPrefix("ld-musl-") else { return nil }
        return String(name.dropFirst(8).prefix { $0 != "." })
    }

    /// The path of the first default directory, without a leading `usr`.
    private static func libraryDirectory(_ directories: [String]) -> String {
        let parts = (directories.first ?? "/lib").pathComponents
        return (parts.first == "usr" ? parts.dropFirst() : parts[...]).joined(separator: "/")
    }

    /// The directories that distributions build into glibc, for a linker that does not tell its own.
    private static func usualDirectories(_ target: ELFTarget) -> [String] {
        let triplets = GlibcArchitecture.triplets[target.architecture ?? ""] ?? []
        let multiarch = triplets.flatMap { ["/lib/\($0)", "/usr/lib/\($0)"] }
        let wide = target.elfClass == .bits64 ? ["/lib64", "/usr/lib64"] : ["/lib32", "/usr/lib32"]
        return multiarch + wide + ["/lib", "/usr/lib"]
    }
}
