import CSandbox

/// A binfmt_misc registry of this process's own: what is registered there touches nobody else.
public enum PrivateRegistry {
    /// The first kernel whose user namespaces may each have a registry.
    public static let firstKernel = "6.7"

    /// Why a user namespace below this one could have no registry of its own that may be written; nil where it could. Tried in a child: nothing changes.
    public static func refusal() -> StartFailure? {
        var stage = ASSAY_STAGE_NONE
        let error = assay_try_private_registry(&stage)
        return error == 0 ? nil : StartFailure(stage: stage, error: error, call: String(cString: assay_failed_call()))
    }

    /// Moves this process into namespaces of its own with an empty registry. It must have one thread, and stays there.
    ///
    /// - Throws: `StartFailure`; the process is then of no use for anything but reporting it.
    public static func enter() throws(StartFailure) {
        var stage = ASSAY_STAGE_NONE
        let error = assay_enter_private_registry(&stage)
        if error != 0 { throw StartFailure(stage: stage, error: error, call: String(cString: assay_failed_call())) }
    }
}
