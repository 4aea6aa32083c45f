import Archive
import Glibc
import Sandbox
import SystemPackage
import Testing

/// An interpreter that does one thing wrong, and is QEMU otherwise: `wrong-interpreter.c`, compiled once for all tests.
struct WrongInterpreter {
    let path: FilePath

    /// - Parameter rules: lines as `wrong-interpreter.c` describes them; the emulator is given.
    init(_ rules: [String] = [], emulator: String? = PrivateHost.qemu, in machine: Machine) throws {
        let bytes = try #require(Self.program, "\(Self.reason)")
        path = machine.scratch.appending("wrong")
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWriteExecute)
        try file.closeAfter { _ = try file.writeAll(bytes) }
        try machine.write(
            (["emulator \(try #require(emulator))"] + rules).map { $0 + "\n" }.joined(), to: "wrong.rule")
    }

    /// Options that have it judged in a registry of its own.
    var options: [String] { ["--interpreter", path.string, "--flags", "PF"] }

    static let isPossible = PrivateHost.canEmulate && program != nil
    static let reason =
        "\(PrivateHost.emulationReason), and the Swift toolchain's clang with a static libc to compile wrong-interpreter.c"

    /// The compiled program's bytes.
    static let program: [UInt8]? = {
        let source = FilePath(#filePath).removingLastComponent().appending("wrong-interpreter.c")
        guard let clang, let scratch = try? ScratchDirectory() else { return nil }
        defer { try? TreeRemover.removeTree(scratch.path) }
        let output = scratch.path.appending("wrong")
        let flags = ["-std=c23", "-O1", "-Wall", "-Wextra", "-Werror", "-static"]
        var launch = Launch(
            path: FilePath(clang), arguments: ["clang"] + flags + [source.string, "-o", output.string], venue: .direct,
            timeout: .seconds(60))
        launch.environment["PATH"] = "/usr/local/bin:/usr/bin:/bin"  // where the linker is
        let ended = Supervisor(jobs: 1).run(launch)
        if !ended.errors.text.isEmpty { print("wrong-interpreter.c: \(ended.errors.text)") }
        return try? readWhole(output.string, limit: 64 << 20)
    }()

    /// Where `ci/images` looks for it too.
    private static let clang: String? = {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        var candidates = [variable("ASSAY_CLANG"), "/opt/swift/usr/bin/clang"].compactMap(\.self)
        for directory in (variable("PATH") ?? "").split(separator: ":") {
            guard let swiftc = realpath("\(directory)/swiftc", nil) else { continue }
            defer { free(swiftc) }
            candidates.append(FilePath(platformString: swiftc).removingLastComponent().appending("clang").string)
        }
        return candidates.first { access($0, X_OK) == 0 }
    }()
}
