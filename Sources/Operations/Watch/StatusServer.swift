import Files
import Glibc

/// Answers HTTP/1.1 from the caller's poll(2) loop. Clients are few at a time; where more come, the oldest goes: one
/// that says nothing keeps nobody out.
final class StatusServer {
    private static let mostConnections = 32

    private let listener: OwnedDescriptor
    private var connections: [StatusConnection] = []
    /// After accept(2) failed for a shortage: no new connection before.
    private var pausedUntil: ContinuousClock.Instant?

    init(_ listener: OwnedDescriptor) { self.listener = listener }

    /// What to wait for; the order is that of `serve(_:_:)`.
    var polled: [pollfd] {
        let accepts = pausedUntil.map { $0 <= .now } ?? true
        return [pollfd(fd: accepts ? listener.value : -1, events: Int16(POLLIN), revents: 0)]
            + connections.map { pollfd(fd: $0.descriptor.value, events: $0.events, revents: 0) }
    }

    /// When the next limit passes.
    var deadline: ContinuousClock.Instant? { (connections.map(\.until) + [pausedUntil].compactMap(\.self)).min() }

    /// - Parameters:
    ///   - polled: the property's value, with what poll(2) has found.
    ///   - respond: is asked once for each request, and may not wait.
    func serve(_ polled: ArraySlice<pollfd>, _ respond: (StatusRequest) -> StatusAnswer) {
        let now = ContinuousClock.now
        let found = Array(polled)
        // No second list: it would hold those open that make room below.
        connections = zip(connections, found.dropFirst())
            .filter { ($1.revents == 0 || $0.advance(respond)) && now < $0.until }
            .map(\.0)
        if let until = pausedUntil, until <= now { pausedUntil = nil }
        if found.first?.revents != 0 { accept(respond) }
    }

    private func accept(_ respond: (StatusRequest) -> StatusAnswer) {
        for _ in 0..<Self.mostConnections {
            guard let socket = OwnedDescriptor(opened: Glibc.accept(listener.value, nil, nil)) else {
                if ![EAGAIN, EINTR, ECONNABORTED].contains(errno) { pausedUntil = .now + .seconds(1) }
                return
            }
            // A check that starts just now may hold it until it executes; then it is closed there.
            _ = fcntl(socket.value, F_SETFD, FD_CLOEXEC)
            _ = fcntl(socket.value, F_SETFL, O_NONBLOCK)
            let connection = StatusConnection(socket)
            // Most have sent their request already.
            guard connection.advance(respond) else { continue }
            if connections.count >= Self.mostConnections { connections.removeFirst() }
            connections.append(connection)
        }
    }
}
