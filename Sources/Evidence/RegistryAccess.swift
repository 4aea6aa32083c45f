/// What this caller may do with the registry that it sees. Nothing here is judged.
public enum RegistryAccess: Sendable, Equatable {
    /// access(2) allows writing to `register`, or no registry is visible.
    case writable
    /// Its file system is mounted read-only: EROFS.
    case readOnly
    /// Root here does not own it: the registry belongs to an outer user namespace, as in a system container.
    case foreign(own: OwnRegistry)
    /// It belongs to another user, and this caller is not root.
    case refused
}

/// Whether this user namespace can have a registry of its own (Linux 6.7).
public enum OwnRegistry: Sendable, Equatable {
    case possible
    /// Why it cannot: what was tried, and the errno's text.
    case impossible(reason: String)
}
