import SystemPackage

/// The part of `config.json` that says what the other venues do by themselves, and how a container engine would have it.
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
        var capabilities = Capabilities(
            bounding: OCIConfig.usual, effective: OCIConfig.usual, permitted: OCIConfig.usual)
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
            var size = 1
        }

        var namespaces: [Namespace]
        var uidMappings, gidMappings: [Mapping]?
        // As container engines hide them: https://github.com/moby/moby/blob/v26.1.5/oci/defaults.go
        var maskedPaths = [
            "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
            "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi",
        ]
        var readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
    }

    var ociVersion = "1.0.2"
    var process: Process
    var root: Root
    var hostname = "assay"
    var mounts: [Mount]
    var linux: Linux

    /// - Parameter owner: who becomes root of a user namespace; nil: none is made.
    init(_ launch: Launch, owner: (uid: UInt32, gid: UInt32)?) {
        process = Process(
            user: .init(uid: launch.identity?.uid ?? 0, gid: launch.identity?.gid ?? 0), args: launch.arguments,
            env: launch.environment.map { "\($0.key)=\($0.value)" }.sorted(),
            cwd: launch.directory?.string ?? "/", noNewPrivileges: launch.noNewPrivileges)
        // The specification has one word for the program and for its argv[0].
        process.args[0] = launch.path.string
        root = Root(path: launch.root?.string ?? "/", readonly: !launch.isRootWritable)
        mounts = Self.system + (launch.isRootWritable ? [] : [Self.temporary])
        let namespaces = ["mount", "pid", "ipc", "uts", "network"] + (owner == nil ? [] : ["user"])
        linux = Linux(
            namespaces: namespaces.map(Linux.Namespace.init), uidMappings: owner.map { [.init(hostID: $0.uid)] },
            gidMappings: owner.map { [.init(hostID: $0.gid)] })
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

    /// A writable root has a /tmp of its own, and what the image brings in it.
    private static let temporary = Mount(
        destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nodev", "mode=1777", "size=512m"])

    /// What engines leave to a container's root: <https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities>
    private static let usual = [
        "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD",
        "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID",
        "CAP_SYS_CHROOT",
    ]
}
