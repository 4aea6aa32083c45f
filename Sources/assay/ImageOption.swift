import ArgumentParser
import Probes
import Scenarios
import SystemPackage

/// `--image`: a known name, or the path of a rootfs tarball that carries `/bin/assay-probe`.
struct ImageOption: ParsableArguments {
    @Option(
        name: .customLong("image"),
        help: "Image that carries the probes: a name from \"assay list images\", or a rootfs tarball's path.")
    var name: String = Image.core.name

    var image: Image {
        get throws {
            if let known = Image.known.first(where: { $0.name == name }) { return known }
            if name.contains("/") { return .file(FilePath(name)) }
            throw UnknownName(kind: "image", name: name, known: Image.known.map(\.name))
        }
    }
}
