import CArchive

/// The header of one member of gzip, byte by byte, as Go's readers take it or as gzip(1) does.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc1952#section-2.3>, `readHeader` in
/// <https://github.com/golang/go/blob/master/src/compress/gzip/gunzip.go>
struct GzipHeader {
    private enum Part {
        case fixed, extraLength
        case extra(left: Int)
        case name, comment, check, end
    }

    private static let hasCheck: UInt8 = 2
    private static let hasExtra: UInt8 = 4
    private static let hasName: UInt8 = 8
    private static let hasComment: UInt8 = 16
    /// Go passes these over.
    private static let reserved: UInt8 = 0xe0
    /// The longest name or comment that Go takes, its NUL among them, in bytes.
    private static let longestText = 512

    private let isGo: Bool
    private var part = Part.fixed
    /// Of the fixed part, or of a field of two bytes.
    private var bytes: [UInt8] = []
    private var flags: UInt8 = 0
    private var textLength = 0
    private var checksum = crc32(0, nil, 0)

    /// - Parameter isGo: whether to take what Go's readers take, which refuse long texts and, of podman's, a checksum over
    ///   more than the fixed part; else what RFC 1952 allows.
    init(isGo: Bool) { self.isGo = isGo }

    /// Whether it is complete: data follows.
    var isComplete: Bool { if case .end = part { true } else { false } }

    /// Takes the next byte.
    ///
    /// - Returns: why the header is refused; nil if it is not.
    mutating func take(_ byte: UInt8) -> String? {
        if case .check = part {
            bytes.append(byte)
            guard bytes.count == 2 else { return nil }
            guard UInt16(bytes[0]) | UInt16(bytes[1]) << 8 == UInt16(truncatingIfNeeded: checksum) else {
                return "a header whose checksum is another"
            }
            part = .end
            return nil
        }
        checksum = withUnsafePointer(to: byte) { crc32(checksum, $0, 1) }
        switch part {
        case .fixed: return takeFixed(byte)
        case .extraLength:
            bytes.append(byte)
            guard bytes.count == 2 else { return nil }
            let length = Int(bytes[0]) | Int(bytes[1]) << 8
            bytes = []
            part = .extra(left: length)
            if length == 0 { finish(Self.hasExtra) }
        case .extra(let left):
            part = .extra(left: left - 1)
            if left == 1 { finish(Self.hasExtra) }
        case .name, .comment:
            textLength += 1
            guard !isGo || textLength <= Self.longestText else {
                return "a name or comment of more than \(Self.longestText - 1) bytes, which Go's readers refuse"
            }
            guard byte == 0 else { return nil }
            textLength = 0
            if case .name = part { finish(Self.hasName) } else { finish(Self.hasComment) }
        case .check, .end: break
        }
        return nil
    }

    private mutating func takeFixed(_ byte: UInt8) -> String? {
        bytes.append(byte)
        switch bytes.count {
        case 1: if byte != 0x1f { return "bytes that begin no member" }
        case 2: if byte != 0x8b { return "bytes that begin no member" }
        case 3: if byte != 8 { return "an unknown compression method" }
        case 4:
            flags = byte
            if !isGo, byte & Self.reserved != 0 { return "a header with reserved flags" }
        case 10:
            let further = flags & (Self.hasExtra | Self.hasName | Self.hasComment)
            guard !isGo || flags & Self.hasCheck == 0 || further == 0 else {
                return "a header with a checksum over further fields, which podman and CRI-O refuse"
            }
            bytes = []
            finish(0)
        default: break
        }
        return nil
    }

    /// Goes on to the next field that there is.
    private mutating func finish(_ field: UInt8) {
        let fields: [(UInt8, Part)] = [
            (Self.hasExtra, .extraLength), (Self.hasName, .name), (Self.hasComment, .comment),
        ]
        let next = fields.first { $0.0 > field && flags & $0.0 != 0 }
        part = next?.1 ?? (flags & Self.hasCheck != 0 ? .check : .end)
    }
}
