import ELF

/// Makes small ELF files with what dynamic linkers read. Real ones load them: they have an empty table of symbols, and a hash table.
struct ELFBuilder {
    var machine = ELFMachine.aarch64
    var type = ELFType.shared
    var interpreter: String?
    var needed: [String] = []
    var soname: String?
    var rpath: String?
    var runpath: String?
    /// `DT_FLAGS_1`.
    var flags: ELFDynamicFlags = []
    /// Bytes between the string table and the dynamic section.
    var padding = 0

    var bytes: [UInt8] {
        var strings: [UInt8] = [0]
        func string(_ text: String) -> UInt64 {
            defer { strings += Array(text.utf8) + [0] }
            return UInt64(strings.count)
        }
        var entries: [(UInt64, UInt64)] = needed.map { (1, string($0)) }
        if let soname { entries.append((14, string(soname))) }
        if let rpath { entries.append((15, string(rpath))) }
        if let runpath { entries.append((29, string(runpath))) }
        if !flags.isEmpty { entries.append((0x6fff_fffb, flags.rawValue)) }
        let name: [UInt8] = interpreter.map { Array($0.utf8) + [0] } ?? []
        let symbolOffset = 64 + 56 * 4
        let hashOffset = symbolOffset + 24
        let nameOffset = hashOffset + 16
        let stringOffset = nameOffset + name.count
        let end = stringOffset + strings.count + padding
        let dynamicOffset = (end + 7) & ~7
        entries += [
            (4, UInt64(hashOffset)), (5, UInt64(stringOffset)), (6, UInt64(symbolOffset)), (10, UInt64(strings.count)),
            (11, 24), (0, 0),
        ]
        let dynamic = entries.flatMap { Self.little($0.0) + Self.little($0.1) }
        let size = dynamicOffset + dynamic.count

        var file = ELFHeader.synthetic(machine: machine, type: type)
        file[24] = 1
        file[32] = 64
        file[56] = 4
        file += Self.segment(1, offset: 0, size: size)
        file += Self.segment(interpreter == nil ? 0 : 3, offset: nameOffset, size: name.count)
        file += Self.segment(2, offset: dynamicOffset, size: dynamic.count)
        // The stack is not to be executable.
        file += Self.segment(0x6474_e551, offset: 0, size: 0)
        // No symbols: one bucket, one chain, the null symbol.
        file += [UInt8](repeating: 0, count: 24) + [1, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
        return file + name + strings + [UInt8](repeating: 0, count: dynamicOffset - stringOffset - strings.count)
            + dynamic
    }

    private static func segment(_ type: UInt32, offset: Int, size: Int) -> [UInt8] {
        let words = [offset, offset, offset, size, size, 0x10000].map { UInt64($0) }
        return little(UInt64(type)).prefix(4) + [6, 0, 0, 0] + words.flatMap { little($0) }
    }

    private static func little(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
