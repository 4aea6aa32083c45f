import FoundationEssentials
import Testing

@Suite("The module graph")
struct ModuleGraphTests {
    private let manifest: String
    private let page: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        page = try String(contentsOf: root.appending(path: "docs/architecture.md"), encoding: .utf8)
    }

    private func faults(manifest: String? = nil, page: String? = nil) -> [String] {
        Drawing(page ?? self.page).faults(declared: DeclaredModules.imports(in: manifest ?? self.manifest))
    }

    @Test("is as docs/architecture.md draws it, and nothing imports upwards") func asDrawn() {
        #expect(DeclaredModules.imports(in: manifest).count > 20)
        #expect(faults() == [])
    }

    @Test("is held against the drawing: an upward import is named") func upwardImport() throws {
        let planted = manifest.replacing(#"module("Sandbox", ["#, with: #"module("Sandbox", ["Findings", "#)
        try #require(planted != manifest)
        #expect(
            faults(manifest: planted) == [
                "the table lacks that Sandbox imports Findings", "Sandbox imports Findings, which stands higher",
            ])
    }

    @Test("is held against the drawing: a neighbour without an arrow is named") func neighbour() {
        let planted = manifest.replacing(#"module("OCI", ["#, with: #"module("OCI", ["Sandbox", "#)
        #expect(
            faults(manifest: planted) == [
                "the table lacks that OCI imports Sandbox", "OCI imports its neighbour Sandbox",
            ])
    }

    @Test("is held against the drawing: what only one of them has is named") func onlyInOne() {
        #expect(
            faults(manifest: manifest.replacing(#"module("ELF", ["#, with: #"module("Elves", ["#)).prefix(2)
                == ["ELF is in the drawing only", "Elves is in Package.swift only"])
        #expect(
            faults(page: page.replacing("| `Binfmt` | ELF", with: "| `Binfmt` | Processes, ELF"))
                == ["the table has that Binfmt imports Processes"])
        #expect(
            faults(page: page.replacing("| `Binfmt` | ELF, ", with: "| `Binfmt` | "))
                == ["the table lacks that Binfmt imports ELF"])
        #expect(
            faults(page: page.replacing("Probes (→ Sandbox)", with: "Probes (→ Sandbox, OCI)"))
                == ["an arrow leads from Probes to OCI"])
    }
}
