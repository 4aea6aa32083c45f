import Glibc

/// A file descriptor that is closed when the last reference to it goes.
final class OwnedDescriptor: Sendable {
    let value: Int32

    init(_ value: Int32) {
        self.value = value
    }

    deinit {
        close(value)
    }

    /// What `fstat` says, or nil where it fails.
    var status: stat? {
        var status = stat()
        return fstat(value, &status) == 0 ? status : nil
    }
}

extension stat {
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
    var isSymbolicLink: Bool { st_mode & S_IFMT == S_IFLNK }
    var permissions: UInt32 { UInt32(st_mode) & 0o7777 }
}
