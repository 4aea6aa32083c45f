import FoundationEssentials
public import Guest

/// A fault that is injected on purpose, to check that the right finding, and only it, is reported. Declared in
/// `Drills/CODE.json`.
public struct Drill: Sendable, Codable {
    /// One change of the drill's own namespaces and directory, before the host is judged in them.
    ///
    /// In paths, `@work` is the drill's directory, `@cache` the image cache, `@tmp` the directory for scratch
    /// directories, and `@guest-program` a program of the guest. `@qemu` is the host's static emulator, and
    /// `@plain-qemu` the same under a name that implies no flags.
    public struct Step: Sendable, Codable {
        /// What the step does.
        public enum Action: String, Sendable, Codable {
            /// Register `interpreter` (`@qemu`) as `name` with `flags` (`POCF`), `magic` and `mask`.
            case register
            /// Register an entry by file name extension.
            case registerExtension = "register-extension"
            /// Write 0 to the entry, or to `status`.
            case disable
            /// Mount an empty file system over the registry.
            case hideRegistry = "hide-registry"
            /// Copy `from` to the new file `to`.
            case copy
            /// Copy `@qemu`. With `version` or `machine`, replace its own words for these in the copy.
            case copyInterpreter = "copy-interpreter"
            /// Write an executable script, or another file. `@work` and `@qemu` in `text` are replaced.
            case script
            /// Write a static ELF program for the host that does only what `code` says.
            case program
            /// Write a static program for the host that only executes `from`, with its own arguments and environment.
            /// Before that it uses `value` bytes of memory.
            case wrapper
            case delete
            case chmod
            /// Write `text` to the sysctl's `path`.
            case sysctl
            case mountReadOnly = "mount-read-only"
            case mountNoexec = "mount-noexec"
            /// Bind a Unix socket, and leave it without a listener.
            case deadSocket = "dead-socket"
            /// Lower the soft limit of `resource` to `value`, in the resource's unit.
            case limit
            /// Move into a cgroup with a limit: `resource` is `cpu` (`value` in percent), `memory` (bytes) or `pids`.
            case cgroup
            /// Have processes counted as an ordinary user's, whose number may be limited.
            case countAsUser = "count-as-user"
            /// Move into a system container, whose root may not write to the registry that it sees.
            case systemContainer = "system-container"
            /// Give up all capabilities except CAP_SETFCAP, without which root may not even map itself in a user
            /// namespace.
            case dropCapabilities = "drop-capabilities"
            /// Forbid executing memory that was writable, like systemd's `MemoryDenyWriteExecute=`.
            case denyWriteExecute = "deny-write-execute"
        }

        /// All that a program does.
        public enum Code: String, Sendable, Codable, CaseIterable {
            case illegalInstruction = "illegal-instruction"
            case waitsForEver = "waits-for-ever"
            case exits0 = "exits-0"
        }

        public var `do`: Action
        public var name: String?
        public var flags: String?
        public var interpreter: String?
        public var magic: String?
        public var mask: String?
        public var `extension`: String?
        public var path: String?
        public var from: String?
        public var to: String?
        public var text: String?
        /// The permission bits, for `chmod`.
        public var mode: Int?
        public var version: String?
        public var machine: String?
        public var code: Code?
        /// For example `RLIMIT_AS`, or a controller of cgroups.
        public var resource: String?
        /// The new limit, in the resource's unit; the memory that a wrapper uses, in bytes.
        public var value: UInt64?
    }

    public var name: String
    /// What is done to the host, in one line.
    public var about: String
    public var setup: [Step]
    /// Variables for the drill's process; `@work` is replaced.
    public var environment: [String: String]?
    /// Patterns of the probes that are run; nil: those that start programs.
    public var probes: [String]?
    /// The venues in which the probes run; nil: those that need nothing installed.
    public var venues: [String]?
    /// The time limit of each probe, in seconds.
    public var timeout: Double?
    /// The severity that the finding must have; nil: that in the catalogue.
    public var severity: Severity?
    /// Codes that necessarily come with it.
    public var also: [FindingCode]?
    /// References of checks that must still pass.
    public var passes: [String]?
    /// Why the drill does not run the finding's remedy. Nil: it does, and the finding must then be gone.
    public var remedyNotRun: String?
    /// The code that the drill proves, by the file that declares it; nil for a healthy host.
    public var proves: FindingCode?

    enum CodingKeys: String, CodingKey {
        case name, about, setup, environment, probes, venues, timeout, severity, also, passes
        case remedyNotRun = "remedy_not_run"
    }

    /// All drills: the healthy host first, then by code.
    ///
    /// - Parameter guest: whose names stand in them instead of the standard guest's; nil: as they are written.
    /// - Throws: `DecodingError` if a file is malformed. A test makes sure that none is.
    public static func all(for guest: Guest? = nil) throws -> [Drill] {
        let decoder = JSONDecoder()
        func drills(_ bytes: [UInt8]) throws -> [Drill] {
            let text = guest.map { $0.naming(String(decoding: bytes, as: UTF8.self)) }
            return try decoder.decode([Drill].self, from: text.map { Data($0.utf8) } ?? Data(bytes))
        }
        let isOther = guest != nil && guest != .standard
        var all = try drills(PackageResources.healthy_json)
        for code in FindingCode.allCases {
            // What other guests' processors claim is not judged.
            guard case .drills(let bytes) = code.entry.proof, !isOther || code != .cpuModelRestricted else { continue }
            all += try drills(bytes()).map { drill in
                var drill = drill
                drill.proves = code
                return drill
            }
        }
        return all
    }
}

/// The result of a drill.
public struct DrillResult: Sendable {
    public var drill: Drill
    /// The platform of the guest.
    public var platform: String?
    /// A finding that was reported.
    public typealias Reported = (code: FindingCode, severity: Severity, summary: String)
    public var reported: [Reported]
    /// Whatever is wrong; empty if the drill proves its finding.
    public var problems: [String]
    /// `broken`: it could not be carried out, so that nothing is known; `skip`: this host cannot have the fault.
    private let unmade: Outcome?
    public var duration: Duration

    /// - Parameters:
    ///   - outcomes: the outcomes of the checks, by reference.
    ///   - afterRemedy: the findings after running the remedy; nil if it was not run.
    public init(
        _ drill: Drill, reported: [Reported], outcomes: [String: Outcome],
        afterRemedy: [Reported]?, duration: Duration
    ) {
        self.drill = drill
        self.reported = reported
        self.duration = duration
        unmade = nil
        problems = []
        if let code = drill.proves {
            let severity = drill.severity ?? code.entry.severity
            if !reported.contains(where: { $0.code == code && $0.severity == severity }) {
                problems.append("\(code.rawValue) (\(severity.rawValue)) was not reported")
            }
        }
        let expected = Set([drill.proves].compactMap(\.self) + (drill.also ?? []))
        for (code, severity, summary) in reported where severity > .info && !expected.contains(code) {
            problems.append("false alarm: \(code.rawValue) (\(severity.rawValue)): \(summary)")
        }
        let remaining = (afterRemedy ?? []).filter { $0.severity > .info }.map(\.code)
        if let code = drill.proves, remaining.contains(code) {
            problems.append("\(code.rawValue) is still reported after its remedy")
        }
        for reference in drill.passes ?? [] where outcomes[reference] != .pass {
            problems.append("\(reference) should pass, and is \(outcomes[reference]?.rawValue ?? "missing")")
        }
    }

    /// The drill's outcome.
    public var outcome: Outcome { unmade ?? (problems.isEmpty ? .pass : .fail) }

    /// The result of a drill that could not be carried out.
    public init(_ drill: Drill, broken reason: String) { self.init(drill, .broken, reason) }

    /// The result of a drill whose fault cannot be had on this host.
    public init(_ drill: Drill, skipped reason: String) { self.init(drill, .skip, reason) }

    private init(_ drill: Drill, _ outcome: Outcome, _ reason: String) {
        self.drill = drill
        reported = []
        problems = [reason]
        unmade = outcome
        duration = .zero
    }
}
