import ArgumentParser
import Evidence
import Findings
import Operations
import Probes
import Reports
import ScenarioFormat
import Suite
import SystemPackage

struct ListCommand: ParsableCommand {
    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case images, probes, findings, venues, contexts, scenarios
    }

    static let configuration = CommandConfiguration(
        commandName: "list", _superCommandName: "assay",
        abstract: "List what there is: images, probes, findings, venues, build contexts or scenarios.")

    @Argument(help: "images, probes, findings, venues, contexts or scenarios.")
    var subject: Subject
    @Argument(help: "For scenarios: files, or folders of them.")
    var paths: [String] = []
    @OptionGroup var image: ImageOption

    func validate() throws {
        guard paths.isEmpty || subject == .scenarios else {
            throw ValidationError("only scenarios are in files: not \(paths.joined(separator: " ")).")
        }
    }

    mutating func run() throws {
        let rows: [[String]]
        switch subject {
        case .images: rows = Image.known.map { [$0.name, $0.summary, place(of: $0)] }
        case .contexts: rows = BuildRecipe.allCases.map { [$0.rawValue, $0.summary] }
        case .venues: rows = Venue.allCases.map { [$0.rawValue, $0.summary] }
        case .findings: rows = FindingCode.allCases.map { [$0.rawValue, $0.entry.severity.rawValue, $0.entry.summary] }
        case .scenarios:
            rows = try SuiteFiles.load(paths.isEmpty ? ["Scenarios"] : paths, settings: RunOptions.parse([]).settings)
                .map {
                    [$0.name, $0.tags.joined(separator: " "), $0.path, $0.description]
                }
        case .probes: rows = try (image.asked.map { [$0] } ?? Image.known).flatMap(rows(of:))
        }
        try StandardOutput.write(SafeText(Table(rows).lines.map { $0 + "\n" }.joined()))
    }

    private func rows(of image: Image) throws -> [[String]] {
        let catalogue =
            try image.builtCatalogue
            ?? Workspace.temporary(RunOptions.parse([]).settings) { workspace in
                try ProbeDescription.catalogue(root: workspace.root(of: image), image: image.name)
            }
        return catalogue.map { [$0.name, $0.proves, $0.standsFor, $0.source] }
    }

    private func place(of image: Image) -> String {
        guard case .built = image.source else { return "in this program" }
        return image.tarball(in: ImageOption.directories)?.string ?? "not built: \(ImageNotBuilt.remedy(image.name))"
    }
}
