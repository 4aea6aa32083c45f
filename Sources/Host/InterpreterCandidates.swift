import Glibc

/// Where distributions and administrators put a QEMU for AArch64 programs.
public enum InterpreterCandidates {
    /// Static builds first: only they serve a handler with F.
    public static let paths = [
        "/usr/libexec/qemu-binfmt/aarch64-binfmt-P", "/usr/bin/qemu-aarch64-static",
        "/usr/local/bin/qemu-aarch64-static", "/usr/local/bin/qemu-aarch64", "/usr/bin/qemu-aarch64",
    ]

    /// Those that this caller may execute, best first.
    public static var present: [String] { paths.filter { access($0, X_OK) == 0 } }
}
