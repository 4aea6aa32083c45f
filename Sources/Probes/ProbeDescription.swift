/// One entry of an image's probe catalogue, `/usr/share/assay/probes.json`.
public struct ProbeDescription: Sendable, Equatable, Codable {
    /// `group.fact`.
    public var name: String
    /// What it proves, in one line.
    public var proves: String
    /// The real-world failure that it stands for.
    public var standsFor: String
    /// A public report of that failure; empty if there is none.
    public var source: String

    enum CodingKeys: String, CodingKey {
        case name, proves, source
        case standsFor = "stands_for"
    }
}
