import CSandbox
import Files
import Glibc
import Synchronization

/// The monitors of this process, and the orphans that it gets when a program kills its own monitor.
///
/// This process is a subreaper: a monitor's orphans become its children. Other children were started by other code of
/// this process: they are in its own session, or were there before the first launch.
enum Descendants {
    private struct State {
        var monitors: Set<pid_t> = []
        /// Children from before the first launch; nil before it.
        var others: Set<pid_t>?
    }

    /// Held while processes are made and looked for, so that no new monitor is taken for an orphan.
    private static let state = Mutex(State())

    /// Calls `assay_launch`.
    ///
    /// - Returns: its errno, or 0.
    static func start(
        _ request: UnsafePointer<assay_launch>, _ child: inout assay_child, _ stage: inout assay_stage
    ) -> Int32 {
        state.withLock { state in
            if state.others == nil {
                state.others = Set(children())
                assay_become_subreaper()
            }
            let error = assay_launch(request, &child, &stage)
            if error == 0 { state.monitors.insert(child.monitor) }
            return error
        }
    }

    /// Whether a signal has ended a monitor that is not yet reaped.
    static func wasKilled(_ monitor: pid_t) -> Bool {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(monitor), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == SIGCHLD else {
            return false
        }
        return info.si_code != CLD_EXITED
    }

    /// Waits for a monitor's end, and reaps it. If a signal ended it, it may have left orphans.
    ///
    /// - Returns: its wait status, see waitpid(2).
    static func reap(_ monitor: pid_t) -> Int32 {
        var info = siginfo_t()
        while waitid(P_PID, id_t(monitor), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
        var status: Int32 = 0
        state.withLock { state in
            // The number becomes free for another process only here.
            while waitpid(monitor, &status, 0) < 0 && errno == EINTR {}
            state.monitors.remove(monitor)
        }
        return status
    }

    /// Kills all descendants of a monitor that does not do so itself, but not the monitor.
    ///
    /// - Returns: how many of them are left after that time.
    static func killTree(of monitor: pid_t, within limit: Duration) -> Int {
        guard assay_proc_is_own() else { return 0 }
        let until = ContinuousClock.now + limit
        return state.withLock { _ in
            while true {
                assay_kill_tree(monitor)
                // The monitor reaps zombies. When it is gone, this process does.
                let alive = tree(of: monitor).count { isAlive($0) }
                if alive == 0 || ContinuousClock.now >= until { return alive }
                usleep(1000)
            }
        }
    }

    /// Kills and reaps the orphans of killed monitors, with all their descendants.
    ///
    /// - Returns: how many are left after that time.
    static func killOrphans(within limit: Duration) -> Int {
        guard assay_proc_is_own() else { return unlisted() }
        let until = ContinuousClock.now + limit
        return state.withLock { state in
            while true {
                var seen = -1
                // As in assay_kill_tree: stop everything before killing, so that nothing forks.
                for _ in 0..<64 {
                    let orphans = orphans(state)
                    let count = orphans.reduce(orphans.count) { sum, orphan in
                        kill(orphan, SIGSTOP)
                        return sum + Int(max(0, assay_signal_tree(orphan, SIGSTOP)))
                    }
                    if count == seen || count == 0 { break }
                    seen = count
                }
                let orphans = orphans(state)
                if orphans.isEmpty { return 0 }
                for orphan in orphans {
                    assay_signal_tree(orphan, SIGKILL)
                    kill(orphan, SIGKILL)
                }
                if ContinuousClock.now >= until { return orphans.count { isAlive($0) } }
                usleep(500)
                for orphan in orphans { waitpid(orphan, nil, WNOHANG) }
            }
        }
    }

    /// Without /proc orphans cannot be listed. Returns 1 if there must be some, else 0.
    private static func unlisted() -> Int {
        state.withLock { state in
            var info = siginfo_t()
            let isParent = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0
            return isParent && state.monitors.isEmpty ? 1 : 0
        }
    }

    private static func orphans(_ state: borrowing State) -> [pid_t] {
        let own = getsid(0)
        return children().filter { child in
            !state.monitors.contains(child) && state.others?.contains(child) != true && getsid(child) != own
        }
    }

    private static func children(of process: pid_t = getpid()) -> [pid_t] {
        guard assay_proc_is_own() else { return [] }
        let most = 1 << 15
        return [pid_t](unsafeUninitializedCapacity: most) { buffer, count in
            count = Int(max(0, assay_list_children(process, buffer.baseAddress, Int32(most))))
        }
    }

    private static func tree(of process: pid_t) -> [pid_t] {
        var found = children(of: process)
        var next = 0
        while next < found.count {
            found += children(of: found[next])
            next += 1
        }
        return found
    }

    /// Whether a process is neither gone nor a zombie. In proc_pid_stat(5) the state follows the name in parentheses,
    /// and the name may hold anything.
    private static func isAlive(_ process: pid_t) -> Bool {
        guard let text = try? WholeFile.read("/proc/\(process)/stat", limit: 4096, heedsStop: false),
            let close = text.lastIndex(of: UInt8(ascii: ")")), close + 2 < text.count
        else { return false }
        return ![UInt8(ascii: "Z"), UInt8(ascii: "X")].contains(text[close + 2])
    }
}
