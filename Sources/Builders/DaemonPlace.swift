/// Where the daemon behind an address builds.
enum DaemonPlace {
    /// Whether that is another host; nil if the address does not tell.
    ///
    /// A port of this host's own may be a tunnel's, and a container that is named may be on any engine.
    static func isElsewhere(_ address: String) -> Bool? {
        guard let colon = address.firstRange(of: "://") else { return nil }
        switch address[..<colon.lowerBound] {
        case "unix": return false
        case "ssh", "kubernetes", "kube-pod": return true
        case "tcp", "http", "https":
            let host = address[colon.upperBound...].prefix { $0 != "/" }
            let isLocal = host.hasPrefix("127.") || host.hasPrefix("localhost") || host.hasPrefix("[::1]")
            return isLocal ? nil : true
        default: return nil
        }
    }
}
