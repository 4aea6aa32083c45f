import ELF

/// Makes small ELF files with what dynamic linkers read.
struct ELFBuilder {
    var machine = ELFMachine.aarch64
    var interpreter: String?
    var needed: [String] = []
    var soname: String?
    var rpath: String?
    var runpath: String?
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
        let name: [UInt8] = interpreter.map { Array($0.utf8) + [0] } ?? []
        let nameOffset = 64 + 56 * 3
        let stringOffset = nameOffset + name.count
        let dynamicOffset = stringOffset + strings.count + padding
        entries += [(5, UInt64(stringOffset)), (10, UInt64(strings.count)), (0, 0)]
        let dynamic = entries.flatMap { Self.little($0.0) + Self.little($0.1) }
        let size = dynamicOffset + dynamic.count

        var file = ELFHeader.synthetic(machine: machine, type: .shared)
        file[24] = 1
        file[32] = 64
        file[56] = 3
        file += Self.segment(1, offset: 0, size: size)
        file += Self.segment(interpreter == nil ? 0 : 3, offset: nameOffset, size: name.count)
        file += Self.segment(2, offset: dynamicOffset, size: dynamic.count)
        return file + name + strings + [UInt8](repeating: 0, count: padding) + dynamic
    }

    private static func segment(_ type: UInt32, offset: Int, size: Int) -> [UInt8] {
        let words = [offset, offset, offset, size, size, 0x10000].map { UInt64($0) }
        return little(UInt64(type)).prefix(4) + [4, 0, 0, 0] + words.flatMap { little($0) }
    }

    private static func little(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
