import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

/// What a found cause explains is not tried, and a user's mistake is not the host's.
@Suite("A cause that was found", .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct FoundCauseTests {
    private func withoutHandler(_ words: String) -> String { "exec \"$0\" drill registry-empty -- \"$0\" \(words)" }

    private func privately(_ machine: Machine, _ script: String) -> Outcome {
        Outcome(Supervisor(jobs: 1).run(machine.privately(script)))
    }

    @Test("a run skips what would run where the smallest program failed twice, and says from what that follows")
    func run() throws {
        let machine = try Machine()
        try machine.write(
            """
            schema: assay.scenario/1
            name: dead
            description: Nothing starts here.
            steps:
              - inspect: host
              - probe: [exec.script]
                venue: [direct]
              - {name: again, run: [/bin/assay-probe, --list], venue: [direct]}
              - {name: own, run: [/bin/true], image: host}
            """, to: "dead.yaml")
        let words = "run '\(machine.scratch)/dead.yaml' --jobs 1 --no-record --format"
        let report = try machine.run(withoutHandler("\(words) json")).report
        let steps = report.checks.filter { $0.kind == "step" }
        #expect(steps.map(\.outcome) == ["fail", "skip", "skip", "pass"], "\(steps)")
        #expect(steps.map(\.follows) == [nil, "handler-missing", "handler-missing", nil])
        let text = machine.run(withoutHandler("\(words) console")).output
        let first = "UNFIT  1 of 4 steps did not go as expected: no handler is registered for arm64 programs\n"
        #expect(text.hasPrefix(first), "\(text)")
        #expect(text.contains("\n  binfmt_misc ok -> handler MISSING -> interpreter ? -> program FAILS\n"), "\(text)")
        #expect(text.contains("\n  not run: 2 steps"), "\(text)")
    }

    @Test("builders that run steps on this host are not tried either, but for one that is named")
    func builders() throws {
        let machine = try Machine()
        guard Here.hasBuildah else { return }
        let all = try machine.run(withoutHandler("builders --format json")).report
        let own = all.checks.filter { $0.reference == "build.run@buildah" }
        #expect(own.map(\.outcome) == ["skip"] && own.map(\.follows) == ["handler-missing"], "\(own)")
        #expect(all.finding("builder-declares-but-cannot-run") == nil && all.finding("handler-missing") != nil)
        #expect(all.finding("builder-missing") == nil, "it was not asked for")
        let named = try machine.run(withoutHandler("builders --builder buildah --format json")).report
        #expect(named.checks.first { $0.reference == "build.run@buildah" }?.outcome == "fail")
    }

    @Test("a step that failed carries no finding that explains nothing of it, in any form")
    func mistakes() throws {
        let machine = try Machine()
        try machine.write(
            """
            schema: assay.scenario/1
            name: mistakes
            description: The user's own.
            steps:
              - {name: output, run: [/bin/assay-probe, --nonce, "1", exec.static], output: hello}
              - {name: absent, run: [/bin/no-such-program]}
            """, to: "mistakes.yaml")
        let words = "run '\(machine.scratch)/mistakes.yaml' --no-record"
        // A handler without C, so that there is a warning.
        let script = PrivateHost.register(flags: "F") + "exec \"$0\" \(words)"
        let report = try privately(machine, "\(script) --format json").report
        #expect(report.finding("handler-drops-credentials") != nil)
        #expect(report.checks.filter { $0.outcome == "fail" }.count == 4)
        #expect(report.checks.allSatisfy { $0.findings.isEmpty }, "\(report.checks)")
        let form = privately(machine, "\(script) --format junit").output
        #expect(form.contains("type=\"fail\"") && !form.contains("type=\"handler"), "\(form)")
        let quiet = privately(machine, "\(script) --quiet").output
        #expect(quiet.split(separator: "\n").count == 1 && quiet.contains("expected the output"), "\(quiet)")
    }

    @Test("a TMPDIR that is mounted noexec is named, with what to type") func noexec() throws {
        let machine = try Machine()
        let cache = machine.scratch.appending("cache").string
        let outcome = privately(
            machine,
            """
            mkdir '\(cache)' '\(machine.scratch)/x' && mount -t tmpfs -o noexec tmpfs '\(machine.scratch)/x' || exit 91
            \(PrivateHost.register(flags: "F"))
            export TMPDIR='\(machine.scratch)/x' XDG_CACHE_HOME='\(cache)'
            exec "$0" accept --builder none --no-record --filter 'exec.script@direct'
            """)
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.output.contains("\n  x runner-noexec-workdir   "), "\(outcome)")
        #expect(outcome.output.contains("mount -o remount,exec \(machine.scratch)/x\n"), "\(outcome)")
    }

    @Test(
        "the caller's filter of system calls is no fault of the emulator's",
        .enabled(if: Here.isX86 && access("/usr/bin/python3", X_OK) == 0, "needs python3, and an x86-64 host"),
        arguments: [
            ("faccessat2", "EPERM", "file.access"), ("memfd_create", "EPERM", "system.self-maps"),
            ("statx", "ENOSYS", "file.fields"),
        ])
    func filtered(call: String, error: String, probe: String) throws {
        let machine = try Machine()
        let refuse = Repository.folder.appending("ci/hosts.d/refuse.py").string
        let outcome = privately(
            machine,
            PrivateHost.register(flags: "OCF")
                + "exec python3 '\(refuse)' \(error) \(call) \"$0\" probe \(probe) --format json --no-record")
        #expect(outcome.status == 2, "\(outcome)")
        let check = try #require(try outcome.report.checks.first { $0.id == probe })
        let reason = "a filter of system calls (seccomp) refuses \(call) (\(error)) here: expected "
        #expect(check.outcome == "broken" && check.detail.contains(reason), "\(check)")
        #expect(try outcome.report.finding("emulation-wrong-result") == nil)
    }

    @Test(
        "root needs no place that is writable: one is mounted that only the run sees",
        .enabled(if: Here.isRoot && Here.emulates, "needs root, and a working handler"))
    func nothingWritable() throws {
        let machine = try Machine()
        let outcome = machine.run(
            """
            exec unshare -m --propagation private sh -c '
                for d in /run /var/tmp /dev/shm /tmp; do mount --bind $d $d && mount -o remount,bind,ro $d || exit 91; done
                unset TMPDIR; exec "$0" host --no-record' "$0"
            """)
        #expect(outcome.status == 0 && outcome.output.hasPrefix("FIT  "), "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }
}
