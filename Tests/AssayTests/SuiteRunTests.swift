import Files
import FoundationEssentials
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("assay run")
struct SuiteRunTests {
    private let machine: Machine

    init() throws { machine = try Machine() }

    private static let head = "schema: assay.scenario/1\ndescription: d\n"

    private func scenario(_ name: String, _ steps: String) throws -> String {
        try machine.write(Self.head + "name: \(name)\nsteps:\n\(steps)", to: "\(name).yaml").string
    }

    private func outcomes(_ outcome: Outcome) throws -> [String: String] {
        Dictionary(try outcome.report.checks.map { ($0.reference, $0.outcome) }) { first, _ in first }
    }

    @Test("accept.yaml comes to what assay accept comes to") func accept() throws {
        let accept = machine.assay("accept", "--builder", "none", "--format", "json")
        let file = Repository.folder
            .appending("Scenarios/accept.yaml").string
        let run = machine.assay("run", file, "--exclude", "accept/builders", "--format", "json")
        var found: [String: String] = [:]
        for check in try run.report.checks where check.kind != "step" {
            let reference = check.reference.split(separator: "/").dropFirst(2).joined(separator: "/")
            #expect(found[reference] == nil || found[reference] == check.outcome)
            found[reference] = check.outcome
        }
        #expect(try found == outcomes(accept))
        #expect(run.status == accept.status)
        #expect(try run.report.findings.map(\.code) == accept.report.findings.map(\.code))
        #expect(machine.leftovers == [])
    }

    @Test(
        "a step that passes at a second attempt is flaky, and says what the first came to; with --strict that is no pass"
    )
    func flaky() throws {
        let file = try scenario(
            "flaky",
            """
              - run: [sh, -c, "test -e '\(machine.scratch)/once' || { echo no >&2; : > '\(machine.scratch)/once'; exit 5; }"]
                image: host
                retries: 2
            """)
        let run = machine.assay("run", file, "--format", "json", "--strict")
        #expect(run.status == 3, "\(run)")
        let step = try #require(try run.report.checks.first { $0.kind == "step" })
        #expect(step.attempts == 2 && step.outcome == "pass")
        #expect(step.detail.contains("attempt 1 fail: run@direct: expected exit status 0; seen exit status 5: no"))
        #expect(step.detail.hasSuffix("attempt 2 pass"))
        #expect(run.output.contains("\"flaky\" : 2"))
    }

    @Test(
        "what a program of the host mounts is seen by nobody else, and goes with it",
        .enabled(if: isPrivileged(), "only root may mount"))
    func mounts() throws {
        let file = try scenario(
            "mounts",
            """
              - run: [sh, -c, "mkdir held && mount -t tmpfs held held && mountpoint -q held && kill -KILL $$"]
                image: host
                expect: {outcome: fail}
            """)
        // As systemd has it: what is mounted in a namespace shows in all others that share it.
        let run = machine.run(
            "unshare --mount --propagation shared sh -c '\"$0\" run \(file) && ! grep held /proc/self/mountinfo' \"$0\""
        )
        #expect(run.status == 0, "\(run)")
        #expect(machine.leftovers == [])
    }

    @Test(
        "the path of an image begins beside the scenario file, wherever assay is typed",
        .enabled(if: Here.emulates, "\(Here.emulationReason)"))
    func imageBesideTheFile() throws {
        let core = Repository.folder
            .appending("Sources/CImages/core-arm64.tar.zst")
        let file = try scenario(
            "own",
            """
              - {probe: exec.static, image: ./own.tar.zst, venue: direct}
              - {run: [bin/assay-probe, --nonce, "00", exec.static], image: ./own.tar.zst, venue: direct}
            """)
        let run = machine.run(
            "cp \(core) \(machine.scratch)/own.tar.zst && cd / && \"$0\" run \(file) --unconfined --format json")
        #expect(run.status == 0, "\(run)")
        #expect(try run.report.checks.map(\.outcome) == ["pass", "pass", "pass", "pass"])
        // Nobody knows whose program it is: so not as root in a venue that does not confine it.
        guard Here.isRoot else { return }
        let refused = machine.assay("run", file, "--format", "json")
        #expect(refused.status == 2 && refused.errors.contains("--unconfined"), "\(refused)")
        let confined = try scenario(
            "confined",
            """
              - {probe: exec.static, image: ./own.tar.zst, venue: [chroot, container]}
              - {run: [/bin/assay-probe, --nonce, "00", exec.static], image: ./own.tar.zst, venue: [chroot, container]}
            """)
        let kept = machine.assay("run", confined, "--format", "json")
        #expect(kept.status == 0, "\(kept)")
    }

    @Test("only what failed is run again") func rerun() throws {
        let file = try scenario(
            "some",
            """
              - {name: good, run: ["true"], image: host}
              - {name: bad, run: ["false"], image: host}
            """)
        let report = machine.scratch.appending("report.json").string
        #expect(machine.assay("run", file, "--report", "json=\(report)").status == 1)
        let again = machine.assay("run", file, "--rerun-failed", report, "--format", "json")
        #expect(try again.report.checks.map(\.id) == ["some/bad", "some/bad/run"])
        #expect(machine.assay("run", file, "--filter", "some/good", "--report", "json=\(report)").status == 0)
        #expect(machine.assay("run", file, "--rerun-failed", report).status == 4)
        #expect(machine.assay("run", file, "--rerun-failed", file).status == 65)
    }

    /// What a merged report says that does not depend on when its reports were made.
    private struct Merged: Decodable, Equatable {
        struct Check: Decodable, Equatable {
            var reference: String
            var summary: [String: Int]
        }
        struct Finding: Decodable, Equatable { var code, severity, remedy: String }
        struct Host: Decodable, Equatable {
            var name, verdict: String
            var summary: [String: Int]
            var unsound, findings: [String]
        }

        var verdict: String
        var reports: Int
        var summary: [String: Int]
        var checks: [Check]
        var findings: [Finding]
        var hosts: [Host]
    }

    @Test("shares that are run apart and merged are the whole", arguments: ["slice", "hash"])
    func shares(kind: String) throws {
        let files =
            try (1...9).map { number in
                try scenario("s\(number)", "  - {run: [sh, -c, \"exit \(number % 3 / 2)\"], image: host}\n")
            } + [
                try scenario(
                    "restricted",
                    """
                      - probe: exec.static
                        venue: direct
                        environment: {QEMU_CPU: cortex-a53}
                    """)
            ]
        func run(_ share: String) throws -> String {
            let path = machine.scratch.appending("\(share.replacing("/", with: "-")).json").string
            let arguments = ["run", "--partition", share, "--report", "json=\(path)"] + files
            let ended = Outcome(Supervisor(jobs: 1).run(machine.launch(arguments)))
            // The part of the whole that fails has a step that fails.
            let report = try JSONForm(String(decoding: WholeFile.read(path, limit: 1 << 20), as: UTF8.self))
            let fails = report.checks.contains { $0.kind == "step" && $0.outcome == "fail" }
            #expect(ended.status == (fails ? 1 : 0), "\(ended)")
            return path
        }
        func merged(_ reports: [String]) throws -> Merged {
            let arguments = ["report", "merge", "--expect", String(reports.count), "--format", "json"] + reports
            let ended = Outcome(Supervisor(jobs: 1).run(machine.launch(arguments)))
            #expect(ended.status == 1, "\(ended)")
            return try JSONDecoder().decode(Merged.self, from: Data(ended.output.utf8))
        }
        let whole = try merged([run("none")])
        var shares = try merged((1...4).map { try run("\(kind):\($0)/4") })
        #expect(whole.reports == 1 && shares.reports == 4)
        shares.reports = 1
        #expect(shares == whole)
        #expect(whole.summary["fail"] == 6 && whole.checks.count == 20)
        #expect(whole.hosts.count == 1)
        #expect(whole.findings.contains { $0.code == "cpu-model-restricted" })
    }

    @Test("after a failure nothing is begun with --fail-fast") func failFast() throws {
        let steps = (1...6).map { "  - {name: s\($0), run: [\"false\"], image: host}\n" }.joined()
        let run = machine.assay("run", try scenario("fast", steps), "--fail-fast", "--jobs", "1", "--format", "json")
        let found = try outcomes(run)
        #expect(found["fast/s1"] == "fail" && found["fast/s2"] == "skip" && found["fast/s6"] == "skip")
    }

    @Test("what takes too long is ended with all that it started, and is no pass") func timeout() throws {
        let file = try scenario("slow", "  - {run: [sh, -c, \"sleep 61 & sleep 61\"], image: host, timeout: 300ms}\n")
        let run = machine.assay("run", file, "--format", "json")
        #expect(try outcomes(run)["slow/run"] == "broken", "\(run)")
        #expect(run.status == 2)
        #expect(machine.leftovers == [])
        let late = machine.assay("run", file, "--run-timeout", "0.1", "--format", "json")
        #expect(try outcomes(late)["slow/run"] == "broken", "\(late)")
        #expect(late.status == 2)
    }

    @Test("wrong files, wrong words and empty selections have their statuses") func statuses() throws {
        let good = try scenario("good", "  - {run: [\"true\"], image: host}\n")
        let wrong = try machine.write("schema: other\n", to: "wrong.yaml").string
        #expect(machine.assay("run", "--check", good).status == 0)
        let both = machine.assay("run", good, wrong)
        #expect(both.status == 65)
        #expect(both.errors.contains("\(wrong):1:9: expected \"assay.scenario/1\", found \"other\""))
        #expect(machine.assay("run", "/no/such/path").status == 66)
        #expect(machine.assay("run", good, "--partition", "slice:3/2").status == 64)
        #expect(machine.assay("run", good, "--filter", "none").status == 4)
        #expect(machine.assay("run", good, "--tag", "none").status == 4)
        let empty = machine.assay("run", good, "--partition", "slice:2/2", "--format", "json")
        #expect(empty.status == 0, "\(empty)")
        #expect(try empty.report.checks.isEmpty)
        #expect(empty.errors.contains("is empty"))
        machine.environment["CI_NODE_INDEX"] = "1"
        machine.environment["CI_NODE_TOTAL"] = "2"
        #expect(machine.assay("run", good).errors.contains("slice:1/2 (CI_NODE_INDEX=1, CI_NODE_TOTAL=2)"))
        #expect(machine.assay("list", "scenarios", good).output.contains("good"))
    }

    @Test("a script beside the file may say that it could not find out, and knows this program") func undetermined()
        throws
    {
        let script = try machine.write("#!/bin/sh\necho no network >&2\n\"$ASSAY\" --version\nexit $1\n", to: "judge")
        chmod(script.string, 0o755)
        let file = try scenario(
            "judged",
            """
              - {name: right, run: [./judge, "0"], image: host, undetermined: 2, contains: "0."}
              - {name: wrong, run: [./judge, "1"], image: host, undetermined: 2}
              - {name: open, run: [./judge, "2"], image: host, undetermined: 2}
            """)
        let run = machine.assay("run", file, "--format", "json")
        let found = try outcomes(run)
        let near = machine.run("cd '\(machine.scratch)' && \"$0\" run judged.yaml --filter judged/right")
        #expect(near.status == 0, "\(near)")
        #expect(found["judged/right"] == "pass", "\(run)")
        #expect(found["judged/wrong"] == "fail", "\(run)")
        #expect(found["judged/open"] == "broken", "\(run)")
        #expect(try run.report.checks.first { $0.id == "judged/open" }?.detail.hasSuffix("no network") == true)
        let lacking = try machine.write(
            Self.head + "name: lacking\nrequires: {file: ./judges}\nsteps:\n  - {run: [./judges], image: host}\n",
            to: "lacking.yaml")
        #expect(try outcomes(machine.assay("run", lacking.string, "--format", "json"))["lacking/run"] == "skip")
        let image = try machine.write(
            Self.head + "name: image\nsteps:\n  - {probe: exec.static, image: /no/such.tar}\n", to: "image.yaml")
        #expect(try outcomes(machine.assay("run", image.string, "--format", "json"))["image/probe"] == "skip")
    }

    @Test("what is done twice in one scenario is refused: its second result would hide the first") func twice() throws {
        let file = try machine.write(
            Self.head
                + "name: twice\nmatrix: {venue: [direct, direct]}\nsteps:\n  - {probe: exec.static, venue: [chroot, chroot]}\n",
            to: "twice.yaml"
        ).string
        let run = machine.assay("run", file)
        #expect(run.status == 65, "\(run)")
        #expect(run.errors.contains("twice.yaml:4:26: expected each value once, found \"direct\" again"), "\(run)")
        #expect(run.errors.contains("twice.yaml:6:42: expected each value once, found \"chroot\" again"), "\(run)")
    }

    @Test("output is compared by bytes, and what was not kept is not judged") func outputs() throws {
        let file = try scenario(
            "outputs",
            """
              - {name: spelling, run: [printf, "e\\u0301"], image: host, output: "\u{e9}"}
              - {name: long, run: [sh, -c, "head -c 2000000 /dev/zero; echo END"], image: host, contains: END}
              - {name: nothing, run: ["true"], image: host, output: ""}
              - {name: much, run: [printf, "%s", "\(String(repeating: "x", count: 100_000))"], image: host, output: "\(String(repeating: "x", count: 100_000))"}
              - {name: variables, run: [sh, -c, "test $A = b"], image: host, environment: {A: b}}
            """)
        let found = try outcomes(machine.assay("run", file, "--format", "json"))
        #expect(found["outputs/spelling"] == "fail")
        #expect(found["outputs/long"] == "broken")
        #expect(found["outputs/nothing"] == "pass")
        #expect(found["outputs/much"] == "pass")
        #expect(found["outputs/variables"] == "pass")
    }

    @Test("numbers beyond reason are refused, with their place") func numbers() throws {
        for (step, place) in [
            ("{measure: a, baseline: b, at-most: 1e300}", "6:40"),
            ("{run: [\"true\"], timeout: 99999999999999999999h}", "6:30"),
        ] {
            let file = try machine.write(
                Self.head
                    + "name: big\nsteps:\n  - {name: a, run: [\"true\"]}\n  - \(step)\n  - {name: b, run: [\"true\"]}\n",
                to: "big.yaml")
            let run = machine.assay("run", "--check", file.string)
            #expect(run.status == 65 && run.errors.contains("big.yaml:\(place): expected"), "\(run)")
        }
        let good = try scenario("good", "  - {run: [\"true\"], image: host}\n")
        for time in ["nan", "inf", "1e30", "0"] {
            #expect(machine.assay("run", good, "--run-timeout", time).status == 64)
        }
        #expect(machine.assay("run", good, "--timeout", "1e-300", "--timeout-multiplier", "1e300").status == 64)
        #expect(machine.assay("run", good, "--journal", "/proc/none/j").status == 64)
    }

    @Test("a resumed run begins what was not begun, however its files are named") func notBegun() throws {
        let steps = """
              - {name: first, run: [sleep, "1"], image: host}
              - {name: second, run: ["true"], image: host}
              - {name: third, run: ["true"], image: host, needs: second}
            """
        let file = try scenario("late", steps)
        let journal = machine.scratch.appending("journal").string
        let cut = machine.assay(
            "run", file, "--journal", journal, "--run-timeout", "0.5", "--jobs", "1", "--format", "json")
        #expect(try Set(outcomes(cut).values) == ["broken"], "\(cut)")
        let again = machine.run(
            "cd '\(machine.scratch)' && \"$0\" run ./late.yaml --resume --journal '\(journal)' --format json")
        #expect(try Set(outcomes(again).values) == ["pass"], "\(again)")
        // Nothing new was found out: the history has it already.
        let count = { machine.assay("history", "--format", "json").output.split(separator: "\"started\"").count }
        let before = count()
        _ = machine.assay("run", file, "--resume", "--journal", journal)
        #expect(count() == before)
    }

    @Test("how long a run takes is known by the history, also where the journal is gone") func estimate() throws {
        let file = try scenario("slow", "  - {run: [sleep, \"1.2\"], image: host}\n")
        let journal = machine.scratch.appending("journal").string
        #expect(machine.assay("run", file, "--journal", journal, "--record").status == 0)
        unlink(journal)
        let plan = machine.assay("run", "--dry-run", file, "--journal", journal)
        #expect(plan.output.contains("about 2 s, by what earlier runs took"), "\(plan)")
    }

    @Test("a dry run prints the plan, and how long it takes by what earlier runs took") func dryRun() throws {
        let file = try scenario("dry", "  - {run: [\"true\"], image: host}\n")
        let before = machine.assay("run", "--dry-run", file)
        #expect(before.output.contains("dry/run") && before.output.contains("is not known"))
        #expect(machine.assay("run", file).status == 0)
        #expect(machine.assay("run", "--dry-run", file).output.contains("by what earlier runs took"))
    }

    @Test(
        "a full disk and too little memory are never a pass",
        .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.reason)"))
    func limits() throws {
        let file = try scenario(
            "full",
            """
              - {name: disk, probe: exec.static, limit: {disk: 64KiB}}
              - {name: memory, run: [sh, -c, "head -c 300000000 /dev/zero | tail -c 200000000 | wc -c"], image: host, contains: "200000000", limit: {memory: 64MiB}}
              - {name: enough, probe: exec.static, limit: {disk: 64MiB}}
            """)
        let run = machine.assay("run", file, "--format", "json")
        let found = try outcomes(run)
        #expect(found["full/disk"] == "broken", "\(run)")
        #expect(found["full/memory"] == "fail", "\(run)")
        #expect(found["full/enough"] == "pass", "\(run)")
        #expect(try run.report.checks.first { $0.id == "full/disk" }?.detail.contains("No space left") == true)
        #expect(machine.leftovers == [])
    }

    @Test(
        "a fault that comes while programs run meets them, and the host sees nothing of it",
        .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.reason)"))
    func delayedFault() throws {
        let file = try scenario(
            "late",
            """
              - fault: handler-disabled
                delay: 150ms
                steps:
                  - {run: [/bin/assay-probe, --nonce, "1", exec.static], venue: direct, repeat: 60}
                expect: {outcome: fail}
              - {name: after, probe: exec.static, needs: fault}
            """)
        let run = machine.assay("run", file, "--format", "json")
        #expect(try outcomes(run)["late/fault"] == "pass", "\(run)")
        #expect(try outcomes(run)["late/after"] == "pass", "\(run)")
    }
}
