import Findings
import Processes

extension StringProtocol {
    /// The text with some scalars replaced. By scalar, not by character: Swift takes `,` with a combining accent for
    /// another character, but every reader of the output sees a comma.
    func escaping(_ replacement: (Unicode.Scalar) -> String?) -> String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if let replaced = replacement(scalar) {
                for part in replaced.unicodeScalars { text.append(part) }
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }

    /// The printable text on one line.
    public var oneLine: String {
        // Most text is already one line of printable ASCII.
        if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return String(self) }
        return printable.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
    }

    /// At most `most` characters, with `…` in place of the rest.
    func shortened(to most: Int) -> String {
        guard let end = index(startIndex, offsetBy: most, limitedBy: endIndex), end < endIndex else {
            return String(self)
        }
        return self[..<end] + "…"
    }
}

extension Duration {
    /// `12.3 ms`, `4.2 s`.
    public var shown: String {
        let tenths = Int((milliseconds * 10).rounded())
        return tenths >= 10_000 ? "\(tenths / 10_000).\(tenths / 1000 % 10) s" : "\(tenths / 10).\(tenths % 10) ms"
    }

    /// Seconds with at most four decimals: `0.2147`.
    var seconds: String {
        let tenths = Int((milliseconds * 10).rounded())
        let digits = String(tenths % 10_000)
        let fraction = (String(repeating: "0", count: 4 - digits.count) + digits)
        let end = fraction.lastIndex { $0 != "0" }
        return "\(tenths / 10_000)" + (end.map { "." + fraction[...$0] } ?? "")
    }
}
