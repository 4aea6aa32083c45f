/// Parses quantities of scenario files.
public enum Quantity {
    /// The longest duration in seconds: no step takes as long, and nothing overflows.
    private static let longest = 30.0 * 86_400

    /// `500ms`, `1.5s`, `5m`, `1h`; nil for anything else, for zero, and beyond 30 days.
    public static func duration(_ text: String) -> Duration? {
        let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
        let digits = text.dropLast(unit.suffix.count)
        guard digits.first?.isNumber == true, digits.allSatisfy({ $0.isNumber || $0 == "." }),
            let number = Double(digits), number > 0, number * unit.seconds <= longest
        else { return nil }
        return .seconds(number * unit.seconds)
    }

    /// `64KiB`, `256MiB`, `2GiB`.
    public static func bytes(_ text: String) -> UInt64? {
        let units: [(suffix: String, shift: UInt64)] = [("KiB", 10), ("MiB", 20), ("GiB", 30)]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let number = UInt64(text.dropLast(unit.suffix.count)), number > 0, number < 1 << 20
        else { return nil }
        return number << unit.shift
    }

    /// `6.7` as `[6, 7]`; a kernel release (`6.18.44-fc`) up to the first other character. Empty if there are no
    /// numbers.
    public static func version(_ text: String) -> [Int] {
        let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." }
        return digits.split(separator: ".").compactMap { Int($0) }
    }

    /// `8`, or `4/core`.
    public static func count(_ text: String, cores: Int) -> Int? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let number = Int(first), (1...100_000).contains(number) else { return nil }
        if parts.count == 1 { return number }
        return parts.count == 2 && parts[1] == "core" ? number * cores : nil
    }
}
