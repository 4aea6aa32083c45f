import Glibc
import Processes
import Synchronization

/// Shares work on many items among a few threads.
public enum Workers {
    /// The number of processors online. If affinity or a cgroup leaves this process fewer, its threads share them.
    public static var count: Int {
        max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Calls `body` for each item, on at most `threads` threads, this one included, and returns when all are done.
    ///
    /// - Returns: what `body` returned, in the order of the items.
    public static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], threads: Int = count, _ body: @escaping @Sendable (Item) -> Result
    ) -> [Result] {
        let job = Job(items, body)
        // With fewer threads the work only takes longer.
        let started = (1..<max(1, min(threads, items.count))).compactMap { _ in try? BackgroundThread(job.run) }
        job.run()
        for thread in started { thread.join() }
        return job.results
    }
}

private final class Job<Item: Sendable, Result: Sendable>: Sendable {
    private let items: [Item]
    private let body: @Sendable (Item) -> Result
    private let next = Atomic(0)
    private let done: Mutex<[Int: Result]> = Mutex([:])

    init(_ items: [Item], _ body: @escaping @Sendable (Item) -> Result) {
        self.items = items
        self.body = body
    }

    @Sendable func run() {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < items.count else { return }
            let result = body(items[index])
            done.withLock { $0[index] = result }
        }
    }

    var results: [Result] {
        done.withLock { done in items.indices.compactMap { done[$0] } }
    }
}
