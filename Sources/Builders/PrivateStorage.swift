import Evidence
import Files
import Glibc
import Processes
import Sandbox
import SystemPackage

/// Has buildah and podman build in the user's own storage, or keeps them to a private directory: storage, state, locks
/// and configuration.
///
/// The user's is what is judged, where there is one. In the private one the vfs driver needs no kernel support; `chroot` isolation needs no OCI runtime and no cgroup.
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
        // Separate statements: one sum is too much for the type checker of Swift 6.2.
        var build = options + ["build", "--isolation", "chroot", "--platform"]
        build.append(request.platforms.joined(separator: ","))
        build += limits
        // Platforms side by side, but for the cache: there each is to find what those before it left.
        build += request.usesCache ? ["--layers"] : ["--no-cache", "--layers=false", "--jobs", "2"]
        build += request.argumentWords + request.labelWords
        build += ["--build-arg", "\(WorkingContainers.argument)=\(request.label)"]
        build += ["--manifest", list, "--file", request.context.appending("Containerfile").string]
        build.append(request.context.string)
        let push = options + ["manifest", "push", "--all", "--quiet", list, "oci-archive:\(output)"]
        return BuildJob(
            platforms: request.platforms,
            steps: [build, push].map { words in
                request.usesUsersStorage
                    ? Tool.launch(program, words, timeout: request.timeout, temporary: request.work)
                    : Tool.launch(program, words, timeout: request.timeout, home: request.work)
            }, output: output)
    }

    /// `--ulimit` options with the caller's own limits, which need no raising.
    ///
    /// Without them, root's buildah (1.35 and later) sets 1048576. That needs CAP_SYS_RESOURCE, so every RUN step would
    /// fail in many containers. Older ones first lower their own limit of processes to the kernel's `pid_max`.
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

    /// The cache of blob locations and the locks of container networks. No option moves them.
    static var footprint: [FilePath] {
        fixed + (UserStorage.existing.map { [$0.appending("defaultNetworkBackend")] } ?? [])
    }

    private static let fixed: [FilePath] = [
        "/var/lib/containers", "/var/lib/containers/cache", "/var/lib/containers/cache/blob-info-cache-v1.boltdb",
        "/var/lib/containers/cache/blob-info-cache-v1.sqlite", "/run/containers", "/run/containers/networks",
        "/run/lock/netavark.lock",
    ]

    /// Removes what builds left in the user's storage.
    static func cleanUp(_ program: FilePath?, _ request: BuildRequest, _ survey: BuilderSurvey, _ runner: ToolRunner)
        -> LeftBehind
    {
        guard let storage = survey.storage, let program else { return LeftBehind() }
        let traces = StoredTraces(program: program, storage: FilePath(storage), runner: runner)
        let wasEnded = request.wasCancelled || Interrupt.signal != nil
        return LeftBehind(
            failures: traces.remove(label: request.label, endedSince: wasEnded ? request.begun : nil).failures)
    }

    /// Removes what trials of killed runs left in the user's storage.
    static func removeLeftovers(_ program: FilePath?, _ storage: FilePath?, _ runner: ToolRunner) -> LeftoverSearch {
        guard let program else { return .notInstalled }
        // A private storage went with its run's directory.
        guard let storage else { return .made() }
        let removed = StoredTraces(program: program, storage: storage, runner: runner).remove(label: nil)
        return .removed(containers: removed.containers, images: removed.images, failures: removed.failures)
    }

    /// The state that one trial at a time may use: buildah and podman share the user's storage.
    static func resource(_ name: String) -> String { UserStorage.existing == nil ? name : "containers-storage" }

    /// Asks with the option `--version`: the command `version` would open the system's storage.
    static func survey(_ driver: some BuilderDriver, _ program: FilePath?, _ runner: ToolRunner) -> BuilderSurvey {
        var survey = BuilderSurvey()
        survey.version = program.flatMap(runner.version)
        survey.obstacle = Version.obstacle(driver.name, survey.version, oldest: driver.oldestVersion)
        // RUN steps change groups, which needs more than one id.
        if survey.obstacle == nil, !Identities.areMany {
            let reason = "\(driver.name) needs more than one user id: there is no range for this user in /etc/subuid"
            survey.obstacle = .unusable(reason: reason)
        }
        return survey
    }
}
