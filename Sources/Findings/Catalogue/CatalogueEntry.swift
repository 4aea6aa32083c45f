import Binfmt
import Guest

/// What is known about a code in general.
public struct CatalogueEntry: Sendable {
    public var severity: Severity
    /// The link of the emulation path that is at fault; nil if the finding is not about the path.
    public var link: PathLink?
    public var proof: FindingProof
    /// The symptom, in one line for `assay list findings`.
    public var summary: String
    /// What people notice, if the summary does not say so; nil: the finding's own words are shown.
    public var effect: String?
    public var cause: String
    /// How to see it without Assay.
    public var byHand: String
    /// The general remedy. A finding's own remedy has this host's paths.
    public var remedy: String

    /// The guest in the texts: sentences have its name, commands its paths.
    static let guest = Guest.standard
    /// The file of its usual entry.
    static let entryFile = "\(Registry.standardDirectory)/\(guest.emulator)"
}

/// A link of the emulation path that can be judged without running anything. The raw value is its check's id.
public enum PathLink: String, Sendable, CaseIterable {
    case registry = "host.binfmt-misc"
    case handler = "host.handler"
    case interpreter = "host.interpreter"
}

/// How a finding is proved: by drills, or by something else for a stated reason.
public enum FindingProof: Sendable {
    /// By the drills in the file `Drills/CODE.json`, given as its bytes.
    case drills(@Sendable () -> [UInt8])
    case elsewhere(reason: String)

    static let builders = elsewhere(
        reason:
            "a builder keeps state that no private registry contains; Tests/BuildersTests has the real tools or their transcripts"
    )
    static let bytes = elsewhere(
        reason: "it is about bytes, not about a host: Tests/OCITests and Tests/ArchiveTests make each faulty artifact")
}
