public import Binfmt
public import Guest
public import Reports

/// `assay handler list`: the registry, and what is registered at boot.
public struct HandlerListing: Sendable {
    public static let schema = "assay.handlers/1"

    /// The guest whose programs the listing is about.
    public var guest: Guest
    public var registry: Registry
    public var boot: BootConfiguration

    /// Reads registry and boot configuration; in a container, mounts the registry first where it is not mounted. Never
    /// throws: the result says what could not be read.
    public static func read(for guest: Guest) -> HandlerListing {
        OwnContainer.mountRegistry(on: Registry.standardDirectory)
        return HandlerListing(guest: guest, registry: Registry.read(), boot: BootConfiguration.read())
    }

    /// The names of the registry's entries, newest first.
    public var names: [String] { registry.handlers.map(\.name) }

    /// What an entry does for the guest's programs.
    public enum Role: String, Sendable, Encodable {
        /// The entry takes all of them.
        case wins
        /// The entry takes some of them. Others go to another entry, or to none.
        case winsInPart = "wins-in-part"
        /// A newer entry takes them before this one.
        case shadowed
        /// The entry matches them, but it is disabled, or the registry is.
        case disabled
        /// The entry takes only other files.
        case none
    }

    /// What an entry of the registry does for the guest's programs.
    public func role(of handler: Handler) -> Role {
        guard handler.takes(guest) else { return .none }
        guard registry.state == .enabled, handler.enabled else { return .disabled }
        let won = registry.winners(for: guest).filter { $0.handler == handler }.count
        return won == guest.shapes.count ? .wins : won > 0 ? .winsInPart : .shadowed
    }

    /// The file of the entry that takes the guest's programs after a boot in place of this one; nil if there is none.
    func shadow(of entry: BootEntry) -> String? {
        guard entry.state.isRegistered, entry.handler.takes(guest), let winner = boot.winner(for: guest),
            winner.path != entry.path
        else { return nil }
        return winner.path
    }

    /// The JSON form, see `docs/handler.md`: of one guest as it always was, of several one for each.
    public static func json(of listings: [HandlerListing]) throws -> SafeText {
        guard listings.count > 1 else { return try .json(listings.map(Document.init)[0]) }
        return try .json(Several(listings: listings.map(Document.init)))
    }

    private struct Several: Encodable {
        var schema = "assay.handlers/2"
        var listings: [Document]
    }

    private struct Document: Encodable {
        struct Entry: Encodable {
            var name: String
            var enabled: Bool
            var flags: String
            var interpreter: String?
            var takes: String
            var role: Role

            /// `assay.handlers/1` names the role after the one guest of its time.
            enum CodingKeys: String, CodingKey {
                case name, enabled, flags, interpreter, takes
                case role = "aarch64"
            }
        }
        struct Boot: Encodable {
            var name: String
            var path: String
            var registrar: String
            var state: String
            var package: String?
            var flags: String
            var interpreter: String?
            var takes: String
        }

        var schema = HandlerListing.schema
        var platform: String
        var directory: String
        var state: String
        var reason: String?
        var winner: String?
        var entries: [Entry]
        var registrars: [String]
        var boot: [Boot]
        var malformed: [String]

        init(_ listing: HandlerListing) {
            let registry = listing.registry
            platform = listing.guest.platform
            directory = registry.directory
            switch registry.state {
            case .enabled: state = "enabled"
            case .disabled: state = "disabled"
            case .unavailable(let why, _):
                state = "unavailable"
                reason = why
            }
            winner = registry.winners(for: listing.guest).first?.handler.name
            entries = registry.handlers.map { handler in
                Entry(
                    name: handler.name, enabled: handler.enabled, flags: handler.flags,
                    interpreter: handler.interpreter, takes: handler.words(for: listing.guest),
                    role: listing.role(of: handler))
            }
            registrars = listing.boot.registrars.map(\.rawValue)
            malformed = listing.boot.malformed
            boot = listing.boot.entries.map { entry in
                Boot(
                    name: entry.handler.name, path: entry.path, registrar: entry.registrar.rawValue,
                    state: listing.shadow(of: entry) == nil ? entry.state.word : "shadowed", package: entry.package,
                    flags: entry.handler.flags,
                    interpreter: entry.handler.interpreter, takes: entry.handler.words(for: listing.guest))
            }
        }
    }
}

extension BootEntry.State {
    /// One word for reports.
    var word: String {
        switch self {
        case .applies: "applies"
        case .uncertain: "uncertain"
        case .overridden: "overridden"
        case .masked: "masked"
        case .disabled: "disabled"
        case .notImported: "not-imported"
        case .noRegistrar: "no-registrar"
        }
    }
}
