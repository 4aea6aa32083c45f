public import Evidence
public import Files
import Glibc

/// What keeps a foreign image's program from the host, beyond the venue's own namespaces. See docs/security.md.
public struct Confinement: Sendable, Equatable {
    /// Whose ids the program has outside.
    public enum Identities: Sendable, Equatable {
        /// No user namespace: root in the venue is the caller.
        case host
        /// Root inside is the caller outside, and there is no other id.
        case own
        /// Ids from 0 inside are those of the range outside.
        case range(IdentityRange)
    }

    public let identities: Identities

    /// The confinement of a foreign image's program.
    ///
    /// - Parameter capabilities: the caller's effective capabilities, as bits.
    /// - Returns: nil for `direct`, which has no means to confine.
    public init?(in venue: Venue, capabilities: UInt64 = effectiveCapabilities()) {
        switch venue {
        case .direct: return nil
        case .chroot: identities = .host
        case .container, .oci:
            // CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN: with these a caller may map any ids.
            let needed: UInt64 = 1 << 6 | 1 << 7 | 1 << 21
            let range = capabilities & needed == needed ? IdentityRange.pick() : nil
            // A runtime enters its user namespace before the root, so the image must be shown to it elsewhere.
            let isReachable = venue == .container || OCIBundle.showingPlace != nil
            identities = isReachable ? range.map { .range($0) } ?? .own : .host
        }
    }

    /// How this confinement falls short of the strongest one, for people; nil if it does not.
    public func shortfall(in venue: Venue) -> String? {
        switch (venue, identities) {
        case (.oci, _) where !OCIRuntime.filtersCalls:
            "the runtime was built without seccomp: no system call is refused"
        case (.oci, .host): "root inside is root outside: the runtime could not reach the image otherwise"
        case (_, .own) where geteuid() == 0: "root inside is this namespace's root: it has no other id"
        default: nil
        }
    }

    /// Whether the program may change to other users, and files may have other owners.
    public var hasUsers: Bool {
        switch identities {
        case .host: true
        case .own: false
        case .range(let range): range.count > 1
        }
    }

    /// Set-user-id programs work as in an engine's container, unless there is no other user.
    var noNewPrivileges: Bool { !hasUsers }

    /// Which ids own the unpacked files. Nil: the ids that the image names, or the caller's if there is only one id.
    public var owners: OwnerRange? {
        guard case .range(let range) = identities else { return nil }
        return OwnerRange(user: range.uid, group: range.gid, count: range.count)
    }
}
