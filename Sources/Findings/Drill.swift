import FoundationEssentials

/// A fault injected on purpose, to see that the right finding, and only it, comes back. Declared in `Drills/CODE.json`.
public struct Drill: Sendable, Codable {
    /// One thing that is done to the drill's own namespaces and directory before the host is judged in them.
    ///
    /// In paths `@work` is the drill's directory, `@cache` the image cache, `@tmp` where scratch directories are made, `@qemu` the host's static emulator, `@plain-qemu` the same
    /// under a name that says nothing about flags, and `@guest-program` a program of the guest.
    public struct Step: Sendable, Codable {
        public enum Action: String, Sendable, Codable {
            /// Register `interpreter` (`@qemu`) as `name` with `flags` (`POCF`), `magic` and `mask`.
            case register
            /// Register an entry by file name extension.
            case registerExtension = "register-extension"
            /// Write 0 to the entry, or to `status`.
            case disable
            /// Mount an empty file system over the registry.
            case hideRegistry = "hide-registry"
            /// Put a copy of `from` to `to`, as a new file.
            case copy
            /// The same for `@qemu`; with `version` or `machine`, its own words for these are replaced in the copy.
            case copyInterpreter = "copy-interpreter"
            /// Write an executable script; `@work` and `@qemu` in `text` are replaced.
            case script
            /// Write a static ELF program of the host's architecture that consists of the machine instructions in `code`.
            case program
            /// Write a static program of an x86-64 host that executes `from` with its own arguments and environment, and nothing else.
            case wrapper
            case delete
            case chmod
            /// Write `text` to the sysctl's `path`.
            case sysctl
            case mountReadOnly = "mount-read-only"
            case mountNoexec = "mount-noexec"
            /// Bind a Unix socket, and go away.
            case deadSocket = "dead-socket"
            /// Lower the soft `resource` limit to `value`, in its own unit.
            case limit
            /// Give up all capabilities but CAP_SETFCAP, without which root may not even map itself in a user namespace.
            case dropCapabilities = "drop-capabilities"
            /// No memory becomes executable that was writable, as under `MemoryDenyWriteExecute=` of systemd.
            case denyWriteExecute = "deny-write-execute"
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
        public var mode: Int?
        public var version: String?
        public var machine: String?
        public var code: String?
        /// `RLIMIT_AS`.
        public var resource: String?
        public var value: UInt64?
    }

    public var name: String
    /// One line: what is done to the host.
    public var about: String
    public var setup: [Step]
    public var environment: [String: String]?
    /// Patterns of the probes that are run; those that start programs unless given.
    public var probes: [String]?
    public var venues: [String]?
    /// Seconds for each probe.
    public var timeout: Double?
    /// How grave the finding must be; as in the catalogue unless given.
    public var severity: Severity?
    /// Codes that necessarily come along.
    public var also: [FindingCode]?
    /// References of checks that must still pass.
    public var passes: [String]?
    /// Why the finding's remedy is not typed in the drill; nil: it is, and must make the finding go away.
    public var remedyNotRun: String?
    /// The code that it proves; nil for a healthy host. Given by the file that it is declared in.
    public var proves: FindingCode?

    enum CodingKeys: String, CodingKey {
        case name, about, setup, environment, probes, venues, timeout, severity, also, passes
        case remedyNotRun = "remedy_not_run"
    }

    /// All drills, a healthy host first, then by code.
    ///
    /// - Throws: `DecodingError` when a file is malformed, which a test rules out.
    public static func all() throws -> [Drill] {
        let decoder = JSONDecoder()
        var drills = try decoder.decode([Drill].self, from: Data(PackageResources.healthy_json))
        for code in FindingCode.allCases {
            guard case .drills(let bytes) = code.entry.proof else { continue }
            drills += try decoder.decode([Drill].self, from: Data(bytes())).map { drill in
                var drill = drill
                drill.proves = code
                return drill
            }
        }
        return drills
    }
}

/// What a drill brought to light.
public struct DrillResult: Sendable {
    public var drill: Drill
    /// A finding that came back.
    public typealias Reported = (code: FindingCode, severity: Severity, summary: String)
    public var reported: [Reported]
    /// What is not as it should be; empty when the drill proves its finding.
    public var problems: [String]
    /// It could not be carried out: nothing is known.
    public var isBroken = false
    public var duration: Duration

    /// - Parameters:
    ///   - outcomes: of the checks that were made, by reference.
    ///   - afterRemedy: what was reported after the finding's remedy had been typed; nil where it was not.
    public init(
        _ drill: Drill, reported: [Reported], outcomes: [String: Outcome],
        afterRemedy: [Reported]?, duration: Duration
    ) {
        self.drill = drill
        self.reported = reported
        self.duration = duration
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

    /// What came of it.
    public var outcome: Outcome { isBroken ? .broken : problems.isEmpty ? .pass : .fail }

    /// A drill that could not be carried out.
    public init(_ drill: Drill, broken reason: String) {
        self.drill = drill
        reported = []
        problems = [reason]
        isBroken = true
        duration = .zero
    }
}
