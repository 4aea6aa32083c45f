public import Files
import Glibc
import Processes
import SystemPackage

/// Reads a small file whole; `/proc` files give no size beforehand.
///
/// - Parameters:
///   - kind: what it may be. What a caller named may be a pipe, and is waited for until a signal comes; what Assay looks for by itself is a file.
///   - stops: whether a signal that asks to stop ends the reading; not where something is cleared away.
/// - Throws: `Errno` of open(2) or read(2), `Errno.interrupted` after a signal that asks to stop; `Errno.fileTooLarge` beyond `limit` bytes;
///   `Errno.invalidArgument` for what is not of that kind.
public func readWhole(_ path: String, limit: Int, kind: WholeFile.Kind = .regular, stops: Bool = true) throws -> [UInt8]
{
    if stops, Interrupt.signal != nil { throw Errno.interrupted }
    return try WholeFile.read(path, limit: limit, kind: kind, heedsStop: stops)
}
