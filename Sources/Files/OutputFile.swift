public import Glibc
public import SystemPackage

/// Writes an output that the caller named. A file is written beside its place and renamed over it, and a symbolic link
/// to it stays. A pipe or a device is written to.
public struct OutputFile {
    /// How long a pipe's reader or a device may stall, in milliseconds. Descriptors that the caller opened
    /// (`/dev/stdout`, `>(…)`) have no limit, since somebody holds the other end. A signal ends either wait.
    public static let stallTimeout: Int32 = 30_000

    private let place: FilePlace
    private let action: String

    /// - Parameter action: what is being done, for errors.
    /// - Throws: `FileError` if it may not be written.
    public init(_ path: FilePath, action: String) throws(FileError) {
        self.action = action
        place = try FilePlace(path, action: action)
        if let refusal = place.refusal(for: action) { throw refusal }
    }

    /// Why nothing can be written there; nil if it can. Asked before a run, which may take an hour.
    public var obstacle: FileError? {
        if case .ownDescriptor(let number) = place.found {
            return fcntl(number, F_GETFD) == -1 ? FileError(action, place.path, errno: .badFileDescriptor) : nil
        }
        var (path, mode) = ([UInt8(ascii: ".")], W_OK | X_OK)
        if case .something(let status) = place.found, !status.isRegular { (path, mode) = (place.name, W_OK) }
        let reached = CString.with(path) { faccessat(place.directory.value, $0, mode, AT_EACCESS) }
        return reached == 0 ? nil : FileError(action, place.path, errno: Errno(rawValue: errno))
    }

    /// - Parameters:
    ///   - mode: the mode of a new file, before the umask. An old file of this user keeps its mode.
    ///   - isDurable: a file is on the disk when this returns.
    /// - Throws: `FileError`.
    public func write(_ bytes: [UInt8], mode: mode_t = 0o644, isDurable: Bool = false) throws(FileError) {
        switch place.found {
        case .absent: try replace(bytes, mode, isDurable)
        case .something(let status) where status.isRegular: try replace(bytes, mode, isDurable)
        case .something(let status):
            let sink = status.isPipe ? try pipe() : try place.open(O_WRONLY)
            try send(bytes, to: sink.value, stallTimeout: Self.stallTimeout)
        case .ownDescriptor(let number): try send(bytes, to: number, stallTimeout: -1)
        }
    }

    private func replace(_ bytes: [UInt8], _ mode: mode_t, _ isDurable: Bool) throws(FileError) {
        try FileReplacement(directory: place.directory, name: place.name, place: place.path)
            .write(bytes, mode: mode, isDurable: isDurable)
    }

    /// Waits for a reader, but not in open(2), and not for ever.
    private func pipe() throws(FileError) -> OwnedDescriptor {
        let step: Int32 = 20
        var waited: Int32 = 0
        while true {
            do throws(FileError) { return try place.open(O_WRONLY) } catch {
                guard error.errno == .noSuchAddressOrDevice else { throw error }
            }
            guard waited < Self.stallTimeout else {
                throw FileError(
                    action, place.path, expected: "a reader of this pipe",
                    found: "none within \(Self.stallTimeout / 1000) s")
            }
            if Stop.wait(for: -1, 0, milliseconds: step) == .stopped {
                throw FileError(action, place.path, errno: .interrupted)
            }
            waited += step
        }
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32, stallTimeout: Int32) throws(FileError) {
        do throws(Errno) { try DescriptorWriter(descriptor, stallTimeout: stallTimeout).write(bytes) } catch {
            throw FileError(action, place.path, errno: error)
        }
    }
}
