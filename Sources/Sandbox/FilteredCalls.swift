import CSandbox
import Glibc

/// System calls of programs and emulators that a filter (seccomp) of this process refuses.
public enum FilteredCalls {
    /// The first kernels that have the newer ones.
    private static let since: [String: (Int, Int)] = [
        "faccessat2": (5, 8), "openat2": (5, 6), "close_range": (5, 9), "pidfd_open": (5, 3), "statx": (4, 11),
        "memfd_create": (3, 17), "getrandom": (3, 17), "renameat2": (3, 15), "execveat": (3, 19), "membarrier": (4, 3),
        "copy_file_range": (4, 5), "preadv2": (4, 6), "sched_getattr": (3, 14),
    ]
    /// Engines refuse these with EPERM as a matter of course.
    private static let usuallyRefused: Set = ["unshare", "setns"]

    /// The calls that are refused, each as `faccessat2 (EPERM)`, tried in a child.
    ///
    /// - Parameter kernel: its release, such as `6.1.0-40-amd64`: a call that it does not have is no filter's matter.
    public static func read(kernel: String) -> [String] {
        let parts = kernel.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard parts.count == 2 else { return [] }
        var names: [String] = []
        while let name = assay_call_name(Int32(names.count)) { names.append(String(cString: name)) }
        var errors = [Int32](repeating: 0, count: names.count)
        guard assay_try_calls(&errors) == 0 else { return [] }
        var refused: [String] = []
        for (name, error) in zip(names, errors) {
            if let how = refusal(name, error, (parts[0], parts[1])) { refused.append("\(name) (\(how))") }
        }
        return refused
    }

    /// How a call is refused; nil if it is not.
    private static func refusal(_ name: String, _ error: Int32, _ kernel: (Int, Int)) -> String? {
        if error == Int32(ASSAY_KILLED) { return "it kills" }
        if error == EPERM, !usuallyRefused.contains(name) { return "EPERM" }
        if error == EACCES { return "EACCES" }
        let isThere = kernel >= since[name] ?? (0, 0)
        return error == ENOSYS && isThere ? "ENOSYS" : nil
    }
}
