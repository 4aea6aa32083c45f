public import Evidence

/// Runs probes of an image.
public struct ProbeAction: Sendable, Codable {
    /// Names of probes, or patterns.
    public var patterns: [String] = []
    /// Nil until the plan is made: then the matrix's value, else core.
    public var image: String?
    /// Nil until the plan is made: then the matrix's value, else container.
    public var venues: [Venue]?

    static let form = Form(
        name: "a probe step", about: "Runs probes of an image.", empty: Self(),
        keys: [
            .required(
                Action.Kind.probe.rawValue, \.patterns, .list(of: .text(.pattern)), "Names, or patterns (exec.*)."),
            .optional("image", \.image, Vocabulary.image, "Default: core."),
            .optional("venue", \.venues, .list(of: Vocabulary.venue), "Default: container."),
        ])
}
