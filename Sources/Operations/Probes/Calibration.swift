import Files
import Glibc
import Processes

/// How much slower than usual this host works at the moment. It may compute slowly, or other processes or a cgroup
/// leave little of the processor.
public struct Calibration: Sendable {
    /// The processor time of a known amount of work, as a multiple of the usual.
    public var slowness: Double
    /// Time by the clock, as a multiple of processor time.
    public var waiting: Double

    /// The factor for time limits, at least 1.
    public var factor: Int { Int(min(Self.most, max(1, slowness) * max(1, waiting)).rounded(.up)) }

    /// Whether work takes less than 30 times as long as usual, at the best of three moments. Then a probe that hangs
    /// for ten times its limit does not hang because of the host: the limit itself is many times what probes take.
    static func keepsPace() -> Bool {
        (0..<3).contains { _ in
            let found = measure(work: .milliseconds(20))
            return max(1, found.slowness) * max(1, found.waiting) < 30
        }
    }

    private static let most = 40.0
    /// Hashing `size` bytes `rounds` times usually takes less than this.
    private static let (size, rounds, usual) = (64 << 10, 4, Duration.microseconds(1500))

    /// - Parameter work: the least processor time to spend. A throttled cgroup lets short bursts through, so only
    ///   longer work shows it.
    public static func measure(work: Duration = .milliseconds(1)) -> Calibration { measure(work: work, since: .now) }

    /// The same, with what this process has done since it began as part of the work.
    public static func measureSinceStart() -> Calibration {
        var found = measure(work: .milliseconds(1), since: start)
        let spent = processorTime
        // Reading the program from a disk takes a moment on every host.
        if let lived, spent > .zero { found.waiting = max(found.waiting, (lived - .milliseconds(30)) / spent) }
        return found
    }

    /// When this process began, if it is asked for that early.
    public static let start = Moment.now

    /// A moment by two clocks.
    public struct Moment: Sendable {
        fileprivate let clock: ContinuousClock.Instant
        fileprivate let processor: Duration

        fileprivate static var now: Moment { Moment(clock: .now, processor: processorTime) }
    }

    private static func measure(work: Duration, since before: Moment) -> Calibration {
        var least = Duration.seconds(1 << 30)
        repeat {
            let begun = processorTime
            hash()
            least = min(least, processorTime - begun)
        } while processorTime - before.processor < work
        let processor = processorTime - before.processor
        return Calibration(
            slowness: least / usual, waiting: before.clock.duration(to: .now) / max(processor, .microseconds(1)))
    }

    /// How long it takes by the clock to spend that much processor time: the least of several tries.
    static func time(toSpend wanted: Duration, tries: Int) -> Duration {
        (0..<tries).map { _ in
            let (begun, processor) = (ContinuousClock.now, processorTime)
            while processorTime - processor < wanted { hash() }
            return begun.duration(to: .now)
        }.min() ?? .zero
    }

    private static func hash() {
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 64) { memory in
            memory.initializeMemory(as: UInt8.self, repeating: 7)
            var hash = SHA256()
            for _ in 0..<rounds { hash.update(UnsafeRawBufferPointer(memory)) }
            _ = hash.hexadecimal
        }
    }

    /// Without what `EarlyLook` took: work of two threads at once takes more time of the processor than by the clock.
    ///
    /// Where a filter refuses the clock of the processor, which unlike others takes a system call, the time by the clock:
    /// loops that spend time must end.
    private static var processorTime: Duration {
        (now(CLOCK_PROCESS_CPUTIME_ID) ?? now(CLOCK_MONOTONIC) ?? .zero) - EarlyLook.shared.processorTime
    }

    /// What a clock of clock_gettime(2) shows; nil where it is refused.
    static func now(_ clock: clockid_t) -> Duration? {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// How long this process has lived, by field 22 of proc_pid_stat(5), in ticks; nil if /proc cannot be read.
    private static var lived: Duration? {
        guard let bytes = try? WholeFile.read("/proc/self/stat", limit: 4096),
            let end = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = String(decoding: bytes[(end + 1)...], as: UTF8.self).split(separator: " ")
        guard fields.count > 19, let ticks = Int(fields[19]) else { return nil }
        let born = Duration.milliseconds(ticks * 1000 / max(1, sysconf(Int32(_SC_CLK_TCK))))
        guard let uptime = now(CLOCK_BOOTTIME), uptime > born else { return nil }
        return uptime - born
    }
}
