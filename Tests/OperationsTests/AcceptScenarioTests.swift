import Evidence
import Guest
import Probes
import Sandbox
import ScenarioFormat
import SystemPackage
import TestSupport
import Testing

@testable import Operations

@Suite("The scenario of assay accept")
struct AcceptScenarioTests {
    @Test("accept.yaml, as it is in the repository, is what assay accept does") func accept() throws {
        let file = try Repository.text(Repository.folder.appending("Scenarios/accept.yaml").string)
        #expect(String(decoding: PackageResources.accept_yaml, as: UTF8.self) == file)
        let accept = try AcceptScenario.shipped()
        #expect(accept.inspectsHost)
        #expect(accept.builders == .installed && accept.recipes == [.run])
        let everywhere = accept.patterns(in: Venue.allCases)
        let essential = try #require(everywhere[.direct])
        #expect(essential.contains("exec.static") && !essential.contains("*"))
        #expect(everywhere[.chroot] == essential)
        #expect(everywhere[.container] == essential + ["*"])
        // Whoever chooses one venue has all of it there.
        #expect(accept.patterns(in: [.chroot]) == [.chroot: essential + ["*"]])
        // And so it is for a venue that the file does not name.
        #expect(accept.patterns(in: [.oci]) == [.oci: essential + ["*"]])
        #expect(accept.patterns(in: [.container, .oci])[.oci] == essential + ["*"])
    }

    @Test("a filter that is a pattern chooses among what would run; a probe that is named in full runs everywhere")
    func filters() throws {
        var settings = Settings(guest: .standard)
        let accept = try AcceptScenario.shipped()
        func patterns(_ filters: [String], repeats: Int = 1) -> [Venue: [String]] {
            settings.selection.filters = filters
            settings.repeats = repeats
            return Acceptance(image: .core(for: .standard), settings: settings).patterns(accept)
        }
        let usual = accept.patterns(in: Venue.own)
        #expect(patterns(["*"]) == usual && patterns(["exec.*", "*@chroot"]) == usual)
        #expect(patterns(["memory.brk@chroot"])[.chroot] == (usual[.chroot] ?? []) + ["memory.brk"])
        let essential = try #require(usual[.direct])
        #expect(patterns([], repeats: 9) == [.direct: essential, .chroot: essential, .container: essential])
        #expect(patterns(["memory.brk"], repeats: 9)[.direct] == essential + ["memory.brk"])
    }

    @Test("accept takes no scenario that it cannot carry out") func acceptRefuses() throws {
        let head = "schema: assay.scenario/1\nname: other\ndescription: d\nsteps:\n"
        let good = try ScenarioFile.parse(Array((head + "  - build: run\n").utf8), path: "n").scenario
        #expect(try AcceptScenario(good).recipes == [.run])
        let other = try ScenarioFile.parse(Array((head + "  - run: [\"true\"]\n    image: host\n").utf8), path: "n")
        #expect(throws: SuiteError.self) { try AcceptScenario(other.scenario) }
        #expect(throws: ScenarioErrors.self) {
            try ScenarioFile.parse(Array((head + "  - bild: run\n").utf8), path: "n")
        }
    }
}
