public import Evidence
import Files
import Sandbox

/// The limits of the cgroups that this process is in, see cgroups(7): version 2, version 1, or both at once (hybrid).
public enum LimitingGroups {
    /// The limits of this process's groups and of their ancestors, innermost first.
    public static var limits: [LimitEvidence.Group] {
        let memberships = memberships
        return ControlGroups.hierarchies.flatMap { hierarchy -> [LimitEvidence.Group] in
            guard let path = memberships.first(where: { matches($0.controllers, hierarchy) })?.path else { return [] }
            return directories(path, in: hierarchy).flatMap { limits(in: $0, of: hierarchy) }
        }
    }

    /// The limits that the kernel has enforced since `before` was read.
    public static func enforced(since before: [LimitEvidence.Group]) -> [LimitEvidence.Group] {
        before.isEmpty
            ? []
            : limits.filter { group in before.contains { $0.file == group.file && $0.enforced < group.enforced } }
    }

    /// The controllers with a limit that the kernel enforced between two readings.
    public static func enforced(
        _ before: [LimitEvidence.Group], _ after: [LimitEvidence.Group]
    ) -> Set<LimitEvidence.Group.Controller> {
        Set(
            after.filter { group in before.contains { $0.file == group.file && $0.enforced < group.enforced } }
                .map(\.controller))
    }

    /// The innermost systemd unit of this process.
    static var unit: String? {
        memberships.lazy.flatMap { $0.path.split(separator: "/").reversed() }
            .first { $0.hasSuffix(".service") || $0.hasSuffix(".scope") }.map(String.init)
    }

    private static func limits(in directory: String, of hierarchy: ControlGroups.Hierarchy) -> [LimitEvidence.Group] {
        var found: [LimitEvidence.Group] = []
        func add(
            _ controller: LimitEvidence.Group.Controller, _ limit: String, _ current: String, _ events: String,
            _ key: String
        ) {
            let file = "\(directory)/\(limit)"
            // Version 1 shows "no limit" as the largest number of whole pages.
            guard let value = text(file).flatMap({ UInt64($0) }), value < 1 << 62 else { return }
            found.append(
                LimitEvidence.Group(
                    controller: controller, file: file, limit: value,
                    current: text("\(directory)/\(current)").flatMap { UInt64($0) } ?? 0,
                    enforced: count(key, in: "\(directory)/\(events)")))
        }
        let isUnified = hierarchy.controllers.isEmpty
        if isUnified || hierarchy.controllers.contains("pids") {
            add(.pids, "pids.max", "pids.current", "pids.events", "max")
        }
        if isUnified {
            add(.memory, "memory.max", "memory.current", "memory.events", "oom_kill")
        } else if hierarchy.controllers.contains("memory") {
            add(.memory, "memory.limit_in_bytes", "memory.usage_in_bytes", "memory.oom_control", "oom_kill")
        }
        return found
    }

    /// The number after `key` in a flat keyed file; 0 if it is missing.
    private static func count(_ key: String, in file: String) -> UInt64 {
        for line in (text(file) ?? "").split(separator: "\n") where line.hasPrefix("\(key) ") {
            return UInt64(line.dropFirst(key.count + 1)) ?? 0
        }
        return 0
    }

    /// The group's directory and its ancestors, up to the mount point.
    private static func directories(_ path: String, in hierarchy: ControlGroups.Hierarchy) -> [String] {
        let root = hierarchy.root == "/" ? "" : hierarchy.root
        // A group outside the mounted part cannot be read: so it is in a container without a cgroup namespace.
        var names = path.hasPrefix(root) ? path.dropFirst(root.count).split(separator: "/") : []
        var found: [String] = []
        while !names.isEmpty {
            found.append("\(hierarchy.mount)/\(names.joined(separator: "/"))")
            names.removeLast()
        }
        return found + [hierarchy.mount]
    }

    private static func matches(_ controllers: [String], _ hierarchy: ControlGroups.Hierarchy) -> Bool {
        hierarchy.controllers.isEmpty
            ? controllers.isEmpty : controllers.contains(where: hierarchy.controllers.contains)
    }

    /// Reads the lines `ID:CONTROLLERS:PATH`. Version 2 has no controllers.
    private static var memberships: [(controllers: [String], path: String)] {
        (text("/proc/self/cgroup") ?? "").split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            return parts.count == 3 ? (parts[1].split(separator: ",").map(String.init), String(parts[2])) : nil
        }
    }

    private static func text(_ path: String) -> String? {
        guard let bytes = try? WholeFile.read(path, limit: 1 << 20) else { return nil }
        let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") } ?? -1
        return String(decoding: bytes[...end], as: UTF8.self)
    }
}
