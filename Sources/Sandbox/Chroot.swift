import CSandbox

/// chroot(2), in which the kernel makes no user namespaces.
public enum Chroot {
    /// Whether this process's root is not that of its mount namespace; nil if it may not find out.
    public static var holds: Bool? {
        switch assay_is_chroot() {
        case 0: false
        case 1: true
        default: nil
        }
    }
}
