import Glibc

/// Raises resource limits while one program is started, and puts them back. A child gets the limits that this process
/// has at that moment.
///
/// This process must raise them itself: within a user namespace nobody may exceed the hard limit.
public enum LiftedLimits {
    /// How far a limit is lifted. Beyond this, programs behave differently: without a stack limit the kernel lays out
    /// memory in another way, and some programs close every descriptor up to the limit.
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

    /// Whether this process may lift a limit up to `target`.
    public static func canLift(_ resource: Int32) -> Bool {
        var lifted = rlimit()
        return during([resource]) {
            getrlimit(number(resource), &lifted) == 0 && lifted.rlim_cur >= target(resource)
        }
    }

    /// - Returns: the limit before; nil if nothing was changed.
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
