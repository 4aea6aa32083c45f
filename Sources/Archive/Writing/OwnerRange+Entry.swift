import Files

extension OwnerRange {
    /// If the range has one id, it owns all files.
    ///
    /// - Returns: nil for an owner outside the namespace, which runtimes refuse too: as `nobody` it would own others'
    ///   files.
    func shifted(owner: UInt32, group: UInt32) -> (user: UInt32, group: UInt32)? {
        if count == 1 { return (user, self.group) }
        guard owner < count, group < count else { return nil }
        return (user + owner, self.group + group)
    }

    /// Converts a file capability of revision 2, which means root of the whole machine, to revision 3, which names the
    /// root of a namespace.
    ///
    /// <https://man7.org/linux/man-pages/man7/capabilities.7.html>, "File capability extended attribute versioning"
    func capability(_ value: [UInt8]) -> [UInt8] {
        guard value.count == 20, value[3] == 2 else { return value }
        return value[..<3] + [3] + value[4...] + (0..<4).map { UInt8(truncatingIfNeeded: user >> (8 * $0)) }
    }
}
