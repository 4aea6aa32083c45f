/// The kind of a file, by its first bytes.
public enum ArchiveForm: Sendable, Equatable {
    case tar
    case compressed(Compression)
    /// A format that Assay knows, but does not read.
    case unread(UnreadFormat)
    case other

    /// How many of the first bytes are needed.
    public static let headSize = TarHeader.size

    public init(_ head: [UInt8]) {
        let compression = Compression(magic: head)
        if compression != .none {
            self = .compressed(compression)
        } else if Self.isTar(head) {
            // Test for a tar first: its first name may begin like anything.
            self = .tar
        } else {
            self = UnreadFormat(magic: head).map { .unread($0) } ?? .other
        }
    }

    /// Whether it is the header of an entry, or the zeros of an empty tar.
    private static func isTar(_ head: [UInt8]) -> Bool {
        guard head.count >= headSize else { return false }
        let block = Array(head.prefix(headSize))
        return block.allSatisfy { $0 == 0 } || TarHeader(block) != nil
    }
}

/// Compressions and archives that engines or other tools read, but Assay does not.
public enum UnreadFormat: String, Sendable, CaseIterable {
    case bzip2
    case lz4
    case compress = "compress (.Z)"
    case lzip
    case lzop
    case lzma
    case squashfs = "a squashfs image"
    case zip = "a ZIP file"
    case sevenZip = "a 7z archive"
    case rar = "a RAR archive"
    case cpio = "a cpio archive"
    case ar = "an ar archive"
    case rpm = "an RPM package"
    case qcow2 = "a qcow2 disk"
    case xar = "a xar archive"

    /// - Parameter magic: a file's first bytes.
    init?(magic: [UInt8]) {
        let known = Self.magic.first { magic.starts(with: $0.bytes) }
        guard let format = known?.format else { return nil }
        // "BZh", a level, and the mark of the first block: three letters alone prove too little.
        if format == .bzip2 {
            let mark = magic.dropFirst(4).prefix(6)
            guard
                mark.elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
                    || mark.elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
            else { return nil }
        }
        self = format
    }

    private static let magic: [(bytes: [UInt8], format: UnreadFormat)] = [
        (Array("BZh".utf8), .bzip2), ([0x04, 0x22, 0x4d, 0x18], .lz4), ([0x02, 0x21, 0x4c, 0x18], .lz4),
        ([0x1f, 0x9d], .compress), (Array("LZIP".utf8), .lzip), ([0x89, 0x4c, 0x5a, 0x4f, 0x00], .lzop),
        ([0x5d, 0x00, 0x00], .lzma), (Array("hsqs".utf8), .squashfs), (Array("sqsh".utf8), .squashfs),
        ([0x50, 0x4b, 0x03, 0x04], .zip), ([0x50, 0x4b, 0x05, 0x06], .zip),
        ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], .sevenZip), (Array("Rar!\u{1a}\u{07}".utf8), .rar),
        (Array("070701".utf8), .cpio), (Array("070702".utf8), .cpio), (Array("070707".utf8), .cpio),
        ([0xc7, 0x71], .cpio),
        (Array("!<arch>\n".utf8), .ar), ([0xed, 0xab, 0xee, 0xdb], .rpm), ([0x51, 0x46, 0x49, 0xfb], .qcow2),
        (Array("xar!".utf8), .xar),
    ]
}

extension ArchiveError {
    /// Bytes in a format that Assay knows, but does not read.
    static func notRead(_ format: UnreadFormat, archive: String) -> ArchiveError {
        ArchiveError(
            .notRead, archive: archive, expected: "a tar, also compressed with gzip, zstd or xz",
            found: "\(format.rawValue), which is not read here")
    }

    /// An error for an input that is no artifact.
    public static func noArchive(_ head: [UInt8], archive: String) -> ArchiveError {
        if case .unread(let format) = ArchiveForm(head) { return notRead(format, archive: archive) }
        let found: String
        if head.isEmpty {
            found = "nothing"
        } else if head.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
            found = "an ELF file"
        } else if case .compressed(let compression) = ArchiveForm(head) {
            found = "\(compression.rawValue) in what was compressed already"
        } else {
            found = head.contains { $0 < 0x09 || (0x0e..<0x20).contains($0) } ? "other bytes" : "text"
        }
        return ArchiveError(.malformed, archive: archive, expected: isRead, found: found)
    }

    /// An error for a directory that is no image layout.
    public static func noLayout(_ directory: String) -> ArchiveError {
        ArchiveError(
            .malformed, archive: directory, expected: isRead,
            found: "a directory without oci-layout, index.json and blobs; a root file system has to be given as a tar")
    }

    /// What an input must be to be judged at all.
    static let isRead = "an image layout, or a tar, also compressed with gzip, zstd or xz"
}
