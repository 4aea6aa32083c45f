import Findings
import Guest

/// The path from the kernel to a program, as far as it was judged.
struct EmulationPath {
    struct Link {
        var name: String
        var word: String
        /// Nil if nothing is known about it.
        var isSound: Bool?
    }

    let links: [Link]

    /// Nil if the host was not inspected, or needs no emulation.
    init?(_ report: ReportDocument) {
        let checks = report.checks.filter { $0.isOf(.host) }
        guard !report.isGuestNative, !checks.isEmpty else { return nil }
        let names = [PathLink.registry: "binfmt_misc", .handler: "handler", .interpreter: "interpreter"]
        links =
            PathLink.allCases.map { link in
                let name = names[link] ?? link.rawValue
                // In a run a step's name stands before, and steps may differ: the worst counts.
                let own = checks.filter { $0.id == link.rawValue || $0.id.hasSuffix("/\(link.rawValue)") }
                guard let check = own.first(where: { $0.outcome == .fail }) ?? own.first else {
                    return Link(name: name, word: "?", isSound: nil)
                }
                return switch check.outcome {
                case .pass: Link(name: name, word: "ok", isSound: true)
                case .fail: Link(name: name, word: Self.word(check, report), isSound: false)
                case .skip, .broken: Link(name: name, word: "?", isSound: nil)
                }
            } + [Self.program(report)]
    }

    /// The most serious finding's, in a word.
    private static func word(_ check: ReportDocument.Check, _ report: ReportDocument) -> String {
        let code = report.findings.first { $0.severity == .error && check.findings.contains($0.code) }?.code
        return switch code.flatMap(FindingCode.init(rawValue:)) {
        case .handlerMissing, .interpreterMissing: "MISSING"
        case .handlerDisabled, .binfmtMiscDisabled: "DISABLED"
        case .binfmtMiscUnavailable: "OUT OF REACH"
        case .interpreterNotExecutable: "NOT EXECUTABLE"
        case .interpreterWrongProgram: "WRONG PROGRAM"
        default: "AT FAULT"
        }
    }

    private static func program(_ report: ReportDocument) -> Link {
        // The native twin, and the host's own programs, say nothing of the path.
        let probes = report.checks.filter { check in
            check.isOf(.probe) && check.image?.hasPrefix("core-") != true && check.image != "host"
        }
        let (passed, failed) = (probes.filter { $0.outcome == .pass }, probes.filter { $0.outcome == .fail })
        if passed.isEmpty {
            return Link(name: "program", word: failed.isEmpty ? "?" : "FAILS", isSound: failed.isEmpty ? nil : false)
        }
        guard !failed.isEmpty else { return Link(name: "program", word: "ok", isSound: true) }
        let living = Set(passed.compactMap(\.venue))
        let dead = failed.compactMap(\.venue).uniqued().filter { !living.contains($0) }
        let place = dead.isEmpty ? "SOMETIMES" : "in " + dead.joined(separator: " and ")
        return Link(name: "program", word: "FAILS \(place)".oneLine, isSound: false)
    }
}

extension Paint {
    func link(_ link: EmulationPath.Link) -> String {
        switch link.isSound {
        case true?: "\(link.name) \(colour(link.word, .green))"
        case false?: "\(link.name) \(colour(link.word, .red))"
        case nil: dim("\(link.name) \(link.word)")
        }
    }
}
