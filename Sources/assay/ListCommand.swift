import ArgumentParser
import Evidence
import Findings
import Guest
import Operations
import Probes
import Reports
import ScenarioFormat
import Suite
import SystemPackage

struct ListCommand: ParsableCommand {
    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case images, probes, findings, limits, drills, venues, contexts, formats, scenarios
    }

    static let configuration = CommandConfiguration(
        commandName: "list", _superCommandName: "assay",
        abstract: "List what there is: probes, findings, known limits, drills, images, scenarios and more.",
        discussion: """
            Examples:
              assay list probes --image busybox
              assay list findings --format json
            """)

    @Argument(help: "What to list.")
    var subject: Subject
    @Argument(help: "For scenarios: files, or folders of them.", completion: .file(extensions: ["yaml", "yml"]))
    var paths: [String] = []
    @OptionGroup var image: ImageOption
    @Option(help: "Form of the list.")
    var format: HandlerCommand.List.Format = .console

    func validate() throws {
        guard paths.isEmpty || subject == .scenarios else {
            throw ValidationError("only scenarios are in files: not \(paths.joined(separator: " ")).")
        }
    }

    mutating func run() throws {
        let listing = try listing(RunOptions.parse([]).settings())
        switch format {
        case .console:
            let lines = listing.table(width: StandardOutput.terminalWidth)
            try StandardOutput.write(SafeText(lines.map { $0 + "\n" }.joined()))
        case .json: try StandardOutput.write(.json(listing.objects))
        }
    }

    private func listing(_ settings: Settings) throws -> Listing {
        switch subject {
        case .images:
            Listing(
                ["name", "summary", "place"],
                Image.known(for: settings.guest).map {
                    [$0.name, $0.summary, place(of: $0, for: settings.guest)]
                })
        case .contexts: Listing(["name", "summary"], BuildRecipe.allCases.map { [$0.rawValue, $0.summary] })
        case .venues: Listing(["name", "summary"], Venue.allCases.map { [$0.rawValue, $0.summary] })
        case .formats: Listing(["name", "summary"], ReportFormat.allCases.map { [$0.rawValue, $0.about] })
        case .findings:
            Listing(
                ["code", "severity", "otherwise", "summary"],
                FindingCode.allCases.map { code in
                    let otherwise = code.entry.otherwise.map(\.severity.rawValue).joined(separator: " ")
                    return [code.rawValue, code.entry.severity.rawValue, otherwise, code.entry.summary]
                })
        case .limits:
            Listing(
                ["code", "probe", "summary"],
                KnownLimit.all.map { [$0.code, $0.probes.joined(separator: " "), $0.summary] })
        case .drills:
            Listing(
                ["name", "proves", "summary"], try Drill.all().map { [$0.name, $0.proves?.rawValue ?? "", $0.about] })
        case .scenarios:
            Listing(
                ["name", "tags", "path", "summary"],
                try SuiteFiles.load(paths.isEmpty ? ["Scenarios"] : paths, settings: settings)
                    .map { [$0.name, $0.tags.joined(separator: " "), $0.path, $0.description] })
        case .probes:
            Listing(
                ["name", "proves", "stands_for", "source"],
                try (image.asked(for: settings.guest).map { [$0] } ?? Image.known(for: settings.guest))
                    .flatMap { try $0.catalogue(settings) }.map { [$0.name, $0.proves, $0.standsFor, $0.source ?? ""] })
        }
    }

    private func place(of image: Image, for guest: Guest) -> String {
        guard case .built = image.source else { return "in this program" }
        return image.tarball(in: ImageOption.directories, for: guest)?.string
            ?? "not built: \(ImageNotBuilt.remedy(image.name))"
    }
}

/// What a list has, in columns that have names.
private struct Listing {
    let names: [String]
    let rows: [[String]]

    init(_ names: [String], _ rows: [[String]]) {
        self.names = names
        self.rows = rows
    }

    /// One object for each row.
    var objects: [[String: String]] {
        rows.map { row in Dictionary(zip(names, row)) { one, _ in one } }
    }

    /// - Parameter width: of the terminal; nil: nothing is cut.
    func table(width: Int?) -> [String] {
        let table = Table([names.map { $0.replacing("_", with: " ").uppercased() }] + rows)
        return width.map { table.lines(within: $0) } ?? table.lines
    }
}
