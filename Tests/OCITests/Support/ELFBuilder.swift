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
    var filtees: [ELFDynamic.Filtee] = []
    var neededVersions: [ELFVersionNeed] = []
    /// Versions that may be missing, of libraries that `neededVersions` names.
    var weakVersions: Set<String> = []
    var versions: [String] = []
    /// Bytes between the string table and the dynamic section.
    var padding = 0
    /// Bytes before the string table.
    var gap = 0

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
        entries += filtees.map { ($0.isOptional ? 0x7fff_fffd : 0x7fff_ffff, string($0.name)) }
        let needs = needsTable(string)
        let definitions = definitionsTable(string)
        let name: [UInt8] = interpreter.map { Array($0.utf8) + [0] } ?? []
        let symbolOffset = 64 + 56 * 4
        let hashOffset = symbolOffset + 24
        let nameOffset = hashOffset + 16
        let stringOffset = nameOffset + name.count + gap
        let versionOffset = (stringOffset + strings.count + 7) & ~7
        let tables = [UInt8](repeating: 0, count: 8) + needs + definitions
        let end = versionOffset + tables.count + padding
        let dynamicOffset = (end + 7) & ~7
        if tables.count > 8 { entries.append((0x6fff_fff0, UInt64(versionOffset))) }
        if !needs.isEmpty {
            entries += [(0x6fff_fffe, UInt64(versionOffset + 8)), (0x6fff_ffff, UInt64(neededVersions.count))]
        }
        if !definitions.isEmpty {
            entries += [
                (0x6fff_fffc, UInt64(versionOffset + 8 + needs.count)), (0x6fff_fffd, UInt64(versions.count)),
            ]
        }
        entries += [
            (4, UInt64(hashOffset)), (5, UInt64(stringOffset)), (6, UInt64(symbolOffset)), (10, UInt64(strings.count)),
            (11, 24), (0, 0),
        ]
        let dynamic = entries.flatMap { Self.little($0.0) + Self.little($0.1) }
        let size = dynamicOffset + dynamic.count

        var file = ELFHeader.synthetic(machine: machine, type: type)
        file[24] = 4
        file[32] = 64
        file[56] = 4
        file += Self.segment(1, offset: 0, size: size)
        file += Self.segment(interpreter == nil ? 0 : 3, offset: nameOffset, size: name.count)
        file += Self.segment(2, offset: dynamicOffset, size: dynamic.count)
        // The stack is not to be executable.
        file += Self.segment(0x6474_e551, offset: 0, size: 0)
        // No symbols: one bucket, one chain, the null symbol.
        file += [UInt8](repeating: 0, count: 24) + [1, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
        let beforeTables = [UInt8](repeating: 0, count: versionOffset - stringOffset - strings.count)
        let afterTables = [UInt8](repeating: 0, count: dynamicOffset - versionOffset - tables.count)
        return file + name + [UInt8](repeating: 0, count: gap) + strings + beforeTables + tables + afterTables + dynamic
    }

    /// `DT_VERNEED`: for each library a record, and behind it one for each version.
    private func needsTable(_ string: (String) -> UInt64) -> [UInt8] {
        var index: UInt64 = 16
        return neededVersions.enumerated().flatMap { number, need in
            let count = need.versions.count
            let next = number + 1 == neededVersions.count ? 0 : 16 * (1 + count)
            var bytes = Self.little(1, 2) + Self.little(UInt64(count), 2) + Self.little(string(need.library), 4)
            bytes += Self.little(16, 4) + Self.little(UInt64(next), 4)
            for (rank, version) in need.versions.enumerated() {
                index += 1
                bytes += Self.little(Self.hash(version), 4) + Self.little(weakVersions.contains(version) ? 2 : 0, 2)
                bytes += Self.little(index, 2) + Self.little(string(version), 4)
                bytes += Self.little(rank + 1 == count ? 0 : 16, 4)
            }
            return bytes
        }
    }

    /// `DT_VERDEF`: for each version a record with one name.
    private func definitionsTable(_ string: (String) -> UInt64) -> [UInt8] {
        versions.enumerated().flatMap { number, version in
            var bytes = Self.little(1, 2) + Self.little(number == 0 ? 1 : 0, 2) + Self.little(UInt64(number + 1), 2)
            bytes += Self.little(1, 2) + Self.little(Self.hash(version), 4) + Self.little(20, 4)
            bytes += Self.little(number + 1 == versions.count ? 0 : 28, 4)
            return bytes + Self.little(string(version), 4) + Self.little(0, 4)
        }
    }

    /// The hash of names in ELF, as `_dl_elf_hash` of glibc has it.
    private static func hash(_ name: String) -> UInt64 {
        var hash: UInt32 = 0
        for byte in name.utf8 {
            hash = hash << 4 &+ UInt32(byte)
            hash = (hash ^ (hash & 0xf000_0000) >> 24) & 0x0fff_ffff
        }
        return UInt64(hash)
    }

    private static func little(_ value: UInt64, _ size: Int) -> [UInt8] { Array(little(value).prefix(size)) }

    private static func segment(_ type: UInt32, offset: Int, size: Int) -> [UInt8] {
        let words = [offset, offset, offset, size, size, 0x10000].map { UInt64($0) }
        return little(UInt64(type)).prefix(4) + [6, 0, 0, 0] + words.flatMap { little($0) }
    }

    private static func little(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
