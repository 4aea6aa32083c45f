/// Makes tar archives in memory, malformed ones too.
public struct TarBuilder {
    public enum Flag: Character, Sendable {
        case file = "0"
        case hardLink = "1"
        case symbolicLink = "2"
        case character = "3"
        case block = "4"
        case directory = "5"
        case fifo = "6"
        case pax = "x"
        case volume = "V"
        case gnuSparse = "S"
        case contiguous = "7"
        case dump = "D"
        case unknown = "Z"
    }

    public private(set) var bytes: [UInt8] = []
    /// Of the entries, by name.
    private var modes: [String: Int] = [:]

    public init() {}

    public mutating func file(_ name: String, _ contents: [UInt8] = [], mode: Int = 0o644, time: Int = 1_700_000_000) {
        entry(.file, name, contents: contents, mode: mode, time: time)
    }

    public mutating func file(_ name: String, _ contents: String, mode: Int = 0o644) {
        file(name, Array(contents.utf8), mode: mode)
    }

    public mutating func directory(_ name: String, mode: Int = 0o755) {
        entry(.directory, name, mode: mode)
    }

    public mutating func symbolicLink(_ name: String, to target: String) {
        entry(.symbolicLink, name, link: target, mode: 0o777)
    }

    /// With the mode of what it names, as tar writes it.
    public mutating func hardLink(_ name: String, to target: String) {
        entry(.hardLink, name, link: target, mode: modes[String(target.drop { $0 == "/" })] ?? 0o644)
    }

    /// Adds a pax header for the next entry.
    public mutating func pax(_ records: [(key: String, value: [UInt8])]) {
        var body: [UInt8] = []
        for (key, value) in records {
            let rest = [UInt8(ascii: " ")] + Array(key.utf8) + [UInt8(ascii: "=")] + value + [UInt8(ascii: "\n")]
            var length = rest.count + 1
            while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
            body += Array(String(length).utf8) + rest
        }
        entry(.pax, "PaxHeaders/entry", contents: body)
    }

    public mutating func entry(
        _ flag: Flag, _ name: String, contents: [UInt8] = [], link: String = "", mode: Int = 0o644,
        time: Int = 1_700_000_000, size: Int? = nil
    ) {
        modes[String(name.drop { $0 == "/" })] = mode
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int, limit: Int) {
            for (index, byte) in text.utf8.prefix(limit).enumerated() { header[offset + index] = byte }
        }
        func octal(_ value: Int, width: Int) -> String {
            let digits = String(value, radix: 8)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        precondition(name.utf8.count <= 100 && link.utf8.count <= 100, "longer names take a pax header")
        put(name, at: 0, limit: 100)
        put(octal(mode, width: 7), at: 100, limit: 8)
        put(octal(0, width: 7), at: 108, limit: 8)
        put(octal(0, width: 7), at: 116, limit: 8)
        put(octal(size ?? contents.count, width: 11), at: 124, limit: 12)
        put(octal(time, width: 11), at: 136, limit: 12)
        put("        ", at: 148, limit: 8)
        header[156] = flag.rawValue.asciiValue ?? 0
        put(link, at: 157, limit: 100)
        put("ustar", at: 257, limit: 6)
        put("00", at: 263, limit: 2)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, width: 6), at: 148, limit: 6)
        header[154] = 0
        bytes += header + contents + [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
    }

    /// The archive with the zeros that end it.
    public var finished: [UInt8] {
        bytes + [UInt8](repeating: 0, count: 1024)
    }
}
