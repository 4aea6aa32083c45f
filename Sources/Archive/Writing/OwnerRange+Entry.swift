import Files

extension OwnerRange {
    /// Where there is one id, all files are its.
    ///
    /// - Returns: nil for an owner that the namespace does not have, as runtimes have it: as `nobody` he would own files of others.
    func shifted(owner: UInt32, group: UInt32) -> (user: UInt32, group: UInt32)? {
        if count == 1 { return (user, self.group) }
        guard owner < count, group < count else { return nil }
        return (user + owner, self.group + group)
    }

    /// A file capability of the old form means root of the whole machine: revision 3 names the root of a namespace.
    ///
    /// <https://man7.org/linux/man-pages/man7/capabilities.7.html>, "File capability extended attribute versioning"
    func capability(_ value: [UInt8]) -> [UInt8] {
        guard value.count == 20, value[3] == 2 else { return value }
        return value[..<3] + [3] + value[4...] + (0..<4).map { UInt8(truncatingIfNeeded: user >> (8 * $0)) }
    }
}
