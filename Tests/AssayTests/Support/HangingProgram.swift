import Files
import Glibc
import SystemPackage

extension Machine {
    /// A static x86-64 program of a few bytes that waits for signals for ever: as an interpreter it can be
    /// registered with F, and so hangs in every venue.
    func writeHangingProgram() throws -> FilePath {
        // do { pause(2) } while (1)
        try writeProgram([0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7], to: "hanging")
    }

    /// A program that does nothing and ends with status 0, in every venue.
    func writeSilentProgram() throws -> FilePath {
        // exit(0)
        try writeProgram([0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05], to: "silent")
    }

    private func writeProgram(_ code: [UInt8], to name: String) throws -> FilePath {
        func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(value >> UInt64(8 * $0) & 0xff) }
        }
        let start: UInt64 = 0x40_0000
        let (header, size) = (64 + 56, UInt64(64 + 56 + code.count))
        var program: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
        program += bytes(2, 2) + bytes(62, 2) + bytes(1, 4)  // ET_EXEC, EM_X86_64
        program += bytes(start + UInt64(header), 8) + bytes(64, 8) + bytes(0, 8) + bytes(0, 4)
        program += bytes(64, 2) + bytes(56, 2) + bytes(1, 2) + bytes(0, 6)
        program += bytes(1, 4) + bytes(5, 4) + bytes(0, 8)  // PT_LOAD, readable and executable
        program += bytes(start, 8) + bytes(start, 8) + bytes(size, 8) + bytes(size, 8) + bytes(4096, 8) + code
        let path = scratch.appending(name)
        try WholeFile.write(program, to: path, permissions: .ownerReadWriteExecute)
        return path
    }
}
