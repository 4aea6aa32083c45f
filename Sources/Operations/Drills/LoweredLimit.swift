import Files
import Glibc
import Host
import ScenarioFormat
import SystemPackage

/// A soft limit of this process, lowered as a drill does it.
enum LoweredLimit {
    /// - Parameters:
    ///   - name: `RLIMIT_AS`.
    ///   - value: in the resource's unit.
    /// - Throws: `UnknownName`; `CallFailure`.
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
