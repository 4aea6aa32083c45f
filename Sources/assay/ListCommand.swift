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
        let settings = try RunOptions.parse([]).settings()
        let rows: [[String]]
        switch subject {
        case .images:
            rows = Image.known(for: settings.guest).map { [$0.name, $0.summary, place(of: $0, for: settings.guest)] }
        case .contexts: rows = BuildRecipe.allCases.map { [$0.rawValue, $0.summary] }
        case .venues: rows = Venue.allCases.map { [$0.rawValue, $0.summary] }
        case .findings: rows = FindingCode.allCases.map { [$0.rawValue, $0.entry.severity.rawValue, $0.entry.summary] }
        case .scenarios:
            rows = try SuiteFiles.load(paths.isEmpty ? ["Scenarios"] : paths, settings: settings)
                .map {
                    [$0.name, $0.tags.joined(separator: " "), $0.path, $0.description]
                }
        case .probes:
            let images = try image.asked(for: settings.guest).map { [$0] } ?? Image.known(for: settings.guest)
            rows = try images.flatMap { try self.rows(of: $0, settings) }
        }
        try StandardOutput.write(SafeText(Table(rows).lines.map { $0 + "\n" }.joined()))
    }

    private func rows(of image: Image, _ settings: Settings) throws -> [[String]] {
        try image.catalogue(settings).map { [$0.name, $0.proves, $0.standsFor, $0.source] }
    }

    private func place(of image: Image, for guest: Guest) -> String {
        guard case .built = image.source else { return "in this program" }
        return image.tarball(in: ImageOption.directories, for: guest)?.string
            ?? "not built: \(ImageNotBuilt.remedy(image.name))"
    }
}
