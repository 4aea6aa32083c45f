import Files
import Glibc
import Processes
import SystemPackage

/// Tells systemd how the service is (sd_notify(3)). Without a NOTIFY_SOCKET it tells nobody.
struct ServiceNotice {
    /// Variables that are for this process alone.
    static let variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]

    private let address: LocalAddress?
    /// How often it must be heard: half of what systemd allows. Nil: it need not be.
    let pulse: Duration?

    init() {
        address = Tool.variable("NOTIFY_SOCKET").flatMap { try? LocalAddress($0) }
        let isOthers = Tool.variable("WATCHDOG_PID").map { $0 != "\(getpid())" } ?? false
        let microseconds = isOthers ? nil : Tool.variable("WATCHDOG_USEC").flatMap { Int($0) }
        pulse = microseconds.flatMap { $0 > 1 ? .microseconds($0 / 2) : nil }
    }

    /// - Parameter state: lines such as `READY=1`.
    func say(_ state: String) {
        guard let address else { return }
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard let sender = OwnedDescriptor(opened: socket(AF_UNIX, type, 0)) else { return }
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        // A service manager that does not listen changes nothing here.
        _ = Array(state.utf8).withUnsafeBytes { bytes in
            address.with { sendto(sender.value, bytes.baseAddress, bytes.count, flags, $0, $1) }
        }
    }
}
