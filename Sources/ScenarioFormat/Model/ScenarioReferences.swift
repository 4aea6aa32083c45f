import Probes

/// Checks that the steps and probes that a file names exist.
struct ScenarioReferences {
    let scenario: Scenario
    let root: YAMLNode
    let log: ErrorLog

    /// Checks only the names of probes: after other errors, wrong references to steps may be mere consequences.
    ///
    /// - Parameter probes: an image's probes by name; nil for an image that is not here.
    func checkNamesOfProbes(probes: (String) throws -> [String]?) throws {
        let nodes = root.member("steps")?.items ?? []
        // A step that could not be read is in only one of the lists.
        guard nodes.count == scenario.steps.count else { return }
        for (step, node) in zip(scenario.steps, nodes) { try checkProbes(step, node, probes) }
    }

    /// - Parameter probes: an image's probes by name; nil for an image that is not here.
    func check(probes: (String) throws -> [String]?) throws {
        let nodes = root.member("steps")?.items ?? []
        checkNames(scenario.steps, nodes)
        for member in root.member("matrix")?.members ?? [] { checkOnce(member.value) }
        let (cases, isHuge) = scenario.matrix.count.multipliedReportingOverflow(
            by: max(1, scenario.steps.count))
        if let matrix = root.members.first(where: { $0.key == "matrix" }), isHuge || cases > Scenario.Matrix.most {
            log.add(
                matrix.place, expected: "at most \(Scenario.Matrix.most) steps in all combinations together",
                found: isHuge ? "more" : "\(cases)")
        }
        let labels = Set(scenario.steps.map(\.label))
        let measures = Set(scenario.steps.filter { $0.kind == .measure }.map(\.label))
        for (step, node) in zip(scenario.steps, nodes) {
            for (name, place) in zip(step.needs, node.member("needs")?.items ?? []) {
                checkStep(name, place, in: labels, but: step.label)
            }
            if case .measure(let measure) = step.action {
                for (name, key) in [(measure.measured, Action.Kind.measure.rawValue), (measure.baseline, "baseline")] {
                    guard let value = node.member(key) else { continue }
                    checkStep(name, value, in: labels, but: step.label)
                    guard measures.contains(name) else { continue }
                    log.add(value.place, expected: "a step that runs something", found: "the measure step \"\(name)\"")
                }
            }
            checkPlaces(node)
            try checkProbes(step, node, probes)
            if case .fault(let fault) = step.action { try checkFault(fault, node, probes) }
        }
        checkCircles()
    }

    private func checkFault(_ fault: FaultAction, _ node: YAMLNode, _ probes: (String) throws -> [String]?) throws {
        if let inner = fault.steps, let nodes = node.member("steps")?.items {
            checkNames(inner, nodes)
            nodes.forEach(checkPlaces)
            for (step, node) in zip(inner, nodes) { try checkProbes(step, node, probes) }
        } else {
            for key in ["delay", "limit"] {
                guard let value = node.member(key) else { continue }
                log.add(value.place, "expected steps beside \"\(key)\", found a drill that is carried out as it stands")
            }
        }
        if let value = root.member("matrix")?.member("interpreter") {
            log.add(
                value.place,
                "expected no interpreters where there is a fault, found some: \"\(fault.drill)\" registers one itself"
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

    private func checkNames(_ steps: [ScenarioStep], _ nodes: [YAMLNode]) {
        var seen: Set<String> = []
        for (step, node) in zip(steps, nodes) where !seen.insert(step.label).inserted {
            log.add(
                node.member("name")?.place ?? node.place, expected: "a name of its own for each step",
                found: "\"\(step.label)\" again")
        }
    }

    private func checkStep(_ name: String, _ node: YAMLNode, in labels: Set<String>, but own: String) {
        // Each error lists the steps, so make none that is not kept.
        guard !labels.contains(name) || name == own, !log.isFull else { return }
        let others = labels.filter { $0 != own }.sorted()
        let known = others.prefix(20).joined(separator: ", ") + (others.count > 20 ? ", …" : "")
        log.add(
            node.place, expected: "another step of this scenario (\(known))",
            found: "\"\(name)\"", meant: UnknownName.nearest(to: name, in: others))
    }

    private func checkProbes(_ step: ScenarioStep, _ node: YAMLNode, _ probes: (String) throws -> [String]?) throws {
        guard case .probe(let probe) = step.action, let items = node.member(step.kind.rawValue)?.items else { return }
        let images = probe.image.map { [$0] } ?? scenario.matrix.images ?? [Image.coreName]
        for image in images {
            guard let known = try probes(image) else { continue }
            for (pattern, item) in zip(probe.patterns, items)
            where !known.contains(where: { Selection.matches(pattern, $0) }) {
                log.add(
                    item.place, expected: "a probe of image \(image)", found: "\"\(pattern)\"",
                    meant: UnknownName.nearest(to: pattern, in: known))
            }
        }
    }

    private func checkCircles() {
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
}
