import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("Builders of this host", .serialized) struct BuilderTests {
    /// Where buildah leaves things outside the directories that it is given.
    private static let places = "/var/lib/containers /run/containers /run/lock /etc/containers"
    private static let traces = """
        find \(places) -xdev -maxdepth 2 2>/dev/null
        find /var/tmp -maxdepth 2 2>/dev/null | grep -e buildah -e assay -e storage
        """
    private static let kept = ["/etc/containers", "/var/lib/containers/storage"]

    /// A remark may follow: whose storage it was.
    static let proven = "linux/amd64: RUN ran on x86_64, linux/arm64: RUN ran on aarch64 (registered handler)"

    @Test(
        "buildah builds for both platforms, both RUN steps are proven, and nothing is left",
        .enabled(if: Here.emulates && Here.hasBuildah, "\(Here.buildahReason), and a working handler"))
    func buildah() throws {
        let machine = try Machine()
        let places = SharedPlaces(Self.traces, machine)
        let outcome = machine.assay(
            "accept", "--builder", "buildah", "--venue", "direct", "--filter", "build.run", "--filter", "exec.static",
            "--format", "json")
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        let build = try #require(report.checks.first { $0.reference == "build.run@buildah" })
        #expect(build.outcome == "pass")
        #expect(build.detail.hasPrefix(Self.proven))
        #expect(report.checks.contains { $0.kind == "artifact" && $0.outcome == "pass" })
        #expect(machine.leftovers.isEmpty)
        #expect(machine.names(in: machine.home) == [".cache"])
        #expect(places.additions == [] && places.losses(in: Self.kept) == [])
    }

    @Test(
        "an interrupt in the middle of a build leaves no process and no file",
        .enabled(if: Here.emulates && Here.hasBuildah, "\(Here.buildahReason), and a working handler"))
    func interrupted() throws {
        let (machine, _) = try withStorage()
        let places = SharedPlaces(Self.traces, machine)
        let mark = Token(machine.temporary.string)
        let script =
            "echo $$; exec \"$0\" accept --builder buildah --venue direct --filter build.run --filter exec.static"
        for pause: UInt32 in [50_000, 150_000, 300_000] {
            let (outcome, seen) = mark.signal(SIGTERM, to: machine.shell(script), atLeast: 1, pause: pause)
            #expect(seen > 0, "buildah never ran")
            #expect(outcome.status == 143, "\(outcome)")
            #expect(mark.alive.isEmpty)
            #expect(outcome.ended.stragglers == 0)
        }
        #expect(machine.leftovers.isEmpty)
        #expect(machine.run("buildah containers --quiet --all").output == "")
        #expect(places.additions == [] && places.losses(in: Self.kept) == [])
        let mounts = String(decoding: try WholeFile.read("/proc/self/mounts", limit: 1 << 20), as: UTF8.self)
        #expect(!mounts.contains(machine.scratch.string))
    }

    /// A machine whose user has a storage of buildah's, below the scratch directory.
    ///
    /// - Parameter later: what its storage.conf says after the storage was made.
    private func withStorage(_ later: String = "driver = \"vfs\"\n") throws -> (machine: Machine, list: String) {
        let machine = try Machine()
        let path = machine.scratch.appending("storage.conf").string
        let places = "runroot = \"\(machine.scratch)/run\"\ngraphroot = \"\(machine.scratch)/store\"\n"
        try machine.write("[storage]\ndriver = \"vfs\"\n\(places)", to: "storage.conf")
        machine.environment["CONTAINERS_STORAGE_CONF"] = path
        // A list of images makes the storage.
        let list = "buildah images --quiet --all"
        let made = machine.run("\(list) && ls '\(machine.scratch)/store'")
        try #require(made.status == 0 && made.output.contains("vfs-images"), "\(made)")
        try machine.write("[storage]\n\(later)\(places)", to: "storage.conf")
        return (machine, list)
    }

    @Test(
        "the user's own storage is what is tried, and nothing is left in it",
        .enabled(if: Here.emulates && Here.hasBuildah, "\(Here.buildahReason), and a working handler"))
    func usersStorage() throws {
        let (machine, list) = try withStorage()
        let outcome = machine.assay("builders", "--builder", "buildah", "--context", "all", "--format", "json")
        let checks = try outcome.report.checks.filter { $0.kind == "builder" }
        let run = try #require(checks.first { $0.reference == "build.run@buildah" })
        #expect(run.outcome == "pass", "\(outcome)")
        #expect(run.detail.hasSuffix("in the user's storage \(machine.scratch)/store"), "\(run.detail)")
        #expect(machine.run(list).output == "", "\(machine.run("buildah images --all").output)")
        #expect(machine.run("buildah containers --quiet --all").output == "")
    }

    @Test(
        "nor in TMPDIR, where XDG_RUNTIME_DIR is not set",
        .enabled(
            if: Here.hasBuildah && PrivateHost.canEmulate,
            "\(Here.buildahReason), and \(PrivateHost.emulationReason)"))
    func noRuntimeDirectory() throws {
        let (machine, _) = try withStorage()
        try #require(machine.leftovers.isEmpty)
        let outcome = try machine.privatelyWithManyIDs(
            PrivateHost.register(flags: "F")
                + "unset XDG_RUNTIME_DIR; exec \"$0\" builders --builder buildah --format json")
        let run = try #require(try outcome.report.checks.first { $0.kind == "builder" })
        #expect(run.detail.hasSuffix("in the user's storage \(machine.scratch)/store"), "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "a builder that works with a private storage only is unfit, and says so",
        .enabled(if: Here.emulates && Here.hasBuildah, "\(Here.buildahReason), and a working handler"))
    func refusedStorage() throws {
        let (machine, _) = try withStorage("driver = \"btrfs\"\n")
        let outcome = machine.assay("builders", "--builder", "buildah", "--format", "json")
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        let finding = try #require(report.finding("builder-storage-fails"), "\(outcome)")
        #expect(finding.evidence.first == "storage: \(machine.scratch)/store", "\(finding)")
        let run = try #require(report.checks.first { $0.kind == "builder" })
        #expect(run.outcome == "fail" && run.detail.contains("RUN ran on aarch64"), "\(run.detail)")
        #expect(run.detail.contains("in a private storage only"))
    }

    @Test(
        "--clean removes what killed runs left, and only that",
        .enabled(if: Here.hasBuildah, "\(Here.buildahReason)"))
    func clean() throws {
        let (machine, list) = try withStorage()
        try machine.write("FROM scratch\nCOPY Containerfile /\n", to: "Containerfile")
        let run = "assay-0123456789ab"
        let build = "buildah build --isolation chroot --file '\(machine.scratch)/Containerfile'"
        let made = machine.run(
            """
            cd '\(machine.scratch)' && mkdir context && cp Containerfile context
            \(build) --label org.assay.run=\(run) --manifest \(run)-run context && \(build) --tag mine context
            buildah manifest create assay-tools-own
            printf 'FROM scratch\\nRUN ["/none"]\\n' >Containerfile
            for argument in ASSAY_RUN=\(run) OWN=\(run); do
                ! \(build) --layers --force-rm=false --build-arg $argument context || exit 1
            done
            """)
        #expect(made.status == 0, "\(made)")
        let containers = "buildah containers --quiet --all | wc -l"
        try #require(machine.run(containers).output == "2\n")
        let outcome = machine.assay("builders", "--clean", "--builder", "buildah")
        let removed = "buildah: containers of builds removed: 1\nbuildah: images removed: "
        #expect(outcome.status == 0 && outcome.output.hasPrefix(removed), "\(outcome)")
        #expect(machine.run(containers).output == "1\n", "a container of the user's own build stays")
        let names = machine.run("buildah images --format '{{.Name}}'").output.split(separator: "\n")
        #expect(
            Set(names) == ["localhost/mine", "localhost/assay-tools-own"],
            "a list of the user's own goes by a like name")
        #expect(machine.run(list).output.split(separator: "\n").count == 2)
        #expect(machine.assay("builders", "--clean", "--builder", "buildah").output == "buildah: nothing is left\n")
    }

    @Test("--clean never says that nothing is left where it could not look") func cleanWithoutDaemon() throws {
        let machine = try without(Machine())
        try machine.write("#!/bin/sh\nexit 1\n", to: "empty/docker")
        try #require(chmod(machine.scratch.appending("empty/docker").string, 0o755) == 0)
        // A directory of a program's name is no program.
        try #require(mkdir(machine.scratch.appending("empty/buildah").string, 0o755) == 0)
        machine.environment["DOCKER_HOST"] = "unix:///nowhere/docker.sock"
        let outcome = machine.assay("builders", "--clean", "--builder", "docker")
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.output.hasPrefix("docker: not looked at: ") && outcome.output.contains("/nowhere/docker.sock"))
        #expect(
            machine.assay("builders", "--clean", "--builder", "buildah").output
                == "buildah: not looked at: it is not installed\n")
        let all = machine.assay("builders", "--clean")
        #expect(all.status == 0 && !all.output.contains("nothing is left"), "\(all)")
    }

    /// A PATH on which there is no builder.
    private func without(_ machine: Machine) throws -> Machine {
        let empty = machine.scratch.appending("empty")
        try #require(mkdir(empty.string, 0o755) == 0)
        machine.environment["PATH"] = empty.string
        return machine
    }

    @Test(
        "where there is none that is a skip, and fit", .enabled(if: Here.emulates, "\(Here.emulationReason)"))
    func absent() throws {
        let outcome = try without(Machine()).assay(
            "accept", "--venue", "direct", "--filter", "exec.static", "--filter", "build.run", "--format", "json")
        #expect(outcome.status == 0, "\(outcome)")
        let check = try #require(try outcome.report.checks.first { $0.kind == "builder" })
        #expect(check.outcome == "skip" && check.detail.contains("not installed"))
    }

    @Test(
        "where one was asked for its absence leaves the question open", arguments: ["any", "buildah"])
    func required(builder: String) throws {
        let outcome = try without(Machine()).assay(
            "accept", "--venue", "direct", "--filter", "build.run", "--builder", builder, "--format", "json")
        let report = try outcome.report
        #expect(report.finding("builder-missing") != nil)
        #expect(report.checks.first { $0.kind == "builder" }?.outcome == "broken")
        if Here.emulates {
            #expect(outcome.status == 2, "\(outcome)")
            #expect(report.verdict == "undetermined")
        }
    }

    @Test("--filter and --exclude choose what is built, and nothing chosen is status 4")
    func selection() throws {
        let machine = try without(Machine())
        func built(_ options: String...) throws -> [String] {
            let words = ["builders", "--context", "run", "--context", "hello", "--format", "json"] + options
            let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(words)))
            if outcome.status == 4 { return [] }
            return try outcome.report.checks.filter { $0.kind == "builder" }.map(\.reference)
        }
        #expect(try built("--filter", "build.hello@buildah") == ["build.hello@buildah"])
        #expect(try built("--filter", "*@podman", "--exclude", "build.run") == ["build.hello@podman"])
        #expect(try built("--filter", "exec.static") == [])
        #expect(try built("--exclude", "build.*") == [])
    }

    @Test(
        "--timeout-multiplier stretches and shortens a builder's time limit",
        .enabled(if: Here.isRoot, "needs root, who has ids for buildah"))
    func timeout() throws {
        let machine = try Machine()
        try machine.write(
            "#!/bin/sh\n[ \"$1\" != --version ] || { echo buildah version 1.28.2; exit; }\nexec sleep 50\n",
            to: "buildah", mode: [.ownerReadWriteExecute])
        machine.environment["PATH"] = "\(machine.scratch):/usr/bin:/bin"
        let outcome = machine.assay(
            "builders", "--builder", "buildah", "--timeout-multiplier", "0.01", "--format", "json")
        #expect(outcome.status == 1, "\(outcome)")
        let check = try #require(try outcome.report.checks.first { $0.kind == "builder" })
        #expect(check.detail.hasPrefix("no end within 1.2"), "\(outcome)")
    }

    @Test("--fail-fast tries no builder after one that failed", .enabled(if: Here.isRoot, "needs root"))
    func failFast() throws {
        let machine = try Machine()
        let script = "#!/bin/sh\n[ \"$1\" != --version ] || { echo x version 4.9; exit; }\nexit 1\n"
        for name in ["buildah", "podman"] {
            try machine.write(script, to: name, mode: [.ownerReadWriteExecute])
        }
        machine.environment["PATH"] = "\(machine.scratch):/usr/bin:/bin"
        for (options, tried) in [([], ["buildah", "podman"]), (["--fail-fast"], ["buildah"])] {
            let words = ["builders", "--builder", "buildah", "--builder", "podman", "--format", "json"]
            let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(words + options)))
            let checks = try outcome.report.checks.filter { $0.kind == "builder" }
            #expect(checks.map(\.reference) == tried.map { "build.run@\($0)" }, "\(outcome)")
        }
    }

    @Test("a buildx node that was started is stopped, though another of the builder's cannot be had")
    func startedNode() throws {
        let machine = try Machine()
        let node = machine.scratch.appending("node")
        // Real tools cannot be made to lose one node of two here: what buildx 0.29 prints then.
        try machine.write(
            """
            #!/bin/sh
            case "$*" in
            "buildx version") echo github.com/docker/buildx v0.29.1 x ;;
            "buildx inspect --bootstrap") : >'\(node)'; exec "$0" buildx inspect ;;
            "buildx inspect")
                printf 'Name: two\\nDriver: docker-container\\n\\nNodes:\\nName: two0\\nStatus: '
                [ -e '\(node)' ] && echo running || echo inactive
                printf 'Name: two1\\nError: connection refused\\n' ;;
            "buildx stop") rm '\(node)' ;;
            *) exit 1 ;;
            esac
            """, to: "docker", mode: [.ownerReadWriteExecute])
        let plugins = machine.home.appending("cli-plugins")
        try #require(mkdir(plugins.string, 0o755) == 0)
        try #require(symlink("/bin/true", plugins.appending("docker-buildx").string) == 0)
        machine.environment["DOCKER_HOST"] = "tcp://127.0.0.1:1"
        machine.environment["DOCKER_CONFIG"] = machine.home.string
        machine.environment["PATH"] = "\(machine.scratch):/usr/bin:/bin"
        let outcome = machine.assay("builders", "--builder", "buildx:two", "--format", "json")
        let check = try #require(try outcome.report.checks.first { $0.kind == "builder" })
        #expect(check.outcome == "broken" && check.detail.contains("connection refused"), "\(outcome)")
        #expect(access(node.string, F_OK) != 0)
    }

    @Test(
        "a handler that fails shows in the build too",
        .enabled(if: Here.hasBuildah && PrivateHost.isPossible, "\(Here.buildahReason), and \(PrivateHost.reason)"))
    func withoutHandler() throws {
        let machine = try Machine()
        let outcome = try machine.privatelyWithManyIDs(
            "exec \"$0\" accept --builder buildah --venue direct --filter build.run --format json")
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.errors.contains("handler-missing"))
        #expect(report.checks.first { $0.kind == "builder" }?.outcome == "fail")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "a set-user-id program in a RUN step has its owner's id with C, and its caller's without",
        .enabled(if: Here.hasBuildah && PrivateHost.canEmulate, "\(Here.buildahReason), and \(PrivateHost.reason)"),
        arguments: ["POCF", "POF"])
    func setUserID(flags: String) throws {
        let machine = try Machine()
        let outcome = try machine.privatelyWithManyIDs(
            PrivateHost.register(flags: flags)
                + "exec \"$0\" builders --builder buildah --context setuid --format json")
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        let check = try #require(report.checks.first { $0.reference == "build.setuid@buildah" })
        #expect(check.outcome == "pass" && check.detail.contains("RUN ran on aarch64"))
        #expect(check.detail.contains("credentials-dropped") == (flags == "POF"))
        #expect((report.finding("handler-drops-credentials")?.checks == [check.reference]) == (flags == "POF"))
    }

    @Test(
        "a handler that runs anything and succeeds is not taken for an arm64 machine",
        .enabled(if: Here.hasBuildah && PrivateHost.isPossible, "\(Here.buildahReason), and \(PrivateHost.reason)"))
    func ranNatively() throws {
        let machine = try Machine()
        // BuildKit's own check of arm64 takes this for a working emulator: it asks for exit status 0 only.
        let yes = machine.scratch.appending("yes")
        let compiled = machine.run("echo 'int main(void) { return 0; }' | cc -static -x c - -o '\(yes)'")
        try #require(compiled.status == 0, "\(compiled)")
        let outcome = try machine.privatelyWithManyIDs(
            PrivateHost.register(yes.string, flags: "F") + "exec \"$0\" builders --builder buildah --format json")
        #expect(outcome.status == 1, "\(outcome)")
        let finding = try #require(try outcome.report.finding("builder-ran-natively"), "\(outcome)")
        #expect(finding.evidence == ["linux/arm64: the RUN step left no proof"])
        #expect(finding.checks == ["build.run@buildah"])
        #expect(machine.leftovers.isEmpty)
    }
}
