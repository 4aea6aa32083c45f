/// Writes the format as JSON Schema, for editors: <https://json-schema.org/draft/2020-12/schema>.
public struct SchemaWriter {
    /// Shapes that are used in several places, each once, in the order of first use.
    private var definitions: [JSONValue.Member] = []

    private init() {}

    /// The whole schema of scenarios as text.
    public static var text: String { text(of: Scenario.form.shape, title: Scenario.format) }

    /// The same of configurations.
    public static var configurationText: String { text(of: Configuration.form.shape, title: Configuration.format) }

    private static func text(of shape: ObjectShape, title: String) -> String {
        var writer = SchemaWriter()
        var members: [JSONValue.Member] = [
            .init("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            .init("title", .text(title)),
        ]
        members += writer.object(shape)
        members.append(.init("$defs", .object(writer.definitions)))
        return JSONValue.object(members).text() + "\n"
    }

    /// Refers to a definition, which is written at its first use.
    private mutating func reference(
        _ name: String, to definition: (inout SchemaWriter) -> [JSONValue.Member]
    ) -> [JSONValue.Member] {
        if !definitions.contains(where: { $0.key == name }) {
            // Reserve its place: definitions that it uses come after it.
            definitions.append(.init(name, .object([])))
            let place = definitions.endIndex - 1
            definitions[place].value = .object(definition(&self))
        }
        return [.init("$ref", .text("#/$defs/\(name)"))]
    }

    private mutating func object(_ shape: ObjectShape) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("description", .text(shape.about)), .init("type", .text("object")),
            .init("additionalProperties", .flag(false)),
        ]
        let required = shape.fields.filter(\.isRequired).map { JSONValue.text($0.key) }
        if !required.isEmpty { members.append(.init("required", .list(required))) }
        var properties: [JSONValue.Member] = []
        for field in shape.fields {
            let value = [.init("description", .text(field.about))] + schema(field.shape)
            properties.append(.init(field.key, .object(value)))
        }
        members.append(.init("properties", .object(properties)))
        return members
    }

    private mutating func schema(_ shape: Shape) -> [JSONValue.Member] {
        switch shape {
        case .text(let rule):
            guard let name = rule.definition else { return Self.text(rule) }
            return reference(name) { _ in Self.text(rule) }
        case .integer(let range):
            return [
                .init("type", .text("integer")), .init("minimum", .integer(range.lowerBound)),
                .init("maximum", .integer(range.upperBound)),
            ]
        case .number: return [.init("type", .text("number")), .init("exclusiveMinimum", .integer(0))]
        case .flag: return [.init("type", .text("boolean"))]
        case .list(let item):
            let one = JSONValue.object(schema(item))
            let list = JSONValue.object([
                .init("type", .text("array")), .init("minItems", .integer(1)), .init("items", one),
            ])
            return [.init("anyOf", .list([one, list]))]
        case .map(let value):
            return [.init("type", .text("object")), .init("additionalProperties", .object(schema(value)))]
        case .object(let shape): return reference(shape.definition) { $0.object(shape) }
        case .variant(let shapes):
            var choices: [JSONValue] = []
            for shape in shapes { choices.append(.object(reference(shape.definition) { $0.object(shape) })) }
            return [.init("oneOf", .list(choices))]
        }
    }

    private static func text(_ rule: TextRule) -> [JSONValue.Member] {
        if let words = rule.words { return [.init("enum", .list(words.map { .text($0) }))] }
        var members: [JSONValue.Member] = [.init("type", .text("string"))]
        if let pattern = rule.pattern {
            members.append(.init("pattern", .text(pattern)))
        } else {
            members.append(.init("minLength", .integer(1)))
        }
        if !rule.examples.isEmpty { members.append(.init("examples", .list(rule.examples.map { .text($0) }))) }
        return members
    }
}
