import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport

/// A client of `assay watch`, and what is done to it while it runs.
struct WatchClient {
    let machine: Machine

    var socket: String { machine.scratch.appending("sock").string }

    /// A script that becomes the watch, after `before`.
    func script(_ words: String, before: String = "") -> String {
        "cd '\(machine.scratch)'; \(before)\necho $$ >pid; exec \"$0\" watch --listen ./sock \(words)"
    }

    /// Runs it, calls `body` beside it, and ends it with SIGTERM.
    func during(_ launch: Launch, _ body: () -> Void) -> Outcome {
        let ended = Supervisor(jobs: 1).run(
            [launch],
            meanwhile: {
                _ = seen(within: .seconds(30), process) { $0 != nil }
                body()
                if let process { kill(process, SIGTERM) }
            })
        return Outcome(ended[0])
    }

    var process: pid_t? { text("pid").flatMap { pid_t($0.split(separator: "\n").first ?? "") } }

    /// A file of the machine; nil while it is not there.
    func text(_ name: String) -> String? {
        (try? WholeFile.read(machine.scratch.appending(name).string, limit: 1 << 20)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// A connection; nil if nobody listens.
    func connect() -> OwnedDescriptor? {
        guard let address = try? LocalAddress(socket),
            let client = OwnedDescriptor(opened: Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)),
            address.with({ Glibc.connect(client.value, $0, $1) }) == 0
        else { return nil }
        return client
    }

    /// The whole answer; empty where none comes within two seconds.
    func ask(_ path: String, method: String = "GET") -> String {
        guard let client = connect() else { return "" }
        return Self.say("\(method) \(path) HTTP/1.1\r\nHost: x\r\n\r\n", to: client)
    }

    static func say(_ text: String, to client: OwnedDescriptor) -> String {
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(client.value, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let bytes = Array(text.utf8)
        _ = send(client.value, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = recv(client.value, &buffer, buffer.count, 0), count > 0 { answer += buffer[..<count] }
        return String(decoding: answer, as: UTF8.self)
    }

    /// Asks until the answer is as wanted.
    func settled(_ path: String, _ words: String...) -> String {
        seen(within: .seconds(30), ask(path)) { answer in words.allSatisfy { answer.contains($0) } }
    }
}
