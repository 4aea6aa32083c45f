import Evidence
import Files
import Glibc
import Processes
import Sandbox
import SystemPackage

/// How buildah and podman are kept to a directory of their own: storage, state, locks and configuration.
///
/// The vfs driver needs no kernel support; `chroot` isolation needs no OCI runtime and no cgroup.
enum PrivateStorage {
    static func options(_ work: FilePath, run: FilePath? = nil) -> [String] {
        [
            "--root", work.appending("storage").string, "--runroot", (run ?? work.appending("run")).string,
            "--storage-driver", "vfs",
        ]
    }

    /// One build for all platforms, and its export as an OCI archive.
    static func job(_ program: FilePath, _ options: [String], _ request: BuildRequest) -> BuildJob {
        let output = request.output(request.platforms)
        let list = "\(request.label)-\(request.tag)"
        // One after another: as one sum it is too much for the type checker of Swift 6.2.
        var build = options + ["build", "--isolation", "chroot", "--platform"]
        build.append(request.platforms.joined(separator: ","))
        build += limits
        build += request.usesCache ? ["--layers"] : ["--no-cache", "--layers=false"]
        build += request.argumentWords
        build += ["--manifest", list, "--file", request.context.appending("Containerfile").string]
        build.append(request.context.string)
        let push = options + ["manifest", "push", "--all", "--quiet", list, "oci-archive:\(output)"]
        return BuildJob(
            platforms: request.platforms,
            steps: [build, push].map { Tool.launch(program, $0, timeout: request.timeout, home: request.work) },
            output: output)
    }

    /// Limits that need no raising. By itself root's buildah, since 1.35, takes 1048576, for which CAP_SYS_RESOURCE is needed: where that was taken away
    /// (in many a container), every RUN step would fail. Older ones lower their own number of processes to the kernel's greatest first.
    static var limits: [String] {
        let text = String(decoding: (try? WholeFile.read("/proc/sys/kernel/pid_max", limit: 64)) ?? [], as: UTF8.self)
        let processes = text.split(separator: "\n").first.flatMap { rlim_t($0) } ?? 32768
        let own: [(String, __rlimit_resource_t, rlim_t)] = [
            ("nofile", __rlimit_resource_t(RLIMIT_NOFILE.rawValue), .max),
            ("nproc", __rlimit_resource_t(__RLIMIT_NPROC.rawValue), processes),
        ]
        return own.flatMap { name, resource, greatest -> [String] in
            var limit = rlimit()
            guard getrlimit(resource, &limit) == 0 else { return [] }
            let values = [limit.rlim_cur, limit.rlim_max].map { "\(Int64(bitPattern: UInt64(min($0, greatest))))" }
            return ["--ulimit", "\(name)=\(values.joined(separator: ":"))"]
        }
    }

    /// The cache of blob locations and the lock directory of container networks, whose places no option moves.
    static let footprint: [FilePath] = [
        "/var/lib/containers", "/var/lib/containers/cache", "/var/lib/containers/cache/blob-info-cache-v1.boltdb",
        "/var/lib/containers/cache/blob-info-cache-v1.sqlite", "/run/containers", "/run/containers/networks",
        "/run/lock/netavark.lock",
    ]

    /// The option `--version` prints and leaves, where the command would open the system's storage.
    static func survey(_ driver: some BuilderDriver, _ program: FilePath?, _ runner: ToolRunner) -> BuilderSurvey {
        var survey = BuilderSurvey()
        survey.version = program.flatMap(runner.version)
        survey.obstacle = Version.obstacle(driver.name, survey.version, oldest: driver.oldestVersion)
        // RUN steps change groups, which takes more than one id.
        if survey.obstacle == nil, !Identities.areMany {
            let reason = "\(driver.name) needs more than one user id: there is no range for this user in /etc/subuid"
            survey.obstacle = .unusable(reason: reason)
        }
        return survey
    }
}
