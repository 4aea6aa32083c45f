public import ELF

/// An architecture whose programs a host is to run and build: its names, and what its programs begin with.
///
/// A new one is a value here, a word in `all`, and its images (`CONTRIBUTING.md`).
public struct Guest: Sendable, Hashable {
    /// As Go and OCI call it (`GOARCH`): `arm64`.
    public let architecture: String
    /// As its own kernel calls it (`uname -m`): `aarch64`. A probe's proof names it too.
    public let machine: String
    /// As QEMU calls it, in the names of its programs: `aarch64`.
    public let qemu: String
    /// What its programs are compiled for.
    public let target: ELFTarget

    public static let arm64 = Guest(architecture: "arm64", machine: "aarch64", qemu: "aarch64", target: .arm64)
    public static let amd64 = Guest(
        architecture: "amd64", machine: "x86_64", qemu: "x86_64",
        target: ELFTarget(machine: .amd64, elfClass: .bits64, byteOrder: .little))

    /// Those that have a core image.
    public static let all = [arm64, amd64]

    /// The one that is meant where nobody names one. Commands choose it; everything else takes its guest from its caller.
    public static let standard = arm64

    /// What this program was compiled for: a host runs it without an emulator.
    public static let native: Guest = {
        #if arch(arm64)
            arm64
        #else
            amd64
        #endif
    }()

    /// For sentences: `AArch64`.
    public var name: String { target.machine.description }
    /// As builders name it: `linux/arm64`.
    public var platform: String { "linux/\(architecture)" }
    /// Its emulator's program, and the usual name of the entry that starts it: `qemu-aarch64`.
    public var emulator: String { "qemu-\(qemu)" }
    /// Where distributions put its static emulator.
    public var staticEmulator: String { "/usr/bin/\(emulator)-static" }

    /// The platforms of a build that needs the emulator and one that does not: this guest's, and this program's own.
    public var buildPlatforms: [String] { Set([self, .native].map(\.platform)).sorted() }

    /// Whether a host runs its programs without an emulator.
    ///
    /// - Parameter machine: the host's, as `uname -m` prints it.
    public func isNative(on machine: String) -> Bool { machine == self.machine || machine == architecture }
}

extension Guest {
    /// What such a program begins with.
    public func header(type: ELFType = .executable, osABI: ELFOSABI = .systemV) -> [UInt8] {
        ELFHeader.synthetic(
            machine: target.machine, type: type, osABI: osABI, elfClass: target.elfClass, byteOrder: target.byteOrder)
    }

    /// The magic of an entry for its programs, which ends with `e_machine`.
    public var magic: [UInt8] { Array(header().prefix(20)) }

    /// The mask that belongs to the magic: any OSABI, `ET_EXEC` or `ET_DYN`. It is that of QEMU's `qemu-binfmt-conf.sh`.
    public var mask: [UInt8] {
        var mask = [UInt8](repeating: 0xff, count: 20)
        mask[7] = 0
        mask[target.byteOrder == .little ? 16 : 17] = 0xfe
        return mask
    }
}
