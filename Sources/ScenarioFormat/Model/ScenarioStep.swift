/// One step as the file defines it.
public struct ScenarioStep: Sendable, Codable {
    public struct Limit: Sendable, Codable {
        /// Bytes.
        public var memory: UInt64?
        /// Bytes.
        public var disk: UInt64?
    }

    public var action: Action
    public var name: String?
    public var needs: [String] = []
    public var isAlone = false
    /// Whose programs are meant: `linux/riscv64`; nil until the plan is made: then the matrix's value, if it has one.
    public var platform: String?
    public var timeout: Duration?
    public var retries: Int?
    public var environment: [String: String] = [:]
    public var limit = Limit()
    public var expectation: Expectation?

    init(_ action: Action) { self.action = action }

    public var kind: Action.Kind { action.kind }

    /// The name, or the kind if no name is given.
    public var label: String { name ?? kind.rawValue }

    /// Steps that must be done before this one.
    public var prerequisites: [String] {
        if case .measure(let measure) = action { needs + [measure.measured, measure.baseline] } else { needs }
    }

    /// The step itself or, if it stands for all drills, one step for each, with the drill's name.
    public var each: [ScenarioStep] {
        guard case .fault(var fault) = action, fault.drill == FaultAction.all else { return [self] }
        return SuiteDrills.names.map { name in
            var step = self
            fault.drill = name
            step.action = .fault(fault)
            step.name = name
            return step
        }
    }

    /// The steps inside a fault.
    public var inner: [ScenarioStep] {
        if case .fault(let fault) = action { fault.steps ?? [] } else { [] }
    }
}

extension ScenarioStep {
    /// The forms of all kinds of steps, in the order in which messages and the reference name them.
    static let forms = Action.Kind.allCases.map { kind in
        kind.form(with: Self.sharedKeys(of: kind))
    }

    private static func sharedKeys(of kind: Action.Kind) -> [Form<ScenarioStep>.Key] {
        switch kind {
        case .measure: [nameKey]
        // Its platform is the artifact's, which may be any.
        case .artifact: [nameKey] + commonKeys
        case .inspect, .probe, .build, .run, .fault: [nameKey] + commonKeys + [platformKey]
        }
    }

    /// The forms of the steps allowed inside a fault, where limits and expectations are the fault's.
    static let innerForms = Action.Kind.allCases.filter(\.mayBeInFault).map { kind in
        var form = kind.form(with: [Self.nameKey])
        form.shape.definition += "-in-a-fault"
        return form
    }

    /// The keys that all kinds of steps share.
    static let common = Form(
        name: "every step", about: "Keys of all steps but measure.",
        empty: ScenarioStep(.inspect(InspectAction())), keys: [nameKey] + commonKeys + [platformKey])

    private static let nameKey = Form<ScenarioStep>.Key.optional(
        "name", \.name, Vocabulary.name, "Unique in its scenario; the kind of step where there is one of it.")

    private static let platformKey = Form<ScenarioStep>.Key.optional(
        "platform", \.platform, Vocabulary.platform,
        "Whose programs are meant; default: the matrix's, else \(ArtifactAction.usualPlatform). An artifact step has a key of its own."
    )

    private static let commonKeys: [Form<ScenarioStep>.Key] = [
        .preset("needs", \.needs, .list(of: Vocabulary.name), "Steps that must be done before."),
        .preset(
            "alone", \.isAlone, .flag,
            "Nothing else runs at the same time; measured steps are alone by themselves."),
        .optional(
            "timeout", \.timeout, .duration, "After this time the step is ended, with all that it started."),
        .optional("retries", \.retries, .integer(0...10), "Further attempts where it failed."),
        .preset(
            "environment", \.environment, .variables, "Variables (QEMU_CPU and the like) for this step."),
        .preset("limit", \.limit, .object(Limit.form), "What it may use."),
        .optional(
            "expect", \.expectation, .object(Expectation.form),
            "What must come of it, where that is not simply a pass."),
    ]
}

extension ScenarioStep.Limit {
    static let form = Form(
        name: "limit", about: "What the step may use.", empty: Self(),
        keys: [
            .optional(
                "memory", \.memory, .size,
                "Of a cgroup where one can be made, else address space (RLIMIT_AS) beyond what assay itself has."),
            .optional("disk", \.disk, .size, "Of a file system of its own, on which TMPDIR is."),
        ])
}
