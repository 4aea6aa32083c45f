extension StringProtocol {
    /// Whether the first two numbers in it are before a version's: in `Linux 5.10.0-32-amd64` they are 5 and 10. False for
    /// a text without two.
    public func isVersion(before major: Int, _ minor: Int = 0) -> Bool {
        let numbers = split(maxSplits: 3) { !$0.isASCII || !$0.isNumber }.prefix(2).compactMap { Int($0) }
        return numbers.count == 2 && (numbers[0], numbers[1]) < (major, minor)
    }
}
