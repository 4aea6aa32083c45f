import Glibc

/// Memory for the windows of streams that are decompressed at the same time: at most one large window, and 32 MiB of small ones. Who
/// wants more waits for another stream to end, so that memory does not grow with the number of layers.
///
/// Streams inside one another must not share a pool: the inner one could wait for the outer one.
public final class WindowPool: Sendable {
    /// The most bytes that small windows take together, and that one of them may have.
    static let small: UInt64 = 32 << 20

    private struct State {
        var small: UInt64 = 0
        var isLargeTaken = false
    }

    private nonisolated(unsafe) let state = UnsafeMutablePointer<State>.allocate(capacity: 1)
    private nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    public init() {
        state.initialize(to: State())
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
        state.deallocate()
    }

    /// Waits until there is room for a window.
    ///
    /// - Parameter held: the lease of the same stream's window so far, whose memory is not free before the new window is there.
    func lease(_ bytes: UInt64, holding held: Lease? = nil) -> Lease {
        if let held, held.isLarge || bytes <= held.bytes { return held }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let isLarge = bytes > Self.small
        if isLarge {
            // Whoever has the large window waits for nobody.
            while state.pointee.isLargeTaken { pthread_cond_wait(changed, mutex) }
            state.pointee.isLargeTaken = true
        } else {
            // Two that each wait for what the other has would wait for ever: who has a window gets a somewhat larger one at once.
            while held == nil, state.pointee.small > 0, state.pointee.small + bytes > Self.small {
                pthread_cond_wait(changed, mutex)
            }
            state.pointee.small += bytes
        }
        return Lease(self, bytes: bytes, isLarge: isLarge)
    }

    private func end(_ lease: Lease) {
        pthread_mutex_lock(mutex)
        if lease.isLarge { state.pointee.isLargeTaken = false } else { state.pointee.small -= lease.bytes }
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    /// Room for one window, until it is let go of.
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
    /// A stream whose window is larger than is allowed.
    static func window(_ bytes: UInt64, limit: UInt64, archive: String) -> ArchiveError {
        ArchiveError(
            .overLimit, archive: archive,
            expected: "compressed data with a window of at most \(limit) bytes (--limit window=N)",
            found: "one of \(bytes) bytes")
    }
}
