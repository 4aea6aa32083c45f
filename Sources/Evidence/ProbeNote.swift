/// A remark of a probe that passed, as `slug: words`.
public struct ProbeNote: Sendable, Equatable {
    /// The slugs that rules look for. Others are only shown. `Images/core/README.md` explains them.
    public enum Slug: String, Sendable, CaseIterable {
        case argv0Rewritten = "argv0-rewritten"
        case credentialsDropped = "credentials-dropped"
        case embeddedEmulator = "embedded-emulator"
        case largePages = "large-pages"
    }

    /// The text that the probe printed.
    public var text: String

    public init(_ text: String) {
        self.text = text
    }

    /// The slug before the colon; nil if it is not one of these.
    public var slug: Slug? { Slug(rawValue: String(text.prefix { $0 != ":" })) }
}
