import Files
import Glibc
import Synchronization
public import SystemPackage

/// The cgroups of this process and its children, and what runs leave there.
///
/// <https://docs.kernel.org/admin-guide/cgroup-v2.html>, <https://docs.kernel.org/admin-guide/cgroup-v1/cgroups.html>
public enum ControlGroups {
    /// A mounted hierarchy.
    public struct Hierarchy: Sendable {
        /// Where the hierarchy is mounted, and the path of the group that the mount shows.
        public let mount, root: String
        /// Controllers of version 1; empty for version 2.
        public let controllers: Set<String>
    }

    /// The mounted hierarchies, from proc_pid_mountinfo(5): `… ROOT MOUNTPOINT … - TYPE SOURCE OPTIONS`.
    public static let hierarchies: [Hierarchy] = {
        let text = (try? WholeFile.read("/proc/self/mountinfo", limit: 4 << 20, heedsStop: false)) ?? []
        return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard let dash = words.firstIndex(of: "-"), dash >= 6, dash + 3 < words.count,
                words[dash + 1] == "cgroup" || words[dash + 1] == "cgroup2"
            else { return nil }
            let controllers =
                words[dash + 1] == "cgroup2" ? [] : words[dash + 3].split(separator: ",").map(String.init)
            return Hierarchy(mount: words[4], root: words[3], controllers: Set(controllers))
        }
    }()

    /// The text of `/proc/self/cgroup`. A copy in a dead run's directory tells where its groups were.
    static var membership: [UInt8] {
        (try? WholeFile.read("/proc/self/cgroup", limit: 1 << 20, heedsStop: false)) ?? []
    }

    /// The lines `ID:CONTROLLERS:PATH` of a membership. Version 2 has no controllers.
    private static func lines(_ membership: [UInt8]) -> [(controllers: Set<String>, path: FilePath)] {
        membership.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            guard fields.count == 3 else { return nil }
            return (Set(fields[1].split(separator: ",").map(String.init)), FilePath(fields[2]))
        }
    }

    /// The directory of this process's group in a hierarchy; nil as for any other membership.
    public static func directory(in hierarchy: Hierarchy) -> String? { directory(in: hierarchy, of: membership) }

    /// The directory of a membership's group in a hierarchy; nil if the membership does not name one, or its path has
    /// `..`.
    static func directory(in hierarchy: Hierarchy, of membership: [UInt8]) -> String? {
        let path = lines(membership).first { line in
            line.controllers.isEmpty
                ? hierarchy.controllers.isEmpty : line.controllers.isSubset(of: hierarchy.controllers)
        }?.path
        guard var path, path.isAbsolute, !path.components.contains(where: { $0.kind == .parentDirectory }) else {
            return nil
        }
        guard path.removePrefix(FilePath(hierarchy.root)) else { return hierarchy.mount }
        return FilePath(hierarchy.mount).pushing(path).string
    }

    /// The innermost systemd unit of this process.
    public static var unit: String? {
        lines(membership).lazy.flatMap { $0.path.components.reversed().map(\.string) }
            .first { $0.hasSuffix(".service") || $0.hasSuffix(".scope") }
    }

    /// Where groups of a run may be: below the groups that it was in, and below their ancestors.
    private static func places(_ membership: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        for hierarchy in hierarchies {
            var place = FilePath(directory(in: hierarchy, of: membership) ?? hierarchy.mount)
            while found.insert(place.string).inserted, place.string != hierarchy.mount, place.removeLastComponent() {}
        }
        return found
    }

    /// Removes the group of that name from all of these places, and kills its processes.
    static func remove(named name: String) {
        for place in places(membership) {
            let group = "\(place)/\(name)"
            if access(group, F_OK) == 0 { _ = remove(group, within: .milliseconds(500)) }
        }
    }

    private static let record = "cgroups"

    /// Notes in a run's directory where its groups may be, in case the run is killed.
    ///
    /// - Throws: `CallFailure`.
    static func note(in run: FilePath) throws {
        try WholeFile.write(membership, to: run.appending(record))
    }

    /// Removes all groups of a run that was killed, and kills their processes. Their names begin with the name of its
    /// directory.
    ///
    /// - Returns: whether none is left.
    public static func release(run directory: FilePath) -> Bool {
        guard let name = directory.lastComponent?.string, name.hasPrefix(RunDirectory.prefix) else {
            return true
        }
        let noted = (try? WholeFile.read(directory.appending(record).string, limit: 1 << 20, heedsStop: false)) ?? []
        var isGone = true
        for (place, groups) in listing(noted) {
            for group in groups where group.hasPrefix("\(name)-") {
                isGone = remove("\(place)/\(group)", within: .milliseconds(500)) == 0 && isGone
            }
        }
        return isGone
    }

    /// The groups in those places, listed only once: dead runs make no new ones, and there may be many.
    private static func listing(_ noted: [UInt8]) -> [(place: String, groups: [String])] {
        listings.withLock { known in
            if let found = known[noted] { return found }
            let found = places(noted).union(places(membership)).map { (place: $0, groups: names(in: $0)) }
            known[noted] = found
            return found
        }
    }

    private static let listings = Mutex<[[UInt8]: [(place: String, groups: [String])]]>([:])

    /// The names of the directories in a directory.
    static func names(in place: String) -> [String] {
        ((try? DirectoryListing.entries(of: place)) ?? []).filter(\.isDirectory).map(\.text)
    }

    /// Kills all processes in a group and in the groups below it, and removes the group.
    ///
    /// - Returns: how many processes are left after that time; 1 if only the group itself is; 0 if it is gone.
    static func remove(_ group: String, within limit: Duration) -> Int {
        let until = ContinuousClock.now + limit
        while true {
            if rmdir(group) == 0 || errno == ENOENT { return 0 }
            kill(group)
            for below in names(in: group) { _ = remove("\(group)/\(below)", within: .zero) }
            if rmdir(group) == 0 || errno == ENOENT { return 0 }
            if ContinuousClock.now >= until { return max(1, processes(of: group).count) }
            usleep(500)
        }
    }

    /// Writes to `cgroup.kill` (Linux 5.14). Without that file, freezes the group so that nothing forks, kills each
    /// process, and thaws it.
    static func kill(_ group: String) {
        if write("1", to: "\(group)/cgroup.kill") { return }
        let freezers = [("cgroup.freeze", "1", "0"), ("freezer.state", "FROZEN", "THAWED")]
        let freezer = freezers.first { write($0.1, to: "\(group)/\($0.0)") }
        for process in processes(of: group) { Glibc.kill(process, SIGKILL) }
        if let freezer { _ = write(freezer.2, to: "\(group)/\(freezer.0)") }
    }

    private static func processes(of group: String) -> [pid_t] {
        let text = (try? WholeFile.read("\(group)/cgroup.procs", limit: 4 << 20, heedsStop: false)) ?? []
        // 0 stands for a process of another pid namespace.
        return text.split(separator: UInt8(ascii: "\n")).compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
            .filter { $0 > 1 && $0 != getpid() }
    }

    static func write(_ text: String, to path: String) -> Bool {
        (try? WholeFile.write(text.utf8, to: FilePath(path), .present)) != nil
    }
}
