extension ELFHeader {
    /// The 64 bytes that a program for `machine` begins with; everything that differs between programs is zero. The
    /// kernel's binfmt_misc compares these bytes with its entries' magic numbers to find the entry for a program.
    ///
    /// - Parameters:
    ///   - type: `ET_EXEC`, or `ET_DYN` for position-independent programs.
    ///   - osABI: `gnu` for static glibc programs, `systemV` for others.
    ///   - abiVersion: zero, except in odd files such as AppImages.
    ///   - elfClass: the size of addresses.
    ///   - byteOrder: the order of bytes.
    ///
    /// Source: <https://docs.kernel.org/admin-guide/binfmt-misc.html>
    public static func synthetic(
        machine: ELFMachine, type: ELFType = .executable, osABI: ELFOSABI = .systemV, abiVersion: UInt8 = 0,
        elfClass: ELFClass = .bits64, byteOrder: ELFByteOrder = .little
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        bytes.replaceSubrange(0..<4, with: magic)
        bytes[4] = elfClass.rawValue
        bytes[5] = byteOrder.rawValue
        bytes[6] = 1
        bytes[7] = osABI.rawValue
        bytes[8] = abiVersion
        store(type.rawValue, byteOrder, in: &bytes, at: 16)
        store(machine.rawValue, byteOrder, in: &bytes, at: 18)
        bytes[byteOrder == .little ? 20 : 23] = 1
        let wide = elfClass == .bits64
        store(UInt16(elfClass.headerSize), byteOrder, in: &bytes, at: wide ? 52 : 40)
        store(wide ? 56 : 32, byteOrder, in: &bytes, at: wide ? 54 : 42)
        return bytes
    }

    private static func store(_ value: UInt16, _ order: ELFByteOrder, in bytes: inout [UInt8], at offset: Int) {
        bytes[offset + (order == .little ? 0 : 1)] = UInt8(truncatingIfNeeded: value)
        bytes[offset + (order == .little ? 1 : 0)] = UInt8(truncatingIfNeeded: value >> 8)
    }
}
