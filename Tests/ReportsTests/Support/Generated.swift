import Foundation

/// Values of any decodable type, every string of which comes from a list: a field that is added later is filled like the others.
struct Generated {
    /// Words where not every string will do, by the key's name.
    private static let fixed = [
        "schema": "assay.report/2", "verdict": "unfit", "started": "2026-01-31T08:00:00Z", "severity": "error",
    ]
    private static let outcomes = ["fail", "pass", "broken", "skip"]

    /// - Parameter seed: with which of the strings to begin.
    static func value<Value: Decodable>(_ type: Value.Type, strings: [String], seed: Int) throws -> Value {
        try Value(from: Source(state: State(strings: strings, next: seed), codingPath: []))
    }

    private final class State {
        let strings: [String]
        var next: Int
        var outcomes = 0

        init(strings: [String], next: Int) {
            self.strings = strings
            self.next = next
        }

        func string(_ key: String?) -> String {
            if let key, let fixed = Generated.fixed[key] { return fixed }
            if key == "outcome" {
                outcomes += 1
                return Generated.outcomes[outcomes % Generated.outcomes.count]
            }
            next += 1
            return strings[next % strings.count]
        }
    }

    private struct Source: Decoder {
        let state: State
        let codingPath: [any CodingKey]
        let userInfo: [CodingUserInfoKey: Any] = [:]

        func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
            KeyedDecodingContainer(Keyed(state: state, codingPath: codingPath))
        }
        func unkeyedContainer() -> any UnkeyedDecodingContainer { List(state: state, codingPath: codingPath) }
        func singleValueContainer() -> any SingleValueDecodingContainer { One(state: state, codingPath: codingPath) }
    }

    private struct One: SingleValueDecodingContainer {
        let state: State
        let codingPath: [any CodingKey]

        func decodeNil() -> Bool { false }
        func decode(_ type: Bool.Type) -> Bool { true }
        func decode(_ type: String.Type) -> String {
            state.string(codingPath.last { $0.intValue == nil }?.stringValue)
        }
        func decode(_ type: Double.Type) -> Double { 12.5 }
        func decode(_ type: Float.Type) -> Float { 12.5 }
        func decode<T: Decodable & FixedWidthInteger>(_ type: T.Type) -> T { 2 }
        func decode<T: Decodable>(_ type: T.Type) throws -> T {
            switch type {
            case is String.Type: try cast(decode(String.self))
            case is Int.Type: try cast(2)
            case is Double.Type: try cast(12.5)
            case is Bool.Type: try cast(true)
            default: try T(from: Source(state: state, codingPath: codingPath))
            }
        }

        private func cast<T>(_ value: Any) throws -> T {
            guard let value = value as? T else { throw CocoaError(.coderInvalidValue) }
            return value
        }
    }

    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let state: State
        let codingPath: [any CodingKey]
        let allKeys: [Key] = []

        func contains(_ key: Key) -> Bool { true }
        func decodeNil(forKey key: Key) -> Bool { false }
        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try one(key).decode(type) }
        func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type, forKey key: Key) -> KeyedDecodingContainer<
            Inner
        > { KeyedDecodingContainer(Keyed<Inner>(state: state, codingPath: codingPath + [key])) }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
            List(state: state, codingPath: codingPath + [key])
        }
        func superDecoder() -> any Decoder { Source(state: state, codingPath: codingPath) }
        func superDecoder(forKey key: Key) -> any Decoder { Source(state: state, codingPath: codingPath + [key]) }

        private func one(_ key: Key) -> One { One(state: state, codingPath: codingPath + [key]) }
    }

    private struct List: UnkeyedDecodingContainer {
        let state: State
        let codingPath: [any CodingKey]
        let count: Int? = 3
        var currentIndex = 0
        var isAtEnd: Bool { currentIndex == count }

        mutating func decodeNil() -> Bool { false }
        mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
            currentIndex += 1
            return try One(state: state, codingPath: codingPath).decode(type)
        }
        mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
            currentIndex += 1
            return KeyedDecodingContainer(Keyed(state: state, codingPath: codingPath))
        }
        mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer {
            currentIndex += 1
            return List(state: state, codingPath: codingPath)
        }
        mutating func superDecoder() -> any Decoder { Source(state: state, codingPath: codingPath) }
    }
}
