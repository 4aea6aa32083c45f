/// A remark of a probe that passed: `slug: words`.
public struct ProbeNote: Sendable, Equatable {
    /// The slugs that rules look for; others are only shown. `Images/core/README.md` explains them.
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

    /// The text before the colon; nil if it is no known slug.
    public var slug: Slug? { Slug(rawValue: String(text.prefix { $0 != ":" })) }
}
