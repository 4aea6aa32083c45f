import Findings
import Guest

extension ReportDocument {
    /// The guest that the report is about; the first of several.
    var guest: Guest { platforms?.first.flatMap { Guest(platform: $0.platform) } ?? Guest.standard }

    /// Whether the host runs the guest's programs natively.
    var isGuestNative: Bool { isGuestsOwn || findings.contains { $0.code == FindingCode.hostNative.rawValue } }

    /// Whether the host is of the guest's own kind.
    var isGuestsOwn: Bool { host.map { guest.isNative(on: $0.machine) } ?? false }

    /// The host's properties as names and values, for forms that hold pairs.
    var facts: [(name: String, value: String)] {
        guard let host else { return [] }
        let pairs: [(String, String?)] = [
            ("host.name", host.name), ("host.kernel", host.kernel), ("host.machine", host.machine),
            ("host.privileged", host.privileged ? "true" : "false"),
        ]
        return pairs.compactMap { pair in pair.1.map { (pair.0, $0) } } + pathFacts
    }

    /// The handler's and the interpreter's; with several platforms their names end with the platform.
    private var pathFacts: [(name: String, value: String)] {
        func named(_ name: String, _ platform: String?) -> String {
            (platforms?.count ?? 0) > 1 ? platform.map { "\(name) \($0)" } ?? name : name
        }
        let handlers = (host?.handlers ?? []).flatMap { handler in
            [
                ("handler.name", handler.name), ("handler.flags", handler.flags), ("handler.magic", handler.magic),
                ("handler.mask", handler.mask),
            ].map { (name: named($0.0, handler.platform), value: $0.1 as String?) }
        }
        let interpreters = (host?.interpreters ?? []).flatMap { interpreter in
            [
                ("interpreter.path", interpreter.path), ("interpreter.version", interpreter.version),
                ("interpreter.sha256", interpreter.sha256),
            ].map { (name: named($0.0, interpreter.platform), value: $0.1 as String?) }
        }
        return (handlers + interpreters).compactMap { pair in pair.value.map { (pair.name, $0) } }
    }

    /// Checks with this outcome that no finding of severity `error` explains.
    func unexplained(_ outcome: Outcome) -> [Check] {
        let errors = findings.filter { $0.severity == .error }
        let codes = Set(errors.map { Check.key($0.code, on: $0.platform) })
        let explained = Set(errors.flatMap(\.keys))
        return checks.filter { check in
            check.outcome == outcome && explained.isDisjoint(with: check.keys)
                && codes.isDisjoint(with: check.findings.flatMap { [$0, Check.key($0, on: check.platform)] })
        }
    }
}
