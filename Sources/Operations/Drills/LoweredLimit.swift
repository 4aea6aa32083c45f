import Files
import Glibc
import Host
import ScenarioFormat
import SystemPackage

/// Lowers a soft limit of this process, for a drill.
enum LoweredLimit {
    /// - Parameters:
    ///   - name: such as `RLIMIT_AS`.
    ///   - value: the new limit, in the resource's unit.
    /// - Throws: `UnknownName` for an unknown resource, `CallFailure` of getrlimit(2) or setrlimit(2).
    static func set(_ name: String, to value: UInt64) throws {
        guard let resource = LimitInspection.all.first(where: { $0.name == name }) else {
            throw UnknownName(kind: "resource", name: name, known: LimitInspection.all.map(\.name))
        }
        var limit = rlimit()
        let number = __rlimit_resource_t(UInt32(resource.number))
        guard getrlimit(number, &limit) == 0 else { throw CallFailure("getrlimit (\(name))", Errno(rawValue: errno)) }
        limit.rlim_cur = rlim_t(value * resource.scale)
        guard setrlimit(number, &limit) == 0 else { throw CallFailure("setrlimit (\(name))", Errno(rawValue: errno)) }
    }
}
