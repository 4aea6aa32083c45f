import CSandbox
public import Evidence
import Files
import Glibc

/// Why a child could not become its program.
public struct StartFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public var stage: StartStage
    /// The errno of the failed call; 0 if `words` tell.
    public var error: Int32
    /// The failed system call, by its name in strace(1); nil if unknown.
    public private(set) var call: String?
    /// What another program said about the failure.
    public private(set) var words: String?

    public init(stage: StartStage, error: Int32) {
        self.stage = stage
        self.error = error
    }

    /// A failure of the OCI runtime, in words.
    static func runtime(_ words: String) -> StartFailure {
        var failure = StartFailure(stage: .runtime, error: 0)
        failure.words = words
        return failure
    }

    /// - Parameter call: the failed call's name; empty if the stage implies it.
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

    /// Ignores `call`: it is known only on some of the ways that a failure is reported.
    public static func == (left: StartFailure, right: StartFailure) -> Bool {
        left.stage == right.stage && left.error == right.error && left.words == right.words
    }

    /// The call of a stage that makes only one, or that makes this one first in Assay's own process.
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
