import Files
import FoundationEssentials
import Probes
import SystemPackage
import TestSupport
import Testing

@testable import ScenarioFormat

@Suite("Wrong scenario files")
struct WrongScenarioTests {
    static let folder = Repository.folder.appending("Tests/ScenarioFormatTests/Wrong")
    static let files = (try? ScenarioFile.find([folder.string])) ?? []

    /// Read without Assay's help: a file that `ScenarioFile.find` passes over would not be tried at all.
    @Test("all that are there are tried, and nothing else is there") func found() throws {
        let names = try DirectoryListing.names(in: Self.folder.string).sorted()
        let tried = Self.files.compactMap { FilePath($0).lastComponent?.stem }.sorted()
        try #require(!tried.isEmpty)
        #expect(names == tried.flatMap { ["\($0).txt", "\($0).yaml"] })
    }

    @Test("each gives its messages, with line, column and what was meant", arguments: files)
    func messages(file: String) throws {
        let error = try #require(throws: ScenarioErrors.self) {
            try ScenarioFile.load([file]) { name, _ in try Repository.catalogue(of: name) }
        }
        let found = error.errors.map { fault in
            var fault = fault
            fault.file = fault.file.split(separator: "/").last.map(String.init) ?? ""
            return "\(fault)\n"
        }
        let expected = try Repository.text(String(file.dropLast("yaml".count)) + "txt")
        #expect(found.joined() == expected)
    }

    @Test("faults of all files are reported together, and two scenarios of one name are a fault") func allFiles() throws
    {
        let wrong = Array(Self.files.prefix(2))
        let error = try #require(throws: ScenarioErrors.self) {
            try ScenarioFile.load(wrong) { name, _ in try Repository.catalogue(of: name) }
        }
        #expect(Set(error.errors.map(\.file)) == Set(wrong))
        let accept = Repository.folder.appending("Scenarios/accept.yaml").string
        let twice = try #require(throws: ScenarioErrors.self) {
            try ScenarioFile.load([accept, accept]) { name, _ in try Repository.catalogue(of: name) }
        }
        #expect(
            twice.errors.map(\.message) == ["expected a name of its own, found \"accept\", which \(accept) has already"]
        )
        #expect(twice.errors.map(\.line) == [5])
    }

    @Test(
        "anything but one plain document is refused",
        arguments: [
            ("", "expected a scenario, found an empty file"),
            ("a: &x 1\nb: *x\n", "expected a plain value, found an anchor, an alias or a tag"),
            ("--- {}\n--- {}\n", "expected one document, found a second one"),
            (String(repeating: "[", count: 99), "expected at most 32 levels, found another one"),
            ("[a]: b\n", "expected a word as key, found a list"),
        ])
    func document(text: String, message: String) {
        let log = ErrorLog(file: "x")
        _ = YAMLReader.read(Array(text.utf8), log: log)
        #expect(log.errors.contains { $0.message.contains(message) }, "\(log.errors)")
    }
}
