public import Evidence
import Files

/// The cgroups that this process is in, see cgroups(7): version 2, version 1, or both at once (hybrid).
public enum LimitingGroups {
    /// One hierarchy as it is mounted here.
    private struct Hierarchy {
        var mountPoint: String
        /// What of the hierarchy is mounted there.
        var root: String
        /// Version 1: its controllers; nil: version 2.
        var controllers: [String]?
    }

    /// Limits of the own groups and of those above them, innermost first.
    public static var limits: [LimitEvidence.Group] {
        let memberships = memberships
        return hierarchies.flatMap { hierarchy -> [LimitEvidence.Group] in
            guard let path = memberships.first(where: { matches($0.controllers, hierarchy) })?.path else { return [] }
            return directories(path, in: hierarchy).flatMap { limits(in: $0, of: hierarchy) }
        }
    }

    /// Those that the kernel has enforced more often than when they were read before.
    public static func enforced(since before: [LimitEvidence.Group]) -> [LimitEvidence.Group] {
        before.isEmpty
            ? []
            : limits.filter { group in before.contains { $0.file == group.file && $0.enforced < group.enforced } }
    }

    /// Controllers that counted more than before.
    public static func enforced(
        _ before: [LimitEvidence.Group], _ after: [LimitEvidence.Group]
    ) -> Set<LimitEvidence.Group.Controller> {
        Set(
            after.filter { group in before.contains { $0.file == group.file && $0.enforced < group.enforced } }
                .map(\.controller))
    }

    /// The innermost systemd unit that this process belongs to.
    static var unit: String? {
        memberships.lazy.flatMap { $0.path.split(separator: "/").reversed() }
            .first { $0.hasSuffix(".service") || $0.hasSuffix(".scope") }.map(String.init)
    }

    private static func limits(in directory: String, of hierarchy: Hierarchy) -> [LimitEvidence.Group] {
        var found: [LimitEvidence.Group] = []
        func add(
            _ controller: LimitEvidence.Group.Controller, _ limit: String, _ current: String, _ events: String,
            _ key: String
        ) {
            let file = "\(directory)/\(limit)"
            // Version 1 writes "none" as the largest number of pages.
            guard let value = text(file).flatMap({ UInt64($0) }), value < 1 << 62 else { return }
            found.append(
                LimitEvidence.Group(
                    controller: controller, file: file, limit: value,
                    current: text("\(directory)/\(current)").flatMap { UInt64($0) } ?? 0,
                    enforced: count(key, in: "\(directory)/\(events)")))
        }
        if hierarchy.controllers?.contains("pids") ?? true {
            add(.pids, "pids.max", "pids.current", "pids.events", "max")
        }
        if hierarchy.controllers == nil {
            add(.memory, "memory.max", "memory.current", "memory.events", "oom_kill")
        } else if hierarchy.controllers?.contains("memory") == true {
            add(.memory, "memory.limit_in_bytes", "memory.usage_in_bytes", "memory.oom_control", "oom_kill")
        }
        return found
    }

    /// `key N` in a flat keyed file.
    private static func count(_ key: String, in file: String) -> UInt64 {
        for line in (text(file) ?? "").split(separator: "\n") where line.hasPrefix("\(key) ") {
            return UInt64(line.dropFirst(key.count + 1)) ?? 0
        }
        return 0
    }

    /// From the group itself to the top of what is mounted.
    private static func directories(_ path: String, in hierarchy: Hierarchy) -> [String] {
        let root = hierarchy.root == "/" ? "" : hierarchy.root
        // A group outside of what is mounted, as in a container without a cgroup namespace, cannot be read here.
        var names = path.hasPrefix(root) ? path.dropFirst(root.count).split(separator: "/") : []
        var found: [String] = []
        while !names.isEmpty {
            found.append("\(hierarchy.mountPoint)/\(names.joined(separator: "/"))")
            names.removeLast()
        }
        return found + [hierarchy.mountPoint]
    }

    private static func matches(_ controllers: [String], _ hierarchy: Hierarchy) -> Bool {
        guard let wanted = hierarchy.controllers else { return controllers.isEmpty }
        return controllers.contains(where: wanted.contains)
    }

    /// `ID:CONTROLLERS:PATH`; no controllers: version 2.
    private static var memberships: [(controllers: [String], path: String)] {
        (text("/proc/self/cgroup") ?? "").split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            return parts.count == 3 ? (parts[1].split(separator: ",").map(String.init), String(parts[2])) : nil
        }
    }

    /// See proc_pid_mountinfo(5): `… ROOT MOUNTPOINT … - TYPE SOURCE OPTIONS`.
    private static var hierarchies: [Hierarchy] {
        (text("/proc/self/mountinfo") ?? "").split(separator: "\n").compactMap { line in
            guard let dash = line.firstRange(of: " - cgroup") else { return nil }
            let before = line[..<dash.lowerBound].split(separator: " ")
            let after = line[dash.lowerBound...].split(separator: " ")
            guard before.count > 4, after.count > 3 else { return nil }
            let controllers = after[3].split(separator: ",").map(String.init)
            guard after[1] == "cgroup2" || controllers.contains("pids") || controllers.contains("memory") else {
                return nil
            }
            return Hierarchy(
                mountPoint: String(before[4]), root: String(before[3]),
                controllers: after[1] == "cgroup2" ? nil : controllers)
        }
    }

    private static func text(_ path: String) -> String? {
        guard let bytes = try? WholeFile.read(path, limit: 1 << 20) else { return nil }
        let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") } ?? -1
        return String(decoding: bytes[...end], as: UTF8.self)
    }
}
