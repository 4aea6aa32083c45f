/// Checks a YAML value against a shape, and turns it into JSON in which a list is always written as one. Errors go into
/// the log.
struct ShapeReader {
    let log: ErrorLog

    /// - Returns: nil if the value is unusable; the log then says why.
    func read(_ node: YAMLNode, as shape: Shape) -> JSONValue? {
        switch shape {
        case .text(let rule): return text(node, rule)
        case .integer(let range):
            if case .integer(let number)? = node.scalar, range.contains(number) { return .integer(number) }
            return wrong(node, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        case .number:
            if case .integer(let number)? = node.scalar, (1...1_000_000).contains(number) { return .integer(number) }
            if case .number(let number)? = node.scalar, number > 0, number <= 1_000_000 { return .number(number) }
            return wrong(node, "a number above 0, at most 1000000")
        case .flag:
            if case .flag(let flag)? = node.scalar { return .flag(flag) }
            return wrong(node, "true or false")
        case .list(let item):
            guard case .list(let nodes) = node.content else { return read(node, as: item).map { .list([$0]) } }
            if nodes.isEmpty && !node.isCutOff { return wrong(node, "at least one item", found: "an empty list") }
            return .list(nodes.compactMap { read($0, as: item) })
        case .map(let value):
            guard case .map(let members) = node.content else { return wrong(node, "a mapping") }
            note(doubles: members)
            return .object(members.compactMap { one in read(one.value, as: value).map { .init(one.key, $0) } })
        case .object(let shape): return object(node, shape)
        case .variant(let shapes): return variant(node, shapes)
        }
    }

    private func wrong(_ node: YAMLNode, _ expected: String, found: String? = nil, meant: String? = nil) -> JSONValue? {
        log.add(node.place, expected: expected, found: found ?? node.summary, meant: meant)
        return nil
    }

    private func text(_ node: YAMLNode, _ rule: TextRule) -> JSONValue? {
        switch node.scalar {
        case .text(let text)? where rule.isRight(text): return .text(text)
        case .text(let text)?:
            return wrong(node, rule.name, meant: UnknownName.nearest(to: text, in: rule.words ?? rule.examples))
        case .integer, .number, .flag, .ambiguous:
            guard case .scalar(let text, _) = node.content else { return nil }
            // Like the schema for editors, do not accept a number as text.
            let meant = text + rule.unit
            let quotes = rule.unit.isEmpty ? " without quotes" : ""
            return wrong(
                node, rule.name, found: node.summary + quotes, meant: rule.isRight(meant) ? meant : nil)
        case .null?, nil: return wrong(node, rule.name)
        }
    }

    private func object(_ node: YAMLNode, _ shape: ObjectShape) -> JSONValue? {
        guard case .map(let members) = node.content else { return wrong(node, shape.name) }
        note(doubles: members)
        var read: [JSONValue.Member] = []
        let present = Set(members.map(\.key))
        let absent = shape.fields.map(\.key).filter { !present.contains($0) }
        let known = shape.fields.map(\.key).joined(separator: ", ")
        var seen: Set<String> = []
        for member in members {
            guard let field = shape.field(member.key) else {
                log.add(
                    member.place, expected: "a key of \(shape.name) (\(known))", found: "\"\(member.key)\"",
                    meant: UnknownName.nearest(to: member.key, in: absent))
                continue
            }
            guard seen.insert(member.key).inserted else { continue }
            if let value = self.read(member.value, as: field.shape) { read.append(.init(field.key, value)) }
        }
        let missing = shape.fields.filter { field in field.isRequired && !present.contains(field.key) }
        if !missing.isEmpty && !node.isCutOff {
            let words = missing.map { "\"\($0.key)\"" }.joined(separator: " and ")
            log.add(node.place, "expected \(words) in \(shape.name), found none")
        }
        return .object(read)
    }

    private func note(doubles members: [YAMLNode.Member]) {
        var seen: [String: Place] = [:]
        for member in members {
            guard let first = seen[member.key] else {
                seen[member.key] = member.place
                continue
            }
            log.add(
                member.place, expected: "each key once",
                found: "\"\(member.key)\" again (first in line \(first.line))")
        }
    }

    private func variant(_ node: YAMLNode, _ shapes: [ObjectShape]) -> JSONValue? {
        let kinds = shapes.map(\.discriminator)
        guard case .map(let members) = node.content else {
            return wrong(node, "a step: a mapping with one of \(kinds.joined(separator: ", "))")
        }
        // `object` reports duplicate keys.
        var seen: Set<String> = []
        let present = members.filter { kinds.contains($0.key) && seen.insert($0.key).inserted }
        let chosen = present.compactMap { one in shapes.first { $0.discriminator == one.key } }
        let fitting = chosen.filter { shape in present.allSatisfy { shape.field($0.key) != nil } }
        if let shape = fitting.first { return object(node, shape) }
        if present.count > 1 {
            let words = present.map { "\"\($0.key)\"" }.joined(separator: " and ")
            log.add(present[1].place, expected: "one thing to do in a step", found: words)
            return nil
        }
        let known = Set(shapes.flatMap(\.fields).map(\.key))
        if node.isCutOff && members.allSatisfy({ known.contains($0.key) }) { return nil }
        let strange = members.first { !known.contains($0.key) }
        let meant = strange.flatMap { UnknownName.nearest(to: $0.key, in: kinds) }
        log.add(
            strange?.place ?? node.place, expected: "one of \(kinds.joined(separator: ", "))",
            found: strange.map { "\"\($0.key)\"" } ?? "a step that does nothing", meant: meant)
        return nil
    }
}
