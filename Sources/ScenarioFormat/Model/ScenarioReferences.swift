import Findings
import Probes

/// Checks that the steps and probes that a file names exist. It looks at the file's text, so that each step is checked
/// whatever is wrong in others.
struct ScenarioReferences {
    let root: YAMLNode
    let log: ErrorLog

    private var steps: [YAMLNode] { root.member("steps")?.items ?? [] }

    /// - Parameter probes: an image's probes for a platform by name; nil for an image that is not here.
    func check(probes: (String, String) throws -> [String]?) throws {
        for member in root.member("matrix")?.members ?? [] { checkOnce(member.value) }
        checkNames(steps)
        checkNeeds()
        for step in steps { try check(step, probes) }
    }

    private func check(
        _ step: YAMLNode, of outer: YAMLNode? = nil, _ probes: (String, String) throws -> [String]?
    ) throws {
        checkPlaces(step)
        checkProgram(step)
        try checkProbes(step, on: platforms(of: outer ?? step), probes)
        guard step.stepKind == .fault else { return }
        checkFault(step)
        let inner = step.member("steps")?.items ?? []
        checkNames(inner)
        for inner in inner { try check(inner, of: step, probes) }
    }

    /// The platforms of a step: its own, else the matrix's, else the usual one.
    private func platforms(of step: YAMLNode) -> [String] {
        let named = step.member("platform") ?? root.member("matrix")?.member("platform")
        return named?.items.compactMap(\.word) ?? [ArtifactAction.usualPlatform]
    }

    /// Checks what concerns several steps, in a file that has no other fault.
    func checkWhole(_ scenario: Scenario) {
        let (cases, isHuge) = scenario.matrix.count.multipliedReportingOverflow(
            by: max(1, scenario.steps.count))
        if let matrix = root.members.first(where: { $0.key == "matrix" }), isHuge || cases > Scenario.Matrix.most {
            log.add(
                matrix.place, expected: "at most \(Scenario.Matrix.most) steps in all combinations together",
                found: isHuge ? "more" : "\(cases)")
        }
        checkCircles(scenario)
    }

    private func checkFault(_ node: YAMLNode) {
        if node.member("steps") == nil {
            for key in ["delay", "limit"] {
                guard let value = node.member(key) else { continue }
                log.add(value.place, "expected steps beside \"\(key)\", found a drill that is carried out as it stands")
            }
        }
        if let value = root.member("matrix")?.member("interpreter"), let drill = node.member("fault")?.word {
            log.add(
                value.place,
                "expected no interpreters where there is a fault, found some: \"\(drill)\" registers one itself"
            )
        }
    }

    /// A value given twice would run twice, but be reported once.
    private func checkPlaces(_ node: YAMLNode) {
        for key in ["venue", "builder", "build"] { node.member(key).map(checkOnce) }
    }

    private func checkOnce(_ list: YAMLNode) {
        var seen: Set<String> = []
        for item in list.items {
            if case .scalar(let text, _) = item.content, !seen.insert(text).inserted {
                log.add(item.place, expected: "each value once", found: "\"\(text)\" again")
            }
        }
    }

    /// A command line must be split into words: there is no shell.
    private func checkProgram(_ node: YAMLNode) {
        guard let first = node.member(Action.Kind.run.rawValue)?.items.first, let text = first.word,
            text.contains(where: \.isWhitespace), !text.hasPrefix("/"), !text.hasPrefix(".")
        else { return }
        let words = text.split(whereSeparator: \.isWhitespace).map { "\"\($0)\"" }
        log.add(
            first.place,
            "expected a list of words, for no shell splits them, found \"\(text)\"; "
                + "did you mean [\(words.joined(separator: ", "))]?")
    }

    private func checkNames(_ nodes: [YAMLNode]) {
        var seen: Set<String> = []
        for node in nodes {
            guard let label = node.stepLabel, !seen.insert(label).inserted else { continue }
            log.add(
                node.member("name")?.place ?? node.place, expected: "a name of its own for each step",
                found: "\"\(label)\" again")
        }
    }

    private func checkNeeds() {
        let labels = steps.map(\.stepLabel)
        // A step whose name is not known may be the one that is meant.
        guard !root.isCutOff, !labels.contains(nil) else { return }
        let known = Set(labels.compactMap(\.self))
        let measures = Set(steps.filter { $0.stepKind == .measure }.compactMap(\.stepLabel))
        for node in steps {
            for need in node.member("needs")?.items ?? [] { checkStep(need, in: known, but: node.stepLabel) }
            guard node.stepKind == .measure else { continue }
            for key in [Action.Kind.measure.rawValue, "baseline"] {
                guard let value = node.member(key), let name = value.word else { continue }
                checkStep(value, in: known, but: node.stepLabel)
                guard measures.contains(name) else { continue }
                log.add(value.place, expected: "a step that runs something", found: "the measure step \"\(name)\"")
            }
        }
    }

    private func checkStep(_ node: YAMLNode, in labels: Set<String>, but own: String?) {
        // Each error lists the steps, so make none that is not kept.
        guard let name = node.word, !labels.contains(name) || name == own, !log.isFull else { return }
        let others = labels.filter { $0 != own }.sorted()
        let known = others.prefix(20).joined(separator: ", ") + (others.count > 20 ? ", …" : "")
        log.add(
            node.place, expected: "another step of this scenario (\(known))",
            found: "\"\(name)\"", meant: UnknownName.nearest(to: name, in: others))
    }

    private func checkProbes(
        _ node: YAMLNode, on platforms: [String], _ probes: (String, String) throws -> [String]?
    ) throws {
        guard let items = node.member(Action.Kind.probe.rawValue)?.items else { return }
        let named = node.member("image") ?? root.member("matrix")?.member("image")
        for image in named?.items.compactMap(\.word) ?? [Image.coreName] {
            // A pattern must choose something for one of the platforms: their probes differ.
            let known = try platforms.compactMap { try probes(image, $0) }.flatMap(\.self)
            guard !known.isEmpty else { continue }
            for item in items {
                guard let pattern = item.word, TextRule.pattern.isRight(pattern),
                    !known.contains(where: { Selection.matches(pattern, $0) })
                else { continue }
                log.add(
                    item.place, expected: "a probe of image \(image)", found: "\"\(pattern)\"",
                    meant: UnknownName.nearest(to: pattern, in: known))
            }
        }
    }

    private func checkCircles(_ scenario: Scenario) {
        // Each finished step releases the steps that wait for it.
        var waiting: [String: [Int]] = [:]
        var missing = scenario.steps.map { Set($0.prerequisites).count }
        for (index, step) in scenario.steps.enumerated() {
            for name in Set(step.prerequisites) { waiting[name, default: []].append(index) }
        }
        var ready = missing.indices.filter { missing[$0] == 0 }
        var done: Set<Int> = []
        while let index = ready.popLast() {
            done.insert(index)
            for other in waiting.removeValue(forKey: scenario.steps[index].label) ?? [] {
                missing[other] -= 1
                if missing[other] == 0 { ready.append(other) }
            }
        }
        let left = scenario.steps.enumerated().filter { !done.contains($0.offset) }.map(\.element)
        guard log.errors.isEmpty, !left.isEmpty else { return }
        let words = left.map { "\"\($0.label)\"" }.joined(separator: ", ")
        log.add(
            root.member("steps")?.place ?? root.place,
            "expected an order of the steps, found that \(words) wait for each other")
    }
}

extension YAMLNode {
    /// A mapping's members; empty for anything else.
    var members: [Member] {
        if case .map(let members) = content { members } else { [] }
    }

    /// The value of a mapping's key; nil if it is missing.
    func member(_ key: String) -> YAMLNode? { members.first { $0.key == key }?.value }

    /// A list's items; a single value stands for a list of one.
    var items: [YAMLNode] {
        if case .list(let items) = content { items } else { [self] }
    }

    /// A text; nil for a number, a list or a mapping.
    var word: String? {
        if case .text(let text)? = scalar { text } else { nil }
    }

    /// What a step does; nil if that is unknown.
    fileprivate var stepKind: Action.Kind? {
        let kinds = members.compactMap { Action.Kind(rawValue: $0.key) }
        // The baseline's key may be a kind too.
        return kinds.contains(.measure) ? .measure : kinds.first
    }

    /// The name by which other steps refer to a step.
    fileprivate var stepLabel: String? { member("name").map(\.word) ?? stepKind?.rawValue }
}
