import Glibc
public import SystemPackage

/// Reads and writes small files whole. Reading waits only if the caller allows it.
public enum WholeFile {
    /// What may exist before a file is written.
    public enum Target: Sendable {
        /// Nothing: an existing file or link is an error.
        case absent
        /// Anything: an existing file is overwritten.
        case any
        /// The file must exist, such as a setting of the kernel's.
        case present

        fileprivate var options: FileDescriptor.OpenOptions {
            switch self {
            case .absent: [.create, .exclusiveCreate, .noFollow, .closeOnExec]
            case .any: [.create, .truncate, .closeOnExec]
            case .present: .closeOnExec
            }
        }
    }

    /// Writes a file in place, readable by nobody else. For a file that a user named, use `OutputFile`.
    ///
    /// - Throws: `CallFailure`, naming the path.
    public static func write(
        _ bytes: some Sequence<UInt8>, to path: FilePath, _ target: Target = .absent,
        permissions: FilePermissions = .ownerReadWrite
    ) throws {
        let file = try CallFailure.naming("openat \(path)") {
            try FileDescriptor.open(path, .writeOnly, options: target.options, permissions: permissions)
        }
        let written = Result { try CallFailure.naming("write \(path)") { try file.writeAll(bytes) } }
        // Linux closes the descriptor even where a signal interrupts close(2).
        do { try file.close() } catch Errno.interrupted {} catch let error as Errno {
            throw CallFailure("close \(path)", error)
        }
        _ = try written.get()
    }

    /// What may be read.
    public enum Kind: Sendable {
        /// Only a regular file: Assay itself chose the name, and expects no pipe or device there.
        case regular
        /// Anything: the caller named it and may mean a pipe or a device. Reading waits for it until the process is
        /// asked to stop.
        case any
    }

    /// Reads a small file to its end; `/proc` files give no size beforehand.
    ///
    /// - Parameter heedsStop: whether a request to stop ends the reading.
    /// - Throws: `Errno` of open(2) or read(2); `interrupted` if the process was asked to stop; `fileTooLarge` beyond
    ///   `limit` bytes; `invalidArgument` for another kind of file.
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
            // Merely opening some devices has effects.
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
        // A file is always ready: save the call of poll(2).
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
            // A short read means the end, or nearly so.
            if !waits, heedsStop, count == buffer.count, Stop.isAsked { throw .interrupted }
        }
    }
}
