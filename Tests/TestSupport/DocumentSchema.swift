import Findings
import Foundation
import Processes

/// The JSON Schema of a document, from the type that it is decoded into: <https://json-schema.org/draft/2020-12/schema>.
///
/// The type decodes itself from a source that has everything it asks for, and that notes what it asked for.
public enum DocumentSchema {
    /// - Parameter open: keys that are not described may come.
    public static func of<Value: Decodable>(_ type: Value.Type) throws -> [String: Any] { try described(type).schema }

    /// The text of a file in `docs/schema`.
    public static func text(_ schema: [String: Any], title: String, about: String) throws -> String {
        var whole = schema
        whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        whole["title"] = title
        whole["description"] = about
        let data = try JSONSerialization.data(
            withJSONObject: whole, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// What in a document is not as the schema says. Keys that it does not describe are faults, too, though readers are
    /// to pass over them.
    public static func faults(in value: Any, by schema: [String: Any], at place: String = "") -> [String] {
        let name = place.isEmpty ? "the document" : place
        if let words = schema["enum"] as? [String], !words.contains(value as? String ?? "") {
            return ["\(name): \(value) is none of \(words)"]
        }
        if let word = schema["const"] as? String, value as? String != word {
            return ["\(name): \(value) is not \(word)"]
        }
        switch schema["type"] as? String {
        case "object":
            guard let object = value as? [String: Any] else { return ["\(name): no object"] }
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }
            return missing.map { "\(name): no \($0)" }
                + object.sorted { $0.key < $1.key }.flatMap { key, value in
                    properties[key].map { faults(in: value, by: $0, at: "\(place).\(key)") }
                        ?? ["\(name): \(key) is not described"]
                }
        case "array":
            guard let list = value as? [Any] else { return ["\(name): no list"] }
            let items = schema["items"] as? [String: Any] ?? [:]
            return list.enumerated().flatMap { faults(in: $1, by: items, at: "\(place)[\($0)]") }
        case "string": return value is String ? [] : ["\(name): no text"]
        case "boolean": return (value as? NSNumber).map { "\($0)" } == nil ? ["\(name): no flag"] : []
        case "integer": return value is Int ? [] : ["\(name): no whole number"]
        case "number": return value is NSNumber ? [] : ["\(name): no number"]
        default: return []
        }
    }

    fileprivate static func described<Value: Decodable>(_ type: Value.Type) throws -> (
        value: Value, schema: [String: Any]
    ) {
        func known(_ value: Any, _ schema: [String: Any]) throws -> (value: Value, schema: [String: Any]) {
            guard let value = value as? Value else { throw CocoaError(.coderInvalidValue) }
            return (value, schema)
        }
        switch type {
        case is String.Type: return try known("x", ["type": "string"])
        case is Bool.Type: return try known(false, ["type": "boolean"])
        case is Double.Type: return try known(1.0, ["type": "number"])
        case is Timestamp.Type:
            return try known(Timestamp(seconds: 0), ["type": "string", "format": "date-time"])
        case is Duration.Type:
            // As Swift encodes it: the two halves of a number of attoseconds.
            return try known(Duration.zero, ["type": "array", "items": ["type": "integer"]])
        case let words as any CaseIterable.Type:
            return try known(first(words), ["type": "string", "enum": all(words)])
        case let number as any FixedWidthInteger.Type: return try known(number.init(1), ["type": "integer"])
        default:
            let node = Node()
            let value = try Value(from: Source(node: node))
            return (value, node.schema)
        }
    }

    private static func first<Words: CaseIterable>(_ type: Words.Type) -> Any { type.allCases.first as Any }

    private static func all<Words: CaseIterable>(_ type: Words.Type) -> [String] {
        type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
    }
}

/// What was asked of one place.
private final class Node {
    var schema: [String: Any] = [:]
    private var properties: [String: Any] = [:]
    private var required: [String] = []
    private var optional: Set<String> = []

    func beginObject() {
        schema = ["type": "object"]
        settle()
    }

    func makeOptional(_ key: String) { optional.insert(key) }

    func note(_ key: String, _ value: [String: Any]) {
        properties[key] = value
        if !optional.contains(key) { required.append(key) }
        settle()
    }

    private func settle() {
        schema["properties"] = properties
        if !required.isEmpty { schema["required"] = required.sorted() }
    }
}

private struct Source: Decoder {
    let node: Node
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        node.beginObject()
        return KeyedDecodingContainer(Keyed(node: node))
    }
    func unkeyedContainer() -> any UnkeyedDecodingContainer { Items(node: node) }
    func singleValueContainer() -> any SingleValueDecodingContainer { One(node: node) }
}

private struct One: SingleValueDecodingContainer {
    let node: Node
    let codingPath: [any CodingKey] = []

    func decodeNil() -> Bool { false }
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let (value, schema) = try DocumentSchema.described(type)
        node.schema = schema
        return value
    }
}

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let node: Node
    let codingPath: [any CodingKey] = []
    let allKeys: [Key] = []

    func contains(_ key: Key) -> Bool { true }
    // Asked only of a key that may be absent.
    func decodeNil(forKey key: Key) -> Bool {
        node.makeOptional(key.stringValue)
        return false
    }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        let (value, schema) = try DocumentSchema.described(type)
        node.note(key.stringValue, schema)
        return value
    }
    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Inner> { throw CocoaError(.featureUnsupported) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw CocoaError(.featureUnsupported)
    }
    func superDecoder() throws -> any Decoder { throw CocoaError(.featureUnsupported) }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw CocoaError(.featureUnsupported) }
}

private struct Items: UnkeyedDecodingContainer {
    let node: Node
    let codingPath: [any CodingKey] = []
    let count: Int? = 1
    var currentIndex = 0
    var isAtEnd: Bool { currentIndex == 1 }

    mutating func decodeNil() -> Bool { false }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        currentIndex += 1
        let (value, schema) = try DocumentSchema.described(type)
        node.schema = ["type": "array", "items": schema]
        return value
    }
    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw CocoaError(.featureUnsupported)
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw CocoaError(.featureUnsupported)
    }
    mutating func superDecoder() throws -> any Decoder { throw CocoaError(.featureUnsupported) }
}
