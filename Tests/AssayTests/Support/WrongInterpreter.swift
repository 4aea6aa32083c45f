import Files
import SystemPackage
import Testing

/// An interpreter that does one thing wrong, and is QEMU otherwise: `wrong-interpreter.c`, compiled once for all tests.
struct WrongInterpreter {
    let path: FilePath

    /// - Parameter rules: lines as `wrong-interpreter.c` describes them; the emulator is given.
    init(_ rules: [String] = [], emulator: String? = PrivateHost.qemu, in machine: Machine) throws {
        let bytes = try #require(Self.program, "\(Self.reason)")
        path = machine.scratch.appending("wrong")
        try WholeFile.write(bytes, to: path, permissions: .ownerReadWriteExecute)
        try machine.write(
            (["emulator \(try #require(emulator))"] + rules).map { $0 + "\n" }.joined(), to: "wrong.rule")
    }

    /// Options that have it judged in a registry of its own.
    var options: [String] { ["--interpreter", path.string, "--flags", "PF"] }

    static let isPossible = PrivateHost.canEmulate && program != nil
    static let reason =
        "\(PrivateHost.emulationReason), and the Swift toolchain's clang with a static libc to compile wrong-interpreter.c"

    /// The compiled program's bytes.
    static let program = CompiledProgram.bytes(of: "wrong-interpreter.c")
}
