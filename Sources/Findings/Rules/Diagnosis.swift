import Binfmt
public import Evidence
import Glibc
import Guest

/// The judgement of one command's evidence: the only place that makes checks, findings and the verdict.
public struct Diagnosis: Sendable {
    public var checks: [Check]
    /// The most serious first.
    public var findings: [Finding]
    public var verdict: Verdict
    /// No program of the guest starts where a builder of this host would run one; shown twice, and named.
    public var stopsBuilds = false

    public init(_ evidence: CommandEvidence) {
        let host = evidence.host.map { Self.noting(evidence.probes, in: Self.inForce($0, evidence.probes)) }
        let limited = LimitRules(host)?.explained(evidence.probes) ?? evidence.probes
        let all = FilterRules(host)?.explained(limited) ?? limited
        let consequences = Consequences(all, twins: host?.native ?? [:])
        let own = all.filter { consequences.causes[$0.reference] == nil }
        let variables = VariableRules(host, own)
        let probes = own.filter { variables?.checks.contains($0.reference) != true }
        let registry = host.map { RegistryRules(host: $0, probes: probes).findings } ?? []
        let surroundings =
            (host.map { EnvironmentRules(host: $0, probes: probes).findings } ?? [])
            + [variables?.finding].compactMap(\.self)
        let builderRules = evidence.builders.map { BuilderRules(evidence: $0) }
        let artifactRules = evidence.artifacts.map {
            ArtifactRules(artifact: $0, reference: "artifact.contents@\($0.name)")
        }
        let emulation = registry + ProbeRules(host: host, probes: probes).findings
        let entrypointRules = evidence.entrypoints.map {
            EntrypointRules(
                evidence: $0, hostErrors: emulation.filter { $0.severity == .error }.map(\.code))
        }
        let blocked = entrypointRules.filter(\.isStoppedByHost).map(\.evidence.reference)
        var found =
            emulation.map { finding in
                var finding = finding
                if finding.severity == .error { finding.checks += blocked }
                return finding
            } + surroundings
        found += builderRules.flatMap(\.findings) + artifactRules.flatMap(\.findings)
        found += entrypointRules.flatMap(\.findings)
        let comparisonRules = evidence.comparisons.map(ComparisonRules.init)
        found += comparisonRules.flatMap(\.findings)

        found += host.map { Self.unexplained(probes, host: $0, found) } ?? []

        /// The error that explains a check.
        func cause(of reference: String) -> FindingCode? {
            found.first { $0.severity == .error && $0.checks.contains(reference) }?.code
        }
        var follows: [String: FindingCode] = [:]
        for (reference, smallest) in consequences.causes { follows[reference] = cause(of: smallest) }

        var codes: [String: [FindingCode]] = [:]
        for finding in found {
            for reference in Set(finding.checks) { codes[reference, default: []].append(finding.code) }
        }
        var checks = host.map { Self.hostChecks($0, found, own) } ?? []
        // If nothing could be run at all, nothing was found out.
        let isIdle = !all.isEmpty && all.allSatisfy { if case .notApplicable = $0.result { true } else { false } }
        checks += all.map { probe in
            if let code = follows[probe.reference] {
                var check = Check(
                    id: probe.probe, kind: .probe, image: probe.image, venue: probe.venue.rawValue, outcome: .skip)
                check.follow(code)
                return check
            }
            var judged = ProbeJudge(probe, twin: host?.native[probe.probe])
            if isIdle { judged.outcome = .broken }
            if variables?.checks.contains(probe.reference) == true { judged.outcome = .fail }
            return Check(
                id: probe.probe, kind: .probe, image: probe.image, venue: probe.venue.rawValue, outcome: judged.outcome,
                duration: probe.duration, attempts: probe.attempts,
                failureRate: probe.repetition.flatMap { $0.isComplete ? $0.rate(of: probe.probe) : nil },
                detail: judged.detail,
                findings: codes[probe.reference] ?? [])
        }
        let block = consequences.blocksBuilds.flatMap { venue in
            all.first { $0.isSmallest && $0.venue == venue }.flatMap { cause(of: $0.reference) }
        }
        checks += builderRules.flatMap { rules in
            rules.checks.map { check in
                guard rules.evidence.isBlocked, let block else { return check }
                var check = check
                check.follow(block)
                return check
            }
        }
        stopsBuilds = block != nil
        checks += artifactRules.map(\.check) + entrypointRules.map(\.check)
        checks += comparisonRules.map(\.check)
        self.checks = checks
        let command = host.flatMap(OwnCommand.init)
        findings = Self.merged(found).map { command?.added(to: $0) ?? $0 }
        if let guest = host?.guest ?? evidence.builders.first?.guest, guest != .standard {
            findings = findings.map { $0.said(of: guest) }
        }
        verdict = Verdict(checks)
        let platform = evidence.platform
        for index in self.checks.indices { self.checks[index].platform = platform }
        for index in findings.indices { findings[index].platform = platform }
    }

    /// The host, with the registry that the kernel asks: where it refuses every program although it could start what the entry names,
    /// a mount shows the registry of another user namespace, and this one's own is empty.
    private static func inForce(_ host: HostEvidence, _ probes: [ProbeEvidence]) -> HostEvidence {
        let smallest = probes.filter(\.isSmallest)
        guard let handler = host.handler(), !handler.isFixed, let interpreter = host.interpreter,
            interpreter.path == handler.interpreter, interpreter.error == 0, interpreter.executable,
            interpreter.target != nil, !interpreter.isForeign, interpreter.loader == nil, !smallest.isEmpty,
            smallest.allSatisfy({ if case .refused(ENOEXEC, _) = $0.result { true } else { false } })
        else { return host }
        var host = host
        host.registry.handlers = []
        host.interpreter = nil
        host.entryElsewhere = handler
        return host
    }

    /// The host, with what the probes show of its kernel: that it runs the guest's programs without any entry.
    private static func noting(_ probes: [ProbeEvidence], in host: HostEvidence) -> HostEvidence {
        guard host.guest.mayBeNative(on: host.machine), host.registry.unread.isEmpty, probes.contains(where: \.didRun)
        else { return host }
        if case .unavailable = host.registry.state { return host }
        var host = host
        host.ranByItself = host.registry.takers(of: host.guest).isEmpty
        return host
    }

    /// Merges the findings of each code and platform into one, the most serious first. The most serious gives the text.
    /// The others add their evidence and checks, and their remedy if it has only the catalogue's.
    public static func merged(_ found: [Finding]) -> [Finding] {
        var merged: [MergedFinding] = []
        var places: [Subject: Int] = [:]
        for finding in found {
            let subject = Subject(code: finding.code, platform: finding.platform)
            if let place = places[subject] {
                merged[place].add(finding)
            } else {
                places[subject] = merged.count
                merged.append(MergedFinding(finding))
            }
        }
        return merged.map(\.finding).enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
    }

    private struct Subject: Hashable {
        var code: FindingCode
        var platform: String?
    }

    /// A finding for programs that the kernel refused although an entry takes them, and that no finding explains: no
    /// failure stays without a name.
    private static func unexplained(
        _ probes: [ProbeEvidence], host: HostEvidence, _ found: [Finding]
    ) -> [Finding] {
        let explained = Set(found.filter { $0.severity == .error }.flatMap(\.checks))
        let refused: [(reference: String, text: String)] = probes.compactMap { probe in
            guard case .refused(let error, let text) = probe.result, ProbeJudge.judgements.contains(error),
                probe.speaksOfEmulator, !explained.contains(probe.reference)
            else { return nil }
            return (probe.reference, text)
        }
        guard let first = refused.first, let handler = host.handler() else { return [] }
        let remedy = Remedy(host: host)
        return [
            Finding(
                .interpreterWrongProgram,
                summary:
                    "the kernel hands \(host.guest.name) programs to \(handler.interpreter ?? handler.name), and cannot start it: \(first.text)",
                evidence: remedy.quote(handler) + ["\(first.reference): execve: \(first.text)"],
                cause:
                    "An entry takes the program, and its interpreter could not be executed from here: it may be out of reach of this "
                    + "namespace or root, or be itself a program that needs an interpreter.",
                remedy: remedy.anotherInterpreter() ?? remedy.register(replacing: handler),
                checks: refused.map(\.reference))
        ]
    }

    /// What could not be read, so that a link cannot be judged; nil if everything was.
    private static func gap(_ link: PathLink, _ host: HostEvidence) -> String? {
        let gap = host.registry.unread.first
        switch link {
        case .registry:
            if case .unavailable = host.registry.state { return gap }
            return nil
        case .handler: return gap
        case .interpreter:
            guard let interpreter = host.interpreter else { return gap }
            guard ProbeEvidence.isShortage(interpreter.error) else { return nil }
            return "reading \(interpreter.path): \(String(cString: strerror(interpreter.error)))"
        }
    }

    /// What the link is on this host.
    private static func detail(_ link: PathLink, _ host: HostEvidence) -> String {
        switch link {
        case .registry: host.registry.directory
        case .handler: host.handler().map { "\($0.name), flags \($0.flags.isEmpty ? "none" : $0.flags)" } ?? "none"
        case .interpreter: host.interpreter.map { "\($0.path)\($0.version.map { " \($0)" } ?? "")" } ?? "none"
        }
    }

    /// One check for each link of the emulation path that can be read without running anything.
    private static func hostChecks(
        _ host: HostEvidence, _ findings: [Finding], _ probes: [ProbeEvidence]
    ) -> [Check] {
        let isUnused =
            !probes.contains(where: \.didRun) && probes.contains { ProbeJudge($0, twin: nil).outcome == .fail }
        var blocked = host.isGuestNative ? RegistryRules.nativeWords(host) : nil
        return PathLink.allCases.map { link in
            let id = link.rawValue
            let own = findings.filter { $0.code.entry.link == link }
            if let why = blocked { return Check(id: id, kind: .host, outcome: .skip, detail: why) }
            let failed = own.contains { $0.severity == .error }
            if let gap = gap(link, host), !failed {
                return Check(id: id, kind: .host, outcome: .broken, detail: gap, findings: own.map(\.code))
            }
            // Without a registry there is no handler to judge, and without a handler no interpreter.
            if case .unavailable = host.registry.state { blocked = "the registry is not visible here" }
            if failed && blocked == nil { blocked = "\(id) failed" }
            // A program that was tried and did not run says nothing good of what was to run it.
            if link == .interpreter, !failed, isUnused {
                return Check(
                    id: id, kind: .host, outcome: .skip, detail: "\(detail(link, host)): no program ran through it",
                    findings: own.map(\.code))
            }
            let invisible = !failed && own.contains { $0.code == .binfmtMiscUnavailable }
            return Check(
                id: id, kind: .host, outcome: failed ? .fail : invisible ? .skip : .pass,
                detail: own.first { $0.severity == .error }?.summary
                    ?? (invisible ? own[0].summary : detail(link, host)),
                findings: own.map(\.code))
        }
    }
}
