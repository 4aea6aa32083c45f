/// The processor that an ELF file is for: `e_machine`.
///
/// Source: <https://www.sco.com/developers/gabi/latest/ch4.eheader.html>; later values from the ELF specification's
/// registry (<https://groups.google.com/g/generic-abi>) and from Linux's `uapi/linux/elf-em.h`.
public struct ELFMachine: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// To how many bytes an instruction must be aligned. One where instructions are of any length, or the lowest bit of an
    /// address tells a second kind of them.
    public var instructionAlignment: UInt64 { self == .aarch64 ? 4 : 1 }

    public static let none = ELFMachine(rawValue: 0)
    public static let sparc = ELFMachine(rawValue: 2)
    public static let i386 = ELFMachine(rawValue: 3)
    public static let m68k = ELFMachine(rawValue: 4)
    public static let mips = ELFMachine(rawValue: 8)
    public static let parisc = ELFMachine(rawValue: 15)
    public static let ppc = ELFMachine(rawValue: 20)
    public static let ppc64 = ELFMachine(rawValue: 21)
    public static let s390 = ELFMachine(rawValue: 22)
    public static let arm = ELFMachine(rawValue: 40)
    public static let superH = ELFMachine(rawValue: 42)
    public static let sparcV9 = ELFMachine(rawValue: 43)
    public static let ia64 = ELFMachine(rawValue: 50)
    public static let amd64 = ELFMachine(rawValue: 62)
    public static let vax = ELFMachine(rawValue: 75)
    public static let avr = ELFMachine(rawValue: 83)
    public static let openRISC = ELFMachine(rawValue: 92)
    public static let xtensa = ELFMachine(rawValue: 94)
    public static let msp430 = ELFMachine(rawValue: 105)
    public static let hexagon = ELFMachine(rawValue: 164)
    public static let aarch64 = ELFMachine(rawValue: 183)
    public static let microblaze = ELFMachine(rawValue: 189)
    public static let cuda = ELFMachine(rawValue: 190)
    public static let amdgpu = ELFMachine(rawValue: 224)
    public static let riscv = ELFMachine(rawValue: 243)
    public static let bpf = ELFMachine(rawValue: 247)
    public static let loongArch = ELFMachine(rawValue: 258)
    public static let alpha = ELFMachine(rawValue: 0x9026)

    /// Whether the code is for something other than the processor that loads it: the kernel's BPF machine, or a
    /// graphics processor. Such files belong in images of every platform.
    public var isDeviceCode: Bool {
        self == .bpf || self == .cuda || self == .amdgpu
    }

    /// The largest page size of the machine's kernels, in bytes; nil if all of them have pages of 4 KiB.
    public var largestPage: UInt64? { self == .aarch64 ? 64 << 10 : nil }

    private static let names: [ELFMachine: String] = [
        .none: "no machine", .sparc: "SPARC", .i386: "Intel 80386", .m68k: "Motorola 68000", .mips: "MIPS",
        .parisc: "PA-RISC", .ppc: "PowerPC", .ppc64: "PowerPC64", .s390: "IBM S/390", .arm: "ARM",
        .superH: "SuperH", .sparcV9: "SPARC V9", .ia64: "Intel IA-64", .amd64: "x86-64", .vax: "VAX", .avr: "AVR",
        .openRISC: "OpenRISC", .xtensa: "Xtensa", .msp430: "MSP430", .hexagon: "Hexagon", .aarch64: "AArch64",
        .microblaze: "MicroBlaze", .cuda: "NVIDIA CUDA", .amdgpu: "AMD GPU", .riscv: "RISC-V", .bpf: "Linux BPF",
        .loongArch: "LoongArch", .alpha: "Alpha",
    ]
}

extension ELFMachine: CustomStringConvertible {
    /// The machine's usual name, as `readelf` and `file` print it; its number if no name is known here.
    public var description: String {
        Self.names[self] ?? "machine \(rawValue)"
    }
}
