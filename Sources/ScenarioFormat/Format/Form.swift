/// A mapping of the format, declared once: its keys, their shapes, and where their values go.
struct Form<Value: Sendable>: Sendable {
    /// One key.
    struct Key: Sendable {
        let field: ObjectShape.Field
        let store: @Sendable (JSONValue, inout Value) -> Void

        private init<Part>(
            _ field: ObjectShape.Field, _ typed: Typed<Part>, store: @escaping @Sendable (Part, inout Value) -> Void
        ) {
            self.field = field
            self.store = { json, value in
                if let part = typed.value(json) { store(part, &value) }
            }
        }

        static func required<Part>(
            _ key: String, _ path: any WritableKeyPath<Value, Part> & Sendable, _ typed: Typed<Part>, _ about: String
        ) -> Key {
            Key(.init(key, typed.shape, required: true, about), typed) { $1[keyPath: path] = $0 }
        }

        /// The same, where the value is nil only until it is read.
        static func required<Part>(
            _ key: String, _ path: any WritableKeyPath<Value, Part?> & Sendable, _ typed: Typed<Part>, _ about: String
        ) -> Key {
            Key(.init(key, typed.shape, required: true, about), typed) { $1[keyPath: path] = $0 }
        }

        /// A key that may be left out; its value is then nil.
        static func optional<Part>(
            _ key: String, _ path: any WritableKeyPath<Value, Part?> & Sendable, _ typed: Typed<Part>, _ about: String
        ) -> Key {
            Key(.init(key, typed.shape, about), typed) { $1[keyPath: path] = $0 }
        }

        /// A key that may be left out; its value is then the default.
        static func preset<Part>(
            _ key: String, _ path: any WritableKeyPath<Value, Part> & Sendable, _ typed: Typed<Part>, _ about: String
        ) -> Key {
            Key(.init(key, typed.shape, about), typed) { $1[keyPath: path] = $0 }
        }
    }

    var shape: ObjectShape
    /// Makes a value of members that the reader accepted. Missing ones keep their defaults.
    let read: @Sendable ([JSONValue.Member]) -> Value

    init(shape: ObjectShape, read: @escaping @Sendable ([JSONValue.Member]) -> Value) {
        self.shape = shape
        self.read = read
    }

    /// - Parameter empty: the value if no key is given.
    init(name: String, about: String, empty: Value, keys: [Key]) {
        self.init(shape: ObjectShape(name: name, about: about, fields: keys.map(\.field))) { members in
            var value = empty
            for member in members {
                keys.first { $0.field.key == member.key }?.store(member.value, &value)
            }
            return value
        }
    }
}
