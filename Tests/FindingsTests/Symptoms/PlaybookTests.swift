import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

@testable import Findings

@Suite struct PlaybookTests {
    @Test("docs/playbook.md is what the catalogue says; ASSAY_UPDATE_EXPECTED=1 writes it") func isFresh() throws {
        let path = Repository.folder.appending("docs/playbook.md").string
        if ProcessInfo.processInfo.environment["ASSAY_UPDATE_EXPECTED"] != nil {
            try Data(Playbook.text.utf8).write(to: URL(filePath: path))
        } else {
            #expect(try Repository.text(path) == Playbook.text)
        }
    }

    @Test("each symptom leads back to its finding", arguments: FindingCode.allCases) func symptoms(code: FindingCode) {
        for symptom in code.symptoms {
            let candidates = SymptomReading(BuildLog(Array(symptom.utf8))).candidates.map(\.code)
            #expect(candidates.contains(code), "\(symptom): \(candidates)")
        }
    }

    @Test("the README leads to the playbook") func isLinked() throws {
        #expect(try Repository.text(Repository.folder.appending("README.md").string).contains("](docs/playbook.md)"))
    }

    @Test("each limit that a probe notes is known, and no other") func limits() throws {
        let images = Repository.folder.appending("Images")
        var noted: Set<String> = []
        for image in try FileManager.default.contentsOfDirectory(atPath: images.string) {
            let folder = images.appending(image).string
            for file in (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
            where file.hasSuffix(".c") || file.hasSuffix(".h") {
                let source = try Repository.text("\(folder)/\(file)")
                for part in source.split(separator: "\"limit-", omittingEmptySubsequences: false).dropFirst() {
                    let name = part.prefix { $0.isLowercase || $0.isNumber || $0 == "-" }
                    // A prefix alone asks for any of them.
                    if !name.isEmpty { noted.insert("limit-" + name) }
                }
            }
        }
        #expect(noted.count > 30)
        #expect(noted.sorted() == KnownLimit.all.map(\.code).sorted())
    }
}
