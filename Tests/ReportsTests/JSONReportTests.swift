import Findings
import FoundationEssentials
import Reports
import TestSupport
import Testing

@Suite("The JSON report") struct JSONReportTests {
    /// The contract, with the type that each key must have.
    private struct Form: Decodable {
        struct Host: Decodable {
            struct Interpreter: Decodable { var platform, path, version, sha256: String }
            struct Handler: Decodable { var platform, name, flags, magic, mask: String }
            var kernel, machine: String
            var interpreters: [Interpreter]
            var handlers: [Handler]
            var privileged: Bool
        }
        struct Summary: Decodable { var pass, fail, skip, broken, flaky: Int }
        struct Check: Decodable {
            var id, kind, outcome, detail: String
            var image, venue, platform: String?
            var durationMs: Double
            var attempts: Int
            var findings: [String]
        }
        struct Finding: Decodable {
            var code, severity, summary, cause, remedy, platform: String
            var evidence, checks: [String]
        }
        struct Judged: Decodable {
            var platform, verdict, claim: String
            var summary: Summary
            var durationMs: Double
        }
        var platforms: [Judged]?
        var schema, version, command, verdict, started: String
        var durationMs: Double
        var host: Host?
        var summary: Summary
        var checks: [Check]
        var findings: [Finding]
    }

    private func text(_ report: Report) throws -> String { try ReportFormat.json.render(report, colours: true) }
    private func form(_ report: Report) throws -> Form {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Form.self, from: Data(try text(report).utf8))
    }

    @Test("every key of the contract is there, with its type and value") func contract() throws {
        let form = try form(Given.fit)
        #expect(form.schema == "assay.report/2" && form.version == "0.1.0" && form.command == "accept")
        #expect(form.verdict == "fit" && form.started == "2026-01-31T08:00:00Z" && form.durationMs == 214.7)
        #expect(try text(Given.fit).contains("\"duration_ms\" : 214.7"))
        let host = try #require(form.host)
        #expect(host.kernel == "Linux 6.1.0" && host.machine == "x86_64" && host.privileged)
        let interpreter = try #require(host.interpreters.first)
        #expect(interpreter.path == "/usr/bin/qemu-aarch64-static" && interpreter.version == "7.2.22")
        #expect(interpreter.sha256.count == 64)
        let handler = try #require(host.handlers.first)
        #expect(handler.name == "qemu-aarch64" && handler.flags == "POCF")
        #expect(handler.platform == "linux/arm64" && interpreter.platform == "linux/arm64")
        let judged = try #require(form.platforms?.first)
        #expect(judged.platform == "linux/arm64" && judged.verdict == "fit" && judged.summary.pass == 5)
        #expect(judged.durationMs == form.durationMs && form.platforms?.count == 1 && !judged.claim.isEmpty)
        #expect(form.checks.allSatisfy { $0.platform == "linux/arm64" })
        #expect(handler.magic == "7f454c460201010000000000000000000200b700")
        #expect(handler.mask == "ffffffffffffff00fffffffffffffffffeffffff")
        #expect(form.summary.pass == 5 && form.summary.skip == 2 && form.summary.fail == 0)
        let check = try #require(form.checks.first { $0.id == "exec.static" && $0.venue == "direct" })
        #expect(check.kind == "probe" && check.image == "core" && check.outcome == "pass")
        #expect(check.durationMs == 1.3 && check.attempts == 1 && check.detail.isEmpty && check.findings.isEmpty)
    }

    @Test("findings carry evidence, cause, remedy and the checks that they explain") func findings() throws {
        let form = try form(Given.unfit)
        #expect(form.verdict == "unfit")
        #expect(form.summary.broken == 1 && form.summary.flaky == 1)
        #expect(form.findings.map(\.code) == Given.unfit.findings.map(\.code.rawValue))
        let missing = try #require(form.findings.first { $0.code == "handler-missing" })
        #expect(missing.severity == "error" && missing.checks == ["exec.static@direct"])
        #expect(form.findings.allSatisfy { $0.platform == "linux/arm64" })
        #expect(!missing.evidence.isEmpty && !missing.cause.isEmpty && missing.remedy.contains("register"))
        let check = try #require(form.checks.first { $0.id == "exec.static" })
        #expect(check.outcome == "fail" && check.findings == ["handler-missing"])
        #expect(form.checks.first { $0.id == "exec.chain" }?.attempts == 2)
    }

    @Test("a command that does not look at the host has no host") func hostless() throws {
        #expect(try form(Given.undetermined).host == nil)
    }

    @Test("each kind, outcome and severity is spelled as the contract spells it") func spelling() throws {
        let form = try form(Given.unfit)
        #expect(Set(form.checks.map(\.kind)) == ["host", "probe", "builder", "artifact"])
        #expect(Set(form.checks.map(\.outcome)) == ["pass", "fail", "skip", "broken"])
    }

    @Test("it is one document that ends in one newline, without colours or escaped slashes") func form() throws {
        let text = try text(Given.unfit)
        #expect(text.hasPrefix("{") && text.hasSuffix("}\n") && !text.hasSuffix("\n\n"))
        #expect(!text.utf8.contains(0x1b) && !text.contains("\\/"))
        #expect(try self.text(Given.unfit) == text)
    }
}
