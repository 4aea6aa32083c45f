import Glibc
import Synchronization
import SystemPackage

/// A pipe by which a signal handler, or another thread, wakes poll(2).
struct SelfPipe: ~Copyable, Sendable {
    private let readEnd = Atomic<Int32>(-1)
    private let writeEnd = Atomic<Int32>(-1)

    /// Opens it. Call once.
    ///
    /// - Throws: `Errno` of pipe(2), which the C library makes as pipe2(2).
    func open() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd.store(ends[0], ordering: .releasing)
        writeEnd.store(ends[1], ordering: .releasing)
    }

    /// For poll(2); -1 before `open`.
    var descriptor: Int32 { readEnd.load(ordering: .acquiring) }

    /// Makes the descriptor readable. Async-signal-safe: leaves errno as it was. A full pipe is readable anyway.
    func ring() {
        let number = errno
        var byte: UInt8 = 1
        _ = write(writeEnd.load(ordering: .acquiring), &byte, 1)
        errno = number
    }
}
