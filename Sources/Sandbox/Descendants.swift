import CSandbox
import Files
import Glibc
import Synchronization

/// The monitors of this process, and what comes to it when one of them is killed by the program that it watches.
///
/// This process is a subreaper: orphans of a monitor become its children. They are told from children that other code in this process has started by their session,
/// which is never this process's own, and from those that were there before the first launch.
enum Descendants {
    private struct State {
        var monitors: Set<pid_t> = []
        /// Children from before; nil before the first launch.
        var others: Set<pid_t>?
    }

    /// Held while processes are made and while they are looked for, so that no monitor is taken for an orphan.
    private static let state = Mutex(State())

    /// As `assay_launch`.
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

    /// Whether a monitor that is not reaped yet was ended by a signal.
    static func wasKilled(_ monitor: pid_t) -> Bool {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(monitor), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == SIGCHLD else {
            return false
        }
        return info.si_code != CLD_EXITED
    }

    /// Waits for a monitor's end and reaps it: its wait status. One that was ended by a signal may have left orphans.
    static func reap(_ monitor: pid_t) -> Int32 {
        var info = siginfo_t()
        while waitid(P_PID, id_t(monitor), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
        var status: Int32 = 0
        state.withLock { state in
            // Only now is its number free for another process.
            while waitpid(monitor, &status, 0) < 0 && errno == EINTR {}
            state.monitors.remove(monitor)
        }
        return status
    }

    /// Kills all descendants of a monitor that does not do so itself, without the monitor.
    ///
    /// - Returns: how many of them are left after that time.
    static func killTree(of monitor: pid_t, within limit: Duration) -> Int {
        guard assay_proc_is_own() else { return 0 }
        let until = ContinuousClock.now + limit
        return state.withLock { _ in
            while true {
                assay_kill_tree(monitor)
                // Zombies are the monitor's to reap, and this process's when that is gone.
                let alive = tree(of: monitor).count { isAlive($0) }
                if alive == 0 || ContinuousClock.now >= until { return alive }
                usleep(1000)
            }
        }
    }

    /// Kills and reaps what killed monitors have left to this process, with all descendants.
    ///
    /// - Returns: how many are left after that time.
    static func killOrphans(within limit: Duration) -> Int {
        guard assay_proc_is_own() else { return unlisted() }
        let until = ContinuousClock.now + limit
        return state.withLock { state in
            while true {
                var seen = -1
                // As in assay_kill_tree: nothing may fork while it is killed.
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

    /// Without /proc nobody says who they are; 1 where there must be some.
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

    /// What is neither gone nor a zombie. See proc_pid_stat(5): the state follows the name, which may hold anything, in its parentheses.
    private static func isAlive(_ process: pid_t) -> Bool {
        guard let text = try? WholeFile.read("/proc/\(process)/stat", limit: 4096, heedsStop: false),
            let close = text.lastIndex(of: UInt8(ascii: ")")), close + 2 < text.count
        else { return false }
        return ![UInt8(ascii: "Z"), UInt8(ascii: "X")].contains(text[close + 2])
    }
}
