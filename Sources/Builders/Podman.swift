public import Findings
public import SystemPackage

/// podman, 3.4 or later: <https://docs.podman.io/en/stable/Commands.html>.
///
/// The local engine, which builds in its own process; a remote one (`CONTAINER_HOST`) is not driven. Without the options of
/// `PrivateStorage` even `podman version` would create the system's storage.
public struct Podman: BuilderDriver {
    public let name = "podman"
    public let oldestVersion = "3.4"
    public let heredocsSince = "4.8"
    private let program = Tool.find("podman")

    public init() {}

    public var isInstalled: Bool { program != nil }

    /// The semaphores of its locks are shared memory, whose name no option changes.
    public var footprint: [FilePath] {
        PrivateStorage.footprint + [
            "/run/libpod", "/dev/shm/libpod_lock", FilePath("/dev/shm/libpod_rootless_lock_\(Identities.own)"),
        ]
    }

    public func survey(_ bench: Bench) -> BuilderSurvey {
        var survey = BuilderSurvey()
        guard let program else { return survey }
        // `podman version 4.3.1`: the option prints and leaves, where the command would open the storage.
        survey.version = bench.answer(Tool.launch(program, ["--version"], timeout: .seconds(10)))
            .flatMap { Version.third(of: $0) }
        survey.obstacle =
            Version.obstacle(name, survey.version, oldest: oldestVersion)
            ?? PrivateStorage.obstacle(name).map { .unusable(reason: $0) }
        return survey
    }

    public func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        guard let program else { return [] }
        let options =
            PrivateStorage.options(request.work) + [
                "--tmpdir", request.work.appending("state").string, "--cgroup-manager", "cgroupfs",
                "--events-backend", "none",
            ]
        return [PrivateStorage.job(program, options, request)]
    }
}
