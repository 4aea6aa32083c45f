import Files
import Glibc
import SystemPackage

/// A cgroup with a limit, into which a drill moves its process. `ControlGroups.release(run:)` removes it.
public enum LimitedGroup {
    /// Why no such group can be made here.
    public struct Unavailable: Error, CustomStringConvertible {
        public let description: String
    }

    /// Moves this process into a new cgroup.
    ///
    /// - Parameters:
    ///   - controller: `cpu`, `memory` or `pids`.
    ///   - limit: percent of one processor, bytes, or processes.
    ///   - name: the group's name, which begins with that of the run's directory.
    /// - Throws: `Unavailable`, if this runner may not make a group with that controller.
    public static func enter(_ controller: String, limit: UInt64, name: String) throws(Unavailable) {
        var tried = "no hierarchy has it"
        for hierarchy in ControlGroups.hierarchies {
            let isUnified = hierarchy.controllers.isEmpty
            guard isUnified || hierarchy.controllers.contains(controller),
                let place = place(in: hierarchy, for: controller)
            else { continue }
            let group = "\(place)/\(name)"
            guard mkdir(group, 0o755) == 0 || errno == EEXIST else {
                tried = "mkdir \(group): \(Errno(rawValue: errno))"
                continue
            }
            let settings = settings(controller, limit, isUnified: isUnified)
            if let failed = settings.first(where: { !ControlGroups.write($0.value, to: "\(group)/\($0.file)") }) {
                tried = "\(group)/\(failed.file) cannot be written"
                rmdir(group)
                continue
            }
            // Memory that can be swapped out is not refused. Some kernels have no such file.
            if controller == "memory" {
                let swap = isUnified ? ("memory.swap.max", "0") : ("memory.memsw.limit_in_bytes", "\(limit)")
                _ = ControlGroups.write(swap.1, to: "\(group)/\(swap.0)")
            }
            if ControlGroups.write("0", to: "\(group)/cgroup.procs") { return }
            tried = "\(group)/cgroup.procs cannot be written"
            rmdir(group)
        }
        throw Unavailable(description: "no cgroup with the \(controller) controller can be made here: \(tried)")
    }

    /// Below this process's own group; in version 2, where only groups without processes hand out controllers, below
    /// the nearest ancestor that hands this one out.
    private static func place(in hierarchy: ControlGroups.Hierarchy, for controller: String) -> String? {
        guard let own = ControlGroups.directory(in: hierarchy, of: ControlGroups.membership) else { return nil }
        if !hierarchy.controllers.isEmpty { return own }
        var place = FilePath(own)
        while place.starts(with: FilePath(hierarchy.mount)) {
            let text = try? WholeFile.read("\(place)/cgroup.subtree_control", limit: 4096)
            let words = String(decoding: text ?? [], as: UTF8.self).split(whereSeparator: \.isWhitespace)
            if words.contains(where: { $0 == controller }) { return place.string }
            place.removeLastComponent()
        }
        return nil
    }

    private static func settings(
        _ controller: String, _ limit: UInt64, isUnified: Bool
    ) -> [(file: String, value: String)] {
        switch controller {
        case "cpu" where isUnified: [("cpu.max", "\(limit * 1000) 100000")]
        case "cpu": [("cpu.cfs_period_us", "100000"), ("cpu.cfs_quota_us", "\(limit * 1000)")]
        case "memory": [(isUnified ? "memory.max" : "memory.limit_in_bytes", "\(limit)")]
        default: [("\(controller).max", "\(limit)")]
        }
    }

    /// What this process's children inherit: not to be killed first when memory runs short. They raise it themselves.
    public static func beKilledLast() { _ = ControlGroups.write("0", to: "/proc/self/oom_score_adj") }
}
