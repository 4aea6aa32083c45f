import Glibc
public import Guest

/// Where distributions and administrators put a QEMU for a guest's programs.
public enum InterpreterCandidates {
    /// Static builds first: only they serve a handler with F.
    public static func paths(for guest: Guest) -> [String] {
        let emulator = guest.emulator
        return [
            "/usr/libexec/qemu-binfmt/\(guest.qemu)-binfmt-P", guest.staticEmulator,
            "/usr/local/bin/\(emulator)-static", "/usr/local/bin/\(emulator)", "/usr/bin/\(emulator)",
        ]
    }

    /// The paths that this caller may execute, best first.
    static func present(for guest: Guest) -> [String] { paths(for: guest).filter { access($0, X_OK) == 0 } }
}
