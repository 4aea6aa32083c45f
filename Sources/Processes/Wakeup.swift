import Glibc
import Synchronization
public import SystemPackage

/// A descriptor that becomes readable when a signal handler or another thread has news for the main loop.
public enum Wakeup {
    private static let readEnd = Atomic<Int32>(-1)
    private static let writeEnd = Atomic<Int32>(-1)
    private static let hangups = Atomic<Bool>(false)

    /// Takes SIGHUP away from `Interrupt`: it no longer ends the process, and is told by `takeHangup()`. Call once.
    ///
    /// - Throws: `Errno` of pipe(2).
    public static func install() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd.store(ends[0], ordering: .releasing)
        writeEnd.store(ends[1], ordering: .releasing)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            Wakeup.hangups.store(true, ordering: .releasing)
            Wakeup.ring()
        }
        sigaction(SIGHUP, &action, nil)
    }

    /// For poll(2).
    public static var descriptor: Int32 { readEnd.load(ordering: .acquiring) }

    /// Makes the descriptor readable. Async-signal-safe; a full pipe is readable anyway.
    public static func ring() {
        let number = errno
        var byte: UInt8 = 1
        _ = write(writeEnd.load(ordering: .acquiring), &byte, 1)
        errno = number
    }

    /// Makes the descriptor unreadable again.
    public static func settle() {
        withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
            while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
        }
    }

    /// Whether SIGHUP has come since the last call.
    public static func takeHangup() -> Bool { hangups.exchange(false, ordering: .acquiringAndReleasing) }
}
