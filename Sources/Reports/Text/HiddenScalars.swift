extension StringProtocol {
    /// The text with characters that steer terminals, turn the direction of writing or are not seen at all, and those that XML forbids,
    /// made visible: an escape becomes ␛, what has no sign of its own �. Line ends and tabs stay; so does everything else that can be seen.
    public var printable: String { replacingHidden { String($0.sign) } }

    /// The text with each hidden scalar replaced.
    func replacingHidden(_ replacement: (Unicode.Scalar) -> String) -> String {
        // Most text is of ASCII that can be seen.
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
    /// The text that they are, with those at some indices, in order, replaced.
    func text(replacing places: [Int], _ replacement: (Unicode.Scalar) -> String) -> String {
        var text = String.UnicodeScalarView()
        var rest = places[...]
        for (index, scalar) in enumerated() {
            if rest.first == index {
                rest.removeFirst()
                // One by one: `append(contentsOf:)` counts the whole text each time.
                for part in replacement(scalar).unicodeScalars { text.append(part) }
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }
}

extension Unicode.Scalar {
    /// The scalar cannot be seen, or does something to what stands beside it. Parts of an emoji belong to what is seen.
    ///
    /// Specification: <https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point>,
    /// <https://www.unicode.org/reports/tr51/#def_emoji_zwj_sequence>.
    fileprivate func isHidden(after before: Unicode.Scalar?, before after: Unicode.Scalar?) -> Bool {
        switch value {
        case 0x09, 0x0a: return false
        case 0..<0x20, 0x7f..<0xa0: return true
        case 0..<0xad: return false
        // One selector behind an emoji says in which of two ways it is drawn. More of them could hold a message.
        case 0xfe0e, 0xfe0f: return !(before?.isPictograph ?? false)
        case 0x200d:
            let joins = before.map { $0.isPictograph || $0.value == 0xfe0f || $0.properties.isEmojiModifier } ?? false
            return !(joins && after?.isPictograph ?? false)
        // Marks of interlinear notes.
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

    /// What is shown in a hidden scalar's place.
    fileprivate var sign: Unicode.Scalar {
        switch value {
        // U+2400 and on: "SYMBOL FOR NULL" and so on.
        case 0..<0x20: Unicode.Scalar(0x2400 + value) ?? "\u{fffd}"
        case 0x7f: "\u{2421}"
        default: "\u{fffd}"
        }
    }
}
