import Glibc

/// How waiting is ended from outside: by a signal that asks to stop.
public enum Stop {
    /// A descriptor that becomes readable when nothing is to be waited for any longer; -1: never. Set it once, before anything is opened.
    public nonisolated(unsafe) static var descriptor: Int32 = -1

    /// Whether it was asked for.
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
    ///   - milliseconds: at most so long; -1: until it can, or until the process is asked to stop.
    ///   - heedsStop: false: it was asked to stop before, and what is done now is the last that it does.
    static func wait(for descriptor: Int32, _ events: Int32, milliseconds: Int32, heedsStop: Bool = true) -> Waited {
        var waits = [descriptor, heedsStop ? self.descriptor : -1].map { pollfd(fd: $0, events: 0, revents: 0) }
        waits[0].events = Int16(events)
        waits[1].events = Int16(POLLIN)
        let count = SystemError.retrying { poll(&waits, 2, milliseconds) }
        if waits[0].revents != 0 { return .ready }
        if waits[1].revents != 0 { return .stopped }
        // What poll(2) has to complain of, the next call on the descriptor says.
        return count < 0 ? .ready : .late
    }
}
