import Glibc
public import SystemPackage

/// A thread that runs one function: pthreads(7).
public struct BackgroundThread: Sendable {
    private let thread: pthread_t

    /// Starts it. Somebody must call `join()`.
    ///
    /// - Throws: the `Errno` of pthread_create(3); `body` is not called then.
    public init(_ body: @escaping @Sendable () -> Void) throws(Errno) {
        let context = Unmanaged.passRetained(Body(body))
        var started = pthread_t()
        let status = pthread_create(
            &started, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard status == 0 else {
            context.release()
            throw Errno(rawValue: status)
        }
        thread = started
    }

    /// Waits for its end. May be called once.
    public func join() { pthread_join(thread, nil) }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
