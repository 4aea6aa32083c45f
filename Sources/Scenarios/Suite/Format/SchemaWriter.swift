/// Writes the format as JSON Schema, for editors: <https://json-schema.org/draft/2020-12/schema>.
public enum SchemaWriter {
    /// The whole schema as text.
    public static var text: String {
        let scenario = ScenarioFormat.scenario()
        var members: [JSONValue.Member] = [
            .init("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            .init("title", .text(ScenarioFormat.name)),
        ]
        if case .object(let own) = object(scenario) { members += own }
        return JSONValue.object(members).text() + "\n"
    }

    private static func object(_ shape: ObjectShape) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("description", .text(shape.about)), .init("type", .text("object")),
            .init("additionalProperties", .flag(false)),
        ]
        let required = shape.fields.filter(\.isRequired).map { JSONValue.text($0.key) }
        if !required.isEmpty { members.append(.init("required", .list(required))) }
        members.append(
            .init(
                "properties",
                .object(
                    shape.fields.map { field in
                        var value = schema(field.shape)
                        if case .object(let own) = value {
                            value = .object(
                                [.init("description", .text(field.about))] + own.filter { $0.key != "description" })
                        }
                        return .init(field.key, value)
                    })))
        return .object(members)
    }

    private static func schema(_ shape: Shape) -> JSONValue {
        switch shape {
        case .text(let rule): return text(rule)
        case .integer(let range):
            return .object([
                .init("type", .text("integer")), .init("minimum", .integer(range.lowerBound)),
                .init("maximum", .integer(range.upperBound)),
            ])
        case .number: return .object([.init("type", .text("number")), .init("exclusiveMinimum", .integer(0))])
        case .flag: return .object([.init("type", .text("boolean"))])
        case .list(let item):
            let one = schema(item)
            let list = JSONValue.object([
                .init("type", .text("array")), .init("minItems", .integer(1)), .init("items", one),
            ])
            return .object([.init("anyOf", .list([one, list]))])
        case .map(let value):
            return .object([.init("type", .text("object")), .init("additionalProperties", schema(value))])
        case .object(let shape): return object(shape)
        case .variant(let shapes): return .object([.init("oneOf", .list(shapes.map(object)))])
        }
    }

    private static func text(_ rule: TextRule) -> JSONValue {
        if let words = rule.words { return .object([.init("enum", .list(words.map { .text($0) }))]) }
        var members: [JSONValue.Member] = [.init("type", .text("string"))]
        if let pattern = rule.pattern {
            members.append(.init("pattern", .text(pattern)))
        } else {
            members.append(.init("minLength", .integer(1)))
        }
        if !rule.examples.isEmpty { members.append(.init("examples", .list(rule.examples.map { .text($0) }))) }
        return .object(members)
    }
}
