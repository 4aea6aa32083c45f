import CArchive

/// The records of a pax extended header: `LENGTH KEY=VALUE` and a newline.
enum PaxRecords {
    private static let listKey = Array(" SCHILY.acl.".utf8)
    private static let sizeKey = Array("size".utf8)
    private static let linkKey = Array("linkpath".utf8)

    /// Whether there may be an access control list.
    static func hasList(_ bytes: UnsafeRawBufferPointer) -> Bool { place(of: listKey, in: bytes, from: 0) != nil }

    /// Changes the keys of access control lists to unknown ones.
    static func hideLists(_ bytes: UnsafeMutableRawBufferPointer) {
        var from = 0
        while let found = place(of: listKey, in: UnsafeRawBufferPointer(bytes), from: from) {
            // Text in a value may look the same, but is not preceded by a length.
            if found > 0, isDigit(bytes[found - 1]) { bytes[found + 1] = UInt8(ascii: "X") }
            from = found + listKey.count
        }
    }

    /// The value of the last `size` record.
    static func size(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        var size: UInt64?
        forEach(bytes) { key, value in
            if bytes[key].elementsEqual(sizeKey) {
                size = UInt64(String(decoding: bytes[value].prefix { isDigit($0) }, as: UTF8.self))
            }
        }
        return size
    }

    /// The first number, time or name that Go's `archive/tar`, and so engines, do not take, as `KEY=VALUE`; nil if there is
    /// none.
    static func malformed(_ bytes: UnsafeRawBufferPointer) -> String? {
        var found: String?
        forEach(bytes) { key, value in
            // An empty value means that there is no such record.
            guard found == nil, 3...8 ~= key.count, !value.isEmpty else { return }
            let name = String(decoding: bytes[key], as: UTF8.self)
            let text = String(decoding: bytes[value].prefix(64), as: UTF8.self)
            let isTaken: Bool
            switch name {
            case "uid", "gid", "size": isTaken = Int64(text) != nil
            case "atime", "ctime", "mtime":
                let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
                isTaken = Int64(parts[0]) != nil && (parts.count == 1 || parts[1].utf8.allSatisfy(isDigit))
            case "path", "linkpath", "uname", "gname": isTaken = !bytes[value].contains(0)
            default: isTaken = true
            }
            if !isTaken { found = "\(name)=\(text.split(separator: "\0").joined(separator: "\\0"))" }
        }
        return found
    }

    /// The length in bytes from which a link's target is taken out.
    private static let long = 256

    static func mayHaveLongTarget(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count > 512 && place(of: linkKey + [UInt8(ascii: "=")], in: bytes, from: 0) != nil
    }

    /// Takes out a link's target if it is long. An entry's own name has to stay, since libarchive looks at its end.
    static func takeLongTarget(_ bytes: UnsafeMutableRawBufferPointer) -> [UInt8]? {
        let text = UnsafeRawBufferPointer(bytes)
        guard mayHaveLongTarget(text) else { return nil }
        var keys: [Int] = []
        var last = 0..<0
        forEach(text) { key, value in
            guard text[key].elementsEqual(linkKey) else { return }
            keys.append(key.lowerBound)
            last = value
        }
        // No writer makes more than one.
        guard keys.count == 1, last.count >= long, !text[last].contains(0) else { return nil }
        bytes[keys[0]] = UInt8(ascii: "X")
        return Array(text[last])
    }

    /// Calls `body` with the ranges of each record's key and value.
    private static func forEach(_ bytes: UnsafeRawBufferPointer, _ body: (Range<Int>, Range<Int>) -> Void) {
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
            guard end <= bytes.count, key < end else { return }
            if let equals = bytes[key..<end].firstIndex(of: UInt8(ascii: "=")) {
                body(key..<equals, (equals + 1)..<max(equals + 1, end - 1))
            }
            start = end
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func place(of key: [UInt8], in bytes: UnsafeRawBufferPointer, from: Int) -> Int? {
        guard from < bytes.count, let base = bytes.baseAddress else { return nil }
        let found = assay_find(base + from, bytes.count - from, key, key.count)
        return found.map { $0 - base }
    }
}
