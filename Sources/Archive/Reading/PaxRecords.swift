import CArchive

/// The records of a pax extended header: `LENGTH KEY=VALUE` and a newline.
enum PaxRecords {
    private static let listKey = Array(" SCHILY.acl.".utf8)
    private static let sizeKey = Array("size=".utf8)

    /// Whether there may be an access control list.
    static func hasList(_ bytes: UnsafeRawBufferPointer) -> Bool { place(of: listKey, in: bytes, from: 0) != nil }

    /// Changes the keys of access control lists to such as nobody knows.
    static func hideLists(_ bytes: UnsafeMutableRawBufferPointer) {
        var from = 0
        while let found = place(of: listKey, in: UnsafeRawBufferPointer(bytes), from: from) {
            // Text in a value may look the same, but is not preceded by a length.
            if found > 0, isDigit(bytes[found - 1]) { bytes[found + 1] = UInt8(ascii: "X") }
            from = found + listKey.count
        }
    }

    /// The last `size` of the records.
    static func size(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        var size: UInt64?
        var start = 0
        while start < bytes.count, isDigit(bytes[start]) {
            var length = 0
            var key = start
            while key < bytes.count, isDigit(bytes[key]), length < 1 << 30 {
                length = length * 10 + Int(bytes[key] - 0x30)
                key += 1
            }
            key += 1
            let end = start + length
            guard end <= bytes.count, key < end else { break }
            if bytes[key..<end].starts(with: sizeKey) {
                let digits = bytes[(key + sizeKey.count)..<end].prefix { isDigit($0) }
                size = UInt64(String(decoding: digits, as: UTF8.self))
            }
            start = end
        }
        return size
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func place(of key: [UInt8], in bytes: UnsafeRawBufferPointer, from: Int) -> Int? {
        guard from < bytes.count, let base = bytes.baseAddress else { return nil }
        let found = assay_find(base + from, bytes.count - from, key, key.count)
        return found.map { $0 - base }
    }
}
