public import Glibc

/// The ids of all processes that `/proc` lists.
public func allProcesses() -> [pid_t] {
    guard let directory = opendir("/proc") else { return [] }
    defer { closedir(directory) }
    var found: [pid_t] = []
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if let process = pid_t(name) { found.append(process) }
    }
    return found
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
