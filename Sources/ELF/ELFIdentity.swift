/// The size of addresses in an ELF file: `EI_CLASS`.
public enum ELFClass: UInt8, Sendable, Hashable, CustomStringConvertible {
    case bits32 = 1
    case bits64 = 2

    public var description: String { self == .bits32 ? "32-bit" : "64-bit" }

    /// The size of the ELF header, in bytes.
    public var headerSize: Int { self == .bits32 ? 52 : 64 }
}

/// The order of bytes in an ELF file: `EI_DATA`.
public enum ELFByteOrder: UInt8, Sendable, Hashable, CustomStringConvertible {
    case little = 1
    case big = 2

    public var description: String { self == .little ? "little-endian" : "big-endian" }
}

/// The operating system whose conventions an ELF file follows: `EI_OSABI`.
public struct ELFOSABI: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let systemV = ELFOSABI(rawValue: 0)
    /// GNU extensions, such as indirect functions. Static glibc programs have this value.
    public static let gnu = ELFOSABI(rawValue: 3)
    public static let freeBSD = ELFOSABI(rawValue: 9)
    public static let standalone = ELFOSABI(rawValue: 255)

    public var description: String {
        switch self {
        case .systemV: "System V"
        case .gnu: "GNU/Linux"
        case .standalone: "standalone"
        default: otherSystem ?? "OS ABI \(rawValue)"
        }
    }

    /// The other system whose programs have this value; nil for Linux, and for values that name no system.
    ///
    /// Source: <https://www.sco.com/developers/gabi/latest/ch4.eheader.html#osabi>
    public var otherSystem: String? { Self.systems[rawValue] }

    private static let systems: [UInt8: String] = [
        1: "HP-UX", 2: "NetBSD", 4: "GNU Hurd", 6: "Solaris", 7: "AIX", 8: "IRIX", 9: "FreeBSD", 10: "Tru64 UNIX",
        12: "OpenBSD", 13: "OpenVMS", 14: "NonStop Kernel", 15: "AROS", 16: "FenixOS", 17: "CloudABI",
    ]
}

/// The kind of an ELF file: `e_type`.
public struct ELFType: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// An object file, or a kernel module.
    public static let relocatable = ELFType(rawValue: 1)
    /// A program at a fixed address.
    public static let executable = ELFType(rawValue: 2)
    /// A shared library, or a position-independent program.
    public static let shared = ELFType(rawValue: 3)
    public static let core = ELFType(rawValue: 4)

    public var description: String {
        switch self {
        case .relocatable: "relocatable"
        case .executable: "executable"
        case .shared: "shared object"
        case .core: "core dump"
        default: "type \(rawValue)"
        }
    }
}
