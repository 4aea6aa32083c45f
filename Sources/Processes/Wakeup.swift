import Glibc
import Synchronization
public import SystemPackage

/// A descriptor that becomes readable when a signal handler or another thread has news for the main loop.
public enum Wakeup {
    private static let pipe = SelfPipe()
    private static let hangups = Atomic<Bool>(false)

    /// Takes SIGHUP away from `Interrupt`: it no longer ends the process, and is told by `takeHangup()`. Call once.
    ///
    /// - Throws: `Errno` of pipe2(2).
    public static func install() throws(Errno) {
        try pipe.open()
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            Wakeup.hangups.store(true, ordering: .releasing)
            Wakeup.ring()
        }
        sigaction(SIGHUP, &action, nil)
    }

    /// For poll(2).
    public static var descriptor: Int32 { pipe.descriptor }

    /// Makes the descriptor readable. Async-signal-safe.
    public static func ring() { pipe.ring() }

    /// Makes the descriptor unreadable again.
    public static func settle() {
        withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
            while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
        }
    }

    /// Whether SIGHUP has come since the last call.
    public static func takeHangup() -> Bool { hangups.exchange(false, ordering: .acquiringAndReleasing) }
}
