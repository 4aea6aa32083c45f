import Glibc
import Processes
import SystemPackage

/// Reads a source on a thread of its own, a few chunks ahead, so that two steps of work on one stream overlap.
///
/// Nothing else may use the upstream source before `stop` has returned.
public final class ReadAheadSource: ByteSource {
    public let name: String
    private let shared: Shared
    /// Nil once it has ended.
    private var thread: BackgroundThread?
    private var holdsSlot = false

    /// - Parameter upstream: read by the other thread only, until `stop`.
    /// - Throws: `ArchiveError` if no thread can be started.
    public init(_ upstream: any ByteSource) throws(ArchiveError) {
        name = upstream.name
        shared = Shared(upstream)
        // Its state has a lock, and the upstream is the other thread's alone.
        nonisolated(unsafe) let shared = shared
        do throws(Errno) { thread = try BackgroundThread { shared.produce() } } catch {
            throw ArchiveError(archive: name, doing: "start a thread", errno: error.rawValue)
        }
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

    /// Ends the thread. Chunks that it read and nobody took are lost.
    public func stop() {
        guard let thread else { return }
        self.thread = nil
        shared.cancel()
        thread.join()
    }
}

/// The ring of buffers between the two threads.
private final class Shared {
    private static let slots = 4
    private static let slotSize = 256 << 10

    let name: String
    private let upstream: any ByteSource
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: slots * slotSize, alignment: 4096)
    private let state = SharedState(State())

    private struct State {
        var counts = [Int](repeating: 0, count: slots)
        var produced = 0
        var consumed = 0
        var ended = false
        var cancelled = false
        var failure: ArchiveError?
    }

    init(_ upstream: any ByteSource) {
        self.upstream = upstream
        name = upstream.name
    }

    deinit { memory.deallocate() }

    /// The error that ended the producer; nil if it read everything or still runs.
    var failure: ArchiveError? { state.read { $0.failure } }

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
        state.read(
            when: { $0.produced > $0.consumed || $0.ended || $0.cancelled },
            by: { state in
                guard state.produced > state.consumed else { return UnsafeRawBufferPointer(start: nil, count: 0) }
                let slot = state.consumed % Self.slots
                return UnsafeRawBufferPointer(
                    rebasing: memory[slot * Self.slotSize..<slot * Self.slotSize + state.counts[slot]])
            })
    }

    /// Gives the slot of the last chunk taken back to the producer.
    func release() { state.change { $0.consumed += 1 } }

    func cancel() { state.change { $0.cancelled = true } }

    private func put(_ chunk: UnsafeRawBufferPointer) -> Bool {
        let free = state.read(
            when: { $0.produced - $0.consumed < Self.slots || $0.cancelled },
            by: { $0.cancelled ? nil : $0.produced % Self.slots })
        guard let slot = free else { return false }
        // Only the producer writes to slots that are not handed over.
        UnsafeMutableRawBufferPointer(rebasing: memory[slot * Self.slotSize..<(slot + 1) * Self.slotSize])
            .copyMemory(from: chunk)
        state.change {
            $0.counts[slot] = chunk.count
            $0.produced += 1
        }
        return true
    }

    private func finish(_ error: ArchiveError?) {
        state.change {
            $0.failure = error
            $0.ended = true
        }
    }
}
