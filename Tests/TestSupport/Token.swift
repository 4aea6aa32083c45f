public import Glibc
import Sandbox

/// A duration for sleep(1) that no other process has: what carries it belongs to one test.
public struct Token: CustomStringConvertible {
    public let description: String

    public init(_ text: String = "1000.\(UInt64.random(in: 1...999_999_999))") { description = text }

    /// Process ids whose command line holds the token; zombies have none.
    public var alive: [pid_t] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var found: [pid_t] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let process = pid_t(name), process != getpid(),
                let bytes = try? readWhole("/proc/\(process)/cmdline", limit: 1 << 20),
                String(decoding: bytes, as: UTF8.self).contains(description)
            else { continue }
            found.append(process)
        }
        return found
    }

    /// What is alive once that many processes are, or when patience ends.
    public func settled(count: Int, within patience: Duration = .seconds(5)) -> [pid_t] {
        let begun = ContinuousClock.now
        var seen = alive
        while seen.count != count, begun.duration(to: .now) < patience {
            usleep(5000)
            seen = alive
        }
        return seen
    }

    /// How many are alive once that many are, or when patience ends.
    public func settled(atLeast count: Int, within patience: Duration = .seconds(20)) -> Int {
        let begun = ContinuousClock.now
        var seen = alive.count
        while seen < count, begun.duration(to: .now) < patience {
            usleep(5000)
            seen = alive.count
        }
        return seen
    }
}
