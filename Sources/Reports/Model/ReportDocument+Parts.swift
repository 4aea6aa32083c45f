import Findings
import Guest

extension ReportDocument {
    /// Whether several platforms were judged, each for itself. The steps of a run are judged together.
    var hasParts: Bool { (2...Self.mostParts).contains(platforms?.count ?? 0) && command != "run" }

    /// Far above the platforms that there are. Each part goes through all checks, and a forged report may name any number.
    private static let mostParts = 100

    /// What it says of each platform, as a report of its own; the report itself where there is only one.
    var parts: [ReportDocument] {
        guard hasParts, let platforms else { return [self] }
        var known: Set<String> = []
        let each = platforms.filter { known.insert($0.platform).inserted }
        return each.enumerated().map { number, judged in
            var part = self
            part.isPart = true
            part.platforms = [judged]
            part.verdict = judged.verdict
            part.claim = judged.claim
            part.summary = judged.summary
            part.duration = judged.duration
            let own = judged.platform
            // What names none of the platforms stands once.
            func belongs(_ platform: String?) -> Bool {
                platform == own || number == 0 && !(platform.map(known.contains) ?? false)
            }
            part.checks = checks.filter { belongs($0.platform) }
            part.findings = findings.filter { belongs($0.platform) }
            part.faults = faults?.filter { belongs($0.platform) }
            part.host?.handlers = host?.handlers.filter { belongs($0.platform) } ?? []
            part.host?.interpreters = host?.interpreters.filter { belongs($0.platform) } ?? []
            if command == "artifact" { part.platform = own }
            part.builders = builders?.map { $0.proving(own) }
            // The codes that are allowed are said of the whole.
            part.allowed = nil
            return part
        }
    }

    /// What the checks of a platform came to.
    func found(_ judged: (platform: String, duration: Duration)) -> Judged {
        var alone = self
        alone.checks = checks.filter { $0.platform == judged.platform }
        alone.findings = findings.filter { $0.platform == judged.platform }
        alone.host?.handlers = host?.handlers.filter { $0.platform == judged.platform } ?? []
        alone.host?.interpreters = host?.interpreters.filter { $0.platform == judged.platform } ?? []
        alone.allowed = nil
        alone.summary = OutcomeCounts(alone.checks)
        let one = Verdict(alone.checks.map(\.outcome))
        let isOnly = alone.checks.count == checks.count
        alone.verdict = isOnly ? verdict : one
        if !isOnly { alone.builders = builders?.map { $0.proving(judged.platform) } }
        if !isOnly, command == "artifact" { alone.platform = judged.platform }
        var found = Judged(
            platform: judged.platform, verdict: alone.verdict, claim: "", summary: alone.summary,
            duration: judged.duration)
        alone.platforms = [found]
        found.claim = Claim(alone).text
        return found
    }

    /// The platform in front of a name, where several were judged and the name alone says not which.
    func named(_ name: String, on platform: String?) -> String {
        guard (platforms?.count ?? 0) > 1, let platform else { return name }
        return "\(platform) \(name)"
    }
}

extension ReportDocument.Builder {
    /// What it proved of one platform.
    fileprivate func proving(_ platform: String) -> Self {
        var builder = self
        builder.proven = proven.filter { $0 == platform }
        return builder
    }
}

extension ReportDocument.Check {
    /// Tells it from the checks of other platforms.
    var key: String { Self.key(reference, on: platform) }

    /// What a finding may concern it by: one without a platform names checks by their reference alone.
    var keys: [String] { platform == nil ? [reference] : [key, reference] }

    static func key(_ reference: String, on platform: String?) -> String {
        platform.map { "\($0) \(reference)" } ?? reference
    }
}

extension ReportDocument.Finding {
    /// What it concerns, as `Check.key` names it.
    var keys: [String] { checks.map { ReportDocument.Check.key($0, on: platform) } }

    /// The guest that it is about.
    var guest: Guest { platform.flatMap(Guest.init(platform:)) ?? Guest.standard }
}
