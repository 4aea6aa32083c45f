import Glibc

/// Ends waits when a signal asks the process to stop.
public enum Stop {
    /// A descriptor that becomes readable when waits must end; -1: never. Set it once, before anything is opened.
    public nonisolated(unsafe) static var descriptor: Int32 = -1

    /// Whether the process was asked to stop.
    public static var isAsked: Bool {
        var stop = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return descriptor >= 0 && SystemError.retrying { poll(&stop, 1, 0) } > 0
    }

    /// What ended a wait.
    enum Waited { case ready, stopped, late }

    /// Waits until `descriptor` can be read from, or written to.
    ///
    /// - Parameters:
    ///   - events: `POLLIN` or `POLLOUT`.
    ///   - milliseconds: the longest wait; -1: until it is ready, or until the process is asked to stop.
    ///   - heedsStop: false if the process was asked to stop before, and this is its last work.
    static func wait(for descriptor: Int32, _ events: Int32, milliseconds: Int32, heedsStop: Bool = true) -> Waited {
        var waits = [descriptor, heedsStop ? self.descriptor : -1].map { pollfd(fd: $0, events: 0, revents: 0) }
        waits[0].events = Int16(events)
        waits[1].events = Int16(POLLIN)
        let count = SystemError.retrying { poll(&waits, 2, milliseconds) }
        if waits[0].revents != 0 { return .ready }
        if waits[1].revents != 0 { return .stopped }
        // The next call on the descriptor will report what poll(2) complains of.
        return count < 0 ? .ready : .late
    }
}
