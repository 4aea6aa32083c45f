extension StringProtocol {
    /// The text with hidden characters replaced by visible ones: control characters, bidirectional controls, invisible
    /// characters, and those that XML forbids. An escape becomes ␛, a character without a sign of its own �. Line ends,
    /// tabs and visible characters stay.
    public var printable: String { replacingHidden { String($0.sign) } }

    /// The text with each hidden scalar replaced.
    func replacingHidden(_ replacement: (Unicode.Scalar) -> String) -> String {
        // Most text is printable ASCII.
        if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f || $0 == 0x0a || $0 == 0x09 }) { return String(self) }
        let scalars = Array(unicodeScalars)
        let hidden = scalars.indices.filter { index in
            let before = index > 0 ? scalars[index - 1] : nil
            let after = index + 1 < scalars.count ? scalars[index + 1] : nil
            return scalars[index].isHidden(after: before, before: after)
        }
        return hidden.isEmpty ? String(self) : scalars.text(replacing: hidden, replacement)
    }
}

extension [Unicode.Scalar] {
    /// The scalars as a text, with those at `places` (ascending indices) replaced.
    func text(replacing places: [Int], _ replacement: (Unicode.Scalar) -> String) -> String {
        var text = String.UnicodeScalarView()
        var rest = places[...]
        for (index, scalar) in enumerated() {
            if rest.first == index {
                rest.removeFirst()
                // `append(contentsOf:)` counts the whole text each time, so append one by one.
                for part in replacement(scalar).unicodeScalars { text.append(part) }
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }
}

extension Unicode.Scalar {
    /// Whether the scalar is invisible or changes its neighbours. Parts of an emoji count as visible.
    ///
    /// Specification: <https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point>,
    /// <https://www.unicode.org/reports/tr51/#def_emoji_zwj_sequence>.
    fileprivate func isHidden(after before: Unicode.Scalar?, before after: Unicode.Scalar?) -> Bool {
        switch value {
        case 0x09, 0x0a: return false
        case 0..<0x20, 0x7f..<0xa0: return true
        case 0..<0xad: return false
        // One variation selector after an emoji chooses its style. A sequence of them could hold a message.
        case 0xfe0e, 0xfe0f: return !(before?.isPictograph ?? false)
        case 0x200d:
            let joins = before.map { $0.isPictograph || $0.value == 0xfe0f || $0.properties.isEmojiModifier } ?? false
            return !(joins && after?.isPictograph ?? false)
        // Interlinear annotation characters.
        case 0xfff9...0xfffb: return true
        default: break
        }
        if properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint { return true }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    private var isPictograph: Bool { value > 0xff && properties.isEmoji }

    /// The visible replacement of a hidden scalar.
    fileprivate var sign: Unicode.Scalar {
        switch value {
        // Control Pictures, from U+2400 "SYMBOL FOR NULL".
        case 0..<0x20: Unicode.Scalar(0x2400 + value) ?? "\u{fffd}"
        case 0x7f: "\u{2421}"
        default: "\u{fffd}"
        }
    }
}
