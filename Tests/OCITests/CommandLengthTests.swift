import Evidence
import TestSupport
import Testing

@testable import OCI

/// What execve(2) takes of words and variables.
@Suite("The length of a command") struct CommandLengthTests {
    private static func inspect(_ execution: String) throws -> [ArtifactFault] {
        try EngineLayerTests.inspect(
            [{ $0.file("app/start", LayoutBuilder.binary("arm64"), mode: 0o755) }], execution: execution
        ).faults.map { $0 }
    }

    @Test("one word, or one variable, is no longer than the kernel takes", arguments: [(131_071, 0), (131_072, 1)])
    func one(length: Int, count: Int) throws {
        let text = String(repeating: "x", count: length - 2)
        let variable = try Self.inspect(#"{"Entrypoint":["/app/start"],"Env":["A=\#(text)"]}"#)
        #expect(variable.map(\.reason) == Array(repeating: .argumentsTooLong, count: count))
        #expect(variable.allSatisfy { $0.path == "Env" })
        let word = try Self.inspect(#"{"Entrypoint":["/app/start","--\#(text)"]}"#)
        #expect(word.map(\.reason) == Array(repeating: .argumentsTooLong, count: count))
        #expect(word.allSatisfy { $0.path == "ENTRYPOINT and CMD" })
    }

    @Test("all of them together are no longer than a quarter of the stack", arguments: [(20, 0), (21, 1)])
    func all(variables: Int, count: Int) throws {
        let texts = (0..<variables).map { "\"A\($0)=" + String(repeating: "x", count: 100_000) + "\"" }
        let faults = try Self.inspect(#"{"Entrypoint":["/app/start"],"Env":[\#(texts.joined(separator: ","))]}"#)
        #expect(faults.map(\.reason) == Array(repeating: .argumentsTooLong, count: count))
    }
}
