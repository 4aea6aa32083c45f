public import ELF

/// An architecture whose programs a host shall run and build: its names, and the beginning of its programs.
///
/// A new architecture is a value here, a word in `all`, and its images (`CONTRIBUTING.md`).
public struct Guest: Sendable, Hashable {
    /// Its name in Go and OCI (`GOARCH`): `arm64`.
    public let architecture: String
    /// Its name in its own kernel (`uname -m`): `aarch64`. A probe's proof has it too.
    public let machine: String
    /// Its name in QEMU's programs: `aarch64`.
    public let qemu: String
    /// The ELF target of its programs.
    public let target: ELFTarget

    public static let arm64 = Guest(architecture: "arm64", machine: "aarch64", qemu: "aarch64", target: .arm64)
    public static let amd64 = Guest(
        architecture: "amd64", machine: "x86_64", qemu: "x86_64",
        target: ELFTarget(machine: .amd64, elfClass: .bits64, byteOrder: .little))

    /// The guests that have a core image.
    public static let all = [arm64, amd64]

    /// The guest if nobody names one. Only commands choose it; everything else gets its guest from its caller.
    public static let standard = arm64

    /// The guest that this program was compiled for, which this host runs without an emulator.
    public static let native: Guest = {
        #if arch(arm64)
            arm64
        #else
            amd64
        #endif
    }()

    /// Its name in sentences: `AArch64`.
    public var name: String { target.machine.description }
    /// Its name in builders: `linux/arm64`.
    public var platform: String { "linux/\(architecture)" }
    /// The name of its emulator's program, and the usual name of its entry: `qemu-aarch64`.
    public var emulator: String { "qemu-\(qemu)" }
    /// The path of its static emulator in distributions.
    public var staticEmulator: String { "/usr/bin/\(emulator)-static" }

    /// The platforms of a build that needs the emulator and of one that does not: this guest's and this program's own.
    public var buildPlatforms: [String] { Set([self, .native].map(\.platform)).sorted() }

    /// Whether a host runs its programs without an emulator.
    ///
    /// - Parameter machine: the host's machine, as `uname -m` prints it.
    public func isNative(on machine: String) -> Bool { machine == self.machine || machine == architecture }
}

extension Guest {
    /// The first 64 bytes of such a program.
    public func header(type: ELFType = .executable, osABI: ELFOSABI = .systemV) -> [UInt8] {
        ELFHeader.synthetic(
            machine: target.machine, type: type, osABI: osABI, elfClass: target.elfClass, byteOrder: target.byteOrder)
    }

    /// The magic of an entry for its programs. It ends with `e_machine`.
    public var magic: [UInt8] { Array(header().prefix(20)) }

    /// The mask for the magic: any OSABI, `ET_EXEC` or `ET_DYN`. QEMU's `qemu-binfmt-conf.sh` has the same.
    public var mask: [UInt8] {
        var mask = [UInt8](repeating: 0xff, count: 20)
        mask[7] = 0
        mask[target.byteOrder == .little ? 16 : 17] = 0xfe
        return mask
    }
}
