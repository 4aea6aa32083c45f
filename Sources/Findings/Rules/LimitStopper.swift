import Evidence

/// The limit, or the limits together, that were shown to stop the smallest program.
struct LimitStopper {
    var resources: [LimitEvidence.Resource] = []
    var groups: [LimitEvidence.Group] = []
    /// Set if memory may not be writable and executable.
    var refusal: LimitEvidence.MemoryRefusal?
    /// How it was shown.
    let proof: String

    /// Nil if nothing was shown.
    ///
    /// - Parameter program: the program that was tried, for people.
    init?(_ limits: LimitEvidence, _ bare: LimitEvidence.Attempt, program: String) {
        if bare.didRun || ShortageWords.isOwnDescriptors(bare.result) { return nil }
        if let relief = limits.relieved.first(where: \.didRun) {
            resources = limits.resources.filter { relief.lifted.contains($0.name) }
            proof = "the smallest \(program) ends under it, and runs without it"
            return
        }
        if let group = Self.tightest(limits.groups.filter { bare.enforced.contains($0.controller) }) {
            groups = [group]
            proof =
                group.controller == .pids
                ? "the kernel refuses the smallest \(program) a process"
                : "the kernel kills the smallest \(program)"
            return
        }
        if let refused = limits.memoryRefusal, EmulatorWords(bare.words) == .executableMemory {
            refusal = refused
            proof = "the emulator, which translates into such memory, ends: \(bare.words)"
            return
        }
        let named = ShortageWords.resources(of: bare.result, words: bare.words)
        resources = limits.resources.filter { named.contains($0.name) }
        guard !resources.isEmpty else { return nil }
        proof =
            bare.words.isEmpty ? "the smallest \(program) ends by it" : "the emulator ends under it: \(bare.words)"
    }

    var names: String {
        (resources.map(\.text) + groups.map(\.text) + [refusal?.text].compactMap(\.self)).joined(separator: ", ")
    }
    var summary: String { "\(names): \(proof)" }

    /// The group with the least room left.
    private static func tightest(_ groups: [LimitEvidence.Group]) -> LimitEvidence.Group? {
        groups.min { $0.limit - min($0.limit, $0.current) < $1.limit - min($1.limit, $1.current) }
    }
}
