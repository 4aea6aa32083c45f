/// What a probe that passed says besides: `slug: words`.
public struct ProbeNote: Sendable, Equatable {
    /// Slugs that somebody asks for; those of other notes are only shown. `Images/core/README.md` says what they mean.
    public enum Slug: String, Sendable, CaseIterable {
        case argv0Rewritten = "argv0-rewritten"
        case credentialsDropped = "credentials-dropped"
        case embeddedEmulator = "embedded-emulator"
    }

    /// As the probe printed it.
    public var text: String

    public init(_ text: String) {
        self.text = text
    }

    /// What comes before the colon, where it is one of those that are asked for.
    public var slug: Slug? { Slug(rawValue: String(text.prefix { $0 != ":" })) }
}
