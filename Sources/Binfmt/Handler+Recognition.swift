import ELF

extension Handler.Recognition: CustomStringConvertible {
    /// What is recognised, for people: a machine's programs, `any ELF file`, `files called *.jar`.
    public var description: String {
        switch self {
        case .unknown: "unknown"
        case .fileExtension(let text): "files called *.\(text)"
        case .magic(let offset, let magic, let mask): Self.words(offset, magic, mask)
        }
    }

    private static func words(_ offset: Int, _ magic: [UInt8], _ mask: [UInt8]) -> String {
        guard offset == 0, magic.starts(with: ELFHeader.magic) else {
            let printable = magic.allSatisfy { (0x20..<0x7f).contains($0) }
            let text = printable ? "\"\(String(decoding: magic, as: UTF8.self))\"" : Handler.escaped(magic)
            return "files with \(text) at \(offset)"
        }
        // The machine is known only if the mask covers all of e_machine.
        guard magic.count >= 20, mask.count >= 20, mask[18] == 0xff, mask[19] == 0xff,
            let order = ELFByteOrder(rawValue: magic[5]),
            let size = ELFClass(rawValue: magic[4])
        else { return "any ELF file" }
        let (low, high) = order == .little ? (magic[18], magic[19]) : (magic[19], magic[18])
        let machine = ELFMachine(rawValue: UInt16(high) << 8 | UInt16(low))
        return "\(ELFTarget(machine: machine, elfClass: size, byteOrder: order))"
    }
}
