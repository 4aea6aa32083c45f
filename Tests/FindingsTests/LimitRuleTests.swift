import Binfmt
import Evidence
import Files
import Findings
import Glibc
import Guest
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("Limits") struct LimitRuleTests {
    private static let space = LimitEvidence.Resource(
        name: "RLIMIT_AS", option: "v", directive: "LimitAS", item: "as", soft: 150_000, hard: nil, unit: "KiB")
    private static let processes = LimitEvidence.Group(
        controller: .pids, file: "/sys/fs/cgroup/pids/b/pids.max", limit: 4, current: 2, enforced: 3)
    private static let crash = ProbeEvidence.Result.crashed(signal: 6, message: "")
    private static let ran = LimitEvidence.Attempt(result: .passed(note: nil))

    private func judge(
        _ result: ProbeEvidence.Result, _ limits: LimitEvidence?, _ probe: String = "exec.static"
    ) -> Diagnosis {
        var host = Given.host([Given.handler()])
        host.runner.limits = limits
        return Diagnosis(host, [Given.probe(result, probe)])
    }

    @Test("a limit without which the smallest program runs is the finding, and nothing else is") func shown() {
        var limits = LimitEvidence(resources: [Self.space])
        limits.bare = LimitEvidence.Attempt(result: Self.crash)
        limits.relieved = [LimitEvidence.Attempt(lifted: ["RLIMIT_AS"], result: .passed(note: nil))]
        let shifted = ProbeEvidence.Result.failed(expected: "a", seen: "b")
        for result in [Self.crash, .silent(status: 1), .unproven(detail: "nothing"), .lost(reason: "killed"), shifted] {
            let judged = judge(result, limits, "exec.argv0")
            #expect(judged.errors == [.runnerLimits] && judged.verdict == .unfit)
            #expect(judged.findings[0].summary.hasPrefix("RLIMIT_AS (ulimit -v) = 150000 KiB: "))
            #expect(judged.findings[0].remedy == "ulimit -S -v unlimited")
        }
    }

    @Test("a group's limit that was reached meanwhile is named with what lifts it, and decides nothing") func reached()
    {
        var limits = LimitEvidence(groups: [Self.processes])
        limits.bare = Self.ran
        limits.enforced = [.pids]
        let judged = judge(Self.crash, limits)
        #expect(judged.codes == [.runnerLimits] && judged.errors.isEmpty && judged.verdict == .undetermined)
        #expect(judged.findings[0].severity == .warning)
        #expect(judged.findings[0].remedy == "echo max > /sys/fs/cgroup/pids/b/pids.max")
        #expect(judged.findings[0].checks == ["exec.static@direct"])
    }

    @Test("a probe that is killed under a limit, and does not apply without it, is the limit's doing") func skipped() {
        var limits = LimitEvidence(resources: [Self.space])
        limits.bare = Self.ran
        limits.again = ["exec.static@direct": .skipped(reason: "needs another id")]
        #expect(judge(Self.crash, limits).errors == [.runnerLimits])
    }

    @Test("the command raises the stack to what is usual, and processes in shells that have another name for them")
    func raising() {
        func remedy(_ name: String, _ option: String) -> String? {
            var limits = LimitEvidence(resources: [Self.space])
            limits.resources[0].name = name
            limits.resources[0].option = option
            limits.bare = LimitEvidence.Attempt(result: Self.crash)
            limits.relieved = [LimitEvidence.Attempt(lifted: [name], result: .passed(note: nil))]
            return judge(Self.crash, limits).findings.first?.remedy
        }
        #expect(remedy("RLIMIT_STACK", "s") == "ulimit -S -s 8192")
        #expect(
            remedy("RLIMIT_SIGPENDING", "i")
                == "ulimit -S -i unlimited || prlimit --pid $$ --as=unlimited:")
        #expect(remedy("RLIMIT_NPROC", "u") == "ulimit -S -u unlimited || ulimit -S -p unlimited")
    }

    @Test("a group's limit of memory is named with its count, and raised below that of memory and swap") func memory() {
        let place = "/sys/fs/cgroup/memory/b"
        var group = LimitEvidence.Group(
            controller: .memory, file: "\(place)/memory.limit_in_bytes", limit: 50_331_648, current: 4096, enforced: 7)
        var limits = LimitEvidence(groups: [group])
        limits.bare = LimitEvidence.Attempt(result: .crashed(signal: 9, message: ""), enforced: [.memory])
        let found = judge(Self.crash, limits).findings[0]
        #expect(found.code == .runnerLimits && found.severity == .error)
        #expect(
            found.summary.contains("\(group.file) = 50331648 (48 MiB): the kernel kills the smallest arm64 program"))
        #expect(found.evidence.contains { $0.contains("7 processes killed (oom_kill)") }, "\(found.evidence)")
        #expect(found.remedy.hasSuffix("-1 > \(group.file)") || found.remedy == "echo -1 | sudo tee \(group.file)")
        group.swapFile = "\(place)/memory.memsw.limit_in_bytes"
        limits.groups = [group]
        let remedy = judge(Self.crash, limits).findings[0].remedy
        #expect(remedy.contains("memory.memsw.limit_in_bytes"))
        #expect(remedy.hasSuffix(group.file), "\(remedy)")
    }

    @Test("an error of Assay's own names the limit that it comes of, and how to raise it") func own() {
        var files = Self.space
        (files.name, files.option, files.directive, files.item) = ("RLIMIT_NOFILE", "n", "LimitNOFILE", "nofile")
        (files.soft, files.hard, files.unit) = (12, 1024, "")
        var limits = LimitEvidence(resources: [Self.space, files])
        let advice = limits.advice(on: "pipe2: Too many open files")
        #expect(advice?.hasPrefix("RLIMIT_NOFILE (ulimit -n) = 12, set by the shell") == true)
        #expect(advice?.hasSuffix("; type: ulimit -S -n 1024") == true)
        #expect(limits.advice(on: "open: No such file or directory") == nil)
        limits.resources[1].hard = 12
        #expect(limits.advice(on: "Too many open files")?.contains("--nofile=1048576") == true)
        limits.unit = "ci.service"
        #expect(limits.advice(on: "Too many open files")?.contains("LimitNOFILE=infinity") == true)
    }

    @Test("a call that is missing natively too is no fault of the emulator's") func missingCall() {
        var host = Given.host([Given.handler()])
        let failed = ProbeEvidence.Result.failed(expected: "stx_mtime nanoseconds = 9", seen: "0")
        let note = ProbeNote("limit-statx: statx is not implemented (ENOSYS)")
        host.native["file.fields"] = Given.probe(.passed(note: note), "file.fields")
        let judged = Diagnosis(
            host, [Given.probe(.passed(note: nil), "exec.static"), Given.probe(failed, "file.fields")])
        #expect(judged.errors.isEmpty && judged.verdict == .undetermined)
        host.native = [:]
        #expect(Diagnosis(host, [Given.probe(failed, "file.fields")]).errors == [.emulationWrongResult])
    }

    @Test("without a limit a crash is the emulator's") func none() {
        #expect(judge(Self.crash, nil).errors == [.emulationCrashes])
        var limits = LimitEvidence(resources: [Self.space])
        limits.bare = LimitEvidence.Attempt(result: Self.crash)
        limits.relieved = [LimitEvidence.Attempt(lifted: ["RLIMIT_AS"], result: Self.crash)]
        #expect(judge(Self.crash, limits).errors == [.emulationCrashes])
    }

    @Test("what the kernel enforced while the smallest program runs by itself leaves the question open") func open() {
        var limits = LimitEvidence(groups: [Self.processes])
        limits.bare = Self.ran
        limits.enforced = [.pids]
        let judged = judge(Self.crash, limits)
        #expect(judged.errors.isEmpty && judged.verdict == .undetermined)
        #expect(judged.checks.contains { $0.detail.contains("/sys/fs/cgroup/pids/b/pids.max = 4") })
        limits.enforced = []
        #expect(judge(Self.crash, limits).errors == [.emulationCrashes])
    }

    @Test("a hard limit that cannot be lifted, under which a larger program fails, leaves it open, too") func hard() {
        var fixed = Self.space
        fixed.hard = fixed.soft
        var limits = LimitEvidence(resources: [fixed])
        limits.bare = Self.ran
        #expect(judge(Self.crash, limits).verdict == .undetermined)
        // Tried again without it: the limit is cleared.
        limits.resources = [Self.space]
        limits.again = ["exec.static@direct": Self.crash]
        #expect(judge(Self.crash, limits).errors == [.emulationCrashes])
        limits.again = ["exec.static@direct": .passed(note: nil)]
        #expect(judge(Self.crash, limits).errors == [.runnerLimits])
    }

    @Test("what passes without the limits and under them is an accident, and leaves it open") func control() {
        var limits = LimitEvidence(resources: [Self.space])
        limits.bare = Self.ran
        limits.again = ["exec.static@direct": .passed(note: nil)]
        limits.control = ["exec.static@direct": Self.crash]
        #expect(judge(Self.crash, limits).errors == [.runnerLimits])
        limits.control = ["exec.static@direct": .passed(note: nil)]
        #expect(judge(Self.crash, limits).verdict == .undetermined)
    }

    @Test(
        "under a limit that cannot be lifted, a program's own words decide",
        arguments: [
            (ProbeEvidence.Result.failed(expected: "mmap succeeds", seen: "ENOMEM"), "RLIMIT_AS"),
            (.unproven(detail: "allocate 134217728 bytes for jit buffer: Cannot allocate memory"), "RLIMIT_AS"),
            (.failed(expected: "execve succeeds", seen: "E2BIG"), "RLIMIT_STACK"),
            (.failed(expected: "an open file", seen: "EMFILE"), "RLIMIT_NOFILE"),
            (.failed(expected: "a process", seen: "EAGAIN"), "RLIMIT_NPROC"),
            (.crashed(signal: 25, message: ""), "RLIMIT_FSIZE"),
        ])
    func unlifted(result: ProbeEvidence.Result, name: String) {
        for set in ["RLIMIT_AS", "RLIMIT_STACK", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_FSIZE"] {
            var fixed = Self.space
            (fixed.name, fixed.hard) = (set, fixed.soft)
            var limits = LimitEvidence(resources: [fixed])
            limits.bare = Self.ran
            limits.unlifted = [set]
            // As far as the hard limit it was lifted, and that was not enough.
            limits.again = ["exec.static@direct": result]
            let judged = judge(result, limits)
            let isNamed = set == name || (set, name) == ("RLIMIT_STACK", "RLIMIT_AS")
            #expect(judged.errors == (isNamed ? [.runnerLimits] : []), "\(set): \(judged.findings)")
            #expect(judged.verdict == (isNamed ? .unfit : .undetermined))
        }
    }

    @Test("a builder that fails under a limit is not at fault: its words decide, or nothing is known") func builder() {
        var limits = LimitEvidence(resources: [Self.space])
        func judge(_ words: String) -> Diagnosis {
            var evidence = BuilderEvidence(
                builder: "buildah", guest: .arm64,
                result: .failed(command: "buildah bud", status: "exit status 1", message: [words]))
            evidence.limits = limits
            return Diagnosis(builder: evidence)
        }
        #expect(judge("fork/exec: cannot allocate memory").errors == [.runnerLimits])
        #expect(judge("error: something").errors.isEmpty && judge("error: something").verdict == .undetermined)
        #expect(judge("error: something").checks[0].detail.contains("RLIMIT_AS (ulimit -v) = 150000 KiB"))
        #expect(judge("write: no space left on device").verdict == .undetermined)
        #expect(judge("exec format error").errors == [.builderDeclaresButCannotRun])
        limits = LimitEvidence(groups: [Self.processes])
        #expect(judge("error: something").errors == [.builderBuildFailed])
        limits.enforced = [.pids]
        #expect(judge("error: something").errors == [.runnerLimits])
    }

    @Test("the emulator's own words name memory where nothing can be lifted") func words() {
        var fixed = Self.space
        fixed.hard = fixed.soft
        var limits = LimitEvidence(resources: [fixed], unit: "runner.service")
        limits.bare = LimitEvidence.Attempt(
            result: .unproven(detail: "nothing"), words: "qemu: Unable to reserve 0x1000 bytes of virtual address space"
        )
        let judged = judge(.unproven(detail: "nothing"), limits)
        #expect(judged.errors == [.runnerLimits])
        #expect(judged.findings[0].remedy.contains("LimitAS=") && judged.findings[0].remedy.contains("runner.service"))
    }

    @Test("what is to be typed changes the service and restarts it", arguments: [true, false]) func service(
        privileged: Bool
    ) throws {
        func remedy(_ unit: String) -> String {
            var fixed = Self.space
            fixed.hard = fixed.soft
            var limits = LimitEvidence(resources: [fixed], unit: unit)
            limits.bare = LimitEvidence.Attempt(
                result: .unproven(detail: "nothing"),
                words: "qemu: Unable to reserve 0x1000 bytes of virtual address space")
            var host = Given.host([Given.handler()])
            host.privileged = privileged
            host.runner.limits = limits
            return Diagnosis(host, [Given.probe(.unproven(detail: "nothing"))]).findings
                .first { $0.code == .runnerLimits }?.remedy ?? ""
        }
        #expect(remedy("session-3.scope").contains("/etc/security/limits.conf"))
        let command = remedy("run ner@1.service")
        #expect(command.hasPrefix("sudo sh -c ") != privileged, "\(command)")
        let root = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(root) }
        // Other programs than the host's; `sudo` runs what follows it.
        let script = """
            mkdir -p "$1/bin"
            printf '#!/bin/sh\necho "$@"\n' >"$1/bin/systemctl"
            printf '#!/bin/sh\nexec "$@"\n' >"$1/bin/sudo"
            chmod 755 "$1"/bin/*
            PATH=$1/bin:$PATH
            eval "$2" && cat "$1/units/run ner@1.service.d/assay-LimitAS.conf"
            """
        let typed = command.replacing("/etc/systemd/system", with: "\(root)/units")
        var launch = Launch(
            path: "/bin/sh", arguments: ["sh", "-ec", script, "sh", root.string, typed], venue: .direct,
            timeout: .seconds(20))
        launch.environment = ["PATH": "/usr/bin:/bin"]
        let ended = Supervisor(jobs: 1).run(launch)
        #expect(
            ended.output.text == "daemon-reload\nrestart run ner@1.service\n[Service]\nLimitAS=infinity\n",
            "\(ended.errors.text)")
    }

    @Test("a registry that was not read whole lacks nothing") func unread() {
        var host = Given.host([])
        host.registry.unread = ["/proc/sys/fs/binfmt_misc/x: Input/output error"]
        let judged = Diagnosis(host, [Given.passed])
        #expect(judged.errors.isEmpty && judged.verdict == .undetermined)
        #expect(judged.outcome("host.handler") == .broken)
        host.registry.state = Given.hidden
        #expect(Diagnosis(host, [Given.passed]).verdict == .undetermined)
    }

    @Test("programs that were never started say nothing of a registry that is not visible") func neverStarted() {
        let lost = Given.probe(.noVenue(stage: .fork, error: EAGAIN, text: "forking: EAGAIN"))
        let judged = Diagnosis(Given.host([], state: Given.hidden), [lost])
        #expect(judged.errors.isEmpty && judged.verdict == .undetermined)
    }
}
