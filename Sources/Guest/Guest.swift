public import ELF

/// An architecture whose programs a host shall run and build: its names, and the beginning of its programs.
///
/// A new architecture is a value here, a word in `all`, and its images (`CONTRIBUTING.md`).
public struct Guest: Sendable, Hashable {
    /// Its name in Go and OCI (`GOARCH`): `arm64`.
    public let architecture: String
    /// What of that architecture its programs need at least (`GOARM`, OCI's variant): `v7`. Nil where the name says it.
    public let variant: String?
    /// Its name in its own kernel (`uname -m`): `aarch64`. A probe's proof has it too.
    public let machine: String
    /// Its name in QEMU's programs: `aarch64`.
    public let qemu: String
    /// The ELF target of its programs.
    public let target: ELFTarget

    init(architecture: String, variant: String? = nil, machine: String, qemu: String, target: ELFTarget) {
        self.architecture = architecture
        self.variant = variant
        self.machine = machine
        self.qemu = qemu
        self.target = target
    }

    public static let arm64 = Guest(architecture: "arm64", machine: "aarch64", qemu: "aarch64", target: .arm64)
    public static let amd64 = Guest(
        architecture: "amd64", machine: "x86_64", qemu: "x86_64",
        target: ELFTarget(machine: .amd64, elfClass: .bits64, byteOrder: .little))

    public static let riscv64 = Guest(
        architecture: "riscv64", machine: "riscv64", qemu: "riscv64",
        target: ELFTarget(machine: .riscv, elfClass: .bits64, byteOrder: .little))

    public static let s390x = Guest(
        architecture: "s390x", machine: "s390x", qemu: "s390x",
        target: ELFTarget(machine: .s390, elfClass: .bits64, byteOrder: .big))

    public static let ppc64le = Guest(
        architecture: "ppc64le", machine: "ppc64le", qemu: "ppc64le",
        target: ELFTarget(machine: .ppc64, elfClass: .bits64, byteOrder: .little))

    /// 32-bit x86. A kernel for x86-64 may run it without an emulator (`IA32_EMULATION`).
    public static let i386 = Guest(
        architecture: "386", machine: "i686", qemu: "i386",
        target: ELFTarget(machine: .i386, elfClass: .bits32, byteOrder: .little))

    /// 32-bit ARM with hard floating point (Debian's armhf).
    public static let armV7 = Guest(
        architecture: "arm", variant: "v7", machine: "armv7l", qemu: "arm",
        target: ELFTarget(machine: .arm, elfClass: .bits32, byteOrder: .little))

    /// The guests that have a core image.
    public static let all = [arm64, amd64, riscv64, s390x, ppc64le, i386, armV7]

    /// Those of them that this program is built for, too.
    public static let hosts = [arm64, amd64]

    /// The guest that texts, formats and saved reports mean where they name none.
    public static let standard = arm64

    /// The guest that this program was compiled for, which this host runs without an emulator.
    public static let native: Guest = {
        #if arch(arm64)
            arm64
        #else
            amd64
        #endif
    }()

    /// The guest if nobody names one: the first that this host needs an emulator for. Only commands choose it; everything
    /// else gets its guest from its caller.
    public static let usual = native == .arm64 ? amd64 : arm64

    /// Its name in sentences: `AArch64`.
    public var name: String { target.machine.description }
    /// Its name in builders: `linux/arm64`, `linux/arm/v7`.
    public var platform: String { "linux/\(architecture)" + (variant.map { "/\($0)" } ?? "") }
    /// Its platform where a command has to name it; nil for the guest that is meant otherwise.
    public var namedPlatform: String? { self == .usual ? nil : platform }
    /// The name of its emulator's program, and the usual name of its entry: `qemu-aarch64`.
    public var emulator: String { "qemu-\(qemu)" }
    /// The end of the name of Fedora's package with its emulator.
    public var fedoraWord: String {
        ["x86_64": "x86", "i386": "x86", "riscv64": "riscv", "ppc64le": "ppc"][qemu] ?? qemu
    }
    /// The path of its static emulator in distributions.
    public var staticEmulator: String { "/usr/bin/\(emulator)-static" }

    /// The platforms of a build that needs the emulator and of one that does not: this guest's and this program's own.
    public var buildPlatforms: [String] { Set([self, .native].map(\.platform)).sorted() }

    /// Whether a host runs its programs without an emulator.
    ///
    /// - Parameter machine: the host's machine, as `uname -m` prints it.
    public func isNative(on machine: String) -> Bool { machine == self.machine || machine == architecture }

    /// Whether the kernel of such a host may run its programs without an emulator: if it was built to, and the processor
    /// can. Only a program that ran shows it.
    public func mayBeNative(on machine: String) -> Bool {
        [Guest.i386: Guest.amd64, .armV7: .arm64][self]?.isNative(on: machine) ?? false
    }
}

extension Guest {
    /// The guest of a platform as builders name it: see `NamedPlatform`. Nil for others.
    public init?(platform: String) {
        guard case .guest(let guest) = NamedPlatform(platform) else { return nil }
        self = guest
    }
}

extension Guest {
    /// Whether texts, formats and saved reports that name none are about it.
    public var isStandard: Bool { self == .standard }

    /// A platform where such a text has to name it: nil for the standard guest's.
    public static func named(_ platform: String?) -> String? { platform == standard.platform ? nil : platform }

    /// A text about the standard guest, said of this one.
    public func naming(_ text: String) -> String {
        var text = text
        // "an AArch64 program", "a RISC-V program"
        for (standard, own) in [(Self.standard.name, name), (Self.standard.architecture, architecture)]
        where own.first.map({ "RPrp36".contains($0) }) == true {
            text = text.replacing("an \(standard)", with: "a \(standard)")
        }
        return text.replacing(Self.standard.platform, with: platform).replacing(Self.standard.name, with: name)
            .replacing(Self.standard.qemu, with: qemu).replacing(Self.standard.architecture, with: architecture)
    }
}

extension Guest {
    /// Its magic or mask, changed where, and as, some bytes differ from the standard guest's.
    public func changed(_ own: KeyPath<Guest, [UInt8]>, as given: [UInt8]) -> [UInt8] {
        let (mine, model) = (self[keyPath: own], Self.standard[keyPath: own])
        guard given.count == mine.count else { return given }
        // From byte 16 on there are numbers of two bytes, in the guest's order.
        let swap = target.byteOrder == Self.standard.target.byteOrder ? 0 : 1
        return mine.indices.map { index in
            let place = index < 16 ? index : index ^ swap
            return mine[index] ^ model[place] ^ given[place]
        }
    }
}

extension Guest {
    /// The first 64 bytes of such a program.
    public func header(type: ELFType = .executable, osABI: ELFOSABI = .systemV) -> [UInt8] {
        ELFHeader.synthetic(
            machine: target.machine, type: type, osABI: osABI, elfClass: target.elfClass, byteOrder: target.byteOrder)
    }

    /// The magic of an entry for its programs. It ends with `e_machine`.
    public var magic: [UInt8] { Array(header().prefix(20)) }

    /// The mask for the magic: any OSABI, `ET_EXEC` or `ET_DYN`. QEMU's `qemu-binfmt-conf.sh` has the same, also in
    /// that the upper byte of ppc64le's `e_machine` may be anything, and that the
    /// lowest bits of 386's order and version may. (It has a second entry for `e_machine` 6, which no linker writes.)
    public var mask: [UInt8] {
        var mask = [UInt8](repeating: 0xff, count: 20)
        mask[7] = 0
        if self == .ppc64le { mask[19] = 0 }
        if self == .i386 { mask.replaceSubrange(5...6, with: [0xfe, 0xfe]) }
        mask[target.byteOrder == .little ? 16 : 17] = 0xfe
        return mask
    }
}
