/// Memory for the windows of streams that are decompressed at the same time: at most one large window, and 32 MiB of
/// small ones. A stream that needs more waits for another to end, so that memory does not grow with the number of
/// layers.
///
/// Streams inside one another must not share a pool: the inner one could wait for the outer one.
public final class WindowPool: Sendable {
    /// The most bytes of one small window, and of all small windows together.
    static let small: UInt64 = 32 << 20

    private struct State {
        var small: UInt64 = 0
        var isLargeTaken = false
    }

    private let state = SharedState(State())

    public init() {}

    /// Waits until there is room for a window.
    ///
    /// - Parameter held: the same stream's current lease. Its memory is freed only once the new window exists.
    func lease(_ bytes: UInt64, holding held: Lease? = nil) -> Lease {
        if let held, held.isLarge || bytes <= held.bytes { return held }
        let isLarge = bytes > Self.small
        if isLarge {
            // The holder of the large window never waits.
            state.change(when: { !$0.isLargeTaken }, by: { $0.isLargeTaken = true })
        } else {
            // Streams that wait for each other's windows would deadlock: a stream that holds a window gets a larger
            // small one at once.
            state.change(
                when: { held != nil || $0.small == 0 || $0.small + bytes <= Self.small }, by: { $0.small += bytes })
        }
        return Lease(self, bytes: bytes, isLarge: isLarge)
    }

    private func end(_ lease: Lease) {
        state.change { if lease.isLarge { $0.isLargeTaken = false } else { $0.small -= lease.bytes } }
    }

    /// Room for one window, until it is released.
    final class Lease {
        let bytes: UInt64
        let isLarge: Bool
        private let pool: WindowPool

        fileprivate init(_ pool: WindowPool, bytes: UInt64, isLarge: Bool) {
            self.pool = pool
            self.bytes = bytes
            self.isLarge = isLarge
        }

        deinit { pool.end(self) }
    }
}

extension ArchiveError {
    /// A stream's window is larger than allowed.
    static func window(_ bytes: UInt64, limit: UInt64, archive: String) -> ArchiveError {
        ArchiveError(
            .overLimit, archive: archive,
            expected: "compressed data with a window of at most \(limit) bytes (--limit window=N)",
            found: "one of \(bytes) bytes")
    }
}
