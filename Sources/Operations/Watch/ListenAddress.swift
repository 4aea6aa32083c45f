import Builders
import Files
import Glibc
import SystemPackage

/// Where `assay watch` answers: the path of a socket, or an IP address with a port.
public struct ListenAddress: Sendable {
    private enum Place: Sendable {
        case file(String)
        /// A `sockaddr_in` or `sockaddr_in6`, as bytes.
        case port(family: Int32, address: [UInt8])
    }

    private let place: Place
    private let text: String

    /// - Parameter text: `/run/assay.sock` or `unix:PATH`; `127.0.0.1:9417` or `[::1]:9417`; `9417` on this host alone,
    ///   `:9417` on every IPv4 address. Nil for anything else: names are not looked up.
    public init?(_ text: String) {
        self.text = text
        if text.hasPrefix("unix:") || text.contains("/") {
            let path = text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text
            guard !path.isEmpty else { return nil }
            place = .file(path)
            return
        }
        let colon = text.lastIndex(of: ":")
        let host = colon.map { String(text[..<$0]) } ?? "127.0.0.1"
        let digits = colon.map { text[text.index(after: $0)...] } ?? text[...]
        guard digits.first?.isNumber == true, let port = UInt16(digits) else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            guard inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address.sin6_addr) == 1 else { return nil }
            place = .port(family: AF_INET6, address: withUnsafeBytes(of: address) { Array($0) })
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            let number = host.isEmpty ? "0.0.0.0" : host == "localhost" ? "127.0.0.1" : host
            guard inet_pton(AF_INET, number, &address.sin_addr) == 1 else { return nil }
            place = .port(family: AF_INET, address: withUnsafeBytes(of: address) { Array($0) })
        }
    }

    /// The file of the socket, to be removed at the end; nil for a port.
    var file: String? { if case .file(let path) = place { path } else { nil } }

    /// Opens the socket, which does not block. A socket that a killed watch left behind is replaced; one at which
    /// somebody listens is not.
    ///
    /// - Throws: `CallFailure`.
    func listen() throws(CallFailure) -> OwnedDescriptor {
        let opened: OwnedDescriptor
        switch place {
        case .file(let path):
            removeDead(path)
            let address: LocalAddress
            do throws(Errno) { address = try LocalAddress(path) } catch { throw CallFailure("bind \(text)", error) }
            opened = try open(AF_UNIX)
            guard address.with({ bind(opened.value, $0, $1) }) == 0 else { throw failure("bind") }
        case .port(let family, let address):
            opened = try open(family)
            // A port of connections that have just ended is free.
            var yes: Int32 = 1
            setsockopt(opened.value, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            let status = address.withUnsafeBytes { bytes in
                bind(opened.value, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            }
            guard status == 0 else { throw failure("bind") }
        }
        guard Glibc.listen(opened.value, 64) == 0 else { throw failure("listen at") }
        return opened
    }

    private func open(_ family: Int32) throws(CallFailure) -> OwnedDescriptor {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard let opened = OwnedDescriptor(opened: socket(family, type, 0)) else { throw failure("socket for") }
        return opened
    }

    private func failure(_ call: String) -> CallFailure { CallFailure("\(call) \(text)", Errno(rawValue: errno)) }

    /// Removes a socket whose program has ended. Anything else stays, and bind(2) refuses.
    private func removeDead(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        do throws(Errno) { close(try LocalSocket.connected(to: path)) } catch .connectionRefused { unlink(path) } catch
        {}
    }
}
