import Findings
import Guest

/// What a report says of what was judged, in one sentence: no more than its checks have shown.
struct Claim {
    private let report: ReportDocument

    init(_ report: ReportDocument) { self.report = report }

    /// The sentence, without a full stop, after what is allowed. On one line: names in it come from outside.
    var text: String { [report.allowedWords, sentence].compactMap(\.self).joined(separator: "; ").oneLine }

    private var sentence: String {
        if report.hasParts { return platforms }
        return switch report.command {
        case "artifact": artifacts
        case "builders": builders
        case "drill": drills
        case "run": steps
        case "probe": probes
        case "accept", "host": report.isPartial == true ? probes : host
        default: others
        }
    }

    private var guest: String { report.guest.architecture }
    private var subject: String { report.host?.name ?? "this host" }

    private func with(_ reason: String?) -> String { reason.map { ": \($0)" } ?? "" }

    /// The cause: the gravest finding's, else the first check's.
    private var reason: String? {
        if report.verdict == .undetermined, let stop = report.findings.first(where: { $0.isAboutRun }) {
            return stop.summary
        }
        if let error = report.findings.first(where: { $0.severity == .error }) {
            return error.headline
        }
        let outcome = report.verdict == .unfit ? Outcome.fail : .broken
        return report.checks.first { $0.outcome == outcome }.map { "\($0.reference): \($0.detail)" }
    }

    // MARK: Several platforms

    /// `runner-07: FIT for linux/arm64, UNFIT for linux/riscv64: no handler is registered for riscv64 programs`.
    private var platforms: String {
        func name(_ part: ReportDocument) -> String { part.platforms?.first?.platform ?? "" }
        let parts = report.parts
        let fit = parts.filter { $0.verdict == .fit }.map(name)
        let others = parts.filter { $0.verdict != .fit }.map { part in
            let reason = Claim(part).reason.map { ": \($0)" } ?? ""
            return "\(part.verdict.rawValue.uppercased()) for \(name(part))\(reason)"
        }
        let place = ["artifact", "builders"].contains(report.command) ? "" : "\(subject): "
        let start = fit.isEmpty ? "" : "FIT for \(fit.joined(separator: ", "))"
        let stop = others.joined(separator: "; ")
        return place + [start, stop].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    // MARK: A host

    private func checks(_ kind: Check.Kind) -> [ReportDocument.Check] { report.checks.filter { $0.isOf(kind) } }

    private func venues(_ outcomes: Outcome...) -> [String] {
        checks(.probe).filter { outcomes.contains($0.outcome) }.compactMap(\.venue).uniqued()
    }

    private func names(_ kind: Check.Kind, _ outcome: Outcome) -> [String] {
        checks(kind).filter { $0.outcome == outcome }.compactMap(\.venue).uniqued()
    }

    /// Where no probe passed, and one failed.
    private var deadVenues: [String] {
        let living = venues(.pass)
        return venues(.fail).filter { !living.contains($0) }
    }

    private var host: String {
        switch report.verdict {
        case .fit: "\(subject): \(runs)\(lacks)\(builds)"
        case .unfit: "\(subject) \(fails)\(with(reason))"
        case .undetermined: "\(subject): \(isOpen) could not be found out\(with(reason))"
        }
    }

    /// What the probes that passed show.
    private var runs: String {
        let places = venues(.pass)
        if report.isGuestsOwn { return places.isEmpty ? "is \(guest) itself" : "runs \(guest) natively" }
        if report.isGuestNative, !places.isEmpty { return "runs \(guest) without an emulator" }
        guard !places.isEmpty else { return "nothing was run" }
        if report.command == "host" {
            let names = places.map { $0 == "direct" ? "on the host" : "in an empty root" }.uniqued()
            return "runs the smallest \(guest) program, \(Self.list(names))"
        }
        let isWhole = places.contains("direct") && places.count > 1
        return "runs \(guest)" + (isWhole ? "" : " in the \(Self.venues(places))")
    }

    private var lacks: String {
        let count = report.lackingFeatures
        return count > 0 ? " without \(count) \(count == 1 ? "feature" : "features") of its processor" : ""
    }

    private static func venues(_ names: [String]) -> String {
        (names.count == 1 ? "venue " : "venues ") + list(names)
    }

    private var builds: String {
        let names = names(.builder, .pass).filter { name in
            report.builders?.contains { $0.name == name && $0.proven.contains(report.guest.platform) } ?? true
        }
        return names.isEmpty ? "" : ", builds it with \(Self.list(names))"
    }

    private var fails: String {
        let (living, dead) = (venues(.pass), deadVenues)
        if !dead.isEmpty {
            return "cannot run \(guest)" + (living.isEmpty ? "" : " in the \(Self.venues(dead))")
        }
        let builders = names(.builder, .fail)
        guard !builders.isEmpty, venues(.fail).isEmpty, checks(.host).allSatisfy({ $0.outcome != .fail }) else {
            return "does not run \(guest) as it should"
        }
        let start = living.isEmpty ? "" : "runs \(guest), but "
        return "\(start)does not build it with \(Self.list(builders))"
    }

    private var isOpen: String {
        let (open, builders) = (venues(.broken), names(.builder, .broken))
        let living = venues(.pass).filter { !open.contains($0) }
        if open.isEmpty, !builders.isEmpty {
            return "\(living.isEmpty ? "" : "runs \(guest); ")whether it builds it with \(Self.list(builders))"
        }
        return living.isEmpty || open.isEmpty
            ? "whether it runs \(guest)" : "whether it runs \(guest) in the \(Self.venues(open))"
    }

    // MARK: Some probes

    private var probes: String {
        let probes = checks(.probe)
        let judged = probes.filter { $0.outcome != .skip }
        guard let first = judged.first else {
            return probes.isEmpty
                ? others : "\(what(probes)) does not apply here" + with(probes.first.map(\.detail))
        }
        switch report.verdict {
        case .fit:
            let verb = judged.map(\.id).uniqued().count > 1 ? "pass" : first.id.hasPrefix("exec.") ? "runs" : "passes"
            return "\(what(judged)) \(verb)\(places(of: judged))"
        case .unfit:
            let failed = judged.filter { $0.outcome == .fail }
            guard !failed.isEmpty else { return others }
            let many = failed.map(\.id).uniqued().count > 1
            return "\(what(failed)) \(many ? "fail" : "fails")\(places(of: failed))" + with(reason)
        case .undetermined:
            let open = judged.filter { $0.outcome == .broken }
            let shown = open.isEmpty ? judged : open
            return
                "what \(what(shown)) \(shown.map(\.id).uniqued().count > 1 ? "do" : "does")\(places(of: shown)) could not be found out"
                + with(reason)
        }
    }

    /// ` in direct and container`, where each was in all of these; else how many were in each: `: 12 in direct, 218 in container`.
    private func places(of checks: [ReportDocument.Check]) -> String {
        let venues = checks.compactMap(\.venue).uniqued()
        let counts = venues.map { venue in checks.filter { $0.venue == venue }.map(\.id).uniqued().count }
        let all = checks.map(\.id).uniqued().count
        if all < 3 || counts.allSatisfy({ $0 == all }) { return " in \(Self.list(venues))" }
        return ": " + zip(counts, venues).map { "\($0) in \($1)" }.joined(separator: ", ")
    }

    private func what(_ checks: [ReportDocument.Check]) -> String {
        let ids = checks.map(\.id).uniqued()
        return ids.count > 2 ? "\(ids.count) probes" : Self.list(ids)
    }

    // MARK: Artifacts, builders, steps

    private var artifacts: String {
        let all = checks(.artifact)
        if all.contains(where: { $0.id == "artifact.same" }) { return comparison(all) }
        let names = Self.list(all.compactMap(\.venue).uniqued())
        // Nothing was looked at, such as a check of assay watch that could not be made.
        if all.isEmpty { return others }
        let (plural, platform) = (all.compactMap(\.venue).uniqued().count > 1, report.platform ?? report.guest.platform)
        let isAll = platform == "all"
        let wanted = isAll ? "what the platforms that \(plural ? "they list" : "it lists") are to be" : platform
        let verb = plural ? "are" : "is"
        let contents = all.filter { $0.id == "artifact.contents" }
        let entry = all.first { $0.id == "artifact.entrypoint" }
        switch report.verdict {
        case .fit:
            return "\(names) \(verb) \(wanted)" + (entry?.outcome == .pass ? ", and the entrypoint runs" : "")
        case .unfit:
            let bad = contents.filter { $0.outcome == .fail }.compactMap(\.venue).uniqued()
            guard !bad.isEmpty else {
                let start = contents.contains { $0.outcome == .pass } ? "\(names) \(verb) \(wanted), but " : ""
                return entry?.outcome == .fail ? "\(start)the entrypoint fails\(with(reason))" : start + others
            }
            // Of several the reason is the first one's.
            let failed = contents.first { $0.outcome == .fail }
            let cause = report.findings.first { $0.severity == .error && $0.checks.contains(failed?.reference ?? "") }
            let why = cause.map(\.headline) ?? failed?.detail
            let whose = bad.count > 1 ? with(bad.first) : ""
            let isOther = cause.map { Self.codesOfPlatform.contains($0.code) } ?? true
            let fault = isOther ? "\(bad.count > 1 ? "are" : "is") not \(wanted)" : "cannot be used as \(wanted)"
            return "\(Self.list(bad)) \(fault)\(whose)\(with(why ?? reason))"
        case .undetermined:
            let what =
                contents.contains { $0.outcome == .broken }
                ? "whether \(names) \(verb) \(wanted)" : "what the entrypoint does"
            return "\(what) could not be found out\(with(reason))"
        }
    }

    /// Findings by which an artifact is for another platform.
    private static let codesOfPlatform = Set(
        [.artifactPlatformMissing, .artifactPlatformMismatch, .artifactForeignBinary].map { (code: FindingCode) in
            code.rawValue
        })

    private func comparison(_ checks: [ReportDocument.Check]) -> String {
        let names = checks.count > 1 ? "\(checks.count) files" : checks.first?.venue ?? "the file"
        switch report.verdict {
        case .fit: return "\(names) \(checks.count > 1 ? "are" : "is") the same, byte for byte"
        case .unfit:
            let failed = checks.count { $0.outcome == .fail }
            return "\(checks.count > 1 ? "\(failed) of \(names) differ" : "\(names) differs")\(with(reason))"
        case .undetermined:
            return "whether \(names) \(checks.count > 1 ? "are" : "is") the same could not be found out\(with(reason))"
        }
    }

    private var builders: String {
        let builders = report.builders ?? []
        switch report.verdict {
        case .fit:
            let able = builders.filter { !$0.proven.isEmpty }
            guard let first = able.first else { return "no builder was tried" }
            let proven = first.proven
            if able.allSatisfy({ $0.proven == proven }) {
                return "\(Self.list(able.map(\.name))) \(able.count > 1 ? "build" : "builds") \(Self.list(proven))"
            }
            return able.map { "\($0.name) builds \(Self.list($0.proven))" }.joined(separator: "; ")
        case .unfit:
            let failed = names(.builder, .fail)
            let blocked = checks(.builder).filter { $0.follows != nil }.compactMap(\.venue).uniqued()
            if failed.isEmpty, !blocked.isEmpty {
                return "\(Self.list(blocked)) cannot build \(report.guest.platform)\(with(reason))"
            }
            return failed.isEmpty
                ? others : "\(Self.list(failed)) \(failed.count > 1 ? "do" : "does") not build as asked\(with(reason))"
        case .undetermined:
            let open = names(.builder, .broken)
            return
                "what \(open.isEmpty ? "the builders" : Self.list(open)) can build could not be found out\(with(reason))"
        }
    }

    private var drills: String {
        // A fault that this host cannot have says nothing.
        let count = report.checks.count { $0.outcome != .skip }
        if count == 0, !report.checks.isEmpty, report.findings.isEmpty {
            return report.checks.count == 1
                ? "the fault cannot be injected here" : "none of \(report.checks.count) faults can be injected here"
        }
        if count == 1 {
            switch report.verdict {
            case .fit: return "the injected fault is found, and nothing else"
            case .unfit: return "the injected fault is not told as it should be"
            case .undetermined: return "whether the injected fault is told could not be found out\(with(reason))"
            }
        }
        let wrong = report.checks.count { $0.outcome != .pass && $0.outcome != .skip }
        if report.verdict == .fit { return "of \(count) injected faults each is found, and nothing else" }
        return report.verdict == .unfit
            ? "of \(count) injected faults \(wrong) are not told as they should be"
            : "whether all of \(count) injected faults are told could not be found out\(with(reason))"
    }

    private var steps: String {
        let steps = checks(.step)
        let total = steps.count == 1 ? "the step" : "\(steps.count) steps"
        func some(_ outcome: Outcome) -> String {
            steps.count == 1 ? "the step" : "\(steps.count { $0.outcome == outcome }) of \(steps.count) steps"
        }
        let first = steps.first { $0.outcome == (report.verdict == .unfit ? .fail : .broken) }
        // A cause that has a name, where it explains what went wrong first.
        let cause = report.findings.first { finding in
            finding.severity == .error && finding.checks.contains { $0.hasPrefix((first?.id ?? "") + "/") }
        }
        let detail = cause?.headline ?? first.map { "\($0.id): \($0.detail)" } ?? reason
        return switch report.verdict {
        case .fit: "\(total) went as expected"
        case .unfit: "\(some(.fail)) did not go as expected\(with(detail))"
        case .undetermined where first == nil && cause == nil:
            // Interrupted: nothing is wrong with what was done, or it is known what.
            (steps.isEmpty ? "no step was done" : "\(total) \(steps.count == 1 ? "was" : "were") done")
                + (steps.contains { $0.outcome == .fail } ? ", and \(some(.fail)) did not go as expected" : "")
                + with(reason)
        case .undetermined: "\(some(.broken)) could not be carried out\(with(detail))"
        }
    }

    /// Of a command that this version does not know, and of checks that no rule above is about.
    private var others: String {
        switch report.verdict {
        case .fit: "every check passed or does not apply"
        case .unfit: "not everything is as it should be\(with(reason))"
        case .undetermined: "not everything could be found out\(with(reason))"
        }
    }

    private static func list(_ names: [String]) -> String {
        if names.count > 4 { return "\(names.count) of them" }
        guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension ReportDocument.Finding {
    /// The cause in some words: the catalogue's for a code that it knows.
    var headline: String {
        FindingCode(rawValue: code).map { guest.naming($0.entry.summary) } ?? summary
    }

    /// What people meet because of it; the finding's own words where the catalogue has none, or this one is less grave.
    var effect: String {
        guard let entry = FindingCode(rawValue: code)?.entry, entry.severity == severity else { return summary }
        return entry.effect.map(guest.naming) ?? summary
    }

    /// It is about this run, not about what was judged.
    var isAboutRun: Bool { code == FindingCode.runnerInterrupted.rawValue }
}

extension ReportDocument {
    /// How many probes were skipped because the processor does not claim what they are about.
    var lackingFeatures: Int {
        Set(checks.filter { $0.outcome == .skip && $0.detail.contains(Self.unclaimed) }.map(\.id)).count
    }

    /// The words of such a probe (`require_hwcap`).
    private static let unclaimed = "hwcap not claimed"
}
