/// Compares the time of one step with that of another.
public struct MeasureAction: Sendable, Codable {
    /// The step that is judged.
    public var measured = ""
    public var baseline = ""
    /// The largest allowed ratio of the measured time to the baseline's.
    public var limit = 1.0

    static let form = Form(
        name: "a measure step", about: "Holds the time of one step against that of another.", empty: Self(),
        keys: [
            .required(
                Action.Kind.measure.rawValue, \.measured, Vocabulary.name, "The step that is judged."),
            .required("baseline", \.baseline, Vocabulary.name, "The step that it is held against."),
            .required(
                "at-most", \.limit, .number, "How many times the baseline's time it may take."),
        ])
}
