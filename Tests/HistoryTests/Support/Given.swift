import Archive
import Binfmt
import Findings
import Glibc
import History
import Reports
import Sandbox
import SystemPackage

/// A database in a directory of its own, removed with it: a suite holds one for each of its tests.
final class Place {
    let directory: FilePath
    var path: FilePath { directory.appending("state").appending("assay").appending("history.sqlite") }

    init() throws { directory = try ScratchDirectory().path }

    deinit { try? TreeRemover.removeTree(directory) }
}

/// Reports with fixed parts.
enum Given {
    static func host(kernel: String = "Linux 6.1.0", qemu: String = "7.2.22") -> HostEvidence {
        HostEvidence(
            kernel: kernel, machine: "x86_64", privileged: true, registry: Registry(state: .enabled, handlers: []),
            interpreter: InterpreterEvidence(
                path: "/usr/bin/qemu-aarch64-static", error: 0, executable: true, version: qemu,
                sha256: String(repeating: "ab", count: 32)))
    }

    static func check(
        _ id: String, _ outcome: Outcome = .pass, milliseconds: Int = 10, attempts: Int = 1
    ) -> Check {
        Check(
            id: id, kind: .probe, image: "core", venue: "direct", outcome: outcome,
            duration: .milliseconds(milliseconds), attempts: attempts, detail: "\(id) was \(outcome.rawValue)")
    }

    static func report(
        _ checks: [Check], host: HostEvidence? = host(), findings: [Finding] = [], command: String = "run",
        started: Int = 1_769_846_400
    ) -> Report {
        var report = Report(
            version: "0.1.0", command: command, started: Timestamp(seconds: started), duration: .milliseconds(214),
            evidence: Evidence())
        report.host = host
        report.checks = checks
        report.findings = findings
        report.verdict = Verdict(checks)
        return report
    }
}
