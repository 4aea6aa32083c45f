import Findings
import Guest
import Processes

/// Merges reports one by one. It keeps a few bytes for each check, so that ten thousand reports fit in memory.
///
/// A host is identified by the name and machine id in its reports, else by the report's file. Each check of a host
/// counts once, from the report that began last: shards add up, and a repeated run replaces the earlier results.
public struct FleetBuilder {
    /// One report, with names replaced by numbers.
    struct Member {
        var file: Int
        var command: Int
        var version: Int
        var verdict: Verdict
        /// The verdict without what is allowed, and the codes of that.
        var remaining: Verdict
        var allowed: [Int]
        var started: Timestamp
        var duration: Duration
        /// The facts of the report's host; nil if it has none.
        var facts: [Fact]?
        var checks: [Result]
        var findings: [Found]
    }

    /// The host of a report, as indices of `names`.
    struct Owner: Hashable {
        var name: Int
        var id: Int?
    }

    /// A finding's code, and the checks that it concerns; empty if it concerns the whole host.
    struct Found: Hashable {
        var code: Int
        var checks: [Int32]
    }

    /// A fact's name and its value, as indices of `names`.
    struct Fact: Hashable {
        var name: Int
        var value: Int
    }

    /// A check's number and its result.
    struct Result: Hashable {
        var check: Int32
        var outcome: Outcome
        var flaky: Bool
    }

    /// The facts by which hosts are compared.
    static let facts = ["assay.version", "host.kernel", "host.machine", "host.privileged"]

    /// Those of each platform. What is about another one than the standard guest's has its platform behind it.
    static let platformFacts = [
        "handler.flags", "handler.magic", "handler.mask", "interpreter.path", "interpreter.version",
        "interpreter.sha256",
    ]

    /// A name of what is about a platform: the platform stands behind it, if it is not the standard guest's.
    static func named(_ name: String, on platform: String?) -> String {
        Guest.named(platform).map { "\(name) \($0)" } ?? name
    }

    var names = Interned()
    var references = Interned()
    var members: [Owner: [Member]] = [:]
    /// The first finding of the highest severity, by code.
    var findings: [Int: ReportDocument.Finding] = [:]
    var duplicates = 0
    private var runs: Set<Run> = []

    /// Identifies a run: no two runs of a command have the same host, second of start, duration and results. All fields
    /// are hashed, because many runs may differ in only one of them.
    private struct Run: Hashable {
        var host: Owner
        var command, version: Int
        var verdict: Verdict
        var started: Timestamp
        var duration: Duration
        var checks: [Result]
        var findings: [Found]

        init(_ member: Member, of host: Owner) {
            self.host = host
            (command, version, verdict) = (member.command, member.version, member.verdict)
            (started, duration) = (member.started, member.duration)
            (checks, findings) = (member.checks, member.findings)
        }
    }

    /// Limits on memory: each report, result and name is kept until all reports are merged.
    private static let (mostReports, mostResults, mostNames) = (50_000, 10_000_000, 500_000)
    /// The most images with the same check in a report, far above real ones. A forged report may give all checks and
    /// findings the same name.
    private static let mostImages = 100
    private var results = 0

    /// Set when a limit is exceeded. Later reports are ignored.
    public private(set) var excess: MalformedReport?

    public init() {}

    public var isEmpty: Bool { members.isEmpty }

    /// - Parameter file: the report's file name; it stands for the host if the report names none.
    public mutating func add(_ report: ReportDocument, file: String) {
        guard excess == nil else { return }
        let host = Owner(
            name: names.number(report.host?.name ?? file), id: report.host?.id.map { names.number($0) })
        var member = Member(
            file: names.number(file), command: names.number(report.command), version: names.number(report.version),
            verdict: report.verdict, remaining: report.remaining,
            allowed: (report.allowed ?? []).filter { !$0.expired }.map { names.number($0.code) },
            started: report.started, duration: report.duration, checks: [], findings: [])
        if report.host != nil { member.facts = facts(of: report) }
        // Findings refer to checks without the image.
        var byReference: [String: [Int32]] = [:]
        member.checks = report.checks.map { check in
            let name = check.image.map { "\(check.reference) (\($0))" } ?? check.reference
            let number = Int32(references.number(Self.named(name, on: check.platform)))
            for key in check.keys {
                let known = byReference[key] ?? []
                if known.last != number, known.count < Self.mostImages {
                    byReference[key, default: []].append(number)
                }
            }
            return Result(check: number, outcome: check.outcome, flaky: check.isFlaky)
        }
        member.findings = report.findings.map { finding in
            Found(code: keep(finding), checks: finding.keys.flatMap { byReference[$0] ?? [] })
        }
        if runs.insert(Run(member, of: host)).inserted {
            members[host, default: []].append(member)
            results += member.checks.count + member.findings.reduce(0) { $0 + $1.checks.count }
            limit(runs.count, to: Self.mostReports, "reports", file)
            limit(results, to: Self.mostResults, "results of checks", file)
            limit(
                names.strings.count + references.strings.count, to: Self.mostNames, "names of hosts, files and checks",
                file)
        } else {
            duplicates += 1
        }
    }

    private mutating func limit(_ count: Int, to most: Int, _ what: String, _ file: String) {
        guard count > most, excess == nil else { return }
        excess = MalformedReport(file: file, expected: "at most \(most) \(what) in all reports together", found: "more")
    }

    private mutating func facts(of report: ReportDocument) -> [Fact] {
        var facts: [(name: String, value: String)] = []
        for part in report.parts {
            let values = Dictionary(part.facts.map { ($0.name, $0.value) }) { first, _ in first }
            let shared = Self.facts.map { ($0, $0 == "assay.version" ? report.version : values[$0] ?? Fleet.none) }
            if facts.isEmpty { facts = shared }
            let platform = part.platforms?.first?.platform
            facts += Self.platformFacts.map { (Self.named($0, on: platform), values[$0] ?? Fleet.none) }
        }
        return facts.map { Fact(name: names.number($0.name), value: names.number($0.value)) }
    }

    private mutating func keep(_ finding: ReportDocument.Finding) -> Int {
        let code = names.number(Self.named(finding.code, on: finding.platform))
        if let known = findings[code], known.severity >= finding.severity { return code }
        var kept = finding
        kept.evidence = []
        kept.checks = []
        findings[code] = kept
        return code
    }
}

/// Numbers distinct strings: most are the same in all reports.
struct Interned {
    private(set) var strings: [String] = []
    private var numbers: [String: Int] = [:]

    mutating func number(_ string: String) -> Int {
        if let number = numbers[string] { return number }
        strings.append(string)
        numbers[string] = strings.count - 1
        return strings.count - 1
    }

    subscript(number: Int) -> String { strings[number] }
}
