import Files
import Findings

/// The form SARIF 2.1.0, which GitHub's code scanning and editors read. Each fault of an artifact is a result. Its
/// location is the path inside its layer, inside the artifact. Each other finding is one result.
///
/// Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>
struct SARIFReport {
    private struct Log: Encodable {
        var schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
        var version = "2.1.0"
        var runs: [Run]

        enum CodingKeys: String, CodingKey {
            case version, runs
            case schema = "$schema"
        }
    }

    private struct Run: Encodable {
        var tool: Tool
        var automationDetails: Details
        var invocations: [Invocation]
        var artifacts: [Artifact]
        var results: [Result]
        var columnKind = "unicodeCodePoints"
    }

    private struct Details: Encodable { var description: Text }

    private struct Tool: Encodable { var driver: Driver }

    private struct Driver: Encodable {
        var name = "assay"
        var version: String
        var rules: [Rule]
    }

    private struct Rule: Encodable {
        var id: String
        var shortDescription, fullDescription, help: Text
        var defaultConfiguration: Configuration
    }

    private struct Configuration: Encodable { var level: String }

    private struct Text: Encodable { var text: String }

    private struct Invocation: Encodable {
        var executionSuccessful: Bool
        var toolExecutionNotifications: [Notification]
    }

    private struct Notification: Encodable {
        var level = "error"
        var message: Text
    }

    private struct Artifact: Encodable, Hashable {
        var location: Location
        /// The index of the artifact that contains this one.
        var parentIndex: Int?
    }

    private struct Location: Encodable, Hashable {
        var uri: String
        var index: Int?
    }

    private struct Place: Encodable {
        var physicalLocation: Physical
        var logicalLocations: [Logical]
    }

    private struct Physical: Encodable { var artifactLocation: Location }

    private struct Logical: Encodable {
        var name, fullyQualifiedName: String
        var kind = "member"
    }

    private struct Result: Encodable {
        var ruleId: String
        var ruleIndex: Int
        var level: String
        var message: Text
        var locations: [Place]
    }

    private let report: ReportDocument
    private var artifacts: [Artifact] = []
    private var indexes: [Artifact: Int] = [:]

    private init(_ report: ReportDocument) { self.report = report }

    private mutating func log() -> Log {
        // A rule is there once, whatever the platforms.
        var findings: [ReportDocument.Finding] = []
        var found: [Result] = []
        for finding in report.findings {
            let known = findings.firstIndex { $0.code == finding.code }
            if known == nil { findings.append(finding) }
            found += results(of: finding, rule: known ?? findings.count - 1)
        }
        let rules = findings.map { finding in
            Rule(
                id: finding.code,
                shortDescription: Text(text: FindingCode(rawValue: finding.code)?.entry.summary ?? finding.summary),
                fullDescription: Text(text: finding.cause), help: Text(text: finding.remedy),
                defaultConfiguration: Configuration(level: Self.level(finding.severity)))
        }
        let broken = report.checks.filter { $0.outcome == .broken }
        let invocation = Invocation(
            executionSuccessful: broken.isEmpty,
            toolExecutionNotifications: broken.map {
                Notification(message: Text(text: "\(report.named($0.reference, on: $0.platform)): \($0.detail)"))
            })
        return Log(runs: [
            Run(
                tool: Tool(driver: Driver(version: report.version, rules: rules)),
                automationDetails: Details(description: Text(text: Claim(report).text)), invocations: [invocation],
                artifacts: artifacts, results: found)
        ])
    }

    /// The results of a finding: one for each place in an artifact that it is about.
    private mutating func results(of finding: ReportDocument.Finding, rule: Int) -> [Result] {
        func result(_ text: String, _ places: [Place]) -> Result {
            Result(
                ruleId: finding.code, ruleIndex: rule, level: Self.level(finding.severity),
                message: Text(
                    text:
                        "\(report.named(text, on: finding.platform))\ncause: \(finding.cause)\nremedy: \(finding.remedy)"
                ), locations: places)
        }
        let faults = (report.faults ?? []).filter { $0.code == finding.code && $0.platform == finding.platform }
        guard faults.isEmpty else {
            return faults.map { fault in
                result(
                    "\(fault.path): expected \(fault.expected), found \(fault.found)",
                    [place(fault.path, layer: fault.layer, of: fault.artifact)])
            }
        }
        let prefix = "artifact.contents@"
        let names = finding.checks.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return [result(finding.summary, names.map { place(nil, layer: nil, of: $0) })]
    }

    private mutating func place(_ path: String?, layer: String?, of artifact: String) -> Place {
        var (uri, index) = (Self.uri(artifact), add(Self.uri(artifact), in: nil))
        var names = [artifact]
        for inner in [layer, path].compactMap(\.self) {
            // A name inside another artifact begins with a slash.
            uri = Self.uri(inner.hasPrefix("/") ? inner : "/" + inner)
            index = add(uri, in: index)
            names.append(inner)
        }
        return Place(
            physicalLocation: Physical(artifactLocation: Location(uri: uri, index: index)),
            logicalLocations: [Logical(name: names.last ?? "", fullyQualifiedName: names.joined(separator: "!"))])
    }

    private mutating func add(_ uri: String, in parent: Int?) -> Int {
        let artifact = Artifact(location: Location(uri: uri), parentIndex: parent)
        if let known = indexes[artifact] { return known }
        indexes[artifact] = artifacts.count
        artifacts.append(artifact)
        return artifacts.count - 1
    }

    private static func level(_ severity: Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .info: "note"
        }
    }

    /// A URI reference. Every byte but unreserved characters and slashes is percent-encoded.
    private static func uri(_ name: String) -> String {
        var uri = ""
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: uri.unicodeScalars.append(UnicodeScalar(byte))
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                uri.unicodeScalars.append(UnicodeScalar(byte))
            default: uri += "%" + byte.hexadecimal.uppercased()
            }
        }
        return uri
    }
}

extension SARIFReport: ReportForm {
    static let about = "SARIF 2.1.0, for code scanning: faults of artifacts with layer and path"

    static func text(_ subject: Reported, style: ConsoleStyle) throws -> SafeText {
        var report = SARIFReport(subject.document)
        return try .json(report.log())
    }
}
