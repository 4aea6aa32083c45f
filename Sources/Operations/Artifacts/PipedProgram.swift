import Files
import Glibc
import Processes
import SystemPackage

/// A program whose standard output is read while it runs. Its standard error is the caller's own.
final class PipedProgram {
    /// The program's standard output.
    let output: OwnedDescriptor
    private let process: pid_t
    private var status: Int32?

    /// Starts a program with the caller's environment and no input.
    ///
    /// - Throws: `Errno` of pipe(2) or posix_spawn(3).
    init(_ program: FilePath, _ arguments: [String]) throws(Errno) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (read, write) = (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, write.value, STDOUT_FILENO)
        var words = ([program.string] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        let error = posix_spawn(&process, program.string, &actions, nil, &words, environ)
        guard error == 0 else { throw Errno(rawValue: error) }
        self.process = process
        output = read
    }

    /// Ends the program if it still runs.
    deinit {
        guard status == nil else { return }
        kill(process, SIGTERM)
        _ = wait()
    }

    /// Waits for the program's end.
    ///
    /// - Returns: nil if it exited with status 0, else how it ended.
    func wait() -> String? {
        var raw: Int32 = 0
        if let status {
            raw = status
        } else {
            while waitpid(process, &raw, 0) < 0, errno == EINTR {}
            status = raw
        }
        return switch WaitStatus(raw) {
        case .exited(0): nil
        case .exited(let code): "status \(code)"
        case .signalled(let signal): "signal \(signal)"
        }
    }
}
