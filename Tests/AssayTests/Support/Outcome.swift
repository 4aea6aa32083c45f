import FoundationEssentials
import Sandbox

/// What a run of the program came to.
struct Outcome: CustomStringConvertible {
    let ended: Termination

    init(_ ended: Termination) { self.ended = ended }

    /// The exit status; nil when it did not exit.
    var status: Int32? {
        if case .exited(let status) = ended.reason { status } else { nil }
    }
    var output: String { ended.output.text }
    /// Standard error without the lines of progress, which a run of some seconds prints where it is no terminal: on a
    /// busy machine any run is one.
    var errors: String { ended.errors.text.replacing(Self.progressLine, with: "") }
    /// The lines of progress on standard error.
    var progress: [String] { ended.errors.text.matches(of: Self.progressLine).map { String($0.output) } }

    private static var progressLine: Regex<Substring> { /assay: [0-9]+ s: [^\n]*\n/ }
    /// Standard output without the places where lines were wrapped.
    var said: String { output.split { $0 == " " || $0.isNewline }.joined(separator: " ") }

    /// The JSON report on standard output.
    var report: JSONForm {
        get throws { try JSONForm(output) }
    }

    var description: String { "\(ended.reason)\n\(output.suffix(2000))\n\(ended.errors.text.suffix(2000))" }
}

/// The JSON report, as a consumer reads it.
struct JSONForm: Decodable {
    struct Check: Decodable {
        var id, kind, outcome, detail: String
        var venue, follows, platform: String?
        var attempts: Int
        var failureRate: Rate?
        var findings: [String]

        enum CodingKeys: String, CodingKey {
            case id, kind, outcome, detail, venue, attempts, findings, follows, platform
            case failureRate = "failure_rate"
        }

        var reference: String { venue.map { "\(id)@\($0)" } ?? id }
    }
    struct Rate: Decodable { var runs, failures: Int, rate, low, high: Double }
    struct Finding: Decodable {
        var code, severity, summary, cause, remedy: String
        var platform: String?
        var evidence, checks: [String]
    }
    struct Interpreter: Decodable {
        var path: String
        var platform, version, sha256: String?
    }
    struct Handler: Decodable {
        var name, flags: String
        var platform: String?
    }
    struct Judged: Decodable { var platform, verdict, claim: String }
    struct Host: Decodable {
        var kernel, machine: String
        var interpreters: [Interpreter]
        var handlers: [Handler]
        var privileged: Bool

        var interpreter: Interpreter? { interpreters.first }
        var handler: Handler? { handlers.first }
    }

    var schema, command, verdict: String
    var host: Host?
    var claim: String?
    var platforms: [Judged]?
    var checks: [Check]
    var findings: [Finding]

    init(_ text: String) throws { self = try JSONDecoder().decode(JSONForm.self, from: Data(text.utf8)) }

    /// Codes of findings of severity `error`, sorted.
    var errors: [String] { findings.filter { $0.severity == "error" }.map(\.code).sorted() }

    /// Codes about the emulation path. What the runner lacks (`runner-…`) depends on where the tests run.
    var emulation: [String] { findings.map(\.code).filter { !$0.hasPrefix("runner-") }.sorted() }

    func finding(_ code: String) -> Finding? { findings.first { $0.code == code } }

    /// Outcomes of all probes in a venue.
    func outcomes(in venue: String) -> Set<String> {
        Set(checks.filter { $0.kind == "probe" && $0.venue == venue }.map(\.outcome))
    }
}
