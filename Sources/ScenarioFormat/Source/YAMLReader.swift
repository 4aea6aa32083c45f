import CYAML
import Files

/// Reads a YAML file with libyaml, keeping every key and its place.
///
/// Accepts one document without anchors, aliases or tags, so that people see everything that a scenario says.
struct YAMLReader {
    private let log: ErrorLog
    private var parser: UnsafeMutablePointer<yaml_parser_t>

    /// The deepest nesting: deeper than any scenario, and far from the end of the stack.
    private static let deepest = 32

    /// Stops the reading. The error is in the log.
    private struct Stop: Error {}

    /// - Returns: the document's root; nil if the text is not YAML, or empty: the log then says why.
    static func read(_ bytes: [UInt8], log: ErrorLog) -> YAMLNode? {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else {
            log.add(Place(line: 1, column: 1), "out of memory while reading")
            return nil
        }
        defer { yaml_parser_delete(parser) }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        return bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            let reader = YAMLReader(log: log, parser: parser)
            return try? reader.document()
        }
    }

    private func document() throws -> YAMLNode? {
        _ = try next()
        let start = try next()
        guard start.type == YAML_DOCUMENT_START_EVENT else {
            log.add(start.place, expected: "a scenario", found: "an empty file")
            return nil
        }
        let root = try node(try next(), depth: 0)
        _ = try next()
        let end = try next()
        if end.type != YAML_STREAM_END_EVENT {
            log.add(end.place, expected: "one document", found: "a second one")
        }
        return root
    }

    /// The parts of an event that outlive it.
    private struct Event {
        var type: yaml_event_type_t
        var place: Place
        var text = ""
        var isPlain = false
        var isDecorated = false
    }

    private func next() throws -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            let mark = parser.pointee.problem_mark
            let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not readable"
            let context = parser.pointee.context.map { " \(String(cString: $0))" } ?? ""
            log.add(place(mark), "this is not YAML: \(problem)\(context)")
            throw Stop()
        }
        defer { yaml_event_delete(&event) }
        var found = Event(type: event.type, place: place(event.start_mark))
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            found.text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            found.isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            found.isDecorated = scalar.anchor != nil || scalar.tag != nil
        case YAML_SEQUENCE_START_EVENT:
            found.isDecorated = event.data.sequence_start.anchor != nil || event.data.sequence_start.tag != nil
        case YAML_MAPPING_START_EVENT:
            found.isDecorated = event.data.mapping_start.anchor != nil || event.data.mapping_start.tag != nil
        default: break
        }
        return found
    }

    private func place(_ mark: yaml_mark_t) -> Place { Place(line: Int(mark.line) + 1, column: Int(mark.column) + 1) }

    private func node(_ event: Event, depth: Int) throws -> YAMLNode {
        if event.isDecorated || event.type == YAML_ALIAS_EVENT {
            log.add(event.place, expected: "a plain value", found: "an anchor, an alias or a tag")
        }
        guard depth < Self.deepest else {
            log.add(event.place, expected: "at most \(Self.deepest) levels", found: "another one")
            throw Stop()
        }
        switch event.type {
        case YAML_SEQUENCE_START_EVENT:
            var items: [YAMLNode] = []
            var event = (start: event, next: try next())
            while event.next.type != YAML_SEQUENCE_END_EVENT {
                items.append(try node(event.next, depth: depth + 1))
                event.next = try next()
            }
            return YAMLNode(content: .list(items), place: event.start.place)
        case YAML_MAPPING_START_EVENT:
            return YAMLNode(content: .map(try members(depth: depth)), place: event.place)
        default:
            return YAMLNode(content: .scalar(event.text, isPlain: event.isPlain), place: event.place)
        }
    }

    private func members(depth: Int) throws -> [YAMLNode.Member] {
        var members: [YAMLNode.Member] = []
        var event = try next()
        while event.type != YAML_MAPPING_END_EVENT {
            let key = try node(event, depth: depth + 1)
            let value = try node(try next(), depth: depth + 1)
            if case .scalar(let text, _) = key.content {
                members.append(YAMLNode.Member(key: text, place: key.place, value: value))
            } else {
                log.add(key.place, expected: "a word as key", found: key.summary)
            }
            event = try next()
        }
        return members
    }
}
