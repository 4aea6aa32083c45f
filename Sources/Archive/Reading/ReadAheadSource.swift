import Glibc

/// Reads a source on a thread of its own, a few chunks ahead, so that two steps of work on one stream overlap.
///
/// Whoever made the upstream source must not touch it before `stop` has returned.
public final class ReadAheadSource: ByteSource {
    public let name: String
    private let shared: Shared
    private var thread = pthread_t()
    private var running = false
    private var holdsSlot = false

    /// - Parameter upstream: read by the other thread only, until `stop`.
    public init(_ upstream: any ByteSource) throws(ArchiveError) {
        name = upstream.name
        shared = Shared(upstream)
        let context = Unmanaged.passRetained(shared)
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Shared>.fromOpaque(context).takeRetainedValue().produce()
                return nil
            }, context.toOpaque())
        guard status == 0 else {
            context.release()
            throw ArchiveError(archive: name, doing: "start a thread", errno: status)
        }
        running = true
    }

    deinit {
        stop()
    }

    public func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if holdsSlot { shared.release() }
        holdsSlot = false
        let chunk = shared.take()
        guard chunk.isEmpty else {
            holdsSlot = true
            return chunk
        }
        stop()
        if let failure = shared.failure { throw failure }
        return chunk
    }

    /// Ends the thread. What it has read and nobody took is lost.
    public func stop() {
        guard running else { return }
        running = false
        shared.cancel()
        pthread_join(thread, nil)
    }
}

/// The ring of buffers between the two threads.
private final class Shared {
    private static let slots = 4
    private static let slotSize = 256 << 10

    let name: String
    /// Set by the producer before it ends, read by the consumer after that.
    private(set) var failure: ArchiveError?
    private let upstream: any ByteSource
    private let memory: UnsafeMutableRawBufferPointer
    private var counts = [Int](repeating: 0, count: slots)
    private var produced = 0
    private var consumed = 0
    private var ended = false
    private var cancelled = false
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(_ upstream: any ByteSource) {
        self.upstream = upstream
        name = upstream.name
        memory = .allocate(byteCount: Self.slots * Self.slotSize, alignment: 4096)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
        memory.deallocate()
    }

    func produce() {
        do throws(ArchiveError) {
            while true {
                var chunk = try upstream.nextChunk()
                if chunk.isEmpty { break }
                while !chunk.isEmpty {
                    let part = UnsafeRawBufferPointer(rebasing: chunk.prefix(Self.slotSize))
                    guard put(part) else { return }
                    chunk = UnsafeRawBufferPointer(rebasing: chunk[part.count...])
                }
            }
            finish(nil)
        } catch {
            finish(error)
        }
    }

    /// The next chunk, or an empty buffer once the producer has ended.
    func take() -> UnsafeRawBufferPointer {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while produced == consumed, !ended, !cancelled { pthread_cond_wait(changed, mutex) }
        guard produced > consumed else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let slot = consumed % Self.slots
        return UnsafeRawBufferPointer(rebasing: memory[slot * Self.slotSize..<slot * Self.slotSize + counts[slot]])
    }

    /// Gives the slot of the chunk that was taken last back to the producer.
    func release() {
        pthread_mutex_lock(mutex)
        consumed += 1
        pthread_cond_signal(changed)
        pthread_mutex_unlock(mutex)
    }

    func cancel() {
        pthread_mutex_lock(mutex)
        cancelled = true
        pthread_cond_signal(changed)
        pthread_mutex_unlock(mutex)
    }

    private func put(_ chunk: UnsafeRawBufferPointer) -> Bool {
        pthread_mutex_lock(mutex)
        while produced - consumed == Self.slots, !cancelled { pthread_cond_wait(changed, mutex) }
        let stopped = cancelled
        let slot = produced % Self.slots
        pthread_mutex_unlock(mutex)
        guard !stopped else { return false }
        // Only the producer writes to slots that are not handed over.
        UnsafeMutableRawBufferPointer(rebasing: memory[slot * Self.slotSize..<(slot + 1) * Self.slotSize])
            .copyMemory(from: chunk)
        pthread_mutex_lock(mutex)
        counts[slot] = chunk.count
        produced += 1
        pthread_cond_signal(changed)
        pthread_mutex_unlock(mutex)
        return true
    }

    private func finish(_ error: ArchiveError?) {
        pthread_mutex_lock(mutex)
        failure = error
        ended = true
        pthread_cond_signal(changed)
        pthread_mutex_unlock(mutex)
    }
}
