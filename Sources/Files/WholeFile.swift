import Glibc
public import SystemPackage

/// Small files, read and written whole. Reading never waits where nobody asked for it.
public enum WholeFile {
    /// What is there before a file is written.
    public enum Target: Sendable {
        /// Nothing: another file of the name, or a link, is an error.
        case absent
        /// Nothing, or a file that is overwritten.
        case any
        /// The file, such as a setting of the kernel's.
        case present

        fileprivate var options: FileDescriptor.OpenOptions {
            switch self {
            case .absent: [.create, .exclusiveCreate, .noFollow, .closeOnExec]
            case .any: [.create, .truncate, .closeOnExec]
            case .present: .closeOnExec
            }
        }
    }

    /// Writes a file in its place, for nobody else to read. `OutputFile` is for what a user named.
    ///
    /// - Throws: `Errno` of open(2) or write(2).
    public static func write(
        _ bytes: some Sequence<UInt8>, to path: FilePath, _ target: Target = .absent,
        permissions: FilePermissions = .ownerReadWrite
    ) throws {
        let file = try FileDescriptor.open(path, .writeOnly, options: target.options, permissions: permissions)
        try file.closeAfter { _ = try file.writeAll(bytes) }
    }

    /// What may be read.
    public enum Kind: Sendable {
        /// A file, and nothing else: Assay itself chose the name, and no pipe or device is expected there.
        case regular
        /// The caller named it, and may mean a pipe or a device: what it brings is waited for until the process is asked to stop.
        case any
    }

    /// Reads a small file to its end; `/proc` files give no size beforehand.
    ///
    /// - Parameter heedsStop: whether the process's wish to stop ends the reading.
    /// - Throws: `Errno` of open(2) or read(2); `interrupted` where the process was asked to stop; `fileTooLarge` beyond `limit` bytes;
    ///   `invalidArgument` for what is not of the wanted kind.
    public static func read(
        _ path: String, limit: Int, kind: Kind = .regular, heedsStop: Bool = true
    ) throws(Errno) -> [UInt8] {
        let file = try open(path, in: AT_FDCWD, kind: kind)
        let isRegular = kind == .regular || file.status?.isRegular == true
        return try read(file, limit: limit, heedsStop: heedsStop, isRegular: isRegular)
    }

    /// Opens for reading. Opening never waits, as it would for a pipe's writer.
    ///
    /// - Parameter follows: whether the last component may be a symbolic link.
    /// - Throws: `Errno`, as `read` does.
    public static func open(
        _ path: String, in directory: Int32, kind: Kind, follows: Bool = true
    ) throws(Errno) -> OwnedDescriptor {
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (follows ? 0 : O_NOFOLLOW)
        if kind == .regular {
            // Opening alone makes some devices do things.
            var status = stat()
            let found = fstatat(directory, path, &status, follows ? 0 : AT_SYMLINK_NOFOLLOW) == 0
            if found, !status.isRegular { throw status.isDirectory ? .isDirectory : .invalidArgument }
        }
        guard let file = OwnedDescriptor(opened: SystemError.retrying { openat(directory, path, flags) }) else {
            throw Errno(rawValue: errno)
        }
        guard kind == .any || file.status?.isRegular == true else { throw .invalidArgument }
        return file
    }

    /// Reads what is left of an open file.
    ///
    /// - Throws: `Errno`, as `read(_:limit:kind:)` does.
    public static func read(_ file: OwnedDescriptor, limit: Int, heedsStop: Bool = true) throws(Errno) -> [UInt8] {
        try read(file, limit: limit, heedsStop: heedsStop, isRegular: file.status?.isRegular == true)
    }

    private static func read(
        _ file: OwnedDescriptor, limit: Int, heedsStop: Bool, isRegular: Bool
    ) throws(Errno) -> [UInt8] {
        // A file is always ready, and poll(2) a system call.
        let waits = !isRegular
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            if waits, Stop.wait(for: file.value, POLLIN, milliseconds: -1, heedsStop: heedsStop) == .stopped {
                throw .interrupted
            }
            let count = Glibc.read(file.value, buffer.baseAddress, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR || errno == EAGAIN { continue }
                throw Errno(rawValue: errno)
            }
            bytes += buffer[..<count]
            if bytes.count > limit { throw .fileTooLarge }
            // What comes in part is at its end, or nearly so.
            if !waits, heedsStop, count == buffer.count, Stop.isAsked { throw .interrupted }
        }
    }
}
