import Glibc

/// Resource limits that are raised for as long as one program is started, and put back: a child has those that this process has at that moment.
///
/// This process raises them itself, for within a user namespace nobody may go beyond the hard limit.
public enum LiftedLimits {
    /// How far a limit is lifted. Beyond this programs change what they do: without one on the stack the kernel lays out memory otherwise, and
    /// some close every descriptor up to the limit.
    static func target(_ resource: Int32) -> rlim_t {
        switch resource {
        case Int32(RLIMIT_STACK.rawValue): 8 << 20
        case Int32(RLIMIT_NOFILE.rawValue): 1024
        default: .max
        }
    }

    /// Calls `body` with the limits lifted as far as this process may.
    static func during<Result>(_ resources: Set<Int32>, _ body: () -> Result) -> Result {
        let before = resources.map { ($0, raise($0)) }
        defer {
            for case (let resource, var limit?) in before { _ = setrlimit(number(resource), &limit) }
        }
        return body()
    }

    /// Whether this process may lift it as far as the program could want.
    public static func canLift(_ resource: Int32) -> Bool {
        var lifted = rlimit()
        return during([resource]) {
            getrlimit(number(resource), &lifted) == 0 && lifted.rlim_cur >= target(resource)
        }
    }

    /// - Returns: what it was; nil where nothing was changed.
    private static func raise(_ resource: Int32) -> rlimit? {
        var before = rlimit()
        guard getrlimit(number(resource), &before) == 0, before.rlim_cur < target(resource) else { return nil }
        var wanted = rlimit(rlim_cur: target(resource), rlim_max: max(target(resource), before.rlim_max))
        if setrlimit(number(resource), &wanted) == 0 { return before }
        wanted = rlimit(rlim_cur: min(target(resource), before.rlim_max), rlim_max: before.rlim_max)
        return setrlimit(number(resource), &wanted) == 0 ? before : nil
    }

    private static func number(_ resource: Int32) -> __rlimit_resource_t { __rlimit_resource_t(UInt32(resource)) }
}
