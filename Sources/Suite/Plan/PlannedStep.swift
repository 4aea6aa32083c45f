import Evidence
import Findings
public import Guest
import ScenarioFormat

/// One step of one case of a scenario, with everything decided.
public struct PlannedStep: Sendable {
    /// The id of its check: `SCENARIO/STEP`, or `SCENARIO[VALUES]/STEP` if the scenario has a matrix.
    public let id: String
    /// `SCENARIO` or `SCENARIO[VALUES]`.
    let caseID: String
    let scenario: String
    /// The scenario file's directory.
    let directory: String
    let interpreter: String?
    /// Whose programs are meant.
    public let guest: Guest
    /// With image, venues and builders filled in.
    let step: ScenarioStep
    /// Ids of steps that must be done before.
    let needs: [String]
    /// Whether nothing else may run at the same time.
    public let isAlone: Bool
    /// Resources that only one step at a time may use: builders keep state that two at once would disturb.
    let resources: Set<String>
    let timeout: Duration
    let retries: Int
    /// Why it does not apply here; nil: it does.
    public let obstacle: String?

    /// The platform that its check is about: an artifact step's may be any; nil where that is all that it lists.
    public var platform: String? {
        guard case .artifact(let artifact) = step.action else { return guest.platform }
        return artifact.platform.flatMap { $0.contains("/") ? $0 : nil }
    }

    var kind: Action.Kind { step.kind }

    /// The venues of its checks, for `--filter ID@VENUE`.
    var venues: [String] { step.venues.map(\.rawValue) }
}
