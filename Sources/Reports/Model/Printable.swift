import Findings

extension StringProtocol {
    /// The text with characters that steer terminals, and that XML forbids, made visible: an escape becomes ␛. Line ends and
    /// tabs stay; so does everything else that can be seen.
    public var printable: String {
        guard unicodeScalars.contains(where: { $0.replacement != nil }) else { return String(self) }
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars { text.append(scalar.replacement ?? scalar) }
        return String(text)
    }

    /// The text with some characters replaced. By scalar, because `,` with a combining accent is another character to Swift,
    /// and a comma to everybody who reads what is written here.
    func escaping(_ replacement: (Unicode.Scalar) -> String?) -> String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if let replaced = replacement(scalar) {
                text.append(contentsOf: replaced.unicodeScalars)
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }

    /// The printable text on one line.
    public var oneLine: String {
        printable.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
    }

    /// At most so many characters, with a mark where something was left out.
    func shortened(to most: Int) -> String {
        guard let end = index(startIndex, offsetBy: most, limitedBy: endIndex), end < endIndex else {
            return String(self)
        }
        return self[..<end] + "…"
    }
}

extension Unicode.Scalar {
    /// What is shown in place of a character that must not get through; nil for all others.
    fileprivate var replacement: Unicode.Scalar? {
        switch value {
        case 0x09, 0x0a: nil
        // U+2400 and on: "SYMBOL FOR NULL" and so on.
        case 0..<0x20: Unicode.Scalar(0x2400 + value)
        case 0x7f: "\u{2421}"
        // C1 controls, marks that turn the direction of writing, and what is no character.
        case 0x80...0x9f, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfffe, 0xffff: "\u{fffd}"
        default: nil
        }
    }
}

extension Duration {
    /// `12.3 ms`, `4.2 s`.
    public var shown: String {
        let tenths = Int((milliseconds * 10).rounded())
        return tenths >= 10_000 ? "\(tenths / 10_000).\(tenths / 1000 % 10) s" : "\(tenths / 10).\(tenths % 10) ms"
    }

    /// Seconds with at most four decimals, as a number in text: `0.2147`.
    var seconds: String {
        let tenths = Int((milliseconds * 10).rounded())
        let digits = String(tenths % 10_000)
        let fraction = (String(repeating: "0", count: 4 - digits.count) + digits)
        let end = fraction.lastIndex { $0 != "0" }
        return "\(tenths / 10_000)" + (end.map { "." + fraction[...$0] } ?? "")
    }
}
