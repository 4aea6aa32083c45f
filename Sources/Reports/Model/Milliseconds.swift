import Findings
import FoundationEssentials
import Processes

/// A duration, encoded as milliseconds with one decimal.
@propertyWrapper public struct Milliseconds: Codable, Sendable, Equatable {
    public var wrappedValue: Duration

    public init(wrappedValue: Duration) { self.wrappedValue = wrappedValue }

    /// - Throws: `DecodingError` unless the value is a non-negative number of milliseconds below 100 years.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let value = try container.decode(Double.self)
        guard (0..<3.2e12).contains(value) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected milliseconds, found \(value)")
        }
        // Read as it is written, so that a report that is saved again stays the same.
        wrappedValue = .microseconds(Int64((value * 10).rounded()) * 100)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue.milliseconds.tenths)
    }
}
