/// What a step does. A new kind needs a case here and a file in `Actions`; the compiler names the other places to
/// change.
public enum Action: Sendable, Codable {
    case inspect(InspectAction)
    case probe(ProbeAction)
    case build(BuildAction)
    case artifact(ArtifactAction)
    case run(RunAction)
    case fault(FaultAction)
    case measure(MeasureAction)

    /// The kinds of steps. Each kind's word is the key that such a step must have.
    public enum Kind: String, Sendable, CaseIterable {
        case inspect, probe, build, artifact, run, fault, measure
    }

    public var kind: Kind {
        switch self {
        case .inspect: .inspect
        case .probe: .probe
        case .build: .build
        case .artifact: .artifact
        case .run: .run
        case .fault: .fault
        case .measure: .measure
        }
    }
}

extension Action.Kind {
    /// The format of steps of this kind, with the keys that they share.
    func form(with shared: [Form<ScenarioStep>.Key]) -> Form<ScenarioStep> {
        switch self {
        case .inspect: Self.step(InspectAction.form, Action.inspect, shared)
        case .probe: Self.step(ProbeAction.form, Action.probe, shared)
        case .build: Self.step(BuildAction.form, Action.build, shared)
        case .artifact: Self.step(ArtifactAction.form, Action.artifact, shared)
        case .run: Self.step(RunAction.form, Action.run, shared)
        case .fault: Self.step(FaultAction.form, Action.fault, shared)
        case .measure: Self.step(MeasureAction.form, Action.measure, shared)
        }
    }

    var mayBeInFault: Bool {
        switch self {
        case .inspect, .probe, .build, .artifact, .run: true
        case .fault, .measure: false
        }
    }

    /// The time limit if the file gives none.
    public var usualLimit: Duration {
        switch self {
        case .inspect, .measure: .seconds(30)
        case .probe, .artifact, .run: .seconds(120)
        case .fault: .seconds(180)
        case .build: .seconds(600)
        }
    }

    private static func step<Payload>(
        _ form: Form<Payload>, _ action: @escaping @Sendable (Payload) -> Action, _ shared: [Form<ScenarioStep>.Key]
    ) -> Form<ScenarioStep> {
        var shape = form.shape
        shape.fields += shared.map(\.field)
        return Form(shape: shape) { members in
            let common = Form(name: "", about: "", empty: ScenarioStep(action(form.read(members))), keys: shared)
            return common.read(members)
        }
    }
}
