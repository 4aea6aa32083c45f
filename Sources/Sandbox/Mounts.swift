import Files
import Glibc
public import SystemPackage

/// Mounts that a run left below its directory.
public enum Mounts {
    /// Detaches all mounts below the directory of a run that was killed. An ordinary user has none there.
    ///
    /// - Returns: whether no mount is left there.
    public static func release(below directory: FilePath) -> Bool {
        // Each round shows the mounts that the last one uncovered.
        for _ in 0..<16 {
            let places = points(below: directory)
            if places.isEmpty { return true }
            for place in places.reversed() where umount2(place, detach | noFollow) != 0 { return false }
        }
        return false
    }

    /// `MNT_DETACH` and `UMOUNT_NOFOLLOW` of umount(2).
    private static let (detach, noFollow): (Int32, Int32) = (2, 8)

    /// The mount points below a directory, in the order of mounting.
    private static func points(below directory: FilePath) -> [String] {
        let text = (try? WholeFile.read("/proc/self/mountinfo", limit: 16 << 20, heedsStop: false)) ?? []
        // The kernel writes a blank in a path as `\040`.
        let prefix =
            directory.string.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "\\040") + "/"
        return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 5).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard words.count > 4, words[4].hasPrefix(prefix) else { return nil }
            return words[4].split(separator: "\\040", omittingEmptySubsequences: false).joined(separator: " ")
        }
    }
}
