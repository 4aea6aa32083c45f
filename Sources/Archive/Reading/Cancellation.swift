import Files
import Glibc

/// How reading is stopped from outside, in the middle of ten gigabytes or of a pipe that brings nothing.
enum Cancellation {
    /// Waits until `source` has something to read.
    ///
    /// - Parameter source: nil: does not wait.
    /// - Throws: `ArchiveError` (`io`) when reading is to stop.
    static func check(_ source: Int32? = nil, name: String) throws(ArchiveError) {
        var waits = [source ?? -1, Stop.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // What poll(2) has to complain of, read(2) will say.
        _ = SystemError.retrying { poll(&waits, 2, source == nil ? 0 : -1) }
        guard waits[1].revents == 0 else {
            throw ArchiveError(.io, archive: name, expected: "to be read to its end", found: "an interrupt")
        }
    }
}
