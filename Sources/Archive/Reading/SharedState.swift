import Glibc

/// A value that several threads read and change, one at a time, and may wait for: a mutex and its condition.
final class SharedState<Value>: Sendable {
    private nonisolated(unsafe) let value = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    private nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(_ value: Value) {
        self.value.initialize(to: value)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
        value.deinitialize(count: 1)
        value.deallocate()
    }

    /// Waits until the value is ready, then reads it.
    func read<Result>(when isReady: (Value) -> Bool = { _ in true }, by body: (Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isReady(value.pointee) { pthread_cond_wait(changed, mutex) }
        return body(value.pointee)
    }

    /// Waits until the value is ready, then changes it and wakes all who wait.
    func change(when isReady: (Value) -> Bool = { _ in true }, by body: (inout Value) -> Void) {
        pthread_mutex_lock(mutex)
        while !isReady(value.pointee) { pthread_cond_wait(changed, mutex) }
        body(&value.pointee)
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }
}
