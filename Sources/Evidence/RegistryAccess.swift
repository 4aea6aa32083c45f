/// What this caller may do with the registry that it sees. Nothing here is judged.
public enum RegistryAccess: Sendable, Equatable {
    /// access(2) of `register` for writing says yes, or there is no registry to be seen.
    case writable
    /// Its file system is mounted read-only: EROFS.
    case readOnly
    /// Root here is not the user who owns it: the registry of an outer user namespace, as in a system container.
    case foreign(own: OwnRegistry)
    /// Another user's.
    case refused
}

/// Whether this user namespace can have a registry of its own (Linux 6.7).
public enum OwnRegistry: Sendable, Equatable {
    case possible
    /// Why not: what was tried, and the errno's text.
    case impossible(reason: String)
}
