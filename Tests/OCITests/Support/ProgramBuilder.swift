import ELF

/// Makes programs of one segment, for any machine, with what the kernel looks at.
struct ProgramBuilder {
    var target = ELFTarget.arm64
    var type = ELFType.executable
    var osABI = ELFOSABI.systemV
    /// Segments that are loaded.
    var segments = 1
    var alignment: UInt64 = 0x10000
    /// From the segment's first address.
    var entry: UInt64 = 0
    /// The contents of a `PT_NOTE` segment.
    var note: [UInt8] = []

    private static let base: UInt64 = 0x10000

    var bytes: [UInt8] {
        let wide = target.elfClass == .bits64
        var file = ELFHeader.synthetic(
            machine: target.machine, type: type, osABI: osABI, elfClass: target.elfClass, byteOrder: target.byteOrder)
        let header = target.elfClass.headerSize
        let count = segments + (note.isEmpty ? 0 : 1)
        let notes = header + count * (wide ? 56 : 32)
        let size = notes + note.count + 16
        file = Array(file.prefix(header))
        func store(_ value: UInt64, _ size: Int, at offset: Int) {
            for index in 0..<size {
                let place = target.byteOrder == .little ? offset + index : offset + size - 1 - index
                file[place] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
            }
        }
        let word = wide ? 8 : 4
        store(Self.base + entry, word, at: 24)
        store(UInt64(header), word, at: wide ? 32 : 28)
        store(UInt64(count), 2, at: wide ? 56 : 44)
        file += [UInt8](repeating: 0, count: size - header)
        for index in 0..<count {
            let start = header + index * (wide ? 56 : 32)
            let isNote = index == segments
            store(isNote ? 4 : 1, 4, at: start)
            let offset = isNote ? UInt64(notes) : 0
            let length = UInt64(isNote ? note.count : size)
            store(offset, word, at: start + (wide ? 8 : 4))
            store(Self.base + offset, word, at: start + (wide ? 16 : 8))
            store(length, word, at: start + (wide ? 32 : 16))
            store(length, word, at: start + (wide ? 40 : 20))
            store(isNote ? 4 : alignment, word, at: start + (wide ? 48 : 28))
        }
        file.replaceSubrange(notes..<notes + note.count, with: note)
        return file
    }
}
