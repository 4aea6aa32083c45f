import Evidence
import TestSupport
import Testing

@testable import OCI

/// What stands in the place of a program that was not fetched, or not unpacked.
@Suite("Placeholders of programs") struct PlaceholderTests {
    typealias Reason = ArtifactFault.Reason

    static let pointer = Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n".utf8)

    @Test(
        "an entrypoint that is no program is named as what it is",
        arguments: [
            (pointer, .lfsPointer), ([0x1f, 0x8b, 8, 0], .gzipProgram), (Array("<!DOCTYPE html>".utf8), .webPage),
            (Array("<HTML>".utf8), .webPage), (Array("echo\n".utf8), .noInterpreterLine),
        ] as [([UInt8], Reason)])
    func entrypoint(bytes: [UInt8], reason: Reason) throws {
        let faults = try EngineLayerTests.inspect(
            [
                {
                    $0.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
                    $0.file("app/start", bytes, mode: 0o755)
                }
            ], execution: #"{"Entrypoint":["/app/start"]}"#
        ).faults
        #expect(faults.map(\.reason) == [reason] && faults.first?.path == "/app/start")
    }

    @Test(
        "a pointer in the place of a library is foreign, as data it is not",
        arguments: [
            ("app/x.node", 1), ("opt/lib/libx.so.1", 1), ("app/model.bin", 0),
        ])
    func library(path: String, count: Int) throws {
        let faults = try EngineLayerTests.inspect([
            {
                $0.file("bin/tool", LayoutBuilder.binary("arm64"), mode: 0o755)
                $0.file(path, Self.pointer)
            }
        ]).faults
        #expect(faults.map(\.reason) == Array(repeating: .lfsPointer, count: count))
        #expect(faults.allSatisfy { $0.kind == .foreignBinary })
    }
}
