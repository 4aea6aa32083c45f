import Files
import Glibc
import Processes
import Reports
import Synchronization

/// `assay watch`: repeats a check, never two at a time, and tells what the last one came to.
///
/// The check runs on a thread of its own, and this one only waits and answers, so that nothing that a check or a file
/// of its report does keeps a client or systemd waiting.
public final class Watch {
    /// After this many failures in a row the pauses grow no longer.
    private static let mostDoublings = 3
    /// Who asks over HTTP may not have checks follow each other without a pause.
    private static let leastPause = Duration.seconds(10)

    private let check: WatchedCheck
    private let every: Duration
    private let publish: @Sendable (WatchedCheck.Found) -> Void
    private let address: ListenAddress?

    private var running: CheckThread?
    private var last: WatchedCheck.Found?
    private var pages = StatusPages()
    private var failures = 0
    private var ended = ContinuousClock.now
    private var next = ContinuousClock.now
    /// A check was asked for while one ran, which may have passed what is to be looked at: how long after its end.
    private var askedAgain: Duration?

    /// - Parameters:
    ///   - words: a command that judges, with its options.
    ///   - every: between two checks, give or take a tenth.
    ///   - publish: is called after each check, on its thread.
    public init(
        _ words: [String], version: String, every: Duration, address: ListenAddress?,
        publish: @escaping @Sendable (WatchedCheck.Found) -> Void
    ) {
        // A check may take as long as the pause, and no short pause ends a thorough one.
        check = WatchedCheck(words: words, version: version, limit: max(every, .seconds(600)))
        self.every = every
        self.address = address
        self.publish = publish
    }

    /// Checks until a signal asks to stop (`Interrupt`); SIGHUP has a check made now.
    ///
    /// - Throws: `CallFailure` if it cannot listen; `WatchedCheck.Refusal` if the first check is refused.
    public func run() throws {
        do { try Wakeup.install() } catch { throw CallFailure("pipe2", error) }
        let server = try address.map { StatusServer(try $0.listen()) }
        defer { if let file = address?.file { unlink(file) } }
        let notice = ServiceNotice()
        notice.say("READY=1\nSTATUS=the first check runs")
        var heard = ContinuousClock.now
        defer {
            notice.say("STOPPING=1")
            running?.join()
        }
        while Interrupt.signal == nil {
            try collect(notice)
            if Wakeup.takeHangup() { ask(after: .zero) }
            if running == nil, ContinuousClock.now >= next { running = CheckThread(check, publish) }
            if let pulse = notice.pulse, heard + pulse <= .now {
                notice.say("WATCHDOG=1")
                heard = .now
            }
            var polled = [Interrupt.descriptor, Wakeup.descriptor].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            polled += server?.polled ?? []
            let times = [running == nil ? next : nil, server?.deadline, notice.pulse.map { heard + $0 }]
            let wait = ContinuousClock.now.duration(to: times.compactMap(\.self).min() ?? .now + .seconds(60))
            let milliseconds = Int32(min(max(0, wait.milliseconds.rounded(.up)), 60_000))
            _ = poll(&polled, nfds_t(polled.count), milliseconds)
            Wakeup.settle()
            server?.serve(polled[2...]) { answer($0) }
        }
    }

    /// Takes the result of a check that has ended.
    private func collect(_ notice: ServiceNotice) throws {
        guard let result = running?.result else { return }
        running?.join()
        running = nil
        let found: WatchedCheck.Found
        do { found = try result.get() } catch {
            if last == nil { throw error }
            found = check.unmade(error.message, started: .now, duration: .zero)
        }
        // A check that was interrupted says nothing of the host.
        guard Interrupt.signal == nil else { return }
        last = found
        pages = StatusPages(found)
        failures = found.hasFailed ? failures + 1 : 0
        ended = .now
        let pause = every * (1 << min(failures, Self.mostDoublings)) * Double.random(in: 0.9...1.1)
        next = ended + (askedAgain ?? pause)
        askedAgain = nil
        notice.say("STATUS=\(pages.line)")
    }

    /// Has a check made now, or as soon as the running one has ended.
    private func ask(after pause: Duration) {
        if running != nil { askedAgain = min(askedAgain ?? pause, pause) }
        next = min(next, ended + pause)
    }

    private func answer(_ request: StatusRequest) -> StatusAnswer {
        if request.path == "/check", request.method == "POST" {
            ask(after: min(every, Self.leastPause))
            return StatusAnswer(202, "a check will be made")
        }
        guard ["GET", "HEAD"].contains(request.method) else { return StatusAnswer(405, "GET, or POST /check") }
        switch request.path {
        case "/livez": return StatusAnswer(200, "watching")
        case "/healthz":
            // No check has ended for longer than one may take.
            let isOld = ended + every + every / 5 + check.limit < .now
            return StatusAnswer(
                last?.isHealthy == true && !isOld ? 200 : 503, pages.line + (isOld ? " (outdated)" : ""))
        case "/metrics": return StatusAnswer(type: "text/plain; version=0.0.4; charset=utf-8", body: pages.metrics)
        case "/report":
            guard last != nil else { return StatusAnswer(503, pages.line) }
            return StatusAnswer(type: "application/json", body: pages.report)
        default: return StatusAnswer(404, "/healthz, /livez, /metrics, /report")
        }
    }
}

/// What the server shows of the last check.
private struct StatusPages {
    var line = "no check has ended yet"
    var metrics: [UInt8] = []
    var report: [UInt8] = []

    init() {}

    init(_ found: WatchedCheck.Found) {
        let subject = Reported.report(found.document)
        func text(_ format: ReportFormat) -> String {
            (try? format.render(subject, style: ConsoleStyle(detail: .verdict))) ?? ""
        }
        line = text(.console).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        metrics = Array(text(.prometheus).utf8)
        report = Array(text(.json).utf8)
    }
}

/// A check, and the thread that makes it.
private final class CheckThread: Sendable {
    typealias Made = Result<WatchedCheck.Found, WatchedCheck.Refusal>

    private let made = Mutex<Made?>(nil)
    private let thread = Mutex<BackgroundThread?>(nil)
    private let check: WatchedCheck
    private let publish: @Sendable (WatchedCheck.Found) -> Void

    init(_ check: WatchedCheck, _ publish: @escaping @Sendable (WatchedCheck.Found) -> Void) {
        (self.check, self.publish) = (check, publish)
        let started = try? BackgroundThread { [self] in run() }
        // Without a thread clients wait, but the check is made.
        if started == nil { run() }
        thread.withLock { $0 = started }
    }

    private func run() {
        let result: Made
        do throws(WatchedCheck.Refusal) {
            let found = try check.run()
            if Interrupt.signal == nil { publish(found) }
            result = .success(found)
        } catch {
            result = .failure(error)
        }
        made.withLock { $0 = result }
        Wakeup.ring()
    }

    /// Nil while it runs.
    var result: Made? { made.withLock { $0 } }

    func join() {
        let started = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        started?.join()
    }
}
