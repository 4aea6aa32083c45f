import Foundation
import Glibc
import Reports
import Testing

/// Saved reports whose words no catalogue can change, and what is expected of them.
enum Sample {
    static let names = ["fit", "unfit", "hostile"]
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    static func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: directory.appending(path: "Given/\(name).json")))
    }

    static func report(_ name: String) throws -> ReportDocument {
        try ReportDocument(json: bytes(name), file: "\(name).json")
    }

    static var schema: String { directory.appending(path: "junit.xsd").path() }

    /// Compares with the file in `Expected`; ASSAY_UPDATE_EXPECTED=1 writes it instead.
    static func expect(_ text: String, _ name: String) throws {
        let file = directory.appending(path: "Expected/\(name)")
        if getenv("ASSAY_UPDATE_EXPECTED") != nil { try Data(text.utf8).write(to: file) }
        let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        let first = zip(text.split(separator: "\n"), expected.split(separator: "\n")).first { $0 != $1 }
        #expect(text == expected, "\(name): \(first.map { "\($0.0)\nexpected\n\($0.1)" } ?? "other length")")
    }

    static func fleet(expected: Int? = nil) throws -> Fleet {
        var builder = FleetBuilder()
        for name in names { builder.add(try report(name), file: "\(name).json") }
        return builder.fleet(version: "0.1.0", expected: expected)
    }
}

/// Programs that read what others write.
enum Validator {
    static func has(_ program: String) -> Bool { run("command -v \(program)", "").status == 0 }

    /// Runs a shell command in which `$0` is a file that holds the text.
    static func run(_ command: String, _ text: String, suffix: String = "") -> (status: Int32, output: String) {
        let file = URL.temporaryDirectory.appending(path: "assay-\(UUID().uuidString)\(suffix)")
        defer { try? FileManager.default.removeItem(at: file) }
        do {
            try Data(text.utf8).write(to: file)
            let process = Process()
            let pipe = Pipe()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", command, file.path()]
            process.standardOutput = pipe
            process.standardError = pipe
            process.standardInput = FileHandle.nullDevice
            try process.run()
            let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: output, as: UTF8.self))
        } catch {
            return (-1, "\(error)")
        }
    }
}
