import Builders
public import Evidence
import Files
import Glibc
import Processes
import Sandbox
public import SystemPackage

/// Reads what a runner allows its jobs. Judges nothing.
public enum RunnerInspection {
    static func read() -> RunnerEvidence {
        var runner = RunnerEvidence()
        runner.readOnlyGroups = readOnlyGroups
        runner.restrictions = restrictions()
        runner.isChroot = isChroot
        runner.isUnmapped = !IdentityRange.hasCaller
        runner.pageSize = sysconf(Int32(_SC_PAGESIZE))
        for name in [
            "user.max_user_namespaces", "kernel.unprivileged_userns_clone",
            "kernel.apparmor_restrict_unprivileged_userns",
        ] {
            let path = "/proc/sys/" + String(name.map { $0 == "." ? "/" : $0 })
            if let value = text(path) { runner.namespaceLimits[name] = value }
        }
        for name in ["overcommit_memory", "mmap_min_addr"] {
            if let value = text("/proc/sys/vm/\(name)") { runner.memoryPolicy["vm.\(name)"] = value }
        }
        (runner.dockerSocketPath, runner.dockerSocket) = docker()
        runner.dockerIsService =
            access("/run/systemd/system", F_OK) == 0
            && ["/etc", "/usr/lib", "/lib"].contains { access("\($0)/systemd/system/docker.service", F_OK) == 0 }
        return runner
    }

    /// Notes the directory in which probes are executed.
    public static func note(workDirectory path: FilePath, in host: inout HostEvidence?) {
        host?.runner.workDirectory = path.string
        host?.runner.workMount = mountPoint(of: path)
        host?.runner.workIsNoexec = mountFlags(path.string).map { $0 & noexec != 0 } ?? false
    }

    /// The mount point of a file's file system if it is mounted noexec, else nil. For a file that does not exist yet,
    /// the nearest directory above counts.
    public static func noexecMount(of file: FilePath) -> String? {
        var file = file
        while access(file.string, F_OK) != 0, file.removeLastComponent() {}
        guard let flags = mountFlags(file.string), flags & noexec != 0 else { return nil }
        return mountPoint(of: file)
    }

    // ST_RDONLY and ST_NOEXEC of statvfs(3). Swift's Glibc module lacks the second.
    private static let readOnly: UInt = 1
    private static let noexec: UInt = 8

    /// The cgroup mounts, if all of them are read-only. Version 1 mounts its hierarchies below another file system,
    /// which is often read-only by itself.
    private static var readOnlyGroups: [String] {
        let mounts = ControlGroups.hierarchies.map(\.mount)
        let all = mounts.isEmpty ? ["/sys/fs/cgroup"] : mounts
        return all.allSatisfy { mountFlags($0).map { $0 & readOnly != 0 } ?? false } ? all : []
    }

    /// `f_flag` of statvfs(3); nil if the path does not exist.
    private static func mountFlags(_ path: String) -> UInt? {
        var information = statvfs()
        return statvfs(path, &information) == 0 ? UInt(information.f_flag) : nil
    }

    /// The nearest path upwards that is on another device than its parent, or has other mount options (a bind mount).
    private static func mountPoint(of path: FilePath) -> String {
        var path = path
        while path != "/" {
            var own = stat()
            var parent = stat()
            guard stat(path.string, &own) == 0, stat(path.removingLastComponent().string, &parent) == 0 else { break }
            if own.st_dev != parent.st_dev
                || mountFlags(path.string) != mountFlags(path.removingLastComponent().string)
            {
                break
            }
            path.removeLastComponent()
        }
        return path.string
    }

    static func restrictions() -> [String: String] {
        let status = (try? WholeFile.read("/proc/self/status", limit: 1 << 20)) ?? []
        var found: [String: String] = [:]
        for line in status.split(separator: UInt8(ascii: "\n")) {
            for name in ["CapEff", "NoNewPrivs", "Seccomp"] where line.starts(with: "\(name):\t".utf8) {
                found[name] = String(decoding: line.dropFirst(name.utf8.count + 2), as: UTF8.self)
            }
        }
        return found
    }

    /// Whether this process is in a chroot. Root compares its root with that of the namespace's first process. Others
    /// test whether "/" is a mount point.
    private static var isChroot: Bool {
        var (own, first) = (stat(), stat())
        if stat("/", &own) == 0, stat("/proc/1/root/", &first) == 0 {
            return own.st_dev != first.st_dev || own.st_ino != first.st_ino
        }
        guard let mounts = try? WholeFile.read("/proc/self/mountinfo", limit: 4 << 20) else { return false }
        return !mounts.split(separator: UInt8(ascii: "\n")).contains { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            return fields.count > 4 && fields[4].elementsEqual("/".utf8)
        }
    }

    private static func docker() -> (String, RunnerEvidence.DockerSocket) {
        let context = DockerContext()
        guard let address = context.address else { return ("docker context \(context.name ?? "")", .absent) }
        guard address.hasPrefix("unix://") else { return (address, .remote) }
        let path = String(address.dropFirst("unix://".count))
        if access(path, F_OK) != 0 {
            let wanted = context.name != nil || Tool.variable("DOCKER_HOST") != nil || Tool.find("docker") != nil
            return (path, wanted ? .absent : .unwanted)
        }
        return (path, ping(path))
    }

    /// Sends `GET /_ping` of the Engine API: <https://docs.docker.com/reference/api/engine/>.
    static func ping(_ path: String) -> RunnerEvidence.DockerSocket {
        let descriptor: Int32
        do throws(Errno) {
            descriptor = try LocalSocket.connected(to: path)
        } catch {
            return error == .resourceTemporarilyUnavailable ? .silent : .refused(error.rawValue)
        }
        defer { close(descriptor) }
        let request = Array("GET /_ping HTTP/1.0\r\nHost: localhost\r\n\r\n".utf8)
        guard write(descriptor, request, request.count) == request.count else { return .silent }
        var waits = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waits, 1, 500) > 0 else { return .silent }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(descriptor, &answer, answer.count)
        let words = String(decoding: answer.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        return words.count > 1 && words[0].hasPrefix("HTTP/") && words[1] == "200" ? .answered : .silent
    }

    /// Reads a small file, without the blanks, line ends and NULs at its end; nil if it cannot be read.
    static func text(_ path: String) -> String? {
        guard let bytes = try? WholeFile.read(path, limit: 1 << 20) else { return nil }
        let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: " ") && $0 != 0 } ?? -1
        return String(decoding: bytes[...end], as: UTF8.self)
    }
}
