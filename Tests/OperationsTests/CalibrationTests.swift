import Glibc
import TestSupport
import Testing

@testable import Operations

@Suite("How slow this host is at the moment") struct CalibrationTests {
    @Test("is measured by the clock where a filter refuses that of the processor", .timeLimit(.minutes(1)))
    func refusedClock() throws {
        let seen = without("clock_gettime", ENOSYS) {
            (Calibration.measure(work: .milliseconds(2)), Calibration.time(toSpend: .milliseconds(2), tries: 1))
        }
        let (found, time) = try #require(seen, "no filter can be had here")
        #expect(found.slowness > 0 && found.waiting > 0.5 && found.waiting < 2, "\(found)")
        #expect(time >= .milliseconds(2))
    }
}
