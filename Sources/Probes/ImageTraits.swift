import Archive
public import SystemPackage

/// What an unpacked image says about its probes.
public struct ImageTraits: Sendable, Equatable {
    /// Whether its probes find their loader, libraries and each other below `/`.
    public var needsRoot: Bool
    /// Factor of the usual time limits: `patience=` in `/etc/assay-image`.
    public var timeFactor: Int

    /// - Parameter root: the image's root directory on the host.
    public init(root: FilePath) {
        needsRoot = (try? ImageFile.source("usr/share/assay/programs", root: root)) != nil
        let text = (try? ImageFile.source("etc/assay-image", root: root)?.readAll(limit: 4 << 10)) ?? []
        timeFactor = 1
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let parts = String(decoding: line, as: UTF8.self).split(separator: "=")
            if parts.count == 2, parts[0] == "patience", let number = Int(parts[1]), 1...100 ~= number {
                timeFactor = number
            }
        }
    }

    /// Why an image that `needsRoot` has no direct venue.
    public static let rootless = "needs the image as its root"
}

/// Files of an unpacked image. Its symbolic links resolve inside the image, never to the host's files.
enum ImageFile {
    /// - Returns: nil when there is no such file.
    static func source(_ path: String, root: FilePath) throws(ArchiveError) -> DescriptorSource? {
        guard let entry = try? EntryPath(path.utf8) else { return nil }
        return try RootedDirectory(root).source(entry, name: path)
    }
}
