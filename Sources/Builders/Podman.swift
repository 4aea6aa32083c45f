public import Evidence
import Glibc
import Processes
import Sandbox
public import SystemPackage

/// podman, 3.4 or later: <https://docs.podman.io/en/stable/Commands.html>.
///
/// Drives the local engine, which builds in its own process, not a remote one (`CONTAINER_HOST`). Without the options
/// of `PrivateStorage` even `podman version` would create the system's storage.
public struct Podman: BuilderDriver {
    public let name = "podman"
    public let oldestVersion = "3.4"
    public let heredocsSince = "4.8"
    private let program = Tool.find("podman")

    public init() {}

    public var seesPrivateRegistry: Bool { true }
    public var isInstalled: Bool { program != nil }

    /// Podman keeps its locks in shared memory, under a name that no option changes. They stay if another podman has
    /// come meanwhile, as its `alive` file shows: its containers' locks are there too.
    public var footprint: [FilePath] {
        let runtime = Tool.variable("XDG_RUNTIME_DIR") ?? "/run/user/\(Identities.own)"
        let isShared = ["/run/libpod", "\(runtime)/libpod/tmp"].contains { access("\($0)/alive", F_OK) == 0 }
        let locks: [FilePath] = ["/dev/shm/libpod_lock", FilePath("/dev/shm/libpod_rootless_lock_\(Identities.own)")]
        return PrivateStorage.footprint + ["/run/libpod"] + (isShared ? [] : locks)
    }

    public var resource: String { PrivateStorage.resource(name) }

    public func survey(_ runner: ToolRunner) -> BuilderSurvey {
        var survey = PrivateStorage.survey(self, program, runner)
        survey.storage = storage?.string
        return survey
    }

    /// The user's storage, if podman has used it: it would put a database of its own into one that only buildah knows.
    private var storage: FilePath? { UserStorage.existing.flatMap { UserStorage.hasPodman($0) ? $0 : nil } }

    public func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        guard let program else { return [] }
        if request.usesUsersStorage { return [PrivateStorage.job(program, [], request)] }
        let options =
            PrivateStorage.options(request.work, run: Self.run(request)) + [
                "--tmpdir", request.work.appending("state").string, "--cgroup-manager", "cgroupfs",
                "--events-backend", "none",
            ]
        return [PrivateStorage.job(program, options, request)]
    }

    /// The run directory, or a short link to it: podman refuses a path of more than 50 bytes.
    private static func run(_ request: BuildRequest) -> FilePath {
        let path = request.work.appending("run")
        guard path.string.utf8.count > 50 else { return path }
        let link = link(request)
        return symlink(path.string, link.string) == 0 || errno == EEXIST ? link : path
    }

    private static func link(_ request: BuildRequest) -> FilePath { FilePath("/tmp/\(request.label)") }

    public func cleanUp(_ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner)
        -> LeftBehind
    {
        var left = PrivateStorage.cleanUp(program, request, survey, runner)
        let link = Self.link(request)
        if unlink(link.string) != 0, errno != ENOENT { left.failures.append("\(link): \(Errno(rawValue: errno))") }
        return left
    }

    public func removeLeftovers(_ runner: ToolRunner) -> LeftoverSearch {
        PrivateStorage.removeLeftovers(program, storage, runner)
    }
}
