import Glibc
import SystemPackage

/// Descriptions of `errno` values, and the calls that are tried again when a signal interrupts them.
enum SystemError {
    static func description(_ number: Int32) -> String {
        Errno(rawValue: number).description
    }

    /// Repeats a call for as long as a signal interrupts it.
    static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            guard result == -1, errno == EINTR else { return result }
        }
    }
}
