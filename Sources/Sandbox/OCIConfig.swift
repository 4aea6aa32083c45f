import Files
import Glibc
import SystemPackage

/// The part of `config.json` that gives a container what the other venues have, in the way of a container engine.
///
/// <https://github.com/opencontainers/runtime-spec/blob/v1.0.2/config.md>
struct OCIConfig: Encodable {
    struct Process: Encodable {
        struct User: Encodable {
            var uid, gid: UInt32
        }

        struct Capabilities: Encodable {
            var bounding, effective, permitted: [String]
        }

        var terminal = false
        var user: User
        var args, env: [String]
        var cwd: String
        var noNewPrivileges: Bool
        var capabilities: Capabilities
    }

    struct Root: Encodable {
        var path: String
        var readonly: Bool
    }

    struct Mount: Encodable {
        var destination, type, source: String
        var options: [String]
    }

    struct Linux: Encodable {
        struct Namespace: Encodable {
            var type: String
        }

        struct Mapping: Encodable {
            var containerID = 0
            var hostID: UInt32
            var size: UInt32
        }

        var namespaces: [Namespace]
        var uidMappings, gidMappings: [Mapping]?
        var maskedPaths = ConfinedRights.masked
        var readonlyPaths = ConfinedRights.readOnly
        var seccomp: OCISeccomp?
    }

    var ociVersion = "1.0.2"
    var process: Process
    var root: Root
    var hostname = "assay"
    var mounts: [Mount]
    var linux: Linux

    init(_ launch: Launch) {
        let confinement = launch.confinement
        // The capabilities that engines leave to root. A runtime that takes itself for rootless sets up no cgroup
        // against devices.
        let rights = ConfinedRights.capabilities.map(\.key) + (confinement == nil ? ["CAP_MKNOD"] : [])
        process = Process(
            user: .init(uid: launch.identity?.uid ?? 0, gid: launch.identity?.gid ?? 0), args: launch.arguments,
            env: launch.environment.map { "\($0.key)=\($0.value)" }.sorted(),
            cwd: launch.directory?.string ?? "/",
            noNewPrivileges: launch.noNewPrivileges || confinement?.noNewPrivileges == true,
            capabilities: .init(bounding: rights, effective: rights, permitted: rights))
        // The specification has one field for the program's path and its argv[0].
        process.args[0] = launch.path.string
        root = Root(path: launch.root?.string ?? "/", readonly: !launch.isRootWritable)
        mounts = Self.system + (launch.isRootWritable ? [] : [Self.temporary])
        let ids = Self.ids(launch)
        let kinds = ["mount", "pid", "ipc", "uts", "network"] + (ids == nil ? [] : ["user"])
        // A cgroup namespace hides the names of the host's cgroups. Older kernels lack it.
        let hides = confinement != nil && access("/proc/self/ns/cgroup", F_OK) == 0
        linux = Linux(
            namespaces: (kinds + (hides ? ["cgroup"] : [])).map(Linux.Namespace.init),
            uidMappings: ids.map { [.init(hostID: $0.user, size: $0.count)] },
            gidMappings: ids.map { [.init(hostID: $0.group, size: $0.count)] })
        if confinement != nil, OCIRuntime.filtersCalls { linux.seccomp = OCISeccomp() }
    }

    /// The ids that the user namespace maps; nil: no user namespace.
    private static func ids(_ launch: Launch) -> OwnerRange? {
        let own = OwnerRange(user: geteuid(), group: getegid(), count: 1)
        guard let confinement = launch.confinement else {
            return launch.venue.hasUsers(privileged: isPrivileged()) ? nil : own
        }
        return switch confinement.identities {
        case .host: nil
        case .own: own
        case .range: confinement.owners
        }
    }

    private static let system = [
        Mount(destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"]),
        Mount(
            destination: "/dev", type: "tmpfs", source: "tmpfs",
            options: ["nosuid", "strictatime", "mode=755", "size=1m"]),
        Mount(
            destination: "/dev/pts", type: "devpts", source: "devpts",
            options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]),
        Mount(
            destination: "/dev/shm", type: "tmpfs", source: "shm",
            options: ["nosuid", "nodev", "mode=1777", "size=64m"]),
    ]

    /// A writable root keeps its own /tmp, with what the image has there.
    private static let temporary = Mount(
        destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nodev", "mode=1777", "size=512m"])
}
