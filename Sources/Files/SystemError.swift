import Glibc
import SystemPackage

/// Descriptions of `errno` values, and the calls that are tried again when a signal interrupts them.
public enum SystemError {
    public static func description(_ number: Int32) -> String {
        Errno(rawValue: number).description
    }

    /// Repeats a call for as long as a signal interrupts it.
    public static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            guard result == -1, errno == EINTR else { return result }
        }
    }

    /// Errors that may pass: a shortage, a disk that stumbles.
    public static func mayPass(_ number: Int32) -> Bool {
        [EIO, EAGAIN, EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(number)
    }

    /// Repeats a call that must not be given up for a passing shortage: what it would remove stays for ever otherwise.
    ///
    /// Waits 31 ms in all between six attempts, where the error is one that may pass.
    public static func persisting<Result: SignedInteger>(attempts: Int = 6, _ call: () -> Result) -> Result {
        var pause: UInt32 = 1000
        for _ in 1..<attempts {
            let result = retrying(call)
            guard result == -1, mayPass(errno) else { return result }
            usleep(pause)
            pause *= 2
        }
        return retrying(call)
    }
}
