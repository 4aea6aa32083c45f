import CSandbox
public import Evidence
import Files
import Glibc

/// Why a child never became its program.
public struct StartFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public var stage: StartStage
    /// The errno of the call that failed; 0 where there are words in place of it.
    public var error: Int32
    /// The system call that failed, as strace(1) names it; nil where that is not known.
    public private(set) var call: String?
    /// What another program said of it.
    public private(set) var words: String?

    public init(stage: StartStage, error: Int32) {
        self.stage = stage
        self.error = error
    }

    /// The runtime's own trouble, in words.
    static func runtime(_ words: String) -> StartFailure {
        var failure = StartFailure(stage: .runtime, error: 0)
        failure.words = words
        return failure
    }

    /// - Parameter call: empty where the stage tells.
    init(stage: assay_stage, error: Int32, call: String = "") {
        self.error = error
        self.call = call.isEmpty ? nil : call
        self.stage =
            switch stage {
            case ASSAY_STAGE_CLONE: .namespaces
            case ASSAY_STAGE_DESCRIPTORS: .descriptors
            case ASSAY_STAGE_USER_MAP: .identityMap
            case ASSAY_STAGE_MOUNT: .mount
            case ASSAY_STAGE_PIVOT: .pivot
            case ASSAY_STAGE_IDENTITY: .identity
            case ASSAY_STAGE_FORK: .fork
            case ASSAY_STAGE_CHDIR: .directory
            case ASSAY_STAGE_EXEC: .program
            case ASSAY_STAGE_REGISTRY: .registry
            case ASSAY_STAGE_CONFINE: .confinement
            default: .pipe
            }
    }

    /// The same failure, whichever way the call's name came here.
    public static func == (left: StartFailure, right: StartFailure) -> Bool {
        left.stage == right.stage && left.error == right.error && left.words == right.words
    }

    /// Of stages that make only one call, or make it first in Assay's own process.
    private var usualCall: String? {
        switch stage {
        case .pipe: "pipe2"
        case .namespaces: "clone"
        case .directory: "chdir"
        case .program: "execve"
        default: nil
        }
    }

    public var description: String {
        let doing =
            switch stage {
            case .pipe: "making a pipe"
            case .namespaces: "making namespaces"
            case .descriptors: "arranging descriptors"
            case .identityMap: "writing uid_map and gid_map"
            case .mount: "setting up its mounts"
            case .pivot: "entering its root"
            case .identity: "changing user and group"
            case .fork: "forking"
            case .directory: "changing directory"
            case .program: "executing the program"
            case .registry: "mounting a private binfmt_misc"
            case .confinement: "giving up capabilities and system calls"
            case .runtime: "making the container"
            }
        if let words { return "\(doing): \(words)" }
        return "\(doing)\((call ?? usualCall).map { " (\($0))" } ?? ""): \(errorText(error))"
    }
}
