public import Evidence
public import Files
import Glibc

/// How a foreign image's program is kept from the host, beyond the venue's own namespaces. See docs/security.md.
public struct Confinement: Sendable, Equatable {
    /// Whose ids the program has outside.
    public enum Identities: Sendable, Equatable {
        /// No user namespace: the venue's root is the caller.
        case host
        /// Root inside is the caller outside, and there is no other id.
        case own
        case range(IdentityRange)
    }

    public let identities: Identities

    /// For a program that this project did not make.
    ///
    /// - Parameter capabilities: the caller's, as `CapEff` has them.
    /// - Returns: nil for `direct`, which has nothing to keep it with.
    public init?(in venue: Venue, capabilities: UInt64 = effectiveCapabilities()) {
        switch venue {
        case .direct: return nil
        case .chroot: identities = .host
        case .container, .oci:
            // CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN: whoever may map what he likes.
            let needed: UInt64 = 1 << 6 | 1 << 7 | 1 << 21
            let range = capabilities & needed == needed ? IdentityRange.pick() : nil
            // A runtime enters its user namespace before it enters the root.
            let isReachable = venue == .container || OCIBundle.showingPlace != nil
            identities = isReachable ? range.map { .range($0) } ?? .own : .host
        }
    }

    /// What this confinement lacks of the best that there is, for people; nil: nothing.
    public func shortfall(in venue: Venue) -> String? {
        switch (venue, identities) {
        case (.oci, _) where !OCIRuntime.filtersCalls:
            "the runtime was built without seccomp: no system call is refused"
        case (.oci, .host): "root inside is root outside: the runtime could not reach the image otherwise"
        case (_, .own) where geteuid() == 0: "root inside is this namespace's root: it has no other id"
        default: nil
        }
    }

    /// Whether the program may be any user, and files any user's.
    public var hasUsers: Bool {
        switch identities {
        case .host: true
        case .own: false
        case .range(let range): range.count > 1
        }
    }

    /// Set-user-id programs are started as engines start them, but where they could become nobody else.
    var noNewPrivileges: Bool { !hasUsers }

    /// Whose the unpacked files are to be; nil: the owners that the image names, or, where there is one id, the caller's.
    public var owners: OwnerRange? {
        guard case .range(let range) = identities else { return nil }
        return OwnerRange(user: range.uid, group: range.gid, count: range.count)
    }
}
