/// Machine, class and byte order: what a platform's processor executes.
public struct ELFTarget: Sendable, Hashable {
    public let machine: ELFMachine
    public let elfClass: ELFClass
    public let byteOrder: ELFByteOrder

    public init(machine: ELFMachine, elfClass: ELFClass, byteOrder: ELFByteOrder) {
        self.machine = machine
        self.elfClass = elfClass
        self.byteOrder = byteOrder
    }

    public static let arm64 = ELFTarget(machine: .aarch64, elfClass: .bits64, byteOrder: .little)

    /// The target of an OCI platform's `architecture`, a Go `GOARCH`; nil if no ELF form of it is known here (`wasm`).
    ///
    /// Source: <https://github.com/opencontainers/image-spec/blob/main/config.md#properties>,
    /// <https://go.dev/doc/install/source#environment>
    public init?(architecture: String) {
        guard let target = Self.architectures.first(where: { $0.name == architecture })?.target else { return nil }
        self = target
    }

    /// The OCI name of this target; nil if it has none.
    public var architecture: String? {
        Self.architectures.first { $0.target == self }?.name
    }

    /// Every OCI architecture that has a target.
    public static var architectureNames: [String] {
        architectures.map(\.name)
    }

    private static let architectures: [(name: String, target: ELFTarget)] = [
        ("arm64", .arm64),
        ("amd64", ELFTarget(machine: .amd64, elfClass: .bits64, byteOrder: .little)),
        ("arm", ELFTarget(machine: .arm, elfClass: .bits32, byteOrder: .little)),
        ("386", ELFTarget(machine: .i386, elfClass: .bits32, byteOrder: .little)),
        ("riscv64", ELFTarget(machine: .riscv, elfClass: .bits64, byteOrder: .little)),
        ("ppc64le", ELFTarget(machine: .ppc64, elfClass: .bits64, byteOrder: .little)),
        ("s390x", ELFTarget(machine: .s390, elfClass: .bits64, byteOrder: .big)),
        ("loong64", ELFTarget(machine: .loongArch, elfClass: .bits64, byteOrder: .little)),
        ("mips64le", ELFTarget(machine: .mips, elfClass: .bits64, byteOrder: .little)),
        ("mips64", ELFTarget(machine: .mips, elfClass: .bits64, byteOrder: .big)),
        ("mipsle", ELFTarget(machine: .mips, elfClass: .bits32, byteOrder: .little)),
        ("mips", ELFTarget(machine: .mips, elfClass: .bits32, byteOrder: .big)),
        ("ppc64", ELFTarget(machine: .ppc64, elfClass: .bits64, byteOrder: .big)),
        ("ppc", ELFTarget(machine: .ppc, elfClass: .bits32, byteOrder: .big)),
        ("arm64be", ELFTarget(machine: .aarch64, elfClass: .bits64, byteOrder: .big)),
        ("armbe", ELFTarget(machine: .arm, elfClass: .bits32, byteOrder: .big)),
        ("riscv", ELFTarget(machine: .riscv, elfClass: .bits32, byteOrder: .little)),
        ("s390", ELFTarget(machine: .s390, elfClass: .bits32, byteOrder: .big)),
        ("sparc64", ELFTarget(machine: .sparcV9, elfClass: .bits64, byteOrder: .big)),
        ("sparc", ELFTarget(machine: .sparc, elfClass: .bits32, byteOrder: .big)),
    ]
}

extension ELFTarget: CustomStringConvertible {
    /// For example `AArch64, 64-bit, little-endian`.
    public var description: String {
        "\(machine), \(elfClass), \(byteOrder)"
    }
}
