public import Evidence
import Processes
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

    public func survey(_ runner: ToolRunner) -> BuilderSurvey {
        PrivateStorage.survey(self, program, runner)
    }

    public func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        guard let program else { return [] }
        return [PrivateStorage.job(program, PrivateStorage.options(request.work), request)]
    }
}
