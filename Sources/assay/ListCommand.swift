import ArgumentParser
import Findings
import Probes
import Reports
import Sandbox
import Scenarios

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
    var paths: [String] = ["Scenarios"]
    @OptionGroup var image: ImageOption

    mutating func run() throws {
        let rows: [[String]]
        switch subject {
        case .images: rows = Image.known.map { [$0.name, $0.summary] }
        case .contexts: rows = BuildRecipe.allCases.map { [$0.rawValue, $0.summary] }
        case .venues: rows = Venue.allCases.map { [$0.rawValue, $0.summary] }
        case .findings: rows = FindingCode.allCases.map { [$0.rawValue, $0.entry.severity.rawValue, $0.entry.summary] }
        case .scenarios:
            rows = try SuiteFiles.load(paths, settings: RunOptions.parse([]).settings).map {
                [$0.name, $0.tags.joined(separator: " "), $0.path, $0.description]
            }
        case .probes:
            let image = try image.image
            rows = try Workspace.temporary(RunOptions.parse([]).settings) { workspace in
                try ProbeDescription.catalogue(root: workspace.root(of: image), image: image.name).map {
                    [$0.name, $0.proves, $0.standsFor, $0.source]
                }
            }
        }
        try StandardOutput.write(Table(rows).lines.map { $0 + "\n" }.joined())
    }
}
