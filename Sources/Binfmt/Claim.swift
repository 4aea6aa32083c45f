import ELF

/// A kind of AArch64 program, as far as an entry's magic can tell one from another.
public struct AArch64Shape: Sendable, Equatable {
    /// `ET_EXEC, System V`
    public var name: String
    /// What a program of this kind begins with.
    public var header: [UInt8]

    /// Every kind that a working handler must take: fixed and position-independent, of System V and of GNU.
    public static let all: [AArch64Shape] = [
        ("ET_EXEC", ELFType.executable), ("ET_DYN", .shared),
    ].flatMap { type in
        [ELFOSABI.systemV, .gnu].map { abi in
            AArch64Shape(name: "\(type.0), \(abi)", header: ELFHeader.synthetic(type: type.1, osABI: abi))
        }
    }
}

extension Handler {
    /// The kinds of AArch64 programs that its magic and mask match, were it enabled and the only entry.
    public var aarch64Shapes: [AArch64Shape] { AArch64Shape.all.filter { matches($0.header) } }

    /// What it takes, in words: `AArch64`, another machine's name, `any ELF file`, `files called *.jar`.
    public var takes: String {
        let shapes = aarch64Shapes
        if !shapes.isEmpty {
            let broad = matches(ELFHeader.synthetic(machine: .amd64)) ? ", and this host's own programs" : ""
            guard shapes.count < AArch64Shape.all.count else { return "AArch64\(broad)" }
            return "AArch64, only \(shapes.map(\.name).joined(separator: "; "))\(broad)"
        }
        switch recognition {
        case .unknown: return "unknown"
        case .fileExtension(let text): return "files called *.\(text)"
        case .magic(let offset, let magic, let mask): return Self.words(offset, magic, mask)
        }
    }

    private static func words(_ offset: Int, _ magic: [UInt8], _ mask: [UInt8]) -> String {
        guard offset == 0, magic.starts(with: ELFHeader.magic) else {
            let printable = magic.allSatisfy { (0x20..<0x7f).contains($0) }
            let text = printable ? "\"\(String(decoding: magic, as: UTF8.self))\"" : Handler.escaped(magic)
            return "files with \(text) at \(offset)"
        }
        // e_machine is read only where the mask looks at all of it.
        guard magic.count >= 20, mask.count >= 20, mask[18] == 0xff, mask[19] == 0xff,
            let order = ELFByteOrder(rawValue: magic[5]),
            let size = ELFClass(rawValue: magic[4])
        else { return "any ELF file" }
        let (low, high) = order == .little ? (magic[18], magic[19]) : (magic[19], magic[18])
        let machine = ELFMachine(rawValue: UInt16(high) << 8 | UInt16(low))
        return "\(ELFTarget(machine: machine, elfClass: size, byteOrder: order))"
    }
}

extension Registry {
    /// The entry that takes each kind of AArch64 program, as the kernel chooses.
    public var aarch64Winners: [(shape: AArch64Shape, handler: Handler)] {
        AArch64Shape.all.compactMap { shape in handler(for: shape.header).map { (shape, $0) } }
    }

    /// Enabled entries whose magic matches some AArch64 program, newest first: the first of them wins.
    public var aarch64Takers: [Handler] {
        state == .enabled ? handlers.filter { $0.enabled && !$0.aarch64Shapes.isEmpty } : []
    }
}
