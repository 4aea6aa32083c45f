import Operations
import Sandbox

/// Shows what is running.
final class LiveProgress: ProgressListener {
    private let line = LiveLine()
    /// Of things whose end nobody tells only the latest are shown.
    private static let most = 4
    private var running: [(name: String, total: Int, done: Int)] = []

    init() { Supervisor.pulse = Supervisor.Pulse(every: .seconds(1)) { [weak self] in self?.show() } }

    func began(_ name: String, probes: Int) {
        if let index = running.firstIndex(where: { $0.name == name }) {
            running[index].total += probes
        } else {
            running.append((name, probes, 0))
        }
        show()
    }

    func output(_ name: String, _ bytes: UnsafeRawBufferPointer) {
        guard let index = running.firstIndex(where: { $0.name == name }) else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        running[index].done += text.split(separator: "\n").count { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
        show()
    }

    func finished() {
        Supervisor.pulse = nil
        line.clear()
        running = []
    }

    private func show() {
        let parts = running.filter { $0.total == 0 || $0.done < $0.total }
            .map { $0.total == 0 ? $0.name : "\($0.name) \($0.done)/\($0.total)" }
        line.show(parts.isEmpty ? "" : "running: " + parts.suffix(Self.most).joined(separator: ", "))
    }
}
