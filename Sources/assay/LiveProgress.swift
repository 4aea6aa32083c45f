import Operations
import Reports

/// Shows on one line of a terminal what is running. Without a terminal it shows nothing.
final class LiveProgress: ProgressListener {
    private let enabled = CallerEnvironment.wantsLiveLine
    private var running: [(name: String, total: Int, done: Int)] = []

    func began(_ name: String, probes: Int) {
        if let index = running.firstIndex(where: { $0.name == name }) {
            running[index].total += probes
        } else {
            running.append((name, probes, 0))
        }
        show()
    }

    func output(_ name: String, _ bytes: UnsafeRawBufferPointer) {
        guard enabled, let index = running.firstIndex(where: { $0.name == name }) else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        running[index].done += text.split(separator: "\n").count { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
        show()
    }

    func finished() {
        if enabled && !running.isEmpty { StandardError.write("\r\u{1b}[K") }
        running = []
    }

    private func show() {
        guard enabled else { return }
        let parts = running.filter { $0.total == 0 || $0.done < $0.total }
            .map { $0.total == 0 ? $0.name : "\($0.name) \($0.done)/\($0.total)" }
        StandardError.write("\r\u{1b}[K\(parts.isEmpty ? "" : "running: " + parts.joined(separator: ", "))")
    }
}
