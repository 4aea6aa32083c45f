public import Archive
import CImages
public import Guest
public import SystemPackage

/// A small root file system that carries probes.
public struct Image: Sendable {
    /// Where its tarball is.
    public enum Source: Sendable {
        /// In the assay program itself: constant memory.
        case embedded(@Sendable () -> UnsafeRawBufferPointer)
        /// There too, as its difference from another one.
        case patched(@Sendable () throws(ArchiveError) -> [UInt8])
        case file(FilePath)
        /// Made by `ci/images build`, and looked for by name: see `located(in:)`.
        case built
    }

    public var name: String
    public var summary: String
    public var source: Source

    /// The core image's name, whatever the guest.
    public static let coreName = "core"

    /// The core image for a guest: one static program.
    public static func core(for guest: Guest) -> Image {
        Image(
            name: coreName,
            summary: "one static, freestanding \(guest.architecture) program that holds the core probes",
            source: embeddedCore(guest))
    }

    /// The core images for the hosts of other kinds: the same probes, for comparison.
    public static func twins(of guest: Guest) -> [Image] { Guest.hosts.filter { $0 != guest }.map(twin) }

    /// The core image for an architecture other than the guest's.
    public static func twin(_ other: Guest) -> Image {
        Image(
            name: "\(coreName)-\(other.architecture)",
            summary: "the core probes compiled for \(other.name), for comparison",
            source: embeddedCore(other))
    }

    /// Whether its programs are not Assay's own, so that nothing is known of what they do.
    public var isForeign: Bool {
        switch source {
        case .embedded, .patched: false
        case .file, .built: true
        }
    }

    static let busybox = Image(
        name: "busybox", summary: "Debian's static busybox: shell scripts and text tools", source: .built)

    static let toolchain = Image(
        name: "toolchain", summary: "tcc, the C library's headers and busybox: compiling inside", source: .built)

    /// The images that `--image` knows by name. A new one is added here, and described by `Images/NAME`.
    public static func known(for guest: Guest) -> [Image] { [core(for: guest)] + built }

    private static let built = [
        busybox, toolchain,
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

    /// The core image of an architecture. The first one is whole, the others are stored as differences from it: most of
    /// their bytes are the same texts.
    private static func embeddedCore(_ guest: Guest) -> Source {
        if guest == .all[0] { return .embedded { stored(guest) } }
        return .patched { () throws(ArchiveError) in
            try ZstdPatch.restore(stored(guest), from: stored(.all[0]), name: "core-\(guest.architecture)")
        }
    }

    /// Empty for an architecture that has no core image.
    private static func stored(_ guest: Guest) -> UnsafeRawBufferPointer {
        var count = 0
        let first = assay_core_images(&count)
        return UnsafeBufferPointer(start: first, count: count)
            .first { String(cString: $0.architecture) == guest.architecture }
            .map { UnsafeRawBufferPointer(start: $0.bytes, count: $0.size) }
            ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// The path of the unpacked root file system, from the cache or unpacked into it now.
    ///
    /// - Parameter isKnownWhole: whether `isUnpacked(in:limits:)` was true a moment ago.
    /// - Throws: `ArchiveError`.
    public func unpacked(
        in cache: UnpackedCache, limits: ArchiveLimits, isKnownWhole: Bool = false
    ) throws(ArchiveError) -> FilePath {
        switch source {
        case .embedded(let bytes):
            return try cache.tree(of: bytes(), name: label, limits: limits, isKnownWhole: isKnownWhole)
        case .patched(let bytes): return try cache.tree(of: bytes(), name: label, limits: limits)
        case .file(let path): return try cache.tree(ofFile: path, name: label, limits: limits)
        case .built: throw unlocated
        }
    }

    /// Whether an image that is whole in this program is in the cache and as it should be. Makes and changes nothing.
    public func isUnpacked(in cache: UnpackedCache, limits: ArchiveLimits) -> Bool {
        guard case .embedded(let bytes) = source else { return false }
        return cache.holds(bytes(), name: label, limits: limits)
    }

    /// Its name in the cache.
    private var label: String { String(name.map { $0.isLetter || $0.isNumber || $0 == "." ? $0 : "-" }) }

    /// Checks that the archive can be opened, to tell its errors from those of the cache.
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
        case .patched(let bytes): source = MemorySource(try bytes(), name: name)
        case .file(let path): source = try DescriptorSource(file: path)
        case .built: throw unlocated
        }
        try Extractor.extract(source, to: directory, limits: limits)
    }

    private var unlocated: ArchiveError {
        ArchiveError(.io, archive: name, expected: "a tarball", found: "an image that was not looked for")
    }
}
