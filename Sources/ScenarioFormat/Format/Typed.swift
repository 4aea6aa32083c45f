/// A shape, and how its values become values of the model.
struct Typed<Value: Sendable>: Sendable {
    let shape: Shape
    /// Converts what the reader accepted; nil if it did not accept it.
    let value: @Sendable (JSONValue) -> Value?

    init(_ shape: Shape, value: @escaping @Sendable (JSONValue) -> Value?) {
        self.shape = shape
        self.value = value
    }

    /// One value may stand for a list of one.
    static func list<Item>(of item: Typed<Item>) -> Typed<[Item]> where Value == [Item] {
        Typed(.list(item.shape)) { json in
            if case .list(let items) = json { items.compactMap(item.value) } else { nil }
        }
    }
}

extension Typed where Value == String {
    static func text(_ rule: TextRule) -> Typed { text(rule) { $0 } }
}

extension Typed {
    static func text(_ rule: TextRule, value: @escaping @Sendable (String) -> Value?) -> Typed {
        Typed(.text(rule)) { if case .text(let text) = $0 { value(text) } else { nil } }
    }
}

extension Typed where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// The words of an enumeration.
    static func word(_ name: String, definition: String) -> Typed {
        text(.words(name, Value.allCases.map(\.rawValue), definition: definition)) { Value(rawValue: $0) }
    }
}

extension Typed where Value == Duration {
    static let duration = text(.duration, value: Quantity.duration)
}

extension Typed where Value == UInt64 {
    static let size = text(.size, value: Quantity.bytes)
}

extension Typed where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Typed {
        Typed(.integer(range)) { if case .integer(let number) = $0 { number } else { nil } }
    }
}

extension Typed where Value == Double {
    static let number = Typed(.number) {
        switch $0 {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .text, .flag, .list, .object: nil
        }
    }
}

extension Typed where Value == Bool {
    static let flag = Typed(.flag) { if case .flag(let flag) = $0 { flag } else { nil } }
}

extension Typed {
    /// Any words as keys.
    static func map<Item>(of item: Typed<Item>) -> Typed<[String: Item]> where Value == [String: Item] {
        Typed(.map(item.shape)) { json in
            guard case .object(let members) = json else { return nil }
            let pairs = members.compactMap { member in item.value(member.value).map { (member.key, $0) } }
            return Dictionary(pairs) { _, last in last }
        }
    }
}

extension Typed where Value == [String: String] {
    static let variables = Typed(.map(.text(.any))) { json in
        guard case .object(let members) = json else { return nil }
        let pairs = members.compactMap { member in
            if case .text(let text) = member.value { (member.key, text) } else { nil }
        }
        return Dictionary(pairs) { _, last in last }
    }
}

extension Typed {
    static func object(_ form: Form<Value>) -> Typed {
        Typed(.object(form.shape)) { if case .object(let members) = $0 { form.read(members) } else { nil } }
    }

    /// One of several objects, told apart by their first keys.
    static func variant(_ forms: [Form<Value>]) -> Typed {
        Typed(.variant(forms.map(\.shape))) { json in
            guard case .object(let members) = json else { return nil }
            let form = forms.first { form in members.contains { $0.key == form.shape.discriminator } }
            // A form counts even if its first key's value is wrong: the log has the error, and other steps keep their
            // places.
            return (form ?? forms.first)?.read(members)
        }
    }
}
