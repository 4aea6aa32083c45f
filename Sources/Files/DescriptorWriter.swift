import Glibc
public import SystemPackage

/// Writes all of something to a descriptor that may be a pipe which nobody empties, a stopped terminal, a device that blocks: ends at a signal, whichever of its
/// calls that meets.
public struct DescriptorWriter {
    /// Where the process was asked to stop before, what is known so far is still written, to whoever takes it within so many milliseconds.
    private static let lastStallTimeout: Int32 = 2000

    private let descriptor: Int32
    private let stallTimeout: Int32

    /// - Parameter stallTimeout: the longest time without progress, milliseconds; -1: until a signal comes.
    public init(_ descriptor: Int32, stallTimeout: Int32 = -1) {
        (self.descriptor, self.stallTimeout) = (descriptor, stallTimeout)
    }

    /// - Throws: `Errno` of write(2); `interrupted` after a signal; `timedOut` where nothing was taken for too long.
    public func write(_ bytes: [UInt8]) throws(Errno) {
        let outcome = bytes.withUnsafeBytes { bytes -> Result<Void, Errno> in
            do throws(Errno) { return .success(try write(bytes)) } catch { return .failure(error) }
        }
        try outcome.get()
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        var status = stat()
        let waits = fstat(descriptor, &status) != 0 || !status.isRegular
        // What has room for anything has room for so much, without another wait: see pipe(7).
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
            // A device that takes nothing and says nothing would be asked for ever.
            guard count > 0 else { throw .ioError }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
