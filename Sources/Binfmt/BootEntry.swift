/// One rule that a service of this host registers, or could register, when it boots.
public struct BootEntry: Sendable, Equatable {
    /// What becomes of the rule at boot.
    public enum State: Sendable, Equatable {
        case applies
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

        /// The state in full, for people.
        public var words: String {
            switch self {
            case .applies: "applies"
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
        case .applies, .disabled, .notImported, .noRegistrar: false
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
