import Glibc
import Synchronization
import SystemPackage

/// Turns SIGINT, SIGTERM, SIGHUP and SIGXCPU (`ulimit -t`) into a descriptor to poll.
///
/// The handler only stores the number and makes `descriptor` readable for ever, so that every loop of the process
/// notices, cleans up what it made, and returns.
public enum Interrupt {
    private static let number = Atomic<Int32>(0)
    private static let pipe = SelfPipe()

    /// Installs the handlers, except for ignored signals. Call once, before the first child is started.
    ///
    /// - Throws: `Errno` of pipe2(2).
    public static func install() throws {
        try pipe.open()
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGXCPU] {
            var action = sigaction()
            // Leave it ignored if the caller ignores it (nohup, a shell's background job).
            sigaction(signal, nil, &action)
            if isIgnored(action) { continue }
            action = sigaction()
            action.__sigaction_handler.sa_handler = { signal in Interrupt.raise(signal) }
            sigaction(signal, &action, nil)
        }
        // A vanished reader of our output must be an error of write(2), not the end of the process.
        Glibc.signal(SIGPIPE, SIG_IGN)
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        return handler == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Async-signal-safe.
    public static func raise(_ signal: Int32) {
        number.store(signal, ordering: .releasing)
        pipe.ring()
    }

    /// The signal that asked to stop, or nil.
    public static var signal: Int32? {
        let value = number.load(ordering: .acquiring)
        return value == 0 ? nil : value
    }

    /// Readable once a signal has come; -1 before `install`.
    public static var descriptor: Int32 { pipe.descriptor }

    /// Stops this process like a signal after some seconds; what it knows by then is undetermined, not interrupted.
    public static func limit(seconds: UInt32) {
        Glibc.signal(SIGALRM) { Interrupt.raise($0) }
        alarm(seconds)
    }

    /// 128 + the signal, as shells report it; 2 after `limit`.
    public static var exitStatus: Int32? { signal.map { $0 == SIGALRM ? 2 : 128 + $0 } }
}
