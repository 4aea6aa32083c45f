import Processes

/// What a value in a scenario file may be.
///
/// One tree of shapes describes the format. The parser checks files against it, and the JSON Schema and the table in
/// `docs/scenarios.md` are written from it.
indirect enum Shape: Sendable {
    case text(TextRule)
    case integer(ClosedRange<Int>)
    /// Above zero, at most a million.
    case number
    case flag
    /// One value may stand for a list of one.
    case list(Shape)
    /// Any words as keys.
    case map(Shape)
    case object(ObjectShape)
    /// One of several objects, told apart by their first keys.
    case variant([ObjectShape])
}

/// A mapping with known keys.
struct ObjectShape: Sendable {
    struct Field: Sendable {
        var key: String
        var shape: Shape
        var isRequired = false
        /// One line for editors and for the documentation.
        var about: String

        init(_ key: String, _ shape: Shape, required: Bool = false, _ about: String) {
            self.key = key
            self.shape = shape
            isRequired = required
            self.about = about
        }
    }

    /// For messages and the documentation: `a scenario`, `a probe step`.
    var name: String
    var about: String
    var fields: [Field]
    /// Its name among the definitions of the JSON Schema.
    var definition: String

    init(name: String, about: String, fields: [Field]) {
        self.name = name
        self.about = about
        self.fields = fields
        definition = name.split(separator: " ").drop { $0 == "a" || $0 == "an" }.joined(separator: "-")
    }

    /// The key that tells it from its siblings.
    var discriminator: String { fields.first?.key ?? "" }

    func field(_ key: String) -> Field? { fields.first { $0.key == key } }
}

/// What a text may be.
struct TextRule: Sendable {
    /// For messages: `a duration (500ms, 10s, 5m, 1h)`.
    var name: String
    /// A regular expression for editors, as JSON Schema has them; nil: any text.
    var pattern: String?
    /// The only valid words; nil if `isRight` decides.
    var words: [String]?
    /// Words to suggest if others are valid too.
    var examples: [String] = []
    /// The unit that a bare number probably lacks: `s`.
    var unit = ""
    /// Its name among the definitions of the JSON Schema; nil: it is short, and written in place.
    var definition: String?
    var isRight: @Sendable (String) -> Bool

    static let any = TextRule(name: "text") { !$0.isEmpty }

    /// Any text, even an empty one.
    static let anyOrNone = TextRule(name: "text") { _ in true }

    /// One of a few words.
    static func words(_ name: String, _ words: [String], definition: String? = nil) -> TextRule {
        TextRule(name: name, words: words, definition: definition) { words.contains($0) }
    }

    /// One of many words, or whatever else `isRight` accepts.
    static func open(
        _ name: String, _ examples: [String], definition: String, isRight: @escaping @Sendable (String) -> Bool
    ) -> TextRule {
        TextRule(name: name, examples: examples, definition: definition) { examples.contains($0) || isRight($0) }
    }

    static let identifier = TextRule(
        name: "a name of lower-case letters, digits and hyphens", pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
        definition: "name"
    ) { text in
        !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
            && !text.hasPrefix("-") && !text.hasSuffix("-")
    }

    static let duration = TextRule(
        name: "a duration, for example 5s (or 500ms, 5m, 1h)", pattern: "^[0-9]+(\\.[0-9]+)?(ms|s|m|h)$",
        unit: "s", definition: "duration"
    ) { Quantity.duration($0) != nil }

    static let size = TextRule(
        name: "a size, for example 256MiB (or 64KiB, 2GiB)", pattern: "^[0-9]+(KiB|MiB|GiB)$", unit: "MiB",
        definition: "size"
    ) { Quantity.bytes($0) != nil }

    static let version = TextRule(name: "a version in quotes (\"6.7\")", pattern: "^[0-9]+(\\.[0-9]+)*$") { text in
        Quantity.version(text).map(String.init).joined(separator: ".") == text
    }

    static let day = TextRule(name: "a day, for example 2027-01-31", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$") {
        Timestamp(text: "\($0)T00:00:00Z") != nil
    }

    static let count = TextRule(name: "a count (\"8\"), or one for each core (4/core)", pattern: "^[0-9]+(/core)?$") {
        Quantity.count($0, cores: 1) != nil
    }

    static let pattern = TextRule(
        name: "a probe's name, or a pattern of names (exec.*)", pattern: "^[a-z0-9.*-]+$",
        definition: "probe-pattern"
    ) { text in !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || ".*-".contains($0) } }
}
