import Archive
public import Evidence
public import Findings
import Processes

/// What a configuration file says: defaults for the command line, and findings that are allowed.
public struct Configuration: Sendable {
    /// What makes a run fail.
    public enum Threshold: String, Sendable, CaseIterable {
        case error, warning
    }

    var schema = ""
    public var allowances: [Allowance] = []
    /// Words of `--builder`.
    public var builders: [String]?
    public var venues: [Venue]?
    public var timeout: Duration?
    public var timeoutMultiplier: Double?
    public var jobs: Int?
    /// By the names of `--limit`.
    public var limits: [String: Int] = [:]
    public var failOn: Threshold?
    /// By name; each is put over the rest of the file.
    public var profiles: [String: Configuration] = [:]

    public init() {}

    /// Puts another one over this: what it says counts, and what it does not say stays.
    public func overlaid(with other: Configuration) -> Configuration {
        var result = self
        result.allowances =
            other.allowances + allowances.filter { one in !other.allowances.contains { $0.code == one.code } }
        result.builders = other.builders ?? builders
        result.venues = other.venues ?? venues
        result.timeout = other.timeout ?? timeout
        result.timeoutMultiplier = other.timeoutMultiplier ?? timeoutMultiplier
        result.jobs = other.jobs ?? jobs
        result.limits = limits.merging(other.limits) { _, new in new }
        result.failOn = other.failOn ?? failOn
        return result
    }

    /// The one of that name, put over the file.
    ///
    /// - Throws: `UnknownName`.
    public func profile(_ name: String) throws -> Configuration {
        guard let profile = profiles[name] else {
            throw UnknownName(kind: "profile", name: name, known: profiles.keys.sorted())
        }
        return overlaid(with: profile)
    }

    /// Says of each allowance where it stands.
    mutating func name(source: String) {
        for index in allowances.indices { allowances[index].source = source }
        for key in profiles.keys { profiles[key]?.name(source: source) }
    }
}

extension Configuration {
    /// The value of `schema:`; bumped when the meaning of existing files changes.
    static let format = "assay.config/1"

    /// Words of `--builder` beside names.
    public static let noBuilder = "none", anyBuilder = "any"

    static let form = Form(
        name: "a configuration", about: "Defaults for the command line, and findings that are allowed.", empty: Self(),
        keys: [
            .preset("schema", \.schema, .text(.words("\"\(format)\"", [format])), "The format's name and version.")
        ] + keys + [
            .preset(
                "profiles", \.profiles, .map(of: .object(profileForm)),
                "By name: what --profile NAME puts over the rest of the file.")
        ])

    static let profileForm = Form(
        name: "a profile", about: "What --profile NAME puts over the rest of the file.", empty: Self(), keys: keys)

    private static let keys: [Form<Self>.Key] = [
        .preset("allow", \.allowances, .list(of: .object(Allowance.form)), "Findings to live with."),
        .optional(
            "builders", \.builders, .list(of: Vocabulary.builderWord),
            "For accept and builders, where no --builder is given."),
        .optional("venues", \.venues, .list(of: Vocabulary.venue), "For accept, where no --venue is given."),
        .optional("timeout", \.timeout, .duration, "For each probe, where no --timeout is given."),
        .optional("timeout-multiplier", \.timeoutMultiplier, .number, "Factor for every time limit."),
        .optional("jobs", \.jobs, .integer(1...1000), "How many children run side by side."),
        .preset("limits", \.limits, .object(limitForm), "Bounds on what is read of archives, as --limit has them."),
        .optional(
            "fail-on", \.failOn, .word("error or warning", definition: "threshold"),
            "warning: exit with status 3 when there are warnings or flaky checks, as --strict does."),
    ]

    private static let limitForm = Form(
        name: "limits", about: "Bounds on what is read of archives.", empty: [String: Int](),
        keys: ArchiveLimits.names.split(separator: ", ").map { name in
            let name = String(name)
            return .optional(name, \.[name], .integer(1...(1 << 53)), "As --limit \(name)=N.")
        })
}

extension Allowance {
    static let form = Form(
        name: "an allowance", about: "A finding to live with; its checks fail, and the exit status does not.",
        empty: Allowance(code: .handlerMissing, source: ""),
        keys: [
            .required("code", \.code, Vocabulary.finding, "The finding."),
            .required("reason", \.reason, Vocabulary.words, "Why it may stay."),
            .optional("owner", \.owner, Vocabulary.words, "Who answers for it."),
            .optional(
                "expires", \.expires, .text(.day),
                "The last day on which it counts, in UTC: after it the run fails again."),
        ])
}
