import Archive
import ArgumentParser
import Builders
import Files
import Findings
import Glibc
import Guest
import History
import HistoryStore
import Operations
import Probes
import Reports
import ScenarioFormat
import Suite

/// The names that complete a command line. Each source is asked only when somebody presses TAB.
enum KnownNames {
    static func images(_ line: TypedLine) -> [String] {
        Image.known(for: line.guest).map(\.name).orPaths(line.prefix)
    }

    /// Of the image that the line names, else of all.
    static func probes(_ line: TypedLine) throws -> [String] {
        let settings = try RunOptions.parse([]).settings(for: line.guest)
        let named = line.value(of: "--image")
        return try Image.known(for: line.guest).filter { named == nil || named == $0.name }
            .flatMap { try $0.catalogue(settings) }.map(\.name)
    }

    static func findings(_ line: TypedLine) -> [String] { FindingCode.allCases.map(\.rawValue) }

    /// What `explain` takes.
    static func subjects(_ line: TypedLine) throws -> [String] {
        let drills = try Drill.all().map(\.name)
        return (findings(line) + KnownLimit.all.map(\.code) + drills + (try probes(line))).orPaths(line.prefix)
    }

    /// Components, and texts of licences.
    static func licenses(_ line: TypedLine) throws -> [String] {
        try LinkedComponent.all.map(\.name) + LicenseText.all.map(\.name)
    }

    static func drills(_ line: TypedLine) throws -> [String] {
        try Drill.all(for: line.guest).flatMap { [$0.name, $0.proves?.rawValue].compactMap(\.self) }
    }

    /// With buildx's own builders; for `accept` also the words for all and for none.
    static func builders(_ line: TypedLine) -> [String] {
        let words = line.command == "accept" ? [Configuration.anyBuilder, Configuration.noBuilder] : []
        return BuilderCatalogue.all.map(\.name) + Buildx.instances.map { "buildx:\($0)" } + words
    }

    static func builderOptions(_ line: TypedLine) -> [String] {
        BuilderOptions.names.split(separator: ", ").map { "\($0)=" }
    }

    /// What `--filter` chooses from, by command.
    static func checks(_ line: TypedLine) throws -> [String] {
        switch line.command {
        case "run": try scenarios(line).map(\.name)
        case "drill": try Drill.all(for: line.guest).map(\.name)
        default: try probes(line)
        }
    }

    static func tags(_ line: TypedLine) throws -> [String] { try scenarios(line).flatMap(\.tags) }

    /// The scenarios of the files and folders that the line names.
    private static func scenarios(_ line: TypedLine) throws -> [ScenarioFile] {
        let paths = line.words.dropFirst(2).filter { !$0.hasPrefix("-") && access($0, F_OK) == 0 }
        return try SuiteFiles.load(paths.isEmpty ? ["Scenarios"] : paths, settings: RunOptions.parse([]).settings())
    }

    /// `FORM=`, and after it the path.
    static func reports(_ line: TypedLine) -> [String] {
        let forms = ReportFormat.allCases.map { "\($0.rawValue)=" }
        guard let form = forms.first(where: { line.prefix.hasPrefix($0) }) else { return forms }
        return [String]().orPaths(String(line.prefix.dropFirst(form.count))).map { form + $0 }
    }

    static func limits(_ line: TypedLine) -> [String] {
        ArchiveLimits.names.split(separator: ", ").map { "\($0)=" }
    }

    static func profiles(_ line: TypedLine) throws -> [String] {
        let configuration =
            try line.value(of: "--config").map { try ConfigurationFile.read($0) }
            ?? ConfigurationFile.search().configuration
        return configuration.profiles.keys.sorted()
    }

    static func handlers(_ line: TypedLine) -> [String] { HandlerListing.read(for: line.guest).names }

    /// Numbers of recorded runs, the latest first.
    static func runs(_ line: TypedLine) throws -> [String] {
        try RunHistory.forReading(CallerEnvironment.historyPath)?.runs(last: 20).map { "\($0.id)" } ?? []
    }
}

extension [String] {
    /// These names, if one of them begins with the prefix; else the files and directories that do.
    fileprivate func orPaths(_ prefix: String) -> [String] {
        if contains(where: { $0.hasPrefix(prefix) }) { return self }
        let directory = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        let entries = (try? DirectoryListing.entries(of: directory.isEmpty ? "." : directory)) ?? []
        return entries.map { "\(directory)\($0.text)\($0.isDirectory ? "/" : "")" }
            .filter { $0.hasPrefix(prefix) }.sorted()
    }
}
