/// The notes that name the system of a program.
///
/// Source: <https://www.netbsd.org/docs/kernel/elf-notes.html>, <https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/noteabitag.html>
public enum ELFNotes {
    private static let gnuSystems: [UInt32: String] = [1: "GNU Hurd", 2: "Solaris", 3: "FreeBSD"]
    private static let systems: Set = ["FreeBSD", "NetBSD", "OpenBSD", "DragonFly"]

    /// The systems other than Linux that the notes of a `PT_NOTE` segment name.
    ///
    /// - Parameter alignment: the segment's, in bytes. Notes are padded to 8 bytes if it is 8, else to 4.
    public static func systems(in bytes: [UInt8], alignment: UInt64, header: ELFHeader) -> Set<String> {
        let fields = ELFFields(bytes: bytes, elfClass: header.elfClass, byteOrder: header.byteOrder)
        let unit = alignment == 8 ? 8 : 4
        func padded(_ size: UInt32) -> Int { (Int(size) + unit - 1) / unit * unit }
        var found: Set<String> = []
        var offset = 0
        while let nameSize = fields.word(at: offset), let size = fields.word(at: offset + 4),
            let type = fields.word(at: offset + 8)
        {
            let start = offset + 12
            let contents = start + padded(nameSize)
            offset = contents + padded(size)
            guard type == 1, nameSize > 0, start + Int(nameSize) <= bytes.count else { continue }
            let name = String(decoding: bytes[start..<start + Int(nameSize)].prefix { $0 != 0 }, as: UTF8.self)
            if systems.contains(name) { found.insert(name) }
            if name == "GNU", let system = fields.word(at: contents).flatMap({ gnuSystems[$0] }) {
                found.insert(system)
            }
        }
        return found
    }
}
