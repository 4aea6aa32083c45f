/// Texts taken apart at bytes, as the kernel and container runtimes do it. As a `Character`, a slash with an accent
/// behind it is no slash, and `\r\n` is no `\n`.
extension StringProtocol where UTF8View: BidirectionalCollection {
    private static var slash: UInt8 { UInt8(ascii: "/") }

    /// Whether it has a slash anywhere: a path, not a name for `PATH`.
    var hasSlash: Bool { utf8.contains(Self.slash) }

    /// Whether it begins with a slash.
    var isAbsolutePath: Bool { utf8.first == Self.slash }

    /// Whether it ends in a slash: only a directory may be named so.
    var endsInSlash: Bool { utf8.last == Self.slash }

    /// The text without the slashes at its end.
    var withoutLastSlashes: String {
        String(decoding: utf8.prefix(utf8.count - utf8.reversed().prefix { $0 == Self.slash }.count), as: UTF8.self)
    }

    /// The components of a path, without empty ones.
    var pathComponents: [String] { parts("/") }

    /// The components of a path by its text alone: `.` is left out, `..` takes the one before it away. No link is followed.
    var lexicalComponents: [String] {
        pathComponents.reduce(into: []) { components, component in
            switch component {
            case ".": break
            case "..": _ = components.popLast()
            default: components.append(component)
            }
        }
    }

    /// The parts between separators.
    ///
    /// - Parameter keepsEmpty: whether parts without text count.
    func parts(_ separator: Unicode.Scalar, keepsEmpty: Bool = false) -> [String] {
        let byte = UInt8(ascii: separator)
        return utf8.split(separator: byte, omittingEmptySubsequences: !keepsEmpty)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
