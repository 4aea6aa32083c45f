/// `/etc/ld.so.cache`: `ldconfig` writes there where libraries are, and glibc's dynamic linker searches it.
///
/// Reads three forms, as glibc does: the new form, the old form of `ld.so-1.7.0`, and the new form after the old. If
/// the file is damaged, names are not found, as in glibc.
///
/// Source: <https://sourceware.org/git/?p=glibc.git;a=blob;f=sysdeps/generic/dl-cache.h>,
/// <https://sourceware.org/git/?p=glibc.git;a=blob;f=elf/dl-cache.c>, `search_cache`
struct LibraryCache: Sendable {
    private static let oldMagic = Array("ld.so-1.7.0".utf8)
    private static let newMagic = Array("glibc-ld.so.cache1.1".utf8)
    private static let oldHeader = 16
    private static let newHeader = 48
    private static let oldEntry = 12
    private static let newEntry = 24
    private static let extensionMagic: UInt64 = 0xeaa4_2174
    /// The only bit that entries of `glibc-hwcaps` directories have in `hwcap`, besides the lower half and the ten bits
    /// of levels.
    private static let extensionBit: UInt64 = 1 << 62
    private static let levels: UInt64 = 0x3ff << 32
    /// A library in a directory `tls`, for linkers before glibc 2.37.
    private static let threadLocal: UInt64 = 1 << 63

    private let bytes: [UInt8]
    private let isBig: Bool
    /// Where the entries begin, how many there are, and the size of each in bytes.
    private let entries: (start: Int, count: Int, size: Int)
    /// Where offsets of texts count from.
    private let texts: Int
    /// The ranks of the `glibc-hwcaps` directories, by their index in the file. 0: not usable; else lower is better.
    private let priorities: [Int]

    /// - Parameters:
    ///   - isBig: whether the machine, and so the file, is big-endian.
    ///   - capabilities: the `glibc-hwcaps` directories that are searched, the best first.
    /// - Returns: nil for a file that glibc ignores.
    init?(_ bytes: [UInt8], isBig: Bool, capabilities: [String]) {
        self.bytes = bytes
        self.isBig = isBig
        func word(_ offset: Int) -> Int? { Self.integer(bytes, offset, 4, isBig: isBig).map(Int.init) }
        var start = 0
        if bytes.starts(with: Self.newMagic) {
            guard bytes.count > Self.newHeader else { return nil }
        } else {
            guard bytes.starts(with: Self.oldMagic), bytes.count > Self.oldHeader, let count = word(12),
                count <= (bytes.count - Self.oldHeader) / Self.oldEntry
            else { return nil }
            let end = Self.oldHeader + count * Self.oldEntry
            // The new form is aligned to eight bytes.
            start = (end + 7) & ~7
            guard start <= bytes.count - Self.newHeader, bytes[start...].starts(with: Self.newMagic) else {
                entries = (Self.oldHeader, count, Self.oldEntry)
                texts = end
                priorities = []
                return
            }
        }
        guard let count = word(start + 20), count <= (bytes.count - start - Self.newHeader) / Self.newEntry,
            bytes[start + 28] == 0 || bytes[start + 28] & 3 == (isBig ? 3 : 2)
        else { return nil }
        entries = (start + Self.newHeader, count, Self.newEntry)
        texts = start
        priorities = Self.priorities(bytes, header: start, isBig: isBig, capabilities)
    }

    /// The path of a library; nil if the cache has none that the linker takes.
    ///
    /// - Parameters:
    ///   - flags: what the linker takes.
    ///   - takesThreadLocal: whether the linker is older than glibc 2.37.
    func path(of name: String, flags: CacheFlags, takesThreadLocal: Bool) -> String? {
        let name = Array(name.utf8)
        guard let first = firstEntry(name) else { return nil }
        var best: (path: String, priority: Int)?
        for index in first..<entries.count {
            guard let key = text(index, 4), index == first || Self.compare(name, key) == 0 else { break }
            guard flags.take(field(index, 0, 4) ?? 0), let value = text(index, 8) else { continue }
            let path = String(decoding: value, as: UTF8.self)
            guard entries.size == Self.newEntry else {
                best = (path, 0)
                if flags.isOwn(field(index, 0, 4) ?? 0) { break }
                continue
            }
            let hwcap = field(index, 16, 8) ?? 0
            guard hwcap & ~(Self.levels | 0xffff_ffff) == Self.extensionBit else {
                // Better entries come first.
                if best != nil { break }
                guard hwcap == 0 || (takesThreadLocal && hwcap == Self.threadLocal) else { continue }
                best = (path, 0)
                if flags.isOwn(field(index, 0, 4) ?? 0) { break }
                continue
            }
            let word = Int(truncatingIfNeeded: hwcap & 0xffff_ffff)
            let priority = priorities.indices.contains(word) ? priorities[word] : 0
            if priority > 0, best == nil || priority < best?.priority ?? 0 { best = (path, priority) }
        }
        return best?.path
    }

    /// The first entry of a name. Entries are sorted, the greatest name first.
    private func firstEntry(_ name: [UInt8]) -> Int? {
        var left = 0
        var right = entries.count - 1
        while left <= right {
            let middle = (left + right) / 2
            guard let key = text(middle, 4) else { return nil }
            let order = Self.compare(name, key)
            if order == 0 {
                var first = middle
                while first > 0, let before = text(first - 1, 4), Self.compare(name, before) == 0 { first -= 1 }
                return first
            }
            if order < 0 { left = middle + 1 } else { right = middle - 1 }
        }
        return nil
    }

    /// The text at the offset in an entry's field; nil if it is outside the file.
    private func text(_ index: Int, _ offset: Int) -> ArraySlice<UInt8>? {
        guard let place = field(index, offset, 4), place < bytes.count - texts else { return nil }
        return bytes[(texts + Int(place))...].prefix { $0 != 0 }
    }

    private func field(_ index: Int, _ offset: Int, _ size: Int) -> UInt64? {
        Self.integer(bytes, entries.start + index * entries.size + offset, size, isBig: isBig)
    }

    /// Compares names as `_dl_cache_libcmp` does: digits count as numbers, so that `libc.so.10` comes after
    /// `libc.so.9`.
    static func compare(_ left: [UInt8], _ right: ArraySlice<UInt8>) -> Int {
        var left = left[...]
        var right = right
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 >= 0x30 && $0 <= 0x39 } ?? false }
        func number(_ text: inout ArraySlice<UInt8>) -> Int32 {
            var value: Int32 = 0
            while let byte = text.first, isDigit(byte) {
                value = value &* 10 &+ Int32(byte) &- 0x30
                text.removeFirst()
            }
            return value
        }
        while let first = left.first {
            if isDigit(first) {
                guard isDigit(right.first) else { return 1 }
                let (one, other) = (number(&left), number(&right))
                if one != other { return Int(one &- other) }
            } else if isDigit(right.first) {
                return -1
            } else if first != right.first {
                // As `char` compares on AArch64 and x86, except beyond ASCII.
                return Int(first) - Int(right.first ?? 0)
            } else {
                left.removeFirst()
                right.removeFirst()
            }
        }
        return right.isEmpty ? 0 : -1
    }

    /// The ranks of the directories that the extension lists, in the order of the file.
    private static func priorities(
        _ bytes: [UInt8], header: Int, isBig: Bool, _ capabilities: [String]
    ) -> [Int] {
        func word(_ offset: Int) -> Int? { integer(bytes, offset, 4, isBig: isBig).map(Int.init) }
        // Offsets in the extension, and those of its texts, count from the beginning of the file.
        guard !capabilities.isEmpty, let start = word(header + 32), start > 0, start % 4 == 0,
            integer(bytes, start, 4, isBig: isBig) == extensionMagic, let count = word(start + 4),
            count <= (bytes.count - start - 8) / 16
        else { return [] }
        var section: (offset: Int, size: Int)?
        for index in 0..<count {
            let place = start + 8 + index * 16
            guard let tag = word(place), let offset = word(place + 8), let size = word(place + 12),
                offset + size <= bytes.count
            else { return [] }
            if tag == 1 { section = (offset, size) }
        }
        guard let section, section.size % 4 == 0, section.offset % 4 == 0 else { return [] }
        return (0..<section.size / 4).map { index in
            guard let place = word(section.offset + index * 4), place < bytes.count else { return 0 }
            let name = String(decoding: bytes[place...].prefix(256).prefix { $0 != 0 }, as: UTF8.self)
            return capabilities.firstIndex(of: name).map { $0 + 1 } ?? 0
        }
    }

    private static func integer(_ bytes: [UInt8], _ offset: Int, _ size: Int, isBig: Bool) -> UInt64? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        var value: UInt64 = 0
        for index in 0..<size { value = value << 8 | UInt64(bytes[isBig ? offset + index : offset + size - 1 - index]) }
        return value
    }
}

/// The entries of a cache that a linker takes. Each entry has flags for the kind of linker that its library is for.
///
/// Source: <https://sourceware.org/git/?p=glibc.git;a=blob;f=sysdeps/generic/ldconfig.h>
struct CacheFlags: Sendable, Equatable {
    /// The flags of the linker's own kind. Nil if they are not known here: then it takes any library for glibc.
    private let own: UInt64?

    init(architecture: String?) {
        own = architecture.flatMap { GlibcArchitecture.cacheFlags[$0] }
    }

    func isOwn(_ flags: UInt64) -> Bool { own.map { $0 == flags } ?? (flags & 0xff == 3) }

    func take(_ flags: UInt64) -> Bool { isOwn(flags) || (own == 3 && flags == 1) || (own == nil && flags & 0xff == 1) }
}
