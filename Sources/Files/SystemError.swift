import Glibc
import SystemPackage

/// Describes `errno` values, and repeats calls that signals interrupt.
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

    /// Whether an error may pass: a shortage, or a disk's temporary failure.
    public static func mayPass(_ number: Int32) -> Bool {
        [EIO, EAGAIN, EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(number)
    }

    /// Repeats a call that must not fail for a passing shortage, such as a removal: what it leaves would stay for ever.
    ///
    /// Makes up to six attempts with 31 ms of pauses in all, as long as the error may pass.
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
