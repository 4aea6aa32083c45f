import CSandbox
import Evidence
import Files
import Glibc
import Processes
import SystemPackage

/// A launch that was started: its descriptors, and what was read from them so far.
final class Running {
    /// What each descriptor watched by poll(2) carries.
    enum Stream: Int, CaseIterable { case output, errors, report, status }

    let launch: Launch
    let index: Int
    private let bundle: OCIBundle?
    private let group: TreeGroup?
    /// When there was news last.
    private var heard: ContinuousClock.Instant
    private var marks: Marks?
    private let begun: ContinuousClock.Instant
    private let monitor: pid_t
    private var lifeline: Int32
    /// The descriptors still to be read, in `Stream` order; -1 for a closed one, which poll(2) ignores.
    private(set) var descriptors: [Int32]
    private var captured = (output: Captured(), errors: Captured())
    private var report: [UInt8] = []
    private var status: [UInt8] = []
    private var started: Duration?
    private var answered: Duration?
    private var executed: FileIdentity?
    private var killed: Termination.Reason?
    private var limit: Duration?
    /// The first read(2) of a pipe that failed.
    private var unobserved: CallFailure?
    private(set) var killedAt: ContinuousClock.Instant?
    /// When the status pipe ended: the monitor has exited, or is about to.
    private(set) var toldAt: ContinuousClock.Instant?
    /// How many processes could not be killed.
    private var left = 0

    /// - Throws: `StartFailure` if even the monitor could not be started.
    init(_ wanted: Launch, index: Int) throws(StartFailure) {
        bundle = wanted.venue == .oci ? try OCIBundle(wanted) : nil
        launch = bundle?.launch ?? wanted
        self.index = index
        let input = Self.emptyInput(confined: wanted.confinement != nil)
        guard input >= 0 else {
            let error = errno
            bundle?.remove()
            throw StartFailure(stage: .pipe, error: error)
        }
        defer { Self.close([input]) }
        let group = launch.isForeign && launch.venue == .direct ? TreeGroup() : nil
        self.group = group
        begun = .now
        heard = begun
        marks = launch.mark.map { Marks($0) }
        var child = assay_child()
        var stage = ASSAY_STAGE_NONE
        let error = launch.withC { request in
            request.pointee.stdin_fd = input
            if let group { request.pointee.group_fd = group.processes }
            return LiftedLimits.during(wanted.lifted) { Descendants.start(request, &child, &stage) }
        }
        guard error == 0 else {
            bundle?.remove()
            _ = group?.end(within: .zero)
            throw StartFailure(stage: stage, error: error)
        }
        monitor = child.monitor
        lifeline = child.lifeline
        descriptors = [child.output, child.errors, child.report, child.status]
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }

    /// An input without bytes: `/dev/null`, or a pipe without a writer. The pipe is for hosts without `/dev/null`, and
    /// for a confined program, which could change the mode of the host's device by its descriptor.
    ///
    /// - Returns: negative if no descriptor can be made.
    private static func emptyInput(confined: Bool) -> Int32 {
        let null = confined ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC)
        var ends: [Int32] = [-1, -1]
        guard null < 0, pipe(&ends) == 0 else { return null }
        close([ends[1]])
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        return ends[0]
    }

    /// When the next limit passes.
    var deadline: ContinuousClock.Instant { nextLimit.deadline }

    /// The limit that passes first.
    private var nextLimit: (deadline: ContinuousClock.Instant, limit: Duration) {
        let whole = begun + launch.timeout
        guard let idle = launch.idleTimeout, heard + idle < whole else { return (whole, launch.timeout) }
        return (heard + idle, idle)
    }

    /// Whether every stream was read to its end: the monitor has exited, or is about to.
    var isDone: Bool { descriptors.allSatisfy { $0 < 0 } }

    /// How often one stream is read before the other streams and the time limits have their turn: a program may write
    /// as fast as this reads.
    private static let mostReads = 32

    /// Reads what is there, within `mostReads`. Hands new standard output to `onOutput`.
    func drain(_ stream: Stream, onOutput: (Int, UnsafeRawBufferPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { buffer in
            for _ in 0..<Self.mostReads where descriptors[stream.rawValue] >= 0 {
                let count = read(descriptors[stream.rawValue], buffer.baseAddress, buffer.count)
                if count < 0 && errno == EINTR { continue }
                if count < 0 && errno == EAGAIN { return }
                if count < 0, unobserved == nil {
                    unobserved = CallFailure("read (the pipe of \(stream))", Errno(rawValue: errno))
                }
                guard count > 0 else { return finish(stream) }
                let chunk = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                switch stream {
                case .output:
                    if answered == nil { answered = begun.duration(to: .now) }
                    if marks?.isNews(chunk) ?? true { heard = .now }
                    if executed == nil, let program = bundle?.program { executed = Self.file(of: program) }
                    captured.output.append(chunk, limit: launch.outputLimit)
                    onOutput(index, chunk)
                case .errors: captured.errors.append(chunk, limit: launch.outputLimit)
                case .report: report += chunk
                case .status: status += chunk
                }
            }
        }
    }

    private func finish(_ stream: Stream) {
        Self.close([descriptors[stream.rawValue]])
        descriptors[stream.rawValue] = -1
        if stream == .report && report.isEmpty {
            started = begun.duration(to: .now)
            executed = bundle == nil ? programFile() : nil
        }
        if stream == .status {
            toldAt = .now
            for late in [Stream.output, .errors] { drain(late) { _, _ in } }
        }
    }

    /// Whether the monitor is gone, but another process holds the output open.
    var isHeld: Bool { toldAt != nil && !isDone }

    /// Ends the wait for a process that holds the output of a monitor that is gone. If the monitor was killed, its
    /// orphans are killed. Any other holder was handed the output: it gets no longer than the grace period.
    func endHolders(grace: Duration) {
        guard let toldAt, !isDone else { return }
        group?.kill()
        if Descendants.wasKilled(monitor) { left = max(left, Descendants.killOrphans(within: grace)) }
        guard ContinuousClock.now >= toldAt + grace else { return }
        for stream in Stream.allCases where descriptors[stream.rawValue] >= 0 {
            drain(stream) { _, _ in }
            if descriptors[stream.rawValue] >= 0 { finish(stream) }
        }
    }

    /// The file that runs as the program just after exec; nil if it has ended.
    private func programFile() -> FileIdentity? {
        guard let list = try? WholeFile.read("/proc/\(monitor)/task/\(monitor)/children", limit: 4096),
            let program = String(decoding: list, as: UTF8.self).split(separator: " ").first
        else { return nil }
        return Self.file(of: program)
    }

    private static func file(of process: some StringProtocol) -> FileIdentity? {
        let link = "/proc/\(process)/exe"
        var status = stat()
        guard stat(link, &status) == 0 else { return nil }
        return linkTarget(link).map {
            FileIdentity(
                path: String(decoding: $0, as: UTF8.self), device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        }
    }

    /// Ends the whole process tree: closes the monitor's lifeline, and wakes the monitor if the program has stopped it.
    func kill(_ reason: Termination.Reason) {
        guard killed == nil else { return }
        killed = reason
        if reason == .timedOut { limit = nextLimit.limit }
        killedAt = .now
        if launch.isBare { Glibc.kill(monitor, SIGKILL) }
        Self.close([lifeline])
        lifeline = -1
        Glibc.kill(monitor, SIGCONT)
    }

    /// Kills the tree of a monitor that does not obey within the grace period, then the monitor: as long as it lives,
    /// it holds the tree together.
    func killHard(grace: Duration) {
        group?.kill()
        if launch.venue.namespaces & ASSAY_NAMESPACE_PID.rawValue == 0 {
            left = Descendants.killTree(of: monitor, within: grace)
        }
        Glibc.kill(monitor, SIGKILL)
        for stream in Stream.allCases where descriptors[stream.rawValue] >= 0 { finish(stream) }
    }

    /// Reaps the monitor, and says how the launch ended.
    func collect() -> Termination {
        Self.close([lifeline])
        let waited = Descendants.reap(monitor)
        if waited & 0x7f != 0 { left = Descendants.killOrphans(within: Supervisor.usualGrace) }
        if let group { left = max(left, group.end(within: Supervisor.usualGrace)) }
        var ended = Termination(reason: .lost, duration: begun.duration(to: .now))
        ended.output = captured.output
        ended.errors = captured.errors
        ended.started = started
        ended.answered = answered
        ended.executed = executed
        let failure = report.withUnsafeBytes { bytes in
            bytes.count == MemoryLayout<assay_report>.size ? bytes.loadUnaligned(as: assay_report.self) : nil
        }
        let told = status.withUnsafeBytes { bytes in
            bytes.count == MemoryLayout<assay_status>.size ? bytes.loadUnaligned(as: assay_status.self) : nil
        }
        if let told {
            ended.stragglers = Int(told.stragglers)
            ended.processorTime = .microseconds(told.user_us + told.system_us)
            ended.systemTime = .microseconds(told.system_us)
            ended.peakMemory = Int(told.max_rss_kib) << 10
            ended.procError = told.proc_error
        }
        if let failure {
            ended.reason = .notStarted(
                StartFailure(
                    stage: assay_stage(UInt32(failure.stage)), error: failure.error, call: Self.name(failure.call)))
        } else if let killed {
            ended.reason = killed
            ended.limit = limit
        } else if let told, told.error != 0 {
            ended.reason = .unobserved(CallFailure(Self.name(told.call), Errno(rawValue: told.error)))
        } else if let status = launch.isBare ? waited : told?.wait_status {
            ended.reason =
                switch WaitStatus(status) {
                case .exited(let code): .exited(code)
                case .signalled(let signal): .signalled(signal)
                }
        }
        bundle?.settle(&ended)
        if let unobserved { ended.reason = .unobserved(unobserved) }
        if left > 0 { ended.reason = .left(processes: left) }
        return ended
    }

    /// The name of a call from CSandbox's array of characters.
    private static func name(_ call: some Any) -> String {
        withUnsafeBytes(of: call) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func close(_ descriptors: [Int32]) {
        for descriptor in descriptors where descriptor >= 0 { Glibc.close(descriptor) }
    }
}
