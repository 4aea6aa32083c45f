import ArgumentParser
import Guest
import Operations
import Probes
import Processes
import ScenarioFormat
import SystemPackage

/// `--image`: a known name, or the path of a rootfs tarball with `/bin/assay-probe`.
struct ImageOption: ParsableArguments {
    @Option(
        name: .customLong("image"),
        help:
            "Image that carries the probes: a name from \"assay list images\", or a rootfs tarball's path (default: core).",
        completion: .names(KnownNames.images)
    )
    var name: String?

    /// The requested image, else core.
    func image(for guest: Guest) throws -> Image { try named(for: guest) ?? .core(for: guest) }

    /// The requested image, else the image whose name is the probe's prefix, else core.
    func image(ofProbe probe: String, for guest: Guest) throws -> Image {
        if let image = try named(for: guest) { return image }
        return try Image.known(for: guest).first { probe.hasPrefix("\($0.name).") }?
            .located(in: Self.directories, for: guest) ?? .core(for: guest)
    }

    /// The requested image, either a known one that is not located yet, or a file; nil if none was requested.
    func asked(for guest: Guest) throws -> Image? {
        guard let name else { return nil }
        let known = Image.known(for: guest)
        if let image = known.first(where: { $0.name == name }) { return image }
        if name.contains("/") { return .file(FilePath(name)) }
        throw UnknownName(kind: "image", name: name, known: known.map(\.name))
    }

    private func named(for guest: Guest) throws -> Image? {
        try asked(for: guest)?.located(in: Self.directories, for: guest)
    }

    static var directories: [FilePath] { Image.directories(Tool.variable) }
}

extension Image {
    /// The probes that the image carries. This program knows them for its own images; from others they are read,
    /// unpacked for the moment.
    ///
    /// - Throws: `ArchiveError`, or why there is no workspace.
    func catalogue(_ settings: Settings) throws -> [ProbeDescription] {
        try builtCatalogue
            ?? Workspace.temporary(settings) { workspace in
                try ProbeDescription.catalogue(root: workspace.root(of: self), image: name)
            }
    }
}
