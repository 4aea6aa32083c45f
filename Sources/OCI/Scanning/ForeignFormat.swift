/// Native code in a format that Linux does not load.
///
/// Source: <https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h>,
/// <https://learn.microsoft.com/en-us/windows/win32/debug/pe-format>
public struct ForeignFormat: Sendable, Equatable {
    /// The formats that are recognised.
    public enum Kind: Sendable {
        /// macOS.
        case machO
        /// macOS, for several processors.
        case universal
        /// Windows.
        case pe
        /// An object of Windows.
        case coff
    }

    public var kind: Kind
    /// The processor, by the format's own number; zero for several.
    var machine: UInt32

    /// How many bytes to read: a PE file's header must begin, and its first fields end, within them.
    static let headSize = 1024

    /// Whether a file that begins so may have one of these formats, so that more of it should be read.
    static func mayBe(_ head: [UInt8]) -> Bool { head.starts(with: "MZ".utf8) }

    /// - Parameters:
    ///   - head: the file's first bytes.
    ///   - mayBeObject: whether the file's name is that of a library: COFF objects have no magic number.
    init?(_ head: [UInt8], mayBeObject: Bool) {
        func little(_ offset: Int, _ size: Int) -> UInt32? {
            guard offset >= 0, offset + size <= head.count else { return nil }
            return head[offset..<offset + size].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        func big(_ offset: Int) -> UInt32? { little(offset, 4)?.byteSwapped }
        switch big(0) {
        case 0xfeed_face, 0xfeed_facf:
            guard let machine = big(4), let type = big(12), (1...12).contains(type) else { return nil }
            self.init(.machO, machine)
        case 0xcefa_edfe, 0xcffa_edfe:
            guard let machine = little(4, 4), let type = little(12, 4), (1...12).contains(type) else { return nil }
            self.init(.machO, machine)
        case 0xcafe_babe, 0xcafe_babf:
            // Java's class files have the same magic number. Their version follows it, and is above 44.
            guard let count = big(4), (1...30).contains(count) else { return nil }
            self.init(.universal, 0)
        default:
            if head.starts(with: "MZ".utf8) {
                guard let start = little(0x3c, 4).flatMap({ Int(exactly: $0) }), start < Self.headSize,
                    little(start, 4) == 0x4550, let machine = little(start + 4, 2)
                else { return nil }
                self.init(.pe, machine)
            } else if mayBeObject, let machine = little(0, 2), Self.windows[machine] != nil,
                let sections = little(2, 2),
                (1...4096).contains(sections), little(16, 2) == 0
            {
                self.init(.coff, machine)
            } else {
                return nil
            }
        }
    }

    private init(_ kind: Kind, _ machine: UInt32) {
        self.kind = kind
        self.machine = machine
    }

    /// The system that it is for.
    var system: String { kind == .machO || kind == .universal ? "macOS" : "Windows" }

    private static let mac: [UInt32: String] = [
        7: "i386", 12: "ARM", 18: "PowerPC", 0x0100_0007: "x86-64", 0x0100_000c: "arm64", 0x0200_000c: "arm64_32",
    ]
    private static let windows: [UInt32: String] = [
        0x14c: "i386", 0x1c4: "ARM", 0x8664: "x86-64", 0xaa64: "arm64", 0x5064: "RISC-V",
    ]
}

extension ForeignFormat: CustomStringConvertible {
    /// For example `Mach-O, arm64`.
    public var description: String {
        switch kind {
        case .machO: "Mach-O, \(Self.mac[machine] ?? "processor \(machine)")"
        case .universal: "Mach-O, for several processors"
        case .pe: "PE, \(Self.windows[machine] ?? "machine \(machine)")"
        case .coff: "COFF, \(Self.windows[machine] ?? "machine \(machine)")"
        }
    }
}
