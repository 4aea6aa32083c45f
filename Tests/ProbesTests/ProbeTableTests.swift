import Archive
import Files
import FoundationEssentials
import Guest
import SystemPackage
import TestSupport
import Testing

@testable import Probes

@Suite struct ProbeTableTests {
    private static let head = "| probe | what it proves | the failure it stands for |\n|---|---|---|\n"

    @Test("the table in docs/probes.md is what the core image says; ASSAY_UPDATE_EXPECTED=1 writes it")
    func tableIsFresh() throws {
        let root = try ScratchDirectory.make().appending("root")
        defer { try? TreeRemover.removeTree(root.removingLastComponent()) }
        try Image.core(for: .arm64).unpack(into: root, limits: ArchiveLimits())
        let rows = try ProbeDescription.catalogue(root: root, image: Image.coreName).map { probe in
            let name = probe.source.map { "[\(probe.name)](\($0))" } ?? probe.name
            return "| \(name) | \(probe.proves) | \(probe.standsFor) |"
        }
        let path = Repository.folder.appending("docs/probes.md").string
        let page = try Repository.text(path)
        let start = try #require(page.firstRange(of: Self.head)).upperBound
        let end = try #require(page[start...].firstRange(of: "\n\n")).lowerBound
        let table = rows.joined(separator: "\n")
        if ProcessInfo.processInfo.environment["ASSAY_UPDATE_EXPECTED"] != nil {
            try Data((page[..<start] + table + page[end...]).utf8).write(to: URL(filePath: path))
        } else {
            #expect(page[start..<end] == table)
        }
    }
}
