/// Counts the values of a JSON text before it is decoded: a decoder takes dozens of bytes for each, even for one digit.
public enum JSONValues {
    /// Whether a text has at most `limit` values, keys included. For text that is not JSON the count means nothing: the
    /// decoder rejects it.
    public static func areAtMost(_ limit: Int, in bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var count = 0
            var isInString = false
            var index = 0
            while index < bytes.count, count <= limit {
                switch bytes[index] {
                case UInt8(ascii: "\""): isInString.toggle()
                case UInt8(ascii: "\\"): index += 1
                case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "{"):
                    if !isInString { count += 1 }
                default: break
                }
                index += 1
            }
            return count <= limit
        }
    }
}
