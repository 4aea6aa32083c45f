/// What a child was doing until it became its program; `program` alone speaks about the program and the kernel's handlers.
public enum StartStage: String, Sendable, CaseIterable {
    case pipe, namespaces, descriptors, identityMap, mount, pivot, identity, fork, directory, program, registry
    /// Capabilities, `no_new_privs` and the filter of system calls.
    case confinement
    /// The runtime of the `oci` venue, up to the program's execution.
    case runtime
}
