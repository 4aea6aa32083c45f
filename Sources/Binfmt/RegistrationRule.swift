/// What is written to `register`: `:name:M:offset:magic:mask:interpreter:flags`, or with another delimiter where a field has a colon.
public struct RegistrationRule: Sendable, Equatable {
    public var name: String
    public var interpreter: String
    public var flags: String
    public var magic: [UInt8]
    public var mask: [UInt8]

    /// - Parameters:
    ///   - magic, mask: those for AArch64 executables unless given.
    public init(
        name: String = "qemu-aarch64", interpreter: String, flags: String,
        magic: [UInt8] = RegistrationRule.aarch64Magic, mask: [UInt8] = RegistrationRule.aarch64Mask
    ) {
        self.name = name
        self.interpreter = interpreter
        self.flags = flags
        self.magic = magic
        self.mask = mask
    }

    /// ELF, 64-bit, little-endian, version 1, any OSABI, `ET_EXEC` or `ET_DYN`, `EM_AARCH64`: as QEMU registers it.
    public static let aarch64Magic: [UInt8] = [
        0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0xb7, 0,
    ]
    public static let aarch64Mask: [UInt8] = [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff,
        0xff,
    ]

    /// The rule in printable characters; the kernel itself decodes `\xHH`.
    public var text: String {
        Handler.rule([name, "M", "", Self.escaped(magic), Self.escaped(mask), interpreter, flags])
    }

    /// Letters as they are; all else, and so every colon and backslash, as `\xHH`.
    static func escaped(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): String(UnicodeScalar(byte))
            default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }
}
