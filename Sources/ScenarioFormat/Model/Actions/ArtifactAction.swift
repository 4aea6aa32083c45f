import Guest

/// Opens an OCI layout or an archive.
public struct ArtifactAction: Sendable, Codable {
    public var path = ""
    public var platform = Guest.standard.platform

    static let form = Form(
        name: "an artifact step", about: "Opens an OCI layout or an archive.", empty: Self(),
        keys: [
            .required(
                Action.Kind.artifact.rawValue, \.path, Vocabulary.words, "Its path; relative to the scenario file."),
            .preset("platform", \.platform, Vocabulary.words, "Default: \(Guest.standard.platform)."),
        ])
}
