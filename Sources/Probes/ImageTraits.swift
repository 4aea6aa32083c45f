import Glibc
import Sandbox
public import SystemPackage

/// What an unpacked image says about its probes.
public struct ImageTraits: Sendable, Equatable {
    /// Its probes are programs that find loader, libraries and each other below `/`.
    public var needsRoot: Bool
    /// How many times the usual time its probes may take: `patience=` in `/etc/assay-image`.
    public var patience: Int

    /// - Parameter root: the image's root directory on the host.
    public init(root: FilePath) {
        needsRoot = access(root.appending("usr/share/assay/programs").string, F_OK) == 0
        let text = (try? readWhole(root.appending("etc/assay-image").string, limit: 4 << 10)) ?? []
        patience = 1
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let parts = String(decoding: line, as: UTF8.self).split(separator: "=")
            if parts.count == 2, parts[0] == "patience", let number = Int(parts[1]), 1...100 ~= number {
                patience = number
            }
        }
    }

    /// Why the direct venue is not for such an image.
    public static let rootless = "needs the image as its root"
}
