public import Evidence
import Files
import Sandbox
import SystemPackage

/// The limits of the cgroups that this process is in, see cgroups(7): version 2, version 1, or both at once (hybrid).
public enum LimitingGroups {
    /// The limits of this process's groups and of their ancestors, innermost first.
    public static var limits: [LimitEvidence.Group] {
        ControlGroups.hierarchies.flatMap { hierarchy -> [LimitEvidence.Group] in
            let controllers = controllers(of: hierarchy)
            guard !controllers.isEmpty, let innermost = ControlGroups.directory(in: hierarchy) else { return [] }
            return sequence(first: innermost) { directory in
                // The parent, up to the mount point.
                directory.utf8.count <= hierarchy.mount.utf8.count
                    ? nil : FilePath(directory).removingLastComponent().string
            }.flatMap { limits(in: $0, controllers) }
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

    /// The files of a controller that limits: its limit, what counts against it, its events, and the event of a limit
    /// that was enforced.
    private typealias Files = (
        controller: LimitEvidence.Group.Controller, limit: String, current: String, events: String, key: String
    )

    private static func controllers(of hierarchy: ControlGroups.Hierarchy) -> [Files] {
        let isUnified = hierarchy.controllers.isEmpty
        var found: [Files] = []
        if isUnified || hierarchy.controllers.contains("pids") {
            found.append((.pids, "pids.max", "pids.current", "pids.events", "max"))
        }
        if isUnified {
            found.append((.memory, "memory.max", "memory.current", "memory.events", "oom_kill"))
        } else if hierarchy.controllers.contains("memory") {
            found.append(
                (.memory, "memory.limit_in_bytes", "memory.usage_in_bytes", "memory.oom_control", "oom_kill"))
        }
        return found
    }

    private static func limits(in directory: String, _ controllers: [Files]) -> [LimitEvidence.Group] {
        controllers.compactMap { files in
            let file = "\(directory)/\(files.limit)"
            guard let value = number(file) else { return nil }
            var group = LimitEvidence.Group(
                controller: files.controller, file: file, limit: value,
                current: text("\(directory)/\(files.current)").flatMap { UInt64($0) } ?? 0,
                enforced: count(files.key, in: "\(directory)/\(files.events)"))
            let swap = "\(directory)/memory.memsw.limit_in_bytes"
            if files.limit == "memory.limit_in_bytes", number(swap) != nil { group.swapFile = swap }
            return group
        }
    }

    /// The limit in a file; nil for none.
    private static func number(_ file: String) -> UInt64? {
        // Version 1 shows "no limit" as the largest number of whole pages.
        text(file).flatMap { UInt64($0) }.flatMap { $0 < 1 << 62 ? $0 : nil }
    }

    /// The number after `key` in a flat keyed file; 0 if it is missing.
    private static func count(_ key: String, in file: String) -> UInt64 {
        for line in (text(file) ?? "").split(separator: "\n") where line.hasPrefix("\(key) ") {
            return UInt64(line.dropFirst(key.count + 1)) ?? 0
        }
        return 0
    }

    private static func text(_ path: String) -> String? {
        guard let bytes = try? WholeFile.read(path, limit: 1 << 20) else { return nil }
        let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") } ?? -1
        return String(decoding: bytes[...end], as: UTF8.self)
    }
}
