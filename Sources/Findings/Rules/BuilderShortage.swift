import Evidence

/// A shortage that may explain a builder's failure. It is no fault of the builder, nor of the host's emulation.
struct BuilderShortage {
    /// Whether the builder itself names the shortage, and the limit is set.
    let isShown: Bool
    let summary: String
    let evidence: [String]
    /// Whether a file system is full: no limit of a process is at fault.
    let isFull: Bool

    /// - Parameter text: the builder's words, in lower case.
    init?(_ builder: BuilderEvidence, saying text: String) {
        let spaces = ["no space left on device", "disk quota exceeded"]
        // The kernel says the same if there are too many namespaces.
        if spaces.contains(where: text.contains), !["clone", "namespace"].contains(where: text.contains) {
            self.init(false, "\(builder.builder): a file system is full", [], isFull: true)
            return
        }
        guard let limits = builder.limits, !limits.isEmpty else { return nil }
        let named = ShortageWords.resources(in: text)
        let blamed = limits.resources.filter { named.contains($0.name) }
        let groups = limits.groups.filter { limits.enforced.contains($0.controller) }
        let resources = blamed.isEmpty && groups.isEmpty ? limits.resources : blamed
        guard !resources.isEmpty || !groups.isEmpty else { return nil }
        let names = (resources.map(\.text) + groups.map(\.text)).joined(separator: ", ")
        let origins =
            resources.map { "\($0.text); set by \($0.origin(limits.unit))" }
            + groups.map { "\($0.text); set by \($0.origin(limits.unit))" }
        let isShown = !blamed.isEmpty || !groups.isEmpty
        self.init(
            isShown, "\(names): \(builder.builder) \(isShown ? "fails under it" : "fails, and it may be for this")",
            origins)
    }

    private init(_ isShown: Bool, _ summary: String, _ evidence: [String], isFull: Bool = false) {
        self.isShown = isShown
        self.summary = summary
        self.evidence = evidence
        self.isFull = isFull
    }
}
