import Files
import Glibc
public import Guest
public import SystemPackage

extension Image {
    /// Directories in which tarballs that `ci/images build` made are looked for, the first one first: `$ASSAY_IMAGES` alone where it is set.
    ///
    /// - Parameter environment: looks up a variable that is set and not empty.
    public static func directories(_ environment: (String) -> String?) -> [FilePath] {
        if let named = environment("ASSAY_IMAGES") { return [FilePath(named)] }
        let data =
            environment("XDG_DATA_HOME").map { FilePath($0) }
            ?? environment("HOME").map { FilePath($0).appending(".local/share") }
        let own = data.map { $0.appending("assay/images") }.flatMap { isAnothers($0) ? nil : $0 }
        let places: [FilePath] = ["/usr/local/share/assay/images", "/usr/share/assay/images"]
        return [own].compactMap(\.self) + places
    }

    /// Whether somebody else can change what is in a directory: root, whose home is still another user's, runs none of that user's programs unasked.
    private static func isAnothers(_ directory: FilePath) -> Bool {
        guard directory.isAbsolute else { return true }
        do throws(FileError) {
            _ = try TrustedDirectory(directory, action: "looking for images in", groupMayWrite: true)
            return false
        } catch {
            // A system call that failed says nothing of the kind; mostly there is no such directory.
            return error.errno == nil
        }
    }

    /// The file that holds the image, or nil where none of the directories has it. An embedded image needs none.
    public func tarball(in directories: [FilePath], for guest: Guest) -> FilePath? {
        directories.map { $0.appending("\(name)-\(guest.architecture).tar.zst") }.first { access($0.string, F_OK) == 0 }
    }

    /// The image with its tarball found.
    ///
    /// - Throws: `ImageNotBuilt` where it is in none of the directories.
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

/// An image that is known, and is not here.
public struct ImageNotBuilt: Error, Sendable, CustomStringConvertible {
    public var name: String
    /// As Go calls it.
    public var architecture: String
    public var directories: [FilePath]

    public var description: String {
        let places = directories.map(\.string).joined(separator: ", ")
        return "the image \"\(name)\" is not here: \(name)-\(architecture).tar.zst is in none of \(places). "
            + "\(Self.remedy(name)) makes it; ASSAY_IMAGES names the directory in which it is"
    }

    /// What to type.
    public static func remedy(_ name: String) -> String { "ci/images fetch \(name) && ci/images build \(name)" }
}
