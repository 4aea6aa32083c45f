import Findings
import Testing

@testable import Operations

@Suite("Machine instructions of drills' programs") struct HostCodeTests {
    @Test("are there for each program, and each is another") func all() throws {
        let codes = try Drill.Step.Code.allCases.map { try HostCode.bytes(of: $0) }
        #expect(Set(codes).count == codes.count && !codes.contains([]))
    }

    @Test("a program that executes another ends with its path") func path() throws {
        let code = try HostCode.executing("/bin/true")
        #expect(try HostCode.executing("/bin/true", using: 1 << 20).suffix(code.count) == code[...])
        #expect(code.suffix(10) == Array("/bin/true".utf8) + [0] && code.count > 10 + 30)
    }
}
