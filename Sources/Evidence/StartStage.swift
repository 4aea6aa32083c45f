/// The stages of a child's start. Only a failure at `program` concerns the program or the kernel's handlers.
public enum StartStage: String, Sendable, CaseIterable {
    case pipe, namespaces, descriptors, identityMap, mount, pivot, identity, fork, directory, program, registry
    /// Giving up capabilities, `no_new_privs`, and the seccomp filter.
    case confinement
    /// The runtime of the `oci` venue, until the program is executed.
    case runtime
}
