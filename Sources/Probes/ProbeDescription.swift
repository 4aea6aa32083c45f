public import Guest

/// One entry of an image's probe catalogue, `/usr/share/assay/probes.json`.
public struct ProbeDescription: Sendable, Equatable, Codable {
    /// `group.fact`.
    public var name: String
    /// What it proves, in one line.
    public var proves: String
    /// The real-world failure that it stands for.
    public var standsFor: String
    /// A public report of that failure; nil if there is none.
    public var source: String?
    /// The architectures that it is about, by Go's names, with blanks between; nil for all.
    public var only: String?

    /// Whether it is about a guest's machine: on others it is skipped.
    public func isAbout(_ guest: Guest) -> Bool {
        only?.split(separator: " ").contains { $0 == guest.architecture } ?? true
    }

    enum CodingKeys: String, CodingKey {
        case name, proves, source, only
        case standsFor = "stands_for"
    }
}
