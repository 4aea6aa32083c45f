import Binfmt
import Guest

/// What is known about a code in general.
public struct CatalogueEntry: Sendable {
    /// How grave it usually is.
    public var severity: Severity
    /// When it is graver, or less grave, than usual.
    public var otherwise: [SeverityCase] = []
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
    /// What to type, in general: a command of this program. A report's has this host's paths. Nil: this program has none.
    public var command: String?
    /// The general remedy. A finding's own remedy has this host's paths.
    public var remedy: String

    /// What to do, this program's command first.
    public var advice: [String] {
        guard let command else { return [remedy] }
        return registers ? [command, remedy] : [command]
    }

    /// What the command does, typed without this program; nil where it has none.
    public var withoutAssay: [String]? {
        guard let command else { return nil }
        guard registers else { return [remedy] }
        let replaced = command.contains(" --replace") ? ["printf '%s' -1 > \(Self.entryFile)"] : []
        let rule = Handler(for: Self.guest, interpreter: Self.guest.staticEmulator, flags: "POCF").text
        return replaced + ["printf '%s' '\(rule)' > \(Registry.standardDirectory)/register"]
    }

    /// Every severity that a report may give it.
    public var severities: [Severity] { [severity] + otherwise.map(\.severity) }

    private var registers: Bool { command?.contains(" handler install ") == true }

    /// The guest in the texts: sentences have its name, commands its paths.
    static let guest = Guest.standard
    /// The file of its usual entry.
    static let entryFile = "\(Registry.standardDirectory)/\(guest.emulator)"
    /// The commands of several entries.
    static let mend = "sudo assay host --fix --yes"
    static let replace = "sudo assay handler install --replace --persist"
}

/// A severity that a finding has in some cases.
public struct SeverityCase: Sendable {
    public var severity: Severity
    /// When it has it: the words that follow "where".
    public var condition: String

    init(_ severity: Severity, where condition: String) {
        self.severity = severity
        self.condition = condition
    }
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
