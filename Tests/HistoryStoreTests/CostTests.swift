import Findings
import History
import HistoryStore
import Reports
import TestSupport
import Testing

@Suite("What recording costs") struct CostTests {
    let place: Place

    init() throws { place = try Place() }

    @Test("recording a run of 200 checks, and comparing it with 30 earlier ones, takes well under a second") func cost()
        throws
    {
        let checks = (0..<200).map { Given.check("group.check-\($0)", milliseconds: 10 + $0) }
        for _ in 0..<30 { try RunHistory.forRecording(place.path).record(Given.report(checks), exitStatus: 0) }
        let clock = ContinuousClock()
        let compare = try clock.measure {
            _ = try RunHistory.forReading(place.path)?.durations(of: Given.report(checks))
        }
        let record = try clock.measure {
            try RunHistory.forRecording(place.path).record(Given.report(checks), exitStatus: 0)
        }
        print("comparing: \(compare), recording: \(record)")
        // Far above what it takes, for a debug build on a busy machine.
        #expect(compare < .seconds(1) && record < .seconds(1))
    }
}
