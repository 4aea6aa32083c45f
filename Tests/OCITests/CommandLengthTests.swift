import Evidence
import TestSupport
import Testing

@testable import OCI

/// What execve(2) takes of words and variables.
@Suite("The length of a command") struct CommandLengthTests {
    @Test("one word, or one variable, is no longer than the kernel takes", arguments: [(131_071, 0), (131_072, 1)])
    func one(length: Int, count: Int) throws {
        let text = String(repeating: "x", count: length - 2)
        let variable = try ConfigurationTests.inspect(#"{"Entrypoint":["/app/tool"],"Env":["A=\#(text)"]}"#)
        #expect(variable.map(\.reason) == Array(repeating: .argumentsTooLong, count: count))
        #expect(variable.allSatisfy { $0.path == "Env" })
        let word = try ConfigurationTests.inspect(#"{"Entrypoint":["/app/tool","--\#(text)"]}"#)
        #expect(word.map(\.reason) == Array(repeating: .argumentsTooLong, count: count))
        #expect(word.allSatisfy { $0.path == "ENTRYPOINT and CMD" })
    }

    @Test("all of them together are no longer than a quarter of the stack", arguments: [(20, 0), (21, 1)])
    func all(variables: Int, count: Int) throws {
        let texts = (0..<variables).map { "\"A\($0)=" + String(repeating: "x", count: 100_000) + "\"" }
        let faults = try ConfigurationTests.inspect(
            #"{"Entrypoint":["/app/tool"],"Env":[\#(texts.joined(separator: ","))]}"#)
        #expect(faults.map(\.reason) == Array(repeating: .argumentsTooLong, count: count))
    }
}
