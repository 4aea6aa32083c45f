import Findings
import Glibc
import TestSupport
import Testing

@testable import Reports

@Suite("The console report") struct ConsoleReportTests {
    private func text(
        _ report: Report, _ detail: ConsoleStyle.Detail = .normal, colours: Bool = false, width: Int = 100
    ) throws -> String {
        var document = report.document
        document.host?.name = "runner-07"
        let style = ConsoleStyle(colours: colours, detail: detail, width: width)
        return try ReportFormat.console.render(document, style: style)
    }

    @Test("of a host that is fit says so in its first line, and what was judged below") func fit() throws {
        #expect(
            try text(Given.fit) == """
                FIT  runner-07: runs arm64 in the venue direct                                    5 checks, 214.7 ms
                  handler   qemu-aarch64 POCF -> QEMU 7.2.22
                  probes    direct 2   chroot: needs root

                """)
    }

    @Test("is longer for those who ask: every check, and the counts") func everyCheck() throws {
        #expect(
            try text(Given.fit, .checks) == """
                FIT  runner-07: runs arm64 in the venue direct                                    5 checks, 214.7 ms
                  handler   qemu-aarch64 POCF -> QEMU 7.2.22
                  probes    direct 2   chroot: needs root

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
                .interpreterMissing, summary: "/q does not exist", evidence: ["entries: none", "installed: /q"],
                cause: "Nobody installed it. It is a program.", remedy: "printf this", checks: ["exec.static@direct"]),
            Finding(
                .handlerDropsCredentials, summary: "no C", evidence: ["flags: P"], cause: "flags",
                remedy:
                    "register it again with flags that somebody has thought about for so long that it does not fit on one line"
            ),
        ]
        return report
    }

    @Test("of a host that is not names the cause, what to type and why, before anything else") func notFit() throws {
        #expect(
            try text(unfit) == """
                UNFIT  runner-07 does not run arm64 as it should: the handler's interpreter does not exist
                  x interpreter-missing   /q does not exist
                      fix   printf this
                      why   Nobody installed it
                      more  assay explain interpreter-missing
                  x host.handler   none of 0 entries in /proc/sys/fs/binfmt_misc takes AArch64 programs
                  x fp.rounding@direct   expected 1; seen 2
                  x build.run@buildah   exit status 1: exec: Exec format error
                  ? cpu.sve@direct   out of memory
                  binfmt_misc ok -> handler AT FAULT -> interpreter ? -> program FAILS SOMETIMES
                  probes    direct 1, 2 FAILED, 1 broken, 1 flaky
                  builders  buildah FAILED
                  ! handler-drops-credentials   sudo and su fail in emulated containers
                      fix   register it again with flags that somebody has thought about for so long that it does
                            not fit on one line

                """)
    }

    @Test("keeps what is claimed of a fit host where a finding is allowed, and the line is short") func allowed() throws
    {
        var document = Given.fit.document
        document.host?.name = "runner-07"
        document.allowed = [
            ReportDocument.Allowed(
                code: "handler-drops-credentials", reason: "nobody uses sudo in the builds that run here",
                source: "--allow", expired: false)
        ]
        let text = try ReportFormat.console.render(document, style: ConsoleStyle(width: 80))
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("run here); runner-07: runs arm64 in the venue direct 5 checks"), "\(text)")
    }

    @Test("the first line counts the features that the processor does not have, each once") func lacking() throws {
        var document = Given.fit.document
        for (id, venue) in [("cpu.sve", "direct"), ("cpu.sve", "container"), ("crypto.sm4", "direct")] {
            var check = document.checks[0]
            (check.id, check.venue, check.kind) = (id, venue, "probe")
            (check.outcome, check.detail) = (.skip, "hwcap not claimed")
            document.checks.append(check)
        }
        let text = try ReportFormat.console.render(document, style: ConsoleStyle())
        #expect(text.contains(": runs arm64 in the venue direct without 2 features of its processor"))
    }

    @Test(
        "wraps a sentence that begins with a command's name, and no command",
        arguments: [
            ("mount the socket into the runner, add the user to the docker group, or start dockerd", true),
            ("export or download the artifact again from where it came, and compare the sum that is published", true),
            ("systemctl start docker, or export DOCKER_HOST=unix:///run/user/1000/docker.sock and try again", true),
            ("sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=15000 kernel.y=1", false),
        ])
    func sentences(remedy: String, isSentence: Bool) throws {
        var report = Given.unfit
        report.findings = [Finding(.runnerNoDockerSocket, summary: "s", evidence: [], cause: "c", remedy: remedy)]
        let lines = try text(report, .checks, width: 80).split(separator: "\n")
        #expect(lines.contains { $0.count > 80 && $0.contains("fix") } == !isSentence, "\(lines)")
    }

    @Test("has the evidence for those who ask twice") func evidence() throws {
        let (once, twice) = (try text(unfit, .checks), try text(unfit, .evidence))
        #expect(!once.contains("installed: /q") && twice.contains("\n      installed: /q\n"))
        #expect(once.contains("why   Nobody installed it. It is a program.\n"))
        #expect(once.contains("\nunfit: 3 passed, 4 failed, 1 skipped, 1 broken, 1 flaky in 214.7 ms\n"))
    }

    @Test("is one line for --quiet, and references alone for --list-failed") func brief() throws {
        #expect(
            try text(unfit, .verdict)
                == "UNFIT  runner-07 does not run arm64 as it should: the handler's interpreter does not exist\n")
        #expect(
            try text(unfit, .failures) == """
                host.handler
                exec.static@direct
                fp.rounding@direct
                cpu.sve@direct
                build.run@buildah

                """)
        #expect(try text(Given.fit, .failures).isEmpty)
    }

    @Test("has no limits, notes, evidence or durations of checks, but says how many limits there are") func calm()
        throws
    {
        var report = Given.fit
        for index in report.checks.indices where report.checks[index].outcome == .pass {
            report.checks[index].detail = "limit-one: ENOSYS"
        }
        report.checks[0].detail = "limit-two: a hint"
        report.findings.append(Finding(.runnerUnprivileged, summary: "no CAP_SYS_ADMIN", evidence: ["CapEff: 0"]))
        let said = try text(report)
        #expect(said.hasSuffix("\n  2 known limits of this QEMU (-v)\n"))
        for word in ["limit-", "ENOSYS", "CAP_SYS_ADMIN", "CapEff", "1.3 ms"] { #expect(!said.contains(word)) }
        let more = try text(report, .checks)
        for word in ["limit-two", "i runner-unprivileged   no CAP_SYS_ADMIN", "1.3 ms"] { #expect(more.contains(word)) }
    }

    @Test("names a step that failed once, not also what it consists of") func steps() throws {
        var report = Given.unfit
        report.command = "run"
        report.findings = []
        report.checks = [
            Check(id: "a/b", kind: .step, outcome: .fail, detail: "run@direct: expected 1; seen 2"),
            Check(id: "a/b/run", kind: .probe, venue: "direct", outcome: .fail, detail: "expected 1; seen 2"),
        ]
        report.verdict = .unfit
        let said = try text(report)
        #expect(said.hasPrefix("UNFIT  the step did not go as expected: a/b: run@direct: expected 1; seen 2\n"))
        #expect(said.contains("  x a/b   run@direct: expected 1; seen 2\n") && !said.contains("x a/b/run"))
    }

    @Test(
        "of an interrupted run says what was done, and what of that failed",
        arguments: [
            ([], "no step was done: interrupted by SIGINT"), ([.pass], "the step was done: interrupted by SIGINT"),
            ([.pass, .fail], "2 steps were done, and 1 of 2 steps did not go as expected: interrupted by SIGINT"),
        ] as [([Outcome], String)])
    func interruptedSteps(outcomes: [Outcome], claim: String) throws {
        var report = Given.unfit
        report.command = "run"
        report.findings = []
        report.checks = outcomes.enumerated().map { Check(id: "a/\($0)", kind: .step, outcome: $1, detail: "seen 2") }
        report.interrupt(signal: SIGINT)
        let said = try text(report)
        #expect(said.hasPrefix("UNDETERMINED  \(claim)"), "\(said)")
    }

    @Test("says what was not run for a cause that is named, and does not list it") func follows() throws {
        var report = Given.unfit
        for index in report.checks.indices where report.checks[index].kind == .probe {
            report.checks[index].outcome = index.isMultiple(of: 2) ? .fail : .skip
            if report.checks[index].outcome == .skip {
                report.checks[index].follows = .handlerMissing
                report.checks[index].detail = "follows from handler-missing"
            }
        }
        let said = try text(report)
        let count = report.checks.count { $0.follows != nil }
        #expect(said.contains("\n  not run: \(count) probes: nothing can pass before this is mended\n"))
        #expect(!said.contains("follows from"))
        #expect(try text(report, .checks).contains(", \(count) not run because of them"))
        #expect(report.document.summary.follows == count && Given.fit.document.summary.follows == nil)
    }

    @Test("wraps sentences at words, and never a command", arguments: [60, 80, 120]) func widths(width: Int) throws {
        var report = unfit
        report.findings[0].remedy = "sudo /opt/assay " + String(repeating: "word ", count: 40) + "end"
        let lines = try text(report, width: width).split(separator: "\n")
        #expect(lines.contains { $0 == "      fix   " + report.findings[0].remedy })
        let long = lines.filter { $0.count > width && !$0.hasPrefix("      fix   sudo") && !$0.contains(" -> ") }
        #expect(long.isEmpty, "\(long)")
    }

    @Test("colours are escapes around the same words, and off means none", arguments: ConsoleStyle.Detail.allCases)
    func colours(detail: ConsoleStyle.Detail) throws {
        for report in [Given.fit, unfit, Given.undetermined] {
            let plain = try text(report, detail)
            let painted = try text(report, detail, colours: true)
            #expect(!plain.utf8.contains(0x1b))
            #expect(painted.contains("\u{1b}[") || detail == .failures)
            #expect(painted.replacing(/\u{1b}\[[0-9;]*m/, with: "") == plain)
        }
    }

    @Test("no line ends in blanks", arguments: ConsoleStyle.Detail.allCases)
    func trailingBlanks(detail: ConsoleStyle.Detail) throws {
        for report in [Given.fit, unfit, Given.undetermined] {
            #expect(try text(report, detail).split(separator: "\n").allSatisfy { $0.last != " " })
        }
    }
}

@Suite("A path row and the checks") struct EmulationPathTests {
    private func words(_ outcomes: [String: Outcome], probes: [(String, Outcome)]) throws -> [String] {
        var report = try Sample.report("unfit")
        report.checks =
            PathLink.allCases.compactMap { link in
                outcomes[link.rawValue].map {
                    ReportDocument.Check(
                        id: link.rawValue, kind: "host", outcome: $0, duration: .zero, attempts: 1, detail: "",
                        findings: ["handler-missing"])
                }
            }
            + probes.map { venue, outcome in
                ReportDocument.Check(
                    id: "exec.static", kind: "probe", image: "core", venue: venue, outcome: outcome, duration: .zero,
                    attempts: 1, detail: "", findings: [])
            }
        return try #require(EmulationPath(report)).links.map(\.word)
    }

    @Test("say the same of every link") func links() throws {
        let cut: [String: Outcome] = ["host.binfmt-misc": .pass, "host.handler": .fail, "host.interpreter": .skip]
        #expect(try words(cut, probes: []) == ["ok", "MISSING", "?", "?"])
        #expect(try words(cut, probes: [("direct", .fail)]) == ["ok", "MISSING", "?", "FAILS"])
        let whole: [String: Outcome] = ["host.binfmt-misc": .pass, "host.handler": .pass, "host.interpreter": .broken]
        #expect(
            try words(whole, probes: [("direct", .pass), ("container", .fail)])
                == ["ok", "ok", "?", "FAILS in container"])
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
        let text = ConsoleReport(report, style: ConsoleStyle(detail: .checks)).text
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

    private let table = Table(
        [
            ["run", "path", "state"], ["9", "/usr/libexec/qemu-binfmt/aarch64-binfmt-P", "used"],
            ["10", "", "shadowed"],
        ],
        rightAligned: [0])

    @Test("a column that does not fit stands whole below its row, and an empty cell nowhere") func below() {
        #expect(
            table.lines(within: 40, below: [1]) == [
                "  run  state", "    9  used", "      path  /usr/libexec/qemu-binfmt/aarch64-binfmt-P",
                "   10  shadowed",
            ])
    }

    @Test("where it fits, and where there is no limit, each row is one line", arguments: [nil, 80]) func fits(
        width: Int?
    ) {
        #expect(table.lines(within: width, below: [1]) == table.lines)
    }

    @Test("the last column is wrapped at blanks, and the other rows keep their lines") func wrapped() {
        let lines = Table([["FAIL", "one two three four"], ["FAIL", "five"]]).lines(wrappedTo: 20)
        #expect(lines == ["  FAIL  one two", "        three four", "  FAIL  five"])
        #expect(
            Table([["a-long-name", "one two three"]]).lines(wrappedTo: 20) == [
                "  a-long-name", "      one two three",
            ])
    }
}
