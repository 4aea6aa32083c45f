import Files
import Glibc

/// One client of `StatusServer`: one request, one answer, and the end. Nothing that it does or leaves undone takes
/// more than `mostRequest` bytes, or longer than `limit`.
final class StatusConnection {
    private static let mostRequest = 4096
    /// For the whole connection, a slow reader of a long report included.
    static let limit = Duration.seconds(10)

    let descriptor: OwnedDescriptor
    let until = ContinuousClock.now + limit
    private var request: [UInt8] = []
    /// Nil while the request is read.
    private var answer: StatusAnswer?
    private var head: [UInt8] = []
    private var sent = 0
    /// Everything is sent; what the client still sends is read, or close(2) would take the answer away from it.
    private var isSent = false

    init(_ descriptor: OwnedDescriptor) { self.descriptor = descriptor }

    var events: Int16 { Int16(answer != nil && !isSent ? POLLOUT : POLLIN) }

    /// Does what can be done now.
    ///
    /// - Returns: whether the connection goes on.
    func advance(_ respond: (StatusRequest) -> StatusAnswer) -> Bool {
        if answer == nil {
            guard read(respond) else { return false }
        } else if isSent {
            return discard()
        }
        return answer == nil || send()
    }

    private func read(_ respond: (StatusRequest) -> StatusAnswer) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: Self.mostRequest, alignment: 1) { buffer in
            let count = recv(descriptor.value, buffer.baseAddress, buffer.count - request.count, 0)
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            guard count > 0 else { return false }
            request += buffer[..<count]
            if let asked = StatusRequest(request) {
                answer(asked.isUnderstood ? respond(asked) : StatusAnswer(400, "not a request of HTTP/1"), asked)
            } else if request.count >= Self.mostRequest {
                answer(StatusAnswer(431, "at most \(Self.mostRequest) bytes"), nil)
            }
            return true
        }
    }

    private func answer(_ given: StatusAnswer, _ asked: StatusRequest?) {
        head = given.head
        answer = given
        if asked?.method == "HEAD" { answer?.body = [] }
        request = []
    }

    private func send() -> Bool {
        guard let answer else { return true }
        while sent < head.count + answer.body.count {
            let isHead = sent < head.count
            let (part, offset) = isHead ? (head, sent) : (answer.body, sent - head.count)
            let count = part.withUnsafeBytes { bytes in
                Glibc.send(
                    descriptor.value, bytes.baseAddress?.advanced(by: offset), bytes.count - offset,
                    Int32(MSG_NOSIGNAL | (isHead ? MSG_MORE : 0)))
            }
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            sent += count
        }
        isSent = true
        // The documents of an answer that has gone are not kept.
        self.answer?.body = []
        return shutdown(descriptor.value, Int32(SHUT_WR)) == 0
    }

    private func discard() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = recv(descriptor.value, buffer.baseAddress, buffer.count, 0)
            return count > 0 || count < 0 && (errno == EAGAIN || errno == EINTR)
        }
    }
}

/// The head of a request (RFC 9112).
struct StatusRequest {
    let method: String
    /// Without what follows a `?`.
    let path: String
    let isUnderstood: Bool

    /// - Parameter bytes: what the client has sent; nil while its head is not whole.
    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        guard text.contains("\n\n"), let line = text.split(separator: "\n").first else { return nil }
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        isUnderstood = words.count == 3 && words[2].hasPrefix("HTTP/1.") && words[1].hasPrefix("/")
        method = String(words[0])
        path = isUnderstood ? String(words[1].prefix { $0 != "?" }) : ""
    }
}

/// What is answered.
struct StatusAnswer {
    var status: Int
    var type = "text/plain; charset=utf-8"
    var body: [UInt8]

    init(_ status: Int, _ line: String) {
        self.status = status
        body = Array("\(line)\n".utf8)
    }

    init(type: String, body: [UInt8]) {
        status = 200
        self.type = type
        self.body = body
    }

    private static let reasons = [
        200: "OK", 202: "Accepted", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed",
        431: "Request Header Fields Too Large", 503: "Service Unavailable",
    ]

    var head: [UInt8] {
        let lines = [
            "HTTP/1.1 \(status) \(Self.reasons[status] ?? "")", "Content-Type: \(type)",
            "Content-Length: \(body.count)", "Cache-Control: no-store", "Connection: close", "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
