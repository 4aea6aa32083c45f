import Findings
import Guest
import Operations
import ScenarioFormat
import SystemPackage
import TestSupport
import Testing

@testable import Suite

@Suite("The night's suite")
struct NightlySuiteTests {
    @Test("has every drill, and every scenario says what it is for") func complete() throws {
        let files = try ["nightly", "incident"].flatMap { name in
            try ScenarioFile.load(ScenarioFile.find([Repository.folder.appending("Scenarios").appending(name).string]))
            { name, _ in
                try Repository.catalogue(of: name)
            }
        }
        let faults = Set(
            try SuitePlan(files, options: SuitePlan.Options(guest: .arm64)).steps.compactMap { planned in
                if case .fault(let fault) = planned.step.action { fault.drill } else { nil }
            })
        #expect(try DrillSession.select([]).map(\.name).filter { !faults.contains($0) } == [])
        for file in files { #expect(!file.tags.isEmpty, "\(file.name) has no tag") }
    }
}
