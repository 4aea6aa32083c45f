public import Evidence
import Sandbox
public import SystemPackage

/// buildah, 1.23 or later: <https://github.com/containers/buildah/tree/main/docs>.
///
/// It has no daemon and lists no platforms: it takes any, and executes RUN steps itself. Everything stays in `PrivateStorage`.
public struct Buildah: BuilderDriver {
    public let name = "buildah"
    public let oldestVersion = "1.23"
    public let heredocsSince = "1.33"
    private let program = Tool.find("buildah")

    public init() {}

    public var seesPrivateRegistry: Bool { true }
    public var isInstalled: Bool { program != nil }
    public var footprint: [FilePath] { PrivateStorage.footprint }

    public func survey(_ bench: Bench) -> BuilderSurvey {
        var survey = BuilderSurvey()
        guard let program else { return survey }
        survey.version = bench.answer(Tool.launch(program, ["--version"], timeout: .seconds(10)))
            .flatMap { Version.third(of: $0) }
        survey.obstacle =
            Version.obstacle(name, survey.version, oldest: oldestVersion)
            ?? PrivateStorage.obstacle(name).map { .unusable(reason: $0) }
        return survey
    }

    public func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        guard let program else { return [] }
        return [PrivateStorage.job(program, PrivateStorage.options(request.work), request)]
    }
}
