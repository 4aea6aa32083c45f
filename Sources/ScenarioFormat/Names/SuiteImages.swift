import Glibc
public import Guest
public import Probes
import Processes
import SystemPackage

/// The images that scenarios may name.
public enum SuiteImages {
    /// Known by name, built or not.
    public static let names = all(for: .standard).map(\.name)

    private static func all(for guest: Guest) -> [Image] { Image.known(for: guest) + Image.twins(of: guest) }

    /// Resolves `./PATH` in a scenario of this directory. Other names stay as they are.
    public static func resolved(_ name: String, in directory: String) -> String {
        name.hasPrefix("./") ? FilePath(directory).pushing(FilePath(name)).lexicallyNormalized().string : name
    }

    /// - Throws: `ImageNotBuilt`; `UnknownName` for a name that no image has.
    public static func find(_ name: String, for guest: Guest) throws -> Image {
        if name.contains("/") { return .file(FilePath(name)) }
        guard let known = all(for: guest).first(where: { $0.name == name }) else {
            throw UnknownName(kind: "image", name: name, known: names)
        }
        return try known.located(in: Image.directories(Tool.variable), for: guest)
    }

    /// Why an image is not available; nil if it is.
    public static func obstacle(_ name: String, for guest: Guest) -> String? {
        if name.contains("/") {
            return access(name, R_OK) == 0 ? nil : "the image \(name): \(Errno(rawValue: errno))"
        }
        do {
            _ = try find(name, for: guest)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
