/// How a probe is started.
public enum Venue: String, Sendable, CaseIterable, Codable {
    /// No isolation: the program runs where it is.
    case direct
    /// A mount namespace and a pivoted root. The interpreter's path does not resolve there, so a handler without `F`
    /// fails.
    case chroot
    /// New user, mount, pid, ipc, uts and empty network namespaces, which need no privilege.
    case container
    /// A container of an installed OCI runtime, as the host's engines and builders make it.
    case oci

    /// The venues that need nothing installed.
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
}
