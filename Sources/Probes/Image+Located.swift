import Files
import Glibc
public import Guest
public import SystemPackage

extension Image {
    /// Directories that may hold tarballs of `ci/images build`, in order of search; only `$ASSAY_IMAGES` if it is set.
    ///
    /// - Parameter environment: the value of a variable; nil when it is unset or empty.
    public static func directories(_ environment: (String) -> String?) -> [FilePath] {
        if let named = environment("ASSAY_IMAGES") { return [FilePath(named)] }
        let data =
            environment("XDG_DATA_HOME").map { FilePath($0) }
            ?? environment("HOME").map { FilePath($0).appending(".local/share") }
        let own = data.map { $0.appending("assay/images") }.flatMap { isAnothers($0) ? nil : $0 }
        let places: [FilePath] = ["/usr/local/share/assay/images", "/usr/share/assay/images"]
        return [own].compactMap(\.self) + places
    }

    /// Whether another user can change the directory's contents.
    ///
    /// Root's `HOME` may still be another user's (sudo): root must not run that user's programs unasked.
    private static func isAnothers(_ directory: FilePath) -> Bool {
        guard directory.isAbsolute else { return true }
        do throws(FileError) {
            _ = try TrustedDirectory(directory, action: "looking for images in", groupMayWrite: true)
            return false
        } catch {
            // A failed system call does not show that; mostly the directory does not exist.
            return error.errno == nil
        }
    }

    /// The file that holds the image; nil when no directory has it. An embedded image needs none.
    public func tarball(in directories: [FilePath], for guest: Guest) -> FilePath? {
        directories.map { $0.appending("\(name)-\(guest.architecture).tar.zst") }.first { access($0.string, F_OK) == 0 }
    }

    /// The image, with its tarball's path as its source.
    ///
    /// - Throws: `ImageNotBuilt` when no directory has it.
    public func located(in directories: [FilePath], for guest: Guest) throws(ImageNotBuilt) -> Image {
        guard case .built = source else { return self }
        guard let path = tarball(in: directories, for: guest) else {
            throw ImageNotBuilt(name: name, architecture: guest.architecture, directories: directories)
        }
        var found = self
        found.source = .file(path)
        return found
    }
}

/// A known image that is not on this host.
public struct ImageNotBuilt: Error, Sendable, CustomStringConvertible {
    public var name: String
    /// The name in Go and OCI.
    public var architecture: String
    public var directories: [FilePath]

    public var description: String {
        let places = directories.map(\.string).joined(separator: ", ")
        return "the image \"\(name)\" is not here: \(name)-\(architecture).tar.zst is in none of \(places). "
            + "\(Self.remedy(name)) makes it; ASSAY_IMAGES names the directory in which it is"
    }

    /// The commands that make it.
    public static func remedy(_ name: String) -> String { "ci/images fetch \(name) && ci/images build \(name)" }
}
