import Files
import Glibc

/// Stops reading from outside, in the middle of a large file or while a pipe brings nothing.
enum Cancellation {
    /// Waits until `source` has something to read.
    ///
    /// - Parameter source: nil: does not wait.
    /// - Throws: `ArchiveError` (`io`) when reading is to stop.
    static func check(_ source: Int32? = nil, name: String) throws(ArchiveError) {
        var waits = [source ?? -1, Stop.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // read(2) will report what poll(2) complains of.
        _ = SystemError.retrying { poll(&waits, 2, source == nil ? 0 : -1) }
        guard waits[1].revents == 0 else {
            throw ArchiveError(.io, archive: name, expected: "to be read to its end", found: "an interrupt")
        }
    }
}
