import Archive
public import SystemPackage

/// What an unpacked image says about its probes.
public struct ImageTraits: Sendable, Equatable {
    /// Its probes are programs that find loader, libraries and each other below `/`.
    public var needsRoot: Bool
    /// How many times the usual time its probes may take: `patience=` in `/etc/assay-image`.
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

    /// Why the direct venue is not for such an image.
    public static let rootless = "needs the image as its root"
}

/// Files of an unpacked image. Symbolic links in it lead to other files of it, never to the host's.
enum ImageFile {
    /// - Returns: nil where there is nothing of that name.
    static func source(_ path: String, root: FilePath) throws(ArchiveError) -> DescriptorSource? {
        guard let entry = try? EntryPath(path.utf8) else { return nil }
        return try RootedDirectory(root).source(entry, name: path)
    }
}
