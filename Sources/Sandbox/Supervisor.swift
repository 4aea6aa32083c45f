import Glibc
import Processes
import SystemPackage

/// Runs launches side by side in one poll(2) loop, without threads. Keeps every time limit, and leaves nothing behind.
public struct Supervisor: Sendable {
    /// How many launches run at once.
    public var jobs: Int
    /// How long a monitor may take to kill its tree, before it is killed itself.
    public var grace = Self.usualGrace
    static let usualGrace = Duration.seconds(2)

    public init(jobs: Int) { self.jobs = max(1, jobs) }

    /// Runs one launch.
    public func run(_ launch: Launch) -> Termination { run([launch])[0] }

    /// Runs all launches, and returns their ends in the same order.
    ///
    /// After SIGINT or SIGTERM (see `Interrupt`) running launches are killed, and launches that have not begun end as
    /// `.interrupted`.
    ///
    /// - Parameters:
    ///   - onStart: called with a launch's index when it begins.
    ///   - onOutput: called with a launch's index and each chunk of its standard output.
    ///   - onEnd: called with a launch's index and its end. It may drop the output there: many launches may print much.
    ///   - meanwhile: called once when the first launches have begun, for work that need not wait for them.
    public func run(
        _ launches: [Launch], onStart: (Int) -> Void = { _ in },
        onOutput: (Int, UnsafeRawBufferPointer) -> Void = { _, _ in },
        onEnd: (Int, inout Termination) -> Void = { _, _ in },
        meanwhile: () -> Void = {}
    ) -> [Termination] {
        var ended = [Termination?](repeating: nil, count: launches.count)
        var waiting = launches.indices.makeIterator()
        run(
            next: { _ in
                while let index = waiting.next() {
                    if Interrupt.signal != nil && !launches[index].cleansUp { continue }
                    onStart(index)
                    return (index, launches[index])
                }
                return nil
            },
            ended: { index, end in
                var end = end
                onEnd(index, &end)
                ended[index] = end
            }, onOutput: onOutput, meanwhile: meanwhile)
        return ended.map { $0 ?? Termination(reason: .interrupted, duration: .zero) }
    }

    func wait(for running: [Running], onOutput: (Int, UnsafeRawBufferPointer) -> Void) {
        var polled = [
            pollfd(fd: Interrupt.signal == nil ? Interrupt.descriptor : -1, events: Int16(POLLIN), revents: 0)
        ]
        for one in running {
            polled += one.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        }
        let next = running.map { one in one.killedAt.map { $0 + grace(of: one) } ?? one.deadline }.min() ?? .now
        var left = ContinuousClock.now.duration(to: next)
        if running.contains(where: \.isHeld) { left = min(left, .milliseconds(2)) }
        if let pulse = Self.pulse {
            left = min(left, pulse.every)
            pulse.call()
        }
        let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
        guard poll(&polled, nfds_t(polled.count), Int32(clamping: max(0, milliseconds))) > 0 else { return }
        let streams = Running.Stream.allCases
        for (at, one) in running.enumerated() {
            for stream in streams where polled[1 + at * streams.count + stream.rawValue].revents != 0 {
                one.drain(stream, onOutput: onOutput)
            }
        }
    }

    func enforce(_ one: Running) {
        if Interrupt.signal != nil && !one.launch.cleansUp { one.kill(.interrupted) }
        if ContinuousClock.now >= one.deadline { one.kill(.timedOut) }
        if one.isHeld { one.endHolders(grace: grace) }
        if let killed = one.killedAt, !one.isDone, ContinuousClock.now >= killed + grace(of: one) {
            one.killHard(grace: grace)
        }
    }

    private func grace(of one: Running) -> Duration { grace + one.launch.terminationGrace }
}
