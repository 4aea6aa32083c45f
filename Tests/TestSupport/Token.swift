import Files
public import Glibc

/// A duration for sleep(1) that no other process has: what carries it belongs to one test.
public struct Token: CustomStringConvertible {
    public let description: String

    public init(_ text: String = "1000.\(UInt64.random(in: 1...999_999_999))") { description = text }

    /// Process ids whose command line holds the token; zombies have none.
    public var alive: [pid_t] {
        allProcesses().filter { process in
            guard process != getpid(), let bytes = try? WholeFile.read("/proc/\(process)/cmdline", limit: 1 << 20)
            else { return false }
            return String(decoding: bytes, as: UTF8.self).contains(description)
        }
    }

    /// What is alive once that many processes are, or when the limit has passed.
    public func settled(count: Int, within limit: Duration = .seconds(5)) -> [pid_t] {
        seen(within: limit, alive) { $0.count == count }
    }

    /// How many are alive once that many are, or when the limit has passed.
    public func settled(atLeast count: Int, within limit: Duration = .seconds(20)) -> Int {
        seen(within: limit, alive.count) { $0 >= count }
    }
}
