/// How many values a JSON text has. A decoder keeps dozens of bytes for each, be it only a digit, so that it is given no text before its values are counted.
public enum JSONValues {
    /// Whether a text has at most so many values, keys among them. What is no JSON may count for anything: a decoder says so.
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
