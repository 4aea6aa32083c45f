import Glibc
import SystemPackage

extension Image {
    /// An image for an architecture: an embedded one, or one that `ci/images build` made.
    ///
    /// - Throws: `ImageNotBuilt`.
    public static func stored(_ name: String, architecture: String) throws(ImageNotBuilt) -> Image {
        if name == core.name { return architecture == "arm64" ? core : coreAMD64 }
        let directory = getenv("ASSAY_IMAGES").map { String(cString: $0) } ?? "/usr/share/assay/images"
        let path = FilePath(directory).appending("\(name)-\(architecture).tar.zst")
        guard access(path.string, R_OK) == 0 else { throw ImageNotBuilt(name: name) }
        return .file(path)
    }
}

/// An image that Assay knows and that was not built here.
public struct ImageNotBuilt: Error, CustomStringConvertible {
    public var name: String

    public var description: String {
        "image \(name) is not here: build it with ci/images build \(name), and set ASSAY_IMAGES"
    }
}
