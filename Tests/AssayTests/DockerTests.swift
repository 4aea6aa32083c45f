import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("Docker's BuildKit, with a daemon of its own", .serialized) struct DockerTests {
    private static let accept =
        "\"$0\" accept --builder docker --venue direct --filter build.run --filter exec.static --format json"

    @Test(
        "it proves both platforms, and leaves no image and no cache in the daemon",
        .enabled(if: Here.emulates && DockerDaemon.isHere, "\(DockerDaemon.reason), and a working handler"))
    func healthy() throws {
        let machine = try Machine()
        let outcome = machine.run(DockerDaemon.script(machine, Self.accept))
        #expect(outcome.status == 0, "\(outcome)")
        let build = try #require(try outcome.report.checks.first { $0.reference == "build.run@docker" })
        #expect(build.outcome == "pass")
        #expect(build.detail.hasPrefix(BuilderTests.proven))
        #expect(outcome.errors.contains("images:0 containers:0 cache:0"), "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "every context is built, and nothing of it is left",
        .enabled(if: Here.emulates && DockerDaemon.isHere, "\(DockerDaemon.reason), and a working handler"))
    func contexts() throws {
        let machine = try Machine()
        let command =
            "\"$0\" builders --builder docker --context hello --context stages --context cache --format json"
        let outcome = machine.run(DockerDaemon.script(machine, command))
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        for context in ["hello", "stages", "cache"] {
            #expect(report.checks.first { $0.reference == "build.\(context)@docker" }?.outcome == "pass")
        }
        #expect(outcome.errors.contains("images:0 containers:0 cache:0"), "\(outcome)")
    }

    @Test(
        "with the handler disabled the build is refused and named, and amd64 is still proven",
        .enabled(
            if: Here.emulates && DockerDaemon.isHere && DockerDaemon.mayChangeHost,
            "\(DockerDaemon.reason), a working handler, and ASSAY_MAY_CHANGE_HOST=1"))
    func withoutHandler() throws {
        let machine = try Machine()
        defer { DockerDaemon.restoreHandler() }
        let outcome = machine.run(DockerDaemon.script(machine, DockerDaemon.withoutHandler(Self.accept)))
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        let finding = try #require(report.findings.first { $0.code == "builder-declares-but-cannot-run" })
        #expect(finding.checks == ["build.run@docker"])
        #expect(finding.evidence.contains { $0.contains("exec format error") })
        #expect(finding.evidence.contains("proven: linux/amd64"))
        #expect(outcome.errors.contains("images:0 containers:0 cache:0"), "\(outcome)")
        #expect(Here.emulates)
    }

    @Test(
        "an emulator of BuildKit's own is told from the registered handler",
        .enabled(
            if: Here.emulates && DockerDaemon.isHere && DockerDaemon.mayChangeHost && PrivateHost.qemu != nil,
            "\(DockerDaemon.reason), a static QEMU, and ASSAY_MAY_CHANGE_HOST=1"))
    func embedded() throws {
        let machine = try Machine()
        defer { DockerDaemon.restoreHandler() }
        let whole = DockerDaemon.script(machine, emulator: PrivateHost.qemu, Self.accept)
        // BuildKit looks for the handler when it starts.
        let outcome = machine.run(DockerDaemon.withoutHandler(whole))
        let build = try #require(try outcome.report.checks.first { $0.reference == "build.run@docker" })
        #expect(build.outcome == "pass", "\(outcome)")
        #expect(build.detail.hasSuffix("RUN ran on aarch64 (the builder's embedded emulator)"))
        #expect(Here.emulates)
    }

    @Test(
        "interrupted builds leave nothing in the daemon",
        .enabled(if: Here.emulates && DockerDaemon.isHere, "\(DockerDaemon.reason), and a working handler"))
    func interrupted() throws {
        let machine = try Machine()
        let body = """
            for delay in 0.2 0.4 0.6 0.8 1.0; do
                timeout -s TERM $delay "$0" accept --builder docker --venue direct --filter build.run >/dev/null
            done; true
            """
        let outcome = machine.run(DockerDaemon.script(machine, body))
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.errors.contains("images:0 containers:0 cache:0"), "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "images go also where the daemon does not say what its cache holds, which is told",
        .enabled(if: Here.emulates && DockerDaemon.isHere, "\(DockerDaemon.reason), and a working handler"),
        arguments: [0, 1])
    func withoutInventory(answers: Int) throws {
        let machine = try Machine()
        // Docker itself, but for `docker system df`: never, or not after the first time.
        let wrapper = """
            #!/bin/sh
            case $1 in system) [ ! -e "$0.asked" ] && [ \(answers) = 1 ] || exit 1; : >"$0.asked" ;; esac
            exec /usr/bin/docker "$@"
            """
        try machine.write(wrapper, to: "wrapper", mode: [.ownerReadWriteExecute])
        let body = """
            mv '\(machine.scratch)/wrapper' "$d/bin/docker"
            \(Self.accept)
            status=$?; rm "$d/bin/docker"; hash -r; (exit $status)
            """
        let outcome = machine.run(DockerDaemon.script(machine, body))
        let build = try #require(try outcome.report.checks.first { $0.reference == "build.run@docker" })
        #expect(build.outcome == "broken" && build.detail.contains("build cache"), "\(outcome)")
        #expect(outcome.errors.contains("images:0 containers:0"), "\(outcome)")
    }

    @Test(
        "a context's socket is the one that is asked, and the one that is missed",
        .enabled(if: DockerDaemon.isHere, "\(DockerDaemon.reason)"))
    func context() throws {
        let machine = try Machine()
        let body = """
            docker context create here --docker "host=$DOCKER_HOST" >/dev/null
            docker context create nowhere --docker "host=unix://$d/none" >/dev/null
            ( unset DOCKER_HOST
              docker context use here >/dev/null && "$0" host --report "json=$d/used.json" >/dev/null
              for context in here nowhere unknown; do
                  DOCKER_CONTEXT=$context "$0" host --report "json=$d/$context.json" >/dev/null
              done )
            true
            """
        let outcome = machine.run(DockerDaemon.script(machine, body))
        #expect(outcome.status == 0, "\(outcome)")
        for (name, missed) in [
            ("used", nil), ("here", nil), ("nowhere", "/none does not exist"),
            ("unknown", "docker context unknown does not"),
        ] {
            let path = machine.scratch.appending("docker/\(name).json")
            let report = try JSONForm(String(decoding: try WholeFile.read(path.string, limit: 16 << 20), as: UTF8.self))
            let finding = report.finding("runner-no-docker-socket")
            #expect((finding == nil) == (missed == nil), "\(name)")
            #expect(finding?.summary.contains(missed ?? "") != false, "\(name)")
        }
    }

    @Test(
        "a command line without a daemon is a skip with its reason, and broken when it was asked for",
        .enabled(if: DockerDaemon.isHere, "\(DockerDaemon.reason)"))
    func unreachable() throws {
        let machine = try Machine()
        machine.environment["PATH"] = "/usr/bin:/bin"
        machine.environment["DOCKER_HOST"] = "unix://\(machine.scratch)/none.sock"
        let asked = machine.assay("accept", "--builder", "docker", "--filter", "build.run", "--format", "json")
        #expect(try asked.report.finding("builder-unreachable") != nil)
        #expect(asked.status == 2 || !Here.emulates, "\(asked)")
        let idle = machine.assay("accept", "--filter", "build.run", "--format", "json")
        let check = try #require(try idle.report.checks.first { $0.reference == "build.run@docker" })
        #expect(check.outcome == "skip")
        #expect(check.detail.contains("none.sock: there is no such socket"))
    }
}

@Suite("podman", .serialized) struct PodmanTests {
    private static let isHere = access("/usr/bin/podman", X_OK) == 0 && geteuid() == 0
    /// What is podman's alone: suites of other builders run beside this one.
    private static let traces = "find /run/libpod /dev/shm/libpod_lock -xdev -maxdepth 2 2>/dev/null"

    @Test(
        "it proves both platforms, and leaves nothing, interrupted or not",
        .enabled(if: Here.emulates && isHere, "needs podman, root, and a working handler"))
    func healthy() throws {
        let machine = try Machine()
        let shared = SharedPlaces(Self.traces, machine)
        // A storage that podman has used: the host's may be another test's at this moment.
        let places = "runroot = \"\(machine.scratch)/run\"\ngraphroot = \"\(machine.scratch)/store\"\n"
        try machine.write("[storage]\ndriver = \"vfs\"\n\(places)", to: "storage.conf")
        machine.environment["CONTAINERS_STORAGE_CONF"] = machine.scratch.appending("storage.conf").string
        // Its database keeps where its state is: not in /run.
        let containers = "podman --tmpdir '\(machine.scratch)/state' ps --all --external --quiet"
        let made = machine.run(containers)
        try #require(made.status == 0 && made.output == "", "\(made)")
        let outcome = machine.assay("accept", "--builder", "podman", "--filter", "build.run", "--format", "json")
        #expect(outcome.status == 0, "\(outcome)")
        let build = try #require(try outcome.report.checks.first { $0.reference == "build.run@podman" })
        #expect(build.detail.hasPrefix(BuilderTests.proven))
        for delay in ["0.3", "0.7", "1.1"] {
            _ = machine.run("timeout -s INT \(delay) \"$0\" accept --builder podman --filter build.run")
        }
        #expect(machine.run(containers).output == "")
        #expect(shared.additions == [])
        #expect(machine.leftovers.isEmpty)
        let mounts = String(decoding: try WholeFile.read("/proc/self/mounts", limit: 1 << 20), as: UTF8.self)
        #expect(!mounts.contains(machine.scratch.string))
    }
}
