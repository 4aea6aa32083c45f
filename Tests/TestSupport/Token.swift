import Files
public import Glibc

/// A duration for sleep(1) that no other process has: a process with it belongs to one test.
public struct Token: CustomStringConvertible {
    public let description: String

    public init(_ text: String = "1000.\(UInt64.random(in: 1...999_999_999))") { description = text }

    /// The ids of processes with the token in their command line; zombies have none.
    public var alive: [pid_t] {
        allProcesses().filter { process in
            guard process != getpid(), let bytes = try? WholeFile.read("/proc/\(process)/cmdline", limit: 1 << 20)
            else { return false }
            return String(decoding: bytes, as: UTF8.self).contains(description)
        }
    }

    /// Waits until so many processes are alive or the limit has passed, and returns those alive.
    public func settled(count: Int, within limit: Duration = .seconds(5)) -> [pid_t] {
        seen(within: limit, alive) { $0.count == count }
    }

    /// Waits until at least so many are alive or the limit has passed, and returns how many are.
    public func settled(atLeast count: Int, within limit: Duration = .seconds(20)) -> Int {
        seen(within: limit, alive.count) { $0 >= count }
    }
}
