import ELF
import Glibc
import Testing

@Suite struct ELFFileTests {
    /// A real dynamic program of whatever machine the tests run on.
    private static let program: [UInt8] = {
        var bytes: [UInt8] = []
        let descriptor = open("/bin/ls", O_RDONLY)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        return bytes
    }()

    @Test func aRealProgramNamesItsInterpreterAndLibraries() throws {
        let file = try ELFFile(ELFPrefix(Self.program))
        #expect(file.header.type == .shared)
        #expect(try #require(file.interpreter).hasPrefix("/lib"))
        #expect(try #require(file.dynamic).needed.contains { $0.hasPrefix("libc.") })
        #expect(!file.loadAlignments.isEmpty && file.loadAlignments.allSatisfy { $0 >= 4096 })
    }

    @Test func aProgramCutAnywhereNeverTraps() {
        let lengths = Array(0...4096) + Array(stride(from: 4096, through: Self.program.count - 1, by: 997))
        for length in lengths {
            _ = try? ELFFile(ELFPrefix(Self.program[..<length]))
        }
    }

    @Test func aProgramWithFlippedHeaderBytesNeverTraps() throws {
        // Everything that the parser reads in this file, so that mutations hit something.
        let file = try ELFFile(ELFPrefix(Self.program))
        var targets = Array(0..<64 + file.segments.count * 56)
        for segment in file.segments where segment.type == ELFSegment.dynamic || segment.type == ELFSegment.interpreter
        {
            targets += Int(segment.offset)..<Int(segment.offset + segment.fileSize)
        }
        for _ in 0..<1500 {
            var damaged = Self.program
            for _ in 0..<Int.random(in: 1...6) {
                let target = try #require(targets.randomElement())
                damaged[target] = [0, 1, 0x7f, 0x80, 0xff, .random(in: .min ... .max)].randomElement() ?? 0
            }
            _ = try? ELFFile(ELFPrefix(damaged))
        }
    }

    @Test func offsetsNearTheEndOfTheNumberRangeNeverTrap() {
        for value: UInt64 in [.max, .max - 1, .max - 55, 1 << 63, (1 << 63) - 1] {
            var bytes = Array(Self.program)
            for field in [32, 64 + 8, 64 + 16, 64 + 32] {
                var copy = bytes
                withUnsafeBytes(of: (value as UInt64).littleEndian) {
                    copy.replaceSubrange(field..<field + 8, with: $0)
                }
                _ = try? ELFFile(ELFPrefix(copy))
                bytes = copy
            }
        }
    }
}
