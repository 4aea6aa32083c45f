public import Evidence
import Processes
import Sandbox
public import SystemPackage

/// buildah, 1.23 or later: <https://github.com/containers/buildah/tree/main/docs>.
///
/// It has no daemon and lists no platforms: it takes any, and executes RUN steps itself.
public struct Buildah: BuilderDriver {
    public let name = "buildah"
    public let oldestVersion = "1.23"
    public let heredocsSince = "1.33"
    private let program = Tool.find("buildah")

    public init() {}

    public var seesPrivateRegistry: Bool { true }
    public var isInstalled: Bool { program != nil }
    public var footprint: [FilePath] { PrivateStorage.footprint }

    public var resource: String { PrivateStorage.resource(name) }

    public func survey(_ runner: ToolRunner) -> BuilderSurvey {
        var survey = PrivateStorage.survey(self, program, runner)
        survey.storage = UserStorage.existing?.string
        return survey
    }

    public func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        guard let program else { return [] }
        let options = request.usesUsersStorage ? [] : PrivateStorage.options(request.work)
        return [PrivateStorage.job(program, options, request)]
    }

    public func cleanUp(_ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner)
        -> LeftBehind
    { PrivateStorage.cleanUp(program, request, survey, runner) }

    public func removeLeftovers(_ runner: ToolRunner) -> LeftoverSearch {
        PrivateStorage.removeLeftovers(program, UserStorage.existing, runner)
    }
}
