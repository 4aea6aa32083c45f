import ArgumentParser
import Probes
import Processes
import ScenarioFormat
import SystemPackage

/// `--image`: a known name, or the path of a rootfs tarball that carries `/bin/assay-probe`.
struct ImageOption: ParsableArguments {
    @Option(
        name: .customLong("image"),
        help:
            "Image that carries the probes: a name from \"assay list images\", or a rootfs tarball's path (default: core)."
    )
    var name: String?

    /// The image that was asked for, else core.
    var image: Image {
        get throws { try named ?? .core }
    }

    /// The image that was asked for, else the one whose name the probe's begins with, else core.
    func image(ofProbe probe: String) throws -> Image {
        if let image = try named { return image }
        return try Image.known.first { probe.hasPrefix("\($0.name).") }?.located(in: Self.directories) ?? .core
    }

    /// Known and not yet looked for, or a file; nil where none was asked for.
    var asked: Image? {
        get throws {
            guard let name else { return nil }
            if let known = Image.known.first(where: { $0.name == name }) { return known }
            if name.contains("/") { return .file(FilePath(name)) }
            throw UnknownName(kind: "image", name: name, known: Image.known.map(\.name))
        }
    }

    private var named: Image? {
        get throws { try asked?.located(in: Self.directories) }
    }

    static var directories: [FilePath] { Image.directories(Tool.variable) }
}
