import CYAML
import Files

/// Reads a YAML file with libyaml, keeping every key and its place.
///
/// Accepts one document without anchors, aliases or tags, so that people see everything that a scenario says.
final class YAMLReader {
    private let log: ErrorLog
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let subject: String
    /// Whether the parser has ended.
    private var isStopped = false
    /// Whether the last word has several lines without quotes. If the text breaks off after it, it may have been meant
    /// otherwise.
    private var isLastDoubtful = false

    /// The deepest nesting: deeper than any scenario, and far from the end of the stack.
    private static let deepest = 32

    /// Stops the reading. The error is in the log.
    private struct Stop: Error {}

    private init(parser: UnsafeMutablePointer<yaml_parser_t>, log: ErrorLog, subject: String) {
        self.parser = parser
        self.log = log
        self.subject = subject
    }

    /// - Parameter subject: for messages: `a scenario`.
    /// - Returns: the document's root, up to where the text is YAML; nil if there is nothing. The log says what is wrong.
    static func read(_ bytes: [UInt8], log: ErrorLog, subject: String = "a scenario") -> YAMLNode? {
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
            return try? YAMLReader(parser: parser, log: log, subject: subject).document()
        }
    }

    private func document() throws -> YAMLNode? {
        _ = try next()
        let start = try next()
        guard start.type == YAML_DOCUMENT_START_EVENT else {
            log.add(start.place, expected: subject, found: "an empty file")
            return nil
        }
        let root = try node(try next(), depth: 0)
        if isStopped { return root }
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
        if isStopped { throw Stop() }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            isStopped = true
            let mark = parser.pointee.problem_mark
            let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not readable"
            let context = parser.pointee.context.map { " \(String(cString: $0))" } ?? ""
            log.add(place(mark), "this is not YAML: \(problem)\(context)")
            throw Stop()
        }
        defer { yaml_event_delete(&event) }
        var found = Event(type: event.type, place: place(event.start_mark))
        isLastDoubtful = false
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            found.text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            found.isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            isLastDoubtful = found.isPlain && event.start_mark.line != event.end_mark.line
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
            isStopped = true
            throw Stop()
        }
        switch event.type {
        case YAML_SEQUENCE_START_EVENT:
            let items = items(depth: depth)
            return YAMLNode(content: .list(items), place: event.place, isCutOff: isStopped)
        case YAML_MAPPING_START_EVENT:
            let members = members(depth: depth)
            return YAMLNode(content: .map(members), place: event.place, isCutOff: isStopped)
        default:
            return YAMLNode(content: .scalar(event.text, isPlain: event.isPlain), place: event.place)
        }
    }

    /// The rest of a list, up to its end or to where reading stops.
    private func items(depth: Int) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while let event = try? next(), event.type != YAML_SEQUENCE_END_EVENT {
            guard let item = try? node(event, depth: depth + 1) else { break }
            items.append(item)
        }
        if isDoubtful(items.last) { items.removeLast() }
        return items
    }

    private func isDoubtful(_ last: YAMLNode?) -> Bool {
        guard isStopped, isLastDoubtful, case .scalar? = last?.content else { return false }
        isLastDoubtful = false
        return true
    }

    /// The same for a mapping.
    private func members(depth: Int) -> [YAMLNode.Member] {
        var members: [YAMLNode.Member] = []
        while let event = try? next(), event.type != YAML_MAPPING_END_EVENT {
            guard let key = try? node(event, depth: depth + 1), let first = try? next(),
                let value = try? node(first, depth: depth + 1)
            else { break }
            if case .scalar(let text, _) = key.content {
                members.append(YAMLNode.Member(key: text, place: key.place, value: value))
            } else {
                log.add(key.place, expected: "a word as key", found: key.summary)
            }
        }
        if isDoubtful(members.last?.value) { members.removeLast() }
        return members
    }
}
