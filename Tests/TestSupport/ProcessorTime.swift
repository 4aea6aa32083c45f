public import Glibc

/// The processor time that `body` takes, however busy the machine is.
///
/// - Parameter clock: that of the calling thread, or of this process with all its threads.
public func processorTime(
    of clock: clockid_t = CLOCK_THREAD_CPUTIME_ID, _ body: () throws -> Void
) rethrows -> Duration {
    func now() -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
    let begun = now()
    try body()
    return now() - begun
}
