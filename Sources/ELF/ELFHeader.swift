import Files

/// The header that every ELF file begins with.
///
/// Source: <https://www.sco.com/developers/gabi/latest/ch4.eheader.html>
public struct ELFHeader: Sendable, Hashable {
    /// The four bytes that every ELF file begins with.
    public static let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]
    /// The size of the 64-bit header, the larger one, in bytes. `init(prefix:)` looks at no more of a file.
    public static let size = 64

    public let elfClass: ELFClass
    public let byteOrder: ELFByteOrder
    /// `EI_OSABI`.
    public let osABI: ELFOSABI
    /// `EI_ABIVERSION`, whose meaning depends on `osABI`.
    public let abiVersion: UInt8
    public let type: ELFType
    public let machine: ELFMachine
    /// The flags of the processor: `e_flags`.
    public let flags: UInt32
    /// The address of the first instruction: `e_entry`.
    public let entry: UInt64
    /// Where the program headers begin in the file, in bytes: `e_phoff`.
    public let programHeaderOffset: UInt64
    /// The size of one program header, in bytes: `e_phentsize`.
    public let programHeaderSize: UInt16
    /// The number of program headers: `e_phnum`.
    public let programHeaderCount: UInt16

    public var target: ELFTarget {
        ELFTarget(machine: machine, elfClass: elfClass, byteOrder: byteOrder)
    }

    /// Reads the header from a file's first bytes.
    ///
    /// - Throws: `ELFError` `.notELF` for other files, `.truncated` for too few bytes, `.malformed` for a class, byte
    ///   order or version that does not exist.
    public init(prefix: some Collection<UInt8>) throws(ELFError) {
        let bytes = Array(prefix.prefix(Self.size))
        guard bytes.starts(with: Self.magic) else {
            throw ELFError(
                .notELF, reading: "the ELF magic number", expected: "7f 45 4c 46",
                found: bytes.isEmpty ? "nothing" : bytes.prefix(4).map(\.hexadecimal).joined(separator: " "))
        }
        guard bytes.count >= 16 else { throw Self.short(bytes.count, of: 16) }
        guard let elfClass = ELFClass(rawValue: bytes[4]) else {
            throw ELFError(.malformed, reading: "EI_CLASS", expected: "1 or 2", found: "\(bytes[4])")
        }
        guard let byteOrder = ELFByteOrder(rawValue: bytes[5]) else {
            throw ELFError(.malformed, reading: "EI_DATA", expected: "1 or 2", found: "\(bytes[5])")
        }
        guard bytes[6] == 1 else {
            throw ELFError(.malformed, reading: "EI_VERSION", expected: "1", found: "\(bytes[6])")
        }
        let fields = ELFFields(bytes: bytes, elfClass: elfClass, byteOrder: byteOrder)
        let wide = elfClass == .bits64
        guard bytes.count >= elfClass.headerSize,
            let type = fields.half(at: 16), let machine = fields.half(at: 18),
            let entry = fields.address(at: 24),
            let programHeaderOffset = fields.address(at: wide ? 32 : 28),
            let flags = fields.word(at: wide ? 48 : 36),
            let programHeaderSize = fields.half(at: wide ? 54 : 42),
            let programHeaderCount = fields.half(at: wide ? 56 : 44)
        else { throw Self.short(bytes.count, of: elfClass.headerSize) }
        self.elfClass = elfClass
        self.byteOrder = byteOrder
        self.osABI = ELFOSABI(rawValue: bytes[7])
        self.abiVersion = bytes[8]
        self.type = ELFType(rawValue: type)
        self.machine = ELFMachine(rawValue: machine)
        self.flags = flags
        self.entry = entry
        self.programHeaderOffset = programHeaderOffset
        self.programHeaderSize = programHeaderSize
        self.programHeaderCount = programHeaderCount
    }

    private static func short(_ count: Int, of size: Int) -> ELFError {
        ELFError(.truncated, reading: "the ELF header", expected: "\(size) bytes", found: "\(count) bytes")
    }
}
