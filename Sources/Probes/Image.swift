public import Archive
import CImages
public import SystemPackage

/// A small arm64 root file system that carries probes.
public struct Image: Sendable {
    /// Where its tarball is.
    public enum Source: Sendable {
        /// In the assay program itself: constant memory.
        case embedded(@Sendable () -> UnsafeRawBufferPointer)
        case file(FilePath)
        /// Made by `ci/images build`, and looked for by name: see `located(in:)`.
        case built
    }

    public var name: String
    public var summary: String
    public var source: Source

    /// The core image: one static program.
    public static let core = Image(
        name: "core", summary: "one static, freestanding arm64 program that holds the core probes",
        source: .embedded { embedded(assay_image_core_arm64) })

    /// The core image's native twin: the same probes compiled for this kind of host.
    public static let coreAMD64 = Image(
        name: "core-amd64", summary: "the core probes compiled for x86-64, for comparison",
        source: .embedded { embedded(assay_image_core_amd64) })

    /// The core image compiled for a kind of host (`uname -m`), or nil where there is none.
    public static func nativeTwin(of machine: String) -> Image? { machine == "x86_64" ? coreAMD64 : nil }

    /// Whether its programs are not this program's own: nothing is known of what they do.
    public var isForeign: Bool {
        if case .embedded = source { false } else { true }
    }

    static let busybox = Image(
        name: "busybox", summary: "Debian's static busybox: shell scripts and text tools", source: .built)

    static let toolchain = Image(
        name: "toolchain", summary: "tcc, the C library's headers and busybox: compiling inside", source: .built)

    /// The images that `--image` knows by name. A new one is added here, and described by `Images/NAME`.
    public static let known: [Image] = [
        core, busybox, toolchain,
        Image(
            name: "glibc", summary: "Debian's loader, C and C++ libraries, and programs linked with them",
            source: .built),
        Image(name: "musl", summary: "Debian's musl, its loader, and programs linked with it", source: .built),
        Image(
            name: "debian", summary: "Debian's essential packages with Python: what package installations run",
            source: .built),
    ]

    /// A rootfs tarball of the user's own; it must hold `/bin/assay-probe` and its catalogue.
    public static func file(_ path: FilePath) -> Image {
        Image(
            name: path.lastComponent?.string ?? path.string, summary: "the root file system in \(path)",
            source: .file(path))
    }

    /// The whole tarball of an embedded image.
    private static func embedded(_ accessor: (UnsafeMutablePointer<Int>) -> UnsafeRawPointer) -> UnsafeRawBufferPointer
    {
        var size = 0
        let start = accessor(&size)
        return UnsafeRawBufferPointer(start: start, count: size)
    }

    /// The path of the unpacked root file system, from the cache or unpacked into it now.
    ///
    /// - Throws: `ArchiveError`.
    public func unpacked(in cache: UnpackedCache, limits: ArchiveLimits) throws(ArchiveError) -> FilePath {
        let label = String(name.map { $0.isLetter || $0.isNumber || $0 == "." ? $0 : "-" })
        switch source {
        case .embedded(let bytes): return try cache.tree(of: bytes(), name: label, limits: limits)
        case .file(let path): return try cache.tree(ofFile: path, name: label, limits: limits)
        case .built: throw unlocated
        }
    }

    /// Tells an archive that cannot be had from a cache that cannot be used.
    ///
    /// - Throws: `ArchiveError.Code.io` for a file that is not there, not readable, or not a regular one.
    public func checkSource() throws(ArchiveError) {
        if case .file(let path) = source { _ = try DescriptorSource(regularFile: path) }
    }

    /// Unpacks into a new directory, for build contexts.
    ///
    /// - Throws: `ArchiveError`; nothing is left behind then.
    public func unpack(into directory: FilePath, limits: ArchiveLimits) throws(ArchiveError) {
        let source: any ByteSource
        switch self.source {
        case .embedded(let bytes): source = MemorySource(bytes(), name: name)
        case .file(let path): source = try DescriptorSource(file: path)
        case .built: throw unlocated
        }
        try Extractor.extract(source, to: directory, limits: limits)
    }

    private var unlocated: ArchiveError {
        ArchiveError(.io, archive: name, expected: "a tarball", found: "an image that was not looked for")
    }
}
