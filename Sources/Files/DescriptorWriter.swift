import Glibc
public import SystemPackage

/// Writes bytes whole to a descriptor that may block for ever: a pipe without a reader, a stopped terminal, a device. A
/// signal ends the writing, whichever call it meets.
public struct DescriptorWriter {
    /// The limit in milliseconds if the process was asked to stop before: results so far are still written, if somebody
    /// takes them.
    private static let lastStallTimeout: Int32 = 2000

    private let descriptor: Int32
    private let stallTimeout: Int32

    /// - Parameter stallTimeout: the longest time without progress, in milliseconds; -1: until a signal comes.
    public init(_ descriptor: Int32, stallTimeout: Int32 = -1) {
        (self.descriptor, self.stallTimeout) = (descriptor, stallTimeout)
    }

    /// - Throws: `Errno` of write(2); `interrupted` after a signal; `timedOut` after too long without progress.
    public func write(_ bytes: [UInt8]) throws(Errno) {
        let outcome = bytes.withUnsafeBytes { bytes -> Result<Void, Errno> in
            do throws(Errno) { return .success(try write(bytes)) } catch { return .failure(error) }
        }
        try outcome.get()
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        var status = stat()
        let waits = fstat(descriptor, &status) != 0 || !status.isRegular
        // If there is any room, there is room for this much without another wait: see pipe(7).
        let most = waits ? Int(PIPE_BUF) : Int.max
        let wasStopped = waits && Stop.isAsked
        let limit =
            wasStopped
            ? (stallTimeout < 0 ? Self.lastStallTimeout : min(stallTimeout, Self.lastStallTimeout)) : stallTimeout
        var rest = bytes
        while !rest.isEmpty {
            if waits {
                switch Stop.wait(for: descriptor, POLLOUT, milliseconds: limit, heedsStop: !wasStopped) {
                case .ready: break
                case .stopped: throw .interrupted
                case .late: throw .timedOut
                }
            }
            let count = Glibc.write(descriptor, rest.baseAddress, min(rest.count, most))
            guard count >= 0 else {
                if errno == EINTR || errno == EAGAIN { continue }
                throw Errno(rawValue: errno)
            }
            // A device that accepts nothing without an error would keep this loop running for ever.
            guard count > 0 else { throw .ioError }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
