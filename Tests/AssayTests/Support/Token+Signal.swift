import Glibc
import Sandbox
import TestSupport

extension Token {
    /// Runs a launch whose first line of output is a process's id, and sends that process a signal once so many processes hold the token.
    ///
    /// - Parameter pause: how long it may go on after that, microseconds.
    /// - Returns: how it ended, and how many there were; 0: that line never came.
    func signal(
        _ signal: Int32, to launch: Launch, atLeast count: Int, pause: useconds_t = 0
    ) -> (outcome: Outcome, seen: Int) {
        var seen = 0
        let ended = Supervisor(jobs: 1).run(
            [launch],
            onOutput: { _, bytes in
                let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first
                guard seen == 0, let process = text.flatMap({ pid_t($0) }) else { return }
                seen = settled(atLeast: count)
                usleep(pause)
                kill(process, signal)
            })[0]
        return (Outcome(ended), seen)
    }
}
