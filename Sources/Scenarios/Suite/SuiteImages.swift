import Probes
import SystemPackage

/// The images that scenarios may name.
enum SuiteImages {
    /// Known by name, built or not.
    static let names: [String] = {
        let own = Image.known.map(\.name) + [Image.coreAMD64.name]
        return own + ["busybox", "glibc", "musl", "debian", "toolchain"].filter { !own.contains($0) }
    }()

    /// - Throws: `ImageNotBuilt`.
    static func find(_ name: String) throws -> Image {
        if name.contains("/") { return .file(FilePath(name)) }
        if name == Image.coreAMD64.name { return .coreAMD64 }
        if let known = Image.known.first(where: { $0.name == name }) { return known }
        return try .stored(name, architecture: "arm64")
    }
}
