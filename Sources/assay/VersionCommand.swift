import ArgumentParser
import CProvenance
import Guest
import Operations
import Probes
import Reports

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", _superCommandName: "assay",
        abstract: "Print the version, and with -v what this program was made of.",
        discussion: """
            Also typed as assay --version -v.

            Examples:
              assay version -v
              assay version -v --format json
            """)

    @Flag(name: .shortAndLong, help: "Also the commit, the compiler, the libraries and the images in it.")
    var verbose = false
    @Option(help: "Form of the answer; json is verbose.")
    var format: HandlerCommand.List.Format = .console

    /// The words after `assay version`, if the arguments are `--version` with more: the parser's own flag takes none.
    static func words(_ arguments: [String]) -> [String]? {
        let own = ["--version", "-v", "--verbose"]
        guard arguments.count > 1, own.contains(arguments[0]), arguments.contains("--version") else { return nil }
        return arguments.filter { $0 != "--version" }
    }

    mutating func run() throws {
        switch format {
        case .console where !verbose: try StandardOutput.write("\(Assay.version)\n")
        case .console: try StandardOutput.write(SafeText(try Provenance.own().text))
        case .json: try StandardOutput.write(.json(Provenance.own()))
        }
    }
}

/// What this program was made of.
struct Provenance: Encodable {
    struct Library: Encodable {
        let name: String
        let version: String?
    }
    /// An image in the program.
    struct EmbeddedImage: Encodable {
        let name, platform, sha256: String
        let probes: Int
    }

    let schema = "assay.version/1"
    let version = Assay.version
    /// As `ci/build` gave it.
    let commit = String(cString: assay_built_commit())
    let compiler = String(cString: assay_built_compiler())
    let libraries: [Library]
    let images: [EmbeddedImage]

    /// - Throws: as `LinkedComponent.all`, and `Image.catalogue`.
    static func own() throws -> Provenance {
        let versions = try LinkedComponent.versions
        let settings = try RunOptions.parse([]).settings()
        let images = try Guest.all.compactMap { guest -> EmbeddedImage? in
            let image = Image.core(for: guest)
            guard let digest = try image.embeddedDigest() else { return nil }
            return EmbeddedImage(
                name: image.name, platform: guest.platform, sha256: digest, probes: try image.catalogue(settings).count)
        }
        return Provenance(
            libraries: try LinkedComponent.all.map { Library(name: $0.name, version: $0.version(versions)) },
            images: images)
    }

    var text: String {
        let rows = [["commit", commit], ["compiler", compiler]]
        let sections = [
            ("libraries", libraries.map { [$0.name, $0.version ?? "with the compiler"] }),
            ("images", images.map { [$0.name, $0.platform, "\($0.probes) probes", "sha256:\($0.sha256)"] }),
        ]
        let lines =
            [version] + Table(rows).lines
            + sections.flatMap { title, rows in ["", title] + Table(rows).lines }
        return lines.map { $0 + "\n" }.joined()
    }
}
