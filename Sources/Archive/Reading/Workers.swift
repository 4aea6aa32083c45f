import Glibc
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
        var started: [pthread_t] = []
        for _ in 1..<max(1, min(threads, items.count)) {
            let context = Unmanaged.passRetained(job as any Runnable & AnyObject as AnyObject)
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    (Unmanaged<AnyObject>.fromOpaque(context).takeRetainedValue() as? any Runnable)?.run()
                    return nil
                }, context.toOpaque())
            // With fewer threads the work only takes longer.
            if status == 0 { started.append(thread) } else { context.release() }
        }
        job.run()
        for thread in started { pthread_join(thread, nil) }
        return job.results
    }
}

private protocol Runnable: AnyObject, Sendable {
    func run()
}

private final class Job<Item: Sendable, Result: Sendable>: Runnable {
    private let items: [Item]
    private let body: @Sendable (Item) -> Result
    private let next = Atomic(0)
    private let done: Mutex<[Int: Result]> = Mutex([:])

    init(_ items: [Item], _ body: @escaping @Sendable (Item) -> Result) {
        self.items = items
        self.body = body
    }

    func run() {
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
