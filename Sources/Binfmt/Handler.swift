import Files

/// One entry of the kernel's binfmt_misc registry, as its file shows it.
///
/// Specification: <https://docs.kernel.org/admin-guide/binfmt-misc.html>. Newer kernels add flags, lines, and an entry
/// type without interpreter or magic. What this parser does not know is kept in `unknown`, and is never an error.
public struct Handler: Sendable, Equatable {
    /// How the kernel recognises the files of this entry.
    public enum Recognition: Sendable, Equatable {
        /// Matches if `(byte ^ magic) & mask` is 0 for every byte from `offset` on. Without a mask all its bits are
        /// ones. `offset` is in bytes.
        case magic(offset: Int, magic: [UInt8], mask: [UInt8])
        /// The file name ends in `.extension`.
        case fileExtension(String)
        /// No line says how: a type that this parser does not know.
        case unknown
    }

    /// The entry's file name. It says nothing about what the entry does.
    public var name: String
    /// Whether the entry is enabled. It applies only if the registry is enabled too.
    public var enabled: Bool
    /// The program that the kernel starts, as registered; nil if no line names one.
    public var interpreter: String?
    /// The flag letters as shown, for example `POCF`.
    public var flags: String
    public var recognition: Recognition
    /// Lines that this parser does not know.
    public var unknown: [String]
    /// The file's text, verbatim, for evidence.
    public var text: String

    /// `F`: the kernel opened the interpreter at registration, so it is found in every root.
    public var isFixed: Bool { flags.contains("F") }
    /// `C`: the kernel takes credentials from the program, so set-user-id programs work. It implies `O`.
    public var keepsCredentials: Bool { flags.contains("C") }

    /// Parses the text of `/proc/sys/fs/binfmt_misc/NAME`.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
        enabled = false
        flags = ""
        recognition = .unknown
        unknown = []
        var offset = 0
        var magic: [UInt8]?
        var mask: [UInt8]?
        // By bytes: characters take ten times as long, and the kernel knows none.
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
                .map { String(Substring($0)) }
            let value = parts.count > 1 ? parts[1] : ""
            switch parts[0] {
            case "enabled": enabled = true
            case "disabled": enabled = false
            case "interpreter": interpreter = value
            case "flags:": flags = value
            case "offset": offset = Int(value) ?? 0
            case "magic": magic = Self.bytes(hexadecimal: value)
            case "mask": mask = Self.bytes(hexadecimal: value)
            case "extension": recognition = .fileExtension(value.hasPrefix(".") ? String(value.dropFirst()) : value)
            default: unknown.append(String(Substring(line)))
            }
        }
        if let magic {
            recognition = .magic(
                offset: offset, magic: magic, mask: mask ?? [UInt8](repeating: 0xff, count: magic.count))
        }
    }

    /// Whether the kernel would hand a file that begins with `header` to this entry, if it were enabled.
    public func matches(_ header: [UInt8]) -> Bool {
        guard case .magic(let offset, let magic, let mask) = recognition, !magic.isEmpty else { return false }
        let limit = max(header.count, Self.bufferSize)
        guard offset >= 0, magic.count <= limit, offset <= limit - magic.count else { return false }
        for (index, byte) in magic.enumerated() {
            // The kernel compares against a zero-filled buffer.
            let seen = offset + index < header.count ? header[offset + index] : 0
            if (seen ^ byte) & (index < mask.count ? mask[index] : 0xff) != 0 { return false }
        }
        return true
    }

    /// How much of a file the kernel looks at, in bytes: `BINPRM_BUF_SIZE`.
    static let bufferSize = 256

    /// Reads two hexadecimal digits a byte; nil for anything else.
    public static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = text.utf8.map(\.hexadecimalDigit)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
