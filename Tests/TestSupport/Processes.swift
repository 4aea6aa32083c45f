import Files
public import Glibc

/// The ids of all processes that `/proc` lists.
public func allProcesses() -> [pid_t] {
    ((try? DirectoryListing.names(in: "/proc")) ?? []).compactMap { pid_t($0) }
}

/// Polls until the value is as wanted or the limit has passed, and returns the last value.
public func seen<Value>(
    within limit: Duration, _ look: @autoclosure () -> Value, until isWanted: (Value) -> Bool
) -> Value {
    let begun = ContinuousClock.now
    var value = look()
    while !isWanted(value), begun.duration(to: .now) < limit {
        usleep(5000)
        value = look()
    }
    return value
}
