public import Glibc

/// A file descriptor that is closed when the last reference to it goes.
public final class OwnedDescriptor: Sendable {
    public let value: Int32

    public init(_ value: Int32) {
        self.value = value
    }

    /// Takes the result of an opening call; nil for -1, with `errno` unchanged.
    public convenience init?(opened value: Int32) {
        guard value >= 0 else { return nil }
        self.init(value)
    }

    deinit {
        // A caller that returns early may still read errno.
        let number = errno
        close(value)
        errno = number
    }

    /// The result of fstat(2), or nil on failure.
    public var status: stat? {
        var status = stat()
        return fstat(value, &status) == 0 ? status : nil
    }
}

extension stat {
    public var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    public var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
    public var isSymbolicLink: Bool { st_mode & S_IFMT == S_IFLNK }
    public var isPipe: Bool { st_mode & S_IFMT == S_IFIFO }
    public var isCharacterDevice: Bool { st_mode & S_IFMT == S_IFCHR }
    public var permissions: UInt32 { UInt32(st_mode) & 0o7777 }

    /// Whether everybody may create files in it. The sticky bit only keeps them from removing others' files.
    public var isOpenToAll: Bool { st_mode & S_IWOTH != 0 }

    /// What it is, for people.
    public var kind: String {
        switch st_mode & S_IFMT {
        case S_IFREG: "a file"
        case S_IFDIR: "a directory"
        case S_IFLNK: "a symbolic link"
        case S_IFIFO: "a pipe"
        case S_IFCHR: "a character device"
        case S_IFBLK: "a block device"
        case S_IFSOCK: "a socket"
        default: "something unknown"
        }
    }
}
