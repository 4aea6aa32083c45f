/// Tells arguments that arrived moved by one from what else may have gone wrong with `exec.argv0`.
enum ArgumentShift {
    /// Whether a list is the other, with one more before it or without its first.
    ///
    /// - Parameters:
    ///   - expected: the arguments that were passed, `argv[0]` first, separated by bars, as the probe prints them.
    ///   - seen: what arrived, in the same form. Its end may be cut off.
    static func isShift(expected: String, seen: String) -> Bool {
        let (passed, arrived) = (words(expected), words(seen))
        guard passed.count > 2 else { return false }
        return arrived.starts(with: passed[1...2]) || arrived.dropFirst().starts(with: passed[0...1])
    }

    private static func words(_ list: String) -> [Substring] {
        list.split(separator: "|", omittingEmptySubsequences: false)
    }
}
