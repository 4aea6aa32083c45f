import Files
public import Glibc

/// The ids of all processes that `/proc` lists.
public func allProcesses() -> [pid_t] {
    ((try? DirectoryListing.names(in: "/proc")) ?? []).compactMap { pid_t($0) }
}

/// What is seen when it is as wanted, or when patience ends.
public func seen<Value>(
    within patience: Duration, _ look: @autoclosure () -> Value, until isWanted: (Value) -> Bool
) -> Value {
    let begun = ContinuousClock.now
    var value = look()
    while !isWanted(value), begun.duration(to: .now) < patience {
        usleep(5000)
        value = look()
    }
    return value
}
