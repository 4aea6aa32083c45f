import Glibc

/// A point in time, seconds since 1970 (UTC).
public struct Timestamp: Sendable, Hashable, Comparable {
    public var seconds: Int

    public init(seconds: Int) { self.seconds = seconds }

    public static var now: Timestamp { Timestamp(seconds: time(nil)) }

    /// RFC 3339, UTC: `2026-01-31T08:00:00Z`.
    public var text: String {
        var clock = time_t(seconds)
        var parts = tm()
        gmtime_r(&clock, &parts)
        func two(_ value: Int32) -> String { (value < 10 ? "0" : "") + String(value) }
        let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return "\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }

    /// Reads what `text` writes; nil for anything else.
    public init?(text: String) {
        let fields = text.utf8.split(separator: UInt8(ascii: "Z"), omittingEmptySubsequences: false)
        guard fields.count == 2, fields[1].isEmpty else { return nil }
        let numbers = fields[0].split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            .compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 6 else { return nil }
        var parts = tm()
        parts.tm_year = numbers[0] - 1900
        parts.tm_mon = numbers[1] - 1
        parts.tm_mday = numbers[2]
        parts.tm_hour = numbers[3]
        parts.tm_min = numbers[4]
        parts.tm_sec = numbers[5]
        seconds = timegm(&parts)
        // timegm turns 31 February into 3 March: a time that does not convert back is invalid.
        guard self.text == text else { return nil }
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }
}

extension Timestamp: Codable {
    /// - Throws: `DecodingError` for anything but RFC 3339 in UTC, to the second.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let time = Timestamp(text: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected a time like 2026-01-31T08:00:00Z, found \"\(text)\"")
        }
        self = time
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
