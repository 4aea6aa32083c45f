import CSandbox
public import Evidence

extension Venue {
    /// Why this caller cannot use the venue at all; nil if no reason is known.
    public func unavailable(privileged: Bool) -> String? {
        switch self {
        case .chroot where !privileged: "needs root (CAP_SYS_ADMIN) to make a mount namespace"
        case .oci where OCIRuntime.installed == nil: OCIRuntime.absence
        default: nil
        }
    }

    /// Whether a program there may change to any user. A user namespace made without privilege has only one id.
    public func hasUsers(privileged: Bool) -> Bool { self != .container && privileged }

    /// The `CLONE_NEW*` flags, see namespaces(7). `chroot` has its own pid and ipc namespaces too: the kernel ends and
    /// removes whatever a probe leaves there.
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
