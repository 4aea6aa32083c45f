import Files
import Glibc
public import SystemPackage

/// A daemon's socket on this host, looked at without running a tool: no command line takes less than some ten milliseconds.
public enum LocalSocket {
    /// Why nothing can answer at the address.
    ///
    /// - Returns: nil if something listens there, or if the address leads elsewhere: then only the tool can tell.
    static func obstacle(at address: String) -> String? {
        guard address.hasPrefix("unix://") else { return nil }
        let path = String(address.dropFirst("unix://".count))
        // Abstract sockets have no file.
        guard path.hasPrefix("/") else { return nil }
        do throws(Errno) {
            close(try connected(to: path))
            return nil
        } catch .connectionRefused {
            return "nothing listens at this socket: its daemon has ended"
        } catch  where [.noSuchFileOrDirectory, .permissionDenied, .notDirectory].contains(error) {
            return DockerEndpoint(address: address).explain("\(path): \(error)")
        } catch {
            // A daemon that hangs accepts nobody, and others cannot be told here.
            return nil
        }
    }

    /// A connection that never blocks: a hung daemon accepts none, and connect(2) would wait without limit.
    ///
    /// - Returns: its descriptor, which the caller closes.
    /// - Throws: `Errno`; `.resourceTemporarilyUnavailable` if too many wait there already.
    public static func connected(to path: String) throws(Errno) -> Int32 {
        let address = try LocalAddress(path)
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(AF_UNIX, Int32(type), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        let status = address.with { connect(descriptor, $0, $1) }
        guard status == 0 else {
            let error = Errno(rawValue: errno)
            close(descriptor)
            throw error
        }
        return descriptor
    }
}
