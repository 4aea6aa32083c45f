import Files
import Glibc

/// Ranges of user and group ids outside a user namespace. Inside, both begin at 0.
public struct IdentityRange: Sendable, Equatable {
    public var uid, gid: UInt32
    /// How many ids each range has.
    public var count: UInt32

    /// How many ids distributions give to each user. `nobody`, 65534, is among them.
    static let usual: UInt32 = 65536

    /// Picks a range in which no user of this machine has an id.
    ///
    /// Takes one of root's in `/etc/subuid` and `/etc/subgid`; else a free one, as systemd-nspawn picks it; else, if
    /// this process has few ids, its longest run of them. Picks at random, so that two runs side by side differ.
    ///
    /// - Returns: nil if this process has no id but its own.
    public static func pick() -> IdentityRange? {
        let owned = (uids: map("/proc/self/uid_map"), gids: map("/proc/self/gid_map"))
        let subordinate = (uids: ranges("/etc/subuid"), gids: ranges("/etc/subgid"))
        let taken = (
            uids: accounts("/etc/passwd", field: 2) + accounts("/etc/passwd", field: 3),
            gids: accounts("/etc/group", field: 2)
        )
        return pick(owned: owned, subordinate: subordinate, taken: taken) { UInt32.random(in: 0..<$0) }
    }

    /// - Parameter random: returns a number below its argument.
    static func pick(
        owned: (uids: [Range<UInt32>], gids: [Range<UInt32>]),
        subordinate: (uids: [(owner: String, ids: Range<UInt32>)], gids: [(owner: String, ids: Range<UInt32>)]),
        taken: (uids: [UInt32], gids: [UInt32]), random: (UInt32) -> UInt32
    ) -> IdentityRange? {
        let used = ([0] + taken.uids + taken.gids).map { $0..<($0 == .max ? $0 : $0 + 1) }
        func roots(_ ranges: [(owner: String, ids: Range<UInt32>)], in owned: [Range<UInt32>]) -> Range<UInt32>? {
            ranges.first { range in
                ["root", "0"].contains(range.owner) && range.ids.count > 1
                    && owned.contains { $0.contains(range.ids) } && !used.contains { $0.overlaps(range.ids) }
            }?.ids
        }
        if let uids = roots(subordinate.uids, in: owned.uids), let gids = roots(subordinate.gids, in: owned.gids) {
            let slices = UInt32(min(uids.count, gids.count)) / usual
            let offset = slices > 1 ? random(slices) * usual : 0
            return IdentityRange(
                uid: uids.lowerBound + offset, gid: gids.lowerBound + offset,
                count: min(usual, UInt32(min(uids.count, gids.count))))
        }
        let others = used + (subordinate.uids + subordinate.gids).map(\.ids)
        func isFree(_ ids: Range<UInt32>) -> Bool {
            owned.uids.contains { $0.contains(ids) } && owned.gids.contains { $0.contains(ids) }
                && !others.contains { $0.overlaps(ids) }
        }
        // Between 0x00080000 and 0x6fff0000: users are below, and above it some tools read numbers as negative.
        let (first, places) = (UInt32(0x8_0000), UInt32(0x6fff - 0x8 + 1))
        let start = random(places)
        for step in 0..<min(places, 512) {
            let base = first + (start + step) % places * usual
            if isFree(base..<base + usual) { return IdentityRange(uid: base, gid: base, count: usual) }
        }
        return largest(owned.uids, owned.gids, without: others)
    }

    /// The longest run of ids that are both users' and groups', and that nobody has.
    private static func largest(
        _ uids: [Range<UInt32>], _ gids: [Range<UInt32>], without others: [Range<UInt32>]
    ) -> IdentityRange? {
        var gaps = uids.flatMap { own in gids.map { $0.clamped(to: own) } }
        for other in others {
            gaps = gaps.flatMap { gap in
                gap.overlaps(other)
                    ? [
                        gap.lowerBound..<max(gap.lowerBound, other.lowerBound),
                        min(gap.upperBound, other.upperBound)..<gap.upperBound,
                    ] : [gap]
            }
        }
        guard let widest = gaps.max(by: { $0.count < $1.count }), !widest.isEmpty else { return nil }
        return IdentityRange(
            uid: widest.lowerBound, gid: widest.lowerBound, count: min(usual, UInt32(clamping: widest.count)))
    }

    /// Whether this process's user and group have a number in its user namespace: to one that has none the kernel gives no
    /// further namespace (EPERM of unshare(2)). Taken for granted where /proc does not tell.
    public static var hasCaller: Bool {
        [("/proc/self/uid_map", geteuid()), ("/proc/self/gid_map", getegid())].allSatisfy { path, id in
            access(path, R_OK) != 0 || map(path).contains { $0.contains(id) }
        }
    }

    /// The ids of this process's user namespace. <https://man7.org/linux/man-pages/man7/user_namespaces.7.html>
    private static func map(_ path: String) -> [Range<UInt32>] {
        lines(path).compactMap { line in
            let numbers = line.split(separator: " ").compactMap { UInt32($0) }
            return numbers.count == 3 ? range(numbers[0], numbers[2]) : nil
        }
    }

    /// Reads lines `NAME:FIRST:COUNT`, see subuid(5).
    private static func ranges(_ path: String) -> [(owner: String, ids: Range<UInt32>)] {
        lines(path).compactMap { line in
            let fields = line.split(separator: ":")
            guard fields.count == 3, let first = UInt32(fields[1]), let count = UInt32(fields[2]) else { return nil }
            return (String(fields[0]), range(first, count))
        }
    }

    private static func accounts(_ path: String, field: Int) -> [UInt32] {
        lines(path).compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            return fields.count > field ? UInt32(fields[field]) : nil
        }
    }

    private static func range(_ first: UInt32, _ count: UInt32) -> Range<UInt32> {
        first..<(first > .max - count ? .max : first + count)
    }

    private static func lines(_ path: String) -> [Substring] {
        guard let bytes = try? WholeFile.read(path, limit: 4 << 20) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}
