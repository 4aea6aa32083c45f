import Findings
import Glibc
import Processes
import Reports
import Sandbox
import Suite

/// The progress of a suite: a line for what is running, and one that stays for each finished step that is worth it.
final class SuiteProgress: SuiteListener {
    private let line = LiveLine()
    private var hasPulse = false
    private let durations: [String: Duration]
    private var running: [String] = []
    private var done = 0
    private var total: Int
    /// The usual duration of all unfinished steps.
    private var left: Duration

    init(_ plan: SuitePlan, durations: [String: Duration]) {
        self.durations = durations
        total = plan.steps.count
        left = plan.steps.compactMap { durations[$0.id] }.reduce(.zero, +)
    }

    func resumed(finished: [String], of total: Int) {
        done = finished.count
        left -= finished.compactMap { durations[$0] }.reduce(.zero, +)
        line.say("assay: resuming: \(done) of \(total) steps are done")
    }

    func began(_ id: String, attempt: Int) {
        if !hasPulse {
            hasPulse = true
            Supervisor.pulse = Supervisor.Pulse(every: .seconds(1)) { [weak self] in self?.show() }
        }
        running.append(id)
        show()
    }

    func failed(_ id: String, attempt: Int, _ details: [String]) {
        running.removeAll { $0 == id }
        line.say("attempt \(attempt) FAIL  \(id): \(details.joined(separator: "; "))")
        show()
    }

    func finished(_ record: StepRecord, done: Int, of total: Int) {
        running.removeAll { $0 == record.id }
        self.done = done
        self.total = total
        left -= durations[record.id] ?? .zero
        let check = record.check
        let mark = check.outcome == .fail ? "FAIL" : check.outcome == .broken ? "BROKEN" : check.outcome.rawValue
        let flaky = check.outcome == .pass && check.attempts > 1 ? " (flaky, attempt \(check.attempts))" : ""
        let detail = check.detail.isEmpty || check.outcome == .pass && flaky.isEmpty ? "" : ": \(check.detail)"
        if !line.isLive || check.outcome != .pass || !flaky.isEmpty {
            line.say("\(done)/\(total)  \(mark)  \(record.id)  \(Self.text(check.duration))\(flaky)\(detail)")
        }
        show()
    }

    func end() {
        Supervisor.pulse = nil
        line.clear()
    }

    private func show() {
        let time = left > .seconds(1) ? ", about \(Self.text(left)) left" : ""
        let names = running.prefix(3).joined(separator: ", ") + (running.count > 3 ? ", …" : "")
        line.show(running.isEmpty ? "" : "\(done)/\(total)\(time)  \(names)")
    }

    private static func text(_ duration: Duration) -> String {
        let tenths = Int((duration.milliseconds / 100).rounded())
        return tenths < 10 ? "\(Int(duration.milliseconds.rounded())) ms" : "\(tenths / 10).\(tenths % 10) s"
    }
}
