import Files
import Glibc
import SystemPackage

/// Limits the memory of this process and of everything that it starts.
///
/// Uses a cgroup if it can make one, which counts the memory in use. Else limits the address space of each process,
/// which is all that an ordinary user can limit.
enum MemoryLimit {
    /// - Parameter label: names the cgroup; see `release`.
    /// - Throws: `CallFailure`.
    static func apply(_ bytes: UInt64, label: FilePath) throws {
        for hierarchy in hierarchies where join(hierarchy, bytes, label) { return }
        // Add what this process has: only what it starts is to run short.
        let whole = rlim_t(bytes + ownAddressSpace)
        var limit = rlimit(rlim_cur: whole, rlim_max: whole)
        guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
            throw CallFailure("setrlimit (RLIMIT_AS)", Errno(rawValue: errno))
        }
    }

    /// This process's address space in bytes: see proc_pid_statm(5).
    private static var ownAddressSpace: UInt64 {
        guard let text = try? WholeFile.read("/proc/self/statm", limit: 4096),
            let pages = String(decoding: text, as: UTF8.self).split(separator: " ").first.flatMap({ UInt64($0) })
        else { return 0 }
        return pages * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE))))
    }

    /// Removes the cgroup of a step that has ended, if there is one.
    static func release(label: FilePath) {
        for hierarchy in hierarchies { rmdir(group(hierarchy, label)) }
    }

    /// <https://docs.kernel.org/admin-guide/cgroup-v2.html> and, below `memory`, cgroup-v1/memory.html.
    private static let hierarchies = [
        (directory: "/sys/fs/cgroup", file: "memory.max"),
        (directory: "/sys/fs/cgroup/memory", file: "memory.limit_in_bytes"),
    ]

    private static func group(_ hierarchy: (directory: String, file: String), _ label: FilePath) -> String {
        "\(hierarchy.directory)/\(label.components.suffix(2).map(\.string).joined(separator: "-"))"
    }

    private static func join(_ hierarchy: (directory: String, file: String), _ bytes: UInt64, _ label: FilePath) -> Bool
    {
        let group = group(hierarchy, label)
        // Outside a cgroup hierarchy, mkdir could leave an ordinary directory behind.
        guard access("\(hierarchy.directory)/cgroup.procs", F_OK) == 0, mkdir(group, 0o755) == 0 else { return false }
        // A cgroup without a memory controller has no such file.
        if write(String(bytes), to: "\(group)/\(hierarchy.file)"), write(String(getpid()), to: "\(group)/cgroup.procs")
        {
            return true
        }
        rmdir(group)
        return false
    }

    private static func write(_ text: String, to path: String) -> Bool {
        (try? WholeFile.write(text.utf8, to: FilePath(path), .present)) != nil
    }
}
