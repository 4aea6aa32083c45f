import Guest

/// Opens an OCI layout or an archive.
public struct ArtifactAction: Sendable, Codable {
    public var path = ""
    /// Nil until the plan is made: then the matrix's value, else `usualPlatform`.
    public var platform: String?

    /// The platform where a file names none.
    public static let usualPlatform = Guest.standard.platform

    static let form = Form(
        name: "an artifact step", about: "Opens an OCI layout or an archive.", empty: Self(),
        keys: [
            .required(
                Action.Kind.artifact.rawValue, \.path, Vocabulary.words, "Its path; relative to the scenario file."),
            .optional(
                "platform", \.platform, Vocabulary.words, "Default: the matrix's, else \(usualPlatform)."),
        ])
}
