import ArgumentParser
import CProvenance
import Reports
import ScenarioFormat

struct LicensesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "licenses", _superCommandName: "assay",
        abstract: "Print what is linked into this program, and the text of each licence.",
        discussion: """
            Without a name it prints the file NOTICE of the release.

            Examples:
              assay licenses | less
              assay licenses zlib
              assay licenses --format json
            """)

    @Argument(
        help: "A component, or a licence's text (default: all).",
        completion: .names(KnownNames.licenses))
    var name: String?
    @Option(help: "Form: for people all texts, or a table for programs.")
    var format: HandlerCommand.List.Format = .console

    mutating func run() throws {
        let components = try chosen()
        switch format {
        case .console: try StandardOutput.write(own: Array(text(components).utf8))
        case .json:
            let versions = try LinkedComponent.versions
            try StandardOutput.write(.json(components.map { ComponentForm($0, version: $0.version(versions)) }))
        }
    }

    private func chosen() throws -> [LinkedComponent] {
        let all = try LinkedComponent.all
        guard let name else { return all }
        let found = all.filter { $0.name == name }
        // The name of a text alone stands for no component.
        guard !found.isEmpty || format == .console && LicenseText.all.contains(where: { $0.name == name }) else {
            throw UnknownName(kind: "licence", name: name, known: all.map(\.name))
        }
        return found
    }

    private func text(_ components: [LinkedComponent]) -> String {
        let wanted = components.isEmpty ? [name].compactMap(\.self) : components.flatMap(\.texts)
        let entries = components.map { component in
            let libraries =
                component.libraries.isEmpty ? [] : ["  linked    \(component.libraries.joined(separator: " "))"]
            let about = component.about.isEmpty ? [] : ["  \(component.about)"]
            let lines = [
                component.name, "  licence   \(component.license)",
                "  texts     \(component.texts.joined(separator: ", "))",
                "  source    \(component.source)",
            ]
            return (lines + libraries + about).joined(separator: "\n")
        }
        let texts = LicenseText.all.filter { wanted.contains($0.name) }.map { text in
            "\(Self.rule)\n\(text.name)\n\(Self.rule)\n\n\(text.text)"
        }
        let head = name == nil ? [String(assay_license_head)] : []
        return (head + (entries.isEmpty ? [] : [entries.joined(separator: "\n\n") + "\n"]) + texts)
            .joined(separator: "\n")
    }

    private static let rule = String(repeating: "=", count: 80)
}

/// The JSON form of a component.
struct ComponentForm: Encodable {
    let name, license, source: String
    let version: String?
    let libraries: [String]

    init(_ component: LinkedComponent, version: String?) {
        name = component.name
        license = component.license
        source = component.source
        libraries = component.libraries
        self.version = version
    }
}
