import Findings
import TestSupport
import Testing

@testable import Reports

@Suite("The console report") struct ConsoleReportTests {
    private func text(_ report: Report, colours: Bool = false) throws -> String {
        try ReportFormat.console.render(report, colours: colours)
    }

    @Test("of a host that is fit reads so") func fit() throws {
        let text = try text(Given.fit)
        #expect(
            text == """
                Host
                  kernel       Linux 6.1.0 x86_64, privileged
                  handler      qemu-aarch64  flags POCF
                  interpreter  /usr/bin/qemu-aarch64-static  7.2.22  sha256:0123456789ab…

                Path
                  host.binfmt-misc  pass    /proc/sys/fs/binfmt_misc
                  host.handler      pass    qemu-aarch64, flags POCF
                  host.interpreter  pass    /usr/bin/qemu-aarch64-static 7.2.22

                Probes in image core
                               direct       chroot
                  exec.static  pass 1.3 ms  skip
                  exec.argv0   pass 1.3 ms  skip
                      needs root

                fit: 5 passed, 0 failed, 2 skipped, 0 broken in 214.7 ms

                """)
    }

    /// The unfit report, with findings whose words the catalogue cannot change.
    private var unfit: Report {
        var report = Given.unfit
        report.findings = [
            Finding(
                .handlerMissing, summary: "none takes AArch64 programs", evidence: ["entries: none", "installed: /q"],
                cause: "nobody registered one", remedy: "type this", checks: ["exec.static@direct"]),
            Finding(
                .handlerDropsCredentials, summary: "no C", evidence: [], cause: "flags", remedy: "type that"),
        ]
        return report
    }

    @Test("of a host that is not shows what failed, why, and what to type; the verdict comes last") func notFit() throws
    {
        let text = try text(unfit)
        #expect(
            text == """
                Host
                  kernel   Linux 6.1.0 x86_64, privileged
                  handler  none takes AArch64 programs

                Path
                  host.binfmt-misc  pass    /proc/sys/fs/binfmt_misc
                  host.handler      FAIL    none of 0 entries in /proc/sys/fs/binfmt_misc takes AArch64 programs
                  host.interpreter  skip    host.handler failed

                Probes in image core
                               direct
                  exec.static  FAIL
                      execve: ENOEXEC (Exec format error)
                  fp.rounding  FAIL
                      expected 1; seen 2
                  exec.chain   pass 1.3 ms
                  cpu.sve      BROKEN
                      out of memory

                Builders and artifacts
                  build.run@buildah            FAIL  480.0 ms  exit status 1: exec: Exec format error
                  artifact.contents@image.tar  pass   12.0 ms  linux/arm64: ELF files for it: 3, layers: 1, bytes: 4096

                Findings
                  error handler-missing: none takes AArch64 programs
                      entries: none
                      installed: /q
                    cause   nobody registered one
                    remedy  type this
                    checks  exec.static@direct
                  warning handler-drops-credentials: no C
                    cause   flags
                    remedy  type that

                unfit: 3 passed, 4 failed, 1 skipped, 1 broken, 1 flaky in 214.7 ms

                """)
    }

    @Test("colours are escapes around the same words, and off means none") func colours() throws {
        for report in [Given.fit, unfit, Given.undetermined] {
            let plain = try text(report)
            let painted = try text(report, colours: true)
            #expect(!plain.utf8.contains(0x1b))
            #expect(painted.contains("\u{1b}["))
            #expect(painted.replacing(/\u{1b}\[[0-9;]*m/, with: "") == plain)
        }
    }

    @Test("no line ends in blanks") func trailingBlanks() throws {
        for report in [Given.fit, unfit, Given.undetermined] {
            #expect(try text(report).split(separator: "\n").allSatisfy { $0.last != " " })
        }
    }
}

@Suite("Many probes at a glance") struct ProbeMatrixTests {
    private func checks(_ change: (inout ReportDocument.Check) -> Void = { _ in }) -> [ReportDocument.Check] {
        ["direct", "container"].flatMap { venue in
            ["exec", "fp"].flatMap { group in
                (0..<10).map { number in
                    let judged = Check(
                        id: "\(group).fact\(number)", kind: .probe, image: "core", venue: venue, outcome: .pass,
                        duration: .milliseconds(2))
                    var check = ReportDocument.Check(judged)
                    change(&check)
                    return check
                }
            }
        }
    }

    @Test("passes are summed up by group") func groups() {
        let rows = ProbeMatrix(checks()).rows
        #expect(rows.map(\.title) == ["exec (10)", "fp (10)"])
        #expect(rows[0].cells.map(\.duration) == [.milliseconds(20), .milliseconds(20)])
    }

    @Test("what differs from its group is shown by name") func outsider() {
        let rows = ProbeMatrix(
            checks { if $0.reference == "fp.fact3@container" { ($0.outcome, $0.detail) = (.fail, "seen 2") } }
        ).rows
        #expect(rows.map(\.title) == ["exec (10)", "fp (9)", "fp.fact3"])
        #expect(rows[2].cells.map(\.outcome) == [.pass, .fail])
        #expect(rows[2].notes == ["seen 2"])
    }

    @Test("one fate of all is one row") func all() {
        let rows = ProbeMatrix(checks { ($0.outcome, $0.detail) = (.fail, "ENOEXEC") }).rows
        #expect(rows.map(\.title) == ["all 20 probes"])
        #expect(rows[0].notes == ["ENOEXEC"])
    }

    @Test("a failure never hides behind the same probe in another image") func images() throws {
        var report = try Sample.report("fit")
        let core = checks()
        let other = checks { check in
            check.image = "other"
            if check.reference == "fp.fact3@container" { check.outcome = .fail }
        }
        report.checks = core + other
        let text = ConsoleReport(report, colours: false).text
        #expect(ProbeMatrix.all(of: report).map(\.title) == ["Probes in image core", "Probes in image other"])
        #expect(text.contains("Probes in image other") && text.contains("FAIL"))
        #expect(MarkdownSummary(report).text(limit: 1 << 20).contains("### Probes in image other"))
    }

    @Test("a failure never hides in a row of passes", arguments: 0..<20) func nothingHides(place: Int) {
        var all = checks()
        all[place].outcome = .fail
        let failed = ProbeMatrix(all).rows.filter { $0.cells.contains { $0.outcome == .fail } }
        #expect(failed.map(\.title) == [all[place].id])
    }
}

@Suite("Tables") struct TableTests {
    @Test("columns are as wide as their widest cell, colours not counted") func alignment() {
        let red = "\u{1b}[31mred\u{1b}[0m"
        #expect(
            Table([["a", "b"], ["long", red, "x"], [red, "c"]]).lines == [
                "  a     b", "  long  \(red)  x", "  \(red)   c",
            ])
    }

    @Test("numbers stand at the right") func numbers() {
        #expect(
            Table([["a", "5", "x"], ["b", "500", "y"]], rightAligned: [1]).lines == ["  a    5  x", "  b  500  y"])
    }

    @Test("no rows are no lines") func none() {
        #expect(Table([]).lines.isEmpty)
        #expect(Table([[], [""]]).lines.allSatisfy { !$0.hasSuffix("  ") || $0.count <= 1 })
    }
}
