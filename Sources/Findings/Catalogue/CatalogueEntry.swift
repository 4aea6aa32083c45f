import Binfmt
import Guest

/// What is known about a code beforehand.
public struct CatalogueEntry: Sendable {
    public var severity: Severity
    /// The link of the emulation path that is not as it should be; nil: the path is not what this is about.
    public var link: PathLink?
    public var proof: FindingProof
    /// The symptom: one line for `assay list findings`.
    public var summary: String
    public var cause: String
    /// How to see it without Assay.
    public var byHand: String
    /// The general remedy; a finding's own names this host's paths.
    public var remedy: String

    /// Whose programs the texts are about. Sentences call it by name, commands are made from it.
    static let guest = Guest.standard
    /// The usual entry for it.
    static let entryFile = "\(Registry.standardDirectory)/\(guest.emulator)"
}

/// A link of the emulation path that can be judged without running anything. The word is its check's id.
public enum PathLink: String, Sendable, CaseIterable {
    case registry = "host.binfmt-misc"
    case handler = "host.handler"
    case interpreter = "host.interpreter"
}

/// How a finding is proved: by drills, or by something else for a stated reason.
public enum FindingProof: Sendable {
    /// The bytes of `Drills/CODE.json`.
    case drills(@Sendable () -> [UInt8])
    case elsewhere(reason: String)

    static let builders = elsewhere(
        reason:
            "a builder keeps state that no private registry contains; Tests/BuildersTests has the real tools or their transcripts"
    )
    static let bytes = elsewhere(
        reason: "it is about bytes, not about a host: Tests/OCITests and Tests/ArchiveTests make each faulty artifact")
}
