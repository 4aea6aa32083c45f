import CSandbox
import Files

/// chroot(2), in which the kernel makes no user namespaces.
public enum Chroot {
    /// Whether this process's root is not that of its mount namespace; nil if it may not find out.
    public static var holds: Bool? {
        switch assay_is_chroot() {
        case 0: false
        case 1: true
        // Only root may ask so. In a chroot to a directory that is no mount point nothing is mounted on "/".
        default: isWithoutRootMount ? true : nil
        }
    }

    private static var isWithoutRootMount: Bool {
        guard let bytes = try? WholeFile.read("/proc/self/mountinfo", limit: 1 << 22), !bytes.isEmpty else {
            return false
        }
        return !bytes.split(separator: UInt8(ascii: "\n")).contains { line in
            line.split(separator: UInt8(ascii: " ")).dropFirst(4).first?.elementsEqual("/".utf8) == true
        }
    }
}
