import CSandbox
import Glibc

/// How a probe is started.
public enum Venue: String, Sendable, CaseIterable, Codable {
    /// No isolation: the program is executed where it lies.
    case direct
    /// A mount namespace and a pivoted root: the interpreter's path no longer resolves, so a handler without `F` fails.
    case chroot
    /// Own user, mount, pid, ipc, uts and empty network namespace, as an unprivileged user may make them.
    case container
    /// A container of an installed OCI runtime, as the engines and builders of the host have them.
    case oci

    /// Those that need nothing to be installed.
    public static let own: [Venue] = [.direct, .chroot, .container]

    /// One line for `assay list` and reports.
    public var summary: String {
        switch self {
        case .direct: "no isolation; the program is executed where it lies"
        case .chroot: "own mount namespace, pivoted root; needs root"
        case .container: "own user, mount, pid, ipc, uts and network namespace; needs no privilege"
        case .oci: "through the installed runc or crun; needs no privilege"
        }
    }

    /// Whether the probe sees the image as its root directory.
    public var hasRoot: Bool { self != .direct }

    /// Why this caller cannot use the venue at all, or nil when nothing is known against it.
    public func unavailable(privileged: Bool) -> String? {
        switch self {
        case .chroot where !privileged: "needs root (CAP_SYS_ADMIN) to make a mount namespace"
        case .oci where OCIRuntime.installed == nil: OCIRuntime.absence
        default: nil
        }
    }

    /// Whether a program there may be any user: a user namespace that is made without privilege has one id.
    public func hasUsers(privileged: Bool) -> Bool { self != .container && privileged }

    /// The `CLONE_NEW*` flags, see namespaces(7). The chroot venue has its own pid and ipc namespaces
    /// too, so that the kernel ends and removes whatever a probe leaves behind.
    var namespaces: UInt32 {
        let flags: [assay_namespace] =
            switch self {
            // A runtime makes its own.
            case .direct, .oci: []
            case .chroot: [ASSAY_NAMESPACE_MOUNT, ASSAY_NAMESPACE_PID, ASSAY_NAMESPACE_IPC]
            case .container:
                [
                    ASSAY_NAMESPACE_USER, ASSAY_NAMESPACE_MOUNT, ASSAY_NAMESPACE_PID, ASSAY_NAMESPACE_IPC,
                    ASSAY_NAMESPACE_UTS, ASSAY_NAMESPACE_NET,
                ]
            }
        return flags.reduce(0) { $0 | $1.rawValue }
    }
}

/// Whether this process may administer mounts in its user namespace, as the `chroot` venue needs.
///
/// Read from the effective capabilities (bit 21, `CAP_SYS_ADMIN`) rather than from the user id: a container's root often lacks it.
public func isPrivileged() -> Bool { effectiveCapabilities() & (1 << 21) != 0 }

/// The effective capabilities of this process; where `/proc` does not say, all for root.
public func effectiveCapabilities() -> UInt64 {
    let unknown: UInt64 = geteuid() == 0 ? .max : 0
    guard let status = try? readWhole("/proc/self/status", limit: 64 << 10) else { return unknown }
    for line in status.split(separator: UInt8(ascii: "\n")) where line.starts(with: "CapEff:".utf8) {
        let digits = String(decoding: line.dropFirst(7), as: UTF8.self).filter { $0.isHexDigit }
        return UInt64(digits, radix: 16) ?? 0
    }
    return unknown
}
