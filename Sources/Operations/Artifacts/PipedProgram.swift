import Files
import Glibc
import Processes
import Synchronization
import SystemPackage

/// A program whose standard output is read while it runs. What it says on standard error is kept.
final class PipedProgram {
    /// The program's standard output.
    let output: OwnedDescriptor
    private let process: pid_t
    private let errors: ErrorLines
    private var status: Int32?

    /// Starts a program with the caller's environment and no input.
    ///
    /// - Throws: `Errno` of pipe(2) or posix_spawn(3).
    init(_ program: FilePath, _ arguments: [String]) throws(Errno) {
        let (read, write) = try Self.pipe()
        let (said, saying) = try Self.pipe()
        // Without its thread a program that says much would wait for ever. It ends where nothing is started.
        errors = try ErrorLines(said)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, write.value, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, saying.value, STDERR_FILENO)
        var words = ([program.string] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        let error = posix_spawn(&process, program.string, &actions, nil, &words, environ)
        guard error == 0 else { throw Errno(rawValue: error) }
        self.process = process
        output = read
    }

    private static func pipe() throws(Errno) -> (read: OwnedDescriptor, write: OwnedDescriptor) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
    }

    /// Ends the program if it still runs.
    deinit {
        guard status == nil else { return }
        kill(process, SIGTERM)
        _ = wait()
    }

    /// Waits for the program's end.
    ///
    /// - Returns: nil if it exited with status 0, else how it ended, and what it said last.
    func wait() -> String? {
        var raw: Int32 = 0
        if let status {
            raw = status
        } else {
            while waitpid(process, &raw, 0) < 0, errno == EINTR {}
            status = raw
        }
        let ending =
            switch WaitStatus(raw) {
            case .exited(0): nil as String?
            case .exited(let code): "status \(code)"
            case .signalled(let signal): "signal \(signal)"
            }
        let last = errors.last()
        return ending.map { last.isEmpty ? $0 : "\($0): \(last)" }
    }
}

/// Reads what a program says on standard error, on a thread of its own: a program that cannot write waits.
private final class ErrorLines: Sendable {
    /// What is kept, in bytes: the end, which says why.
    private static let kept = 2048

    private struct State {
        var end: [UInt8] = []
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let thread = Mutex<BackgroundThread?>(nil)

    /// - Throws: the `Errno` of pthread_create(3).
    init(_ descriptor: OwnedDescriptor) throws(Errno) {
        let started = try BackgroundThread { [self] in
            var buffer = [UInt8](repeating: 0, count: Self.kept)
            while true {
                // What the program started may live on, and keep its standard error open.
                var waited = pollfd(fd: descriptor.value, events: Int16(POLLIN), revents: 0)
                let ready = poll(&waited, 1, 50)
                if ready == 0, state.withLock({ $0.hasEnded }) { return }
                guard ready > 0 else { continue }
                let count = read(descriptor.value, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                state.withLock { $0.end = Array(($0.end + buffer[..<count]).suffix(Self.kept)) }
            }
        }
        thread.withLock { $0 = started }
    }

    /// The last line that says something. Call it once the program has ended.
    func last() -> String {
        state.withLock { $0.hasEnded = true }
        thread.withLock { $0.take() }?.join()
        let lines = state.withLock { String(decoding: $0.end, as: UTF8.self) }.split(whereSeparator: \.isNewline)
        return lines.last { !$0.allSatisfy(\.isWhitespace) }.map(String.init) ?? ""
    }
}
