import Findings
import Guest

extension ReportDocument {
    /// The guest that the report is about.
    var guest: Guest { host?.platform.flatMap(Guest.init(platform:)) ?? Guest.standard }

    /// Whether the host runs the guest's programs natively.
    var isGuestNative: Bool { isGuestsOwn || findings.contains { $0.code == FindingCode.hostNative.rawValue } }

    /// Whether the host is of the guest's own kind.
    var isGuestsOwn: Bool { host.map { guest.isNative(on: $0.machine) } ?? false }

    /// The host's properties as names and values, for forms that hold pairs.
    var facts: [(name: String, value: String)] {
        guard let host else { return [] }
        let pairs: [(String, String?)] = [
            ("host.name", host.name), ("host.kernel", host.kernel), ("host.machine", host.machine),
            ("host.privileged", host.privileged ? "true" : "false"), ("handler.name", host.handler?.name),
            ("handler.flags", host.handler?.flags), ("handler.magic", host.handler?.magic),
            ("handler.mask", host.handler?.mask), ("interpreter.path", host.interpreter?.path),
            ("interpreter.version", host.interpreter?.version), ("interpreter.sha256", host.interpreter?.sha256),
        ]
        return pairs.compactMap { pair in pair.1.map { (pair.0, $0) } }
    }

    /// Checks with this outcome that no finding of severity `error` explains.
    func unexplained(_ outcome: Outcome) -> [Check] {
        let errors = findings.filter { $0.severity == .error }
        let codes = Set(errors.map(\.code))
        let explained = Set(errors.flatMap(\.checks))
        return checks.filter { check in
            check.outcome == outcome && !explained.contains(check.reference) && codes.isDisjoint(with: check.findings)
        }
    }
}
