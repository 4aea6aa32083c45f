public import Glibc
public import SystemPackage

/// Appends to a file and keeps what it has. Only a regular file will do: a pipe or a device has no end.
public struct AppendedFile {
    private let file: OwnedDescriptor
    private let path: String
    private let action: String

    /// Opens a file, and creates it if missing.
    ///
    /// - Throws: `FileError`.
    public init(_ path: FilePath, action: String, mode: mode_t = 0o644) throws(FileError) {
        (self.path, self.action) = (path.string, action)
        let place = try FilePlace(path, action: action)
        switch place.found {
        case .something(let status) where status.isRegular: file = try place.open(O_WRONLY | O_APPEND)
        case .something(let status):
            throw FileError(action, path.string, expected: "a file", found: status.kind)
        case .ownDescriptor:
            throw FileError(action, path.string, expected: "a file", found: "an open descriptor")
        case .absent: file = try place.create(O_WRONLY | O_APPEND, mode: mode)
        }
    }

    /// - Parameter text: what to append, given the size of the file in bytes.
    /// - Throws: `FileError`, and what `text` throws.
    public func append(_ text: (_ taken: Int) throws -> [UInt8]) throws {
        guard let status = file.status else { throw FileError(action, path, errno: Errno(rawValue: errno)) }
        let bytes = try text(Int(status.st_size))
        do throws(Errno) { try DescriptorWriter(file.value).write(bytes) } catch {
            throw FileError(action, path, errno: error)
        }
    }
}
