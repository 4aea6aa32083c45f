/// Fields that nothing here uses. Engines decode them all the same, and refuse a document in which one has another type.
enum UnusedFields {
    private struct Nothing: Decodable {}

    /// Of an image's configuration.
    enum Config: String, CodingKey {
        case created, author
    }

    /// Of one step of the history.
    enum Step: String, CodingKey {
        case created, author, comment
    }

    /// Of what a container is run with.
    enum Execution: String, CodingKey {
        case labels = "Labels"
        case volumes = "Volumes"
        case ports = "ExposedPorts"
        case stopSignal = "StopSignal"
    }

    /// Of a manifest and of an index: what only the other one has.
    enum Other: String, CodingKey {
        case manifests, config, layers
    }

    static func checkConfig(_ decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Config.self)
        try checkTime(fields, .created)
        _ = try fields.decodeIfPresent(String.self, forKey: .author)
    }

    static func checkStep(_ decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Step.self)
        try checkTime(fields, .created)
        for key in [Step.author, .comment] { _ = try fields.decodeIfPresent(String.self, forKey: key) }
    }

    static func checkExecution(_ decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Execution.self)
        _ = try fields.decodeIfPresent([String: String?].self, forKey: .labels)
        for key in [Execution.volumes, .ports] {
            _ = try fields.decodeIfPresent([String: Nothing?].self, forKey: key)
        }
        _ = try fields.decodeIfPresent(String.self, forKey: .stopSignal)
    }

    /// - Throws: `Refused` if a document has one of these fields: podman and containerd call it ambiguous.
    static func checkAbsence(of keys: [Other], in decoder: any Decoder, expected: String) throws {
        let fields = try decoder.container(keyedBy: Other.self)
        guard let key = keys.first(where: { fields.contains($0) }) else { return }
        throw Refused(
            description: "\(key.rawValue), which \(expected) does not have: engines call it ambiguous")
    }

    private static func checkTime<Key: CodingKey>(_ fields: KeyedDecodingContainer<Key>, _ key: Key)
        throws
    {
        guard let text = try fields.decodeIfPresent(String.self, forKey: key), !isTime(text) else {
            return
        }
        let place = (fields.codingPath + [key]).map { $0.intValue.map(String.init) ?? $0.stringValue }
        throw Refused(
            description: "\(place.joined(separator: ".")) = \(text), which is no time as RFC 3339 has it")
    }

    /// A document that Go's types or engines' own rules refuse.
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    /// Whether Go's `time.Time` takes a text: `2006-01-02T15:04:05Z`, with a fraction or an offset.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc3339#section-5.6>
    static func isTime(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        func digits(_ count: Int, _ range: ClosedRange<Int>) -> Bool {
            let part = rest.prefix(count)
            guard part.count == count, part.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return false
            }
            rest = rest.dropFirst(count)
            return range.contains(part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
        }
        func character(_ byte: Character) -> Bool {
            guard rest.first == byte.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard digits(4, 0...9999), character("-"), digits(2, 1...12), character("-"), digits(2, 1...31),
            character("T"),
            digits(2, 0...23), character(":"), digits(2, 0...59), character(":"), digits(2, 0...59)
        else { return false }
        if character(".") {
            let fraction = rest.prefix { (0x30...0x39).contains($0) }
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(fraction.count)
        }
        if character("Z") { return rest.isEmpty }
        guard character("+") || character("-") else { return false }
        return digits(2, 0...23) && character(":") && digits(2, 0...59) && rest.isEmpty
    }
}
