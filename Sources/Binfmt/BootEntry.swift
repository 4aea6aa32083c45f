/// One rule that a service of this host registers, or could register, when it boots.
public struct BootEntry: Sendable, Equatable {
    /// What becomes of the rule at boot.
    public enum State: Sendable, Equatable {
        case applies
        /// A drop-in file changes whether the service that reads it runs, or what that executes.
        case uncertain(by: String)
        /// A file of the same name in an earlier directory replaces this one.
        case overridden(by: String)
        /// The file, or the service that would read it, is masked: a link to `/dev/null` of its name, or an empty file.
        case masked(by: String)
        /// The service that would read it is installed, but nothing starts it.
        case disabled(unit: String)
        /// A package's offer that `update-binfmts --import` has not yet taken into its database.
        case notImported
        /// The program that would read it is not installed.
        case noRegistrar

        /// Whether the rule is registered, as far as can be known.
        public var isRegistered: Bool {
            switch self {
            case .applies, .uncertain: true
            case .overridden, .masked, .disabled, .notImported, .noRegistrar: false
            }
        }

        /// The state in full, for people.
        public var words: String {
            switch self {
            case .applies: "applies"
            case .uncertain(let path): "not certain: \(path) changes the service"
            case .overridden(let path): "overridden by \(path)"
            case .masked(let path): "masked by \(path)"
            case .disabled(let unit): "\(unit) is disabled"
            case .notImported: "not imported"
            case .noRegistrar: "nothing here reads it"
            }
        }
    }

    public var registrar: BootRegistrar
    /// The file that holds the rule.
    public var path: String
    public var handler: Handler
    public var state: State
    /// For `update-binfmts`: the package that the rule belongs to.
    public var package: String?

    /// Whether another file, by its name, keeps the rule from being read.
    public var isHidden: Bool {
        switch state {
        case .overridden, .masked: true
        case .applies, .uncertain, .disabled, .notImported, .noRegistrar: false
        }
    }
}

/// A service that registers entries at boot.
public enum BootRegistrar: String, Sendable, CaseIterable {
    /// systemd-binfmt.service, see binfmt.d(5).
    case systemd = "systemd-binfmt"
    /// binfmt-support.service, see update-binfmts(8). It starts after systemd's.
    case binfmtSupport = "update-binfmts"

    /// The program that keeps binfmt-support's database.
    public static let updateBinfmts = "/usr/sbin/update-binfmts"

    /// The units that mount the registry, at boot and when it is first used.
    static let (mountUnit, automountUnit) = ("proc-sys-fs-binfmt_misc.mount", "proc-sys-fs-binfmt_misc.automount")

    /// Its systemd unit.
    public var unit: String {
        switch self {
        case .systemd: "systemd-binfmt.service"
        case .binfmtSupport: "binfmt-support.service"
        }
    }

    /// Where the program may be installed.
    var programs: [String] {
        switch self {
        case .systemd: ["/usr/lib/systemd/systemd-binfmt", "/lib/systemd/systemd-binfmt"]
        case .binfmtSupport: [Self.updateBinfmts]
        }
    }
}
