/// Injects a drill's fault, and runs its steps under it.
public struct FaultAction: Sendable, Codable {
    public var drill = ""
    /// How much later the drill's last act comes.
    public var delay: Duration?
    /// Nil: the drill's own probes, expecting what the drill proves.
    public var steps: [ScenarioStep]?

    /// Stands for every drill.
    public static let all = "all"

    static let form = Form(
        name: "a fault step",
        about: "Injects a drill's fault in a private registry, and makes its steps there: the host is never touched.",
        empty: Self(),
        keys: [
            .required(
                Action.Kind.fault.rawValue, \.drill, Vocabulary.drill,
                "See assay drill --list; all is a step for each, with its name."),
            .optional(
                "delay", \.delay, .duration,
                "The last act of the drill comes so much later, while the steps run."),
            .optional(
                "steps", \.steps, .list(of: .variant(ScenarioStep.innerForms)),
                "Made one after the other, with no other keys than their own and name. Default: the drill's own probes, with what it proves as expectation."
            ),
        ])
}
