import CRefusal
import Glibc
import Synchronization

/// Runs `body` on a thread whose filter refuses a system call with this errno, also to processes that it starts. The
/// filter ends with the thread.
///
/// - Parameter call: one that `number_of_system_call` knows.
/// - Returns: nil if no filter could be installed.
public func without<Result: Sendable>(
    _ call: String, _ error: Int32, _ body: @escaping @Sendable () -> Result
) -> Result? {
    let result = Shared<Result>()
    let work = Work {
        if refuse_system_call(number_of_system_call(call), error) == 0 { result.value.withLock { $0 = body() } }
    }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(work).toOpaque()
    let started = pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        }, argument)
    guard started == 0 else { return nil }
    pthread_join(thread, nil)
    return result.value.withLock { $0 }
}

private final class Shared<Result: Sendable>: Sendable { let value = Mutex<Result?>(nil) }

private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
