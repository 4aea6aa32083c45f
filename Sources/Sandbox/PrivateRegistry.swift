import CSandbox

/// A binfmt_misc registry that only this process has: nobody else sees what is registered there.
public enum PrivateRegistry {
    /// The first kernel that allows a registry for each user namespace.
    public static let firstKernel = "6.7"

    /// Why a new user namespace could have no writable registry of its own; nil if it could. Tried in a child, so
    /// nothing changes here.
    public static func refusal() -> StartFailure? {
        var stage = ASSAY_STAGE_NONE
        let error = assay_try_private_registry(&stage)
        return error == 0 ? nil : StartFailure(stage: stage, error: error, call: String(cString: assay_failed_call()))
    }

    /// Moves this process into new namespaces with an empty registry, for good. It must have one thread.
    ///
    /// - Throws: `StartFailure`. After that the process can only report it and exit.
    public static func enter() throws(StartFailure) {
        var stage = ASSAY_STAGE_NONE
        let error = assay_enter_private_registry(&stage)
        if error != 0 { throw StartFailure(stage: stage, error: error, call: String(cString: assay_failed_call())) }
    }
}
