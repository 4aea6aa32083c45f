public import Files

/// What an extraction keeps of each entry.
public struct ExtractionOptions: Sendable, Equatable {
    /// Keep set-user-id and set-group-id bits and file capabilities.
    public var keepsPrivileges: Bool
    /// Give files the owners that the archive names, which needs privileges.
    public var appliesOwners: Bool
    /// The ids that the archive's owners map to; nil: the same ids. Needs `appliesOwners`.
    public var owners: OwnerRange?
    /// Let the owner read every file and enter every directory, whatever mode the archive names.
    var keepsReadable = false

    public init(keepsPrivileges: Bool = false, appliesOwners: Bool = false, owners: OwnerRange? = nil) {
        self.keepsPrivileges = keepsPrivileges
        self.appliesOwners = appliesOwners
        self.owners = owners
    }

    /// The set-user-id and set-group-id bits.
    static let setIDBits: UInt32 = 0o6000

    /// The mode that an entry's file or directory gets.
    func mode(of entry: ArchiveEntry) -> UInt32 {
        // Dropping a directory's set-group-id bit only changes which group new files get.
        var mode = keepsPrivileges ? entry.mode : entry.mode & ~Self.setIDBits
        if keepsReadable { mode |= entry.kind == .directory ? 0o700 : 0o400 }
        return mode
    }
}

/// What an extraction wrote and what it left out.
public struct ExtractionSummary: Sendable, Equatable {
    public var files = 0
    public var directories = 0
    public var symbolicLinks = 0
    public var hardLinks = 0
    /// Bytes in regular files.
    public var bytes: UInt64 = 0
    /// Devices, fifos and sockets that were left out.
    public var skippedSpecial = 0
    /// Extended attributes that the file system or the user's rights do not allow.
    public var skippedAttributes = 0
    /// Files whose set-id bits or capabilities were dropped.
    public var droppedPrivileges = 0

    public init() {}
}
