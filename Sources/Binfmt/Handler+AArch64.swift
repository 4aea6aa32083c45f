extension Handler {
    /// An entry to register.
    ///
    /// - Parameters:
    ///   - magic, mask: those for AArch64 executables unless given.
    public init(
        name: String = "qemu-aarch64", interpreter: String, flags: String, magic: [UInt8] = aarch64Magic,
        mask: [UInt8] = aarch64Mask
    ) {
        self.init(name: name, text: "")
        enabled = true
        self.interpreter = interpreter
        self.flags = flags
        recognition = .magic(offset: 0, magic: magic, mask: mask)
        text = rule ?? ""
    }

    /// ELF, 64-bit, little-endian, version 1, any OSABI, `ET_EXEC` or `ET_DYN`, `EM_AARCH64`: as QEMU registers it.
    public static let aarch64Magic: [UInt8] = [
        0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0xb7, 0,
    ]
    public static let aarch64Mask: [UInt8] = [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff,
        0xff,
    ]
}
