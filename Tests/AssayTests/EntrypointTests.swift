import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("artifact --run") struct EntrypointTests {
    private static func entrypoint(_ outcome: Outcome) throws -> JSONForm.Check {
        try #require(try outcome.report.checks.first { $0.id == "artifact.entrypoint" }, "\(outcome)")
    }

    @Test(
        "runs an arm64 entrypoint through the registered handler, and leaves nothing",
        .enabled(if: Here.emulates, "\(Here.emulationReason)"), arguments: ["container", "chroot", "oci"])
    func emulated(venue: String) throws {
        guard venue != "chroot" || Here.isRoot, venue != "oci" || OCIRuntime.installed != nil else { return }
        let machine = try Machine()
        let archive = try machine.coreArchive()
        let outcome = machine.assay("artifact", archive.string, "--run", "--venue", venue, "--format", "json")
        #expect(outcome.status == 0, "\(outcome)")
        let check = try Self.entrypoint(outcome)
        #expect(check.outcome == "pass" && check.detail.contains("status 0"))
        #expect(!Here.isX86 || check.detail.contains("through "), "\(check.detail)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "does so for an ordinary user, from standard input and from a compressed archive too",
        .enabled(
            if: Here.emulates && Here.nobodyCanRun, "\(Here.emulationReason), or nobody cannot execute the program"))
    func ordinaryUser() throws {
        let machine = try Machine(user: Here.isRoot ? 65534 : nil)
        let maker = try Machine()
        let source = try maker.coreArchive()
        for script in [
            "exec \"$0\" artifact - --run --format json <'\(source)'",
            "gzip -c '\(source)' >'\(machine.home)/image.tar.gz' && "
                + "exec \"$0\" artifact '\(machine.home)/image.tar.gz' --run --format json",
        ] {
            let outcome = machine.run(script)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try Self.entrypoint(outcome).outcome == "pass")
            #expect(machine.leftovers.isEmpty)
        }
    }

    @Test("says what was printed in place of what was expected", .enabled(if: Here.emulates, "\(Here.emulationReason)"))
    func expectations() throws {
        let machine = try Machine()
        let archive = try machine.coreArchive().string
        let output = machine.assay("artifact", archive, "--run", "--expect-output", "hello", "--format", "json")
        #expect(output.status == 1, "\(output)")
        let finding = try #require(try output.report.finding("artifact-entrypoint-fails"))
        #expect(finding.summary.contains("expected \"hello\"") && finding.checks == ["artifact.entrypoint@\(archive)"])
        let wrong = ["artifact", archive, "--run", "--", "/bin/assay-probe", "--no-such-option"]
        #expect(Outcome(Supervisor(jobs: 1).run(machine.launch(wrong))).status == 1)
        let expected = machine.assay(
            "artifact", archive, "--run", "--expect-status", "64", "--", "/bin/assay-probe", "--no-such-option")
        #expect(expected.status == 0, "\(expected)")
        let absent = machine.assay("artifact", archive, "--run", "--format", "json", "--", "no-such-program")
        #expect(absent.status == 1 && absent.output.contains("no such program"), "\(absent)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "blames the host where no handler takes the program, never the artifact",
        .enabled(if: PrivateHost.isPossible && Here.isX86, "\(PrivateHost.reason), and an x86-64 host"))
    func noHandler() throws {
        let machine = try Machine()
        let archive = try machine.coreArchive().string
        let outcome = machine.assay("artifact", archive, "--run", "--format", "json", after: "")
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.errors == ["handler-missing"])
        let check = try Self.entrypoint(outcome)
        #expect(check.outcome == "broken" && check.findings == ["handler-missing"])
        #expect(check.detail.contains("ENOEXEC") && !check.detail.contains("status"))
        #expect(report.finding("handler-missing")?.checks.contains(check.reference) == true)
        #expect(report.checks.contains { $0.id == "artifact.contents" && $0.outcome == "pass" })
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "takes no exit status for proof: an interpreter that runs nothing is named, whatever it was to end with",
        .enabled(if: PrivateHost.isPossible && Here.isX86, "\(PrivateHost.reason), and an x86-64 host"),
        arguments: ["0", "1"])
    func silentInterpreter(expected: String) throws {
        let machine = try Machine()
        let archive = try machine.coreArchive().string
        let silent = PrivateHost.register(try machine.writeSilentProgram().string, flags: "PF")
        let outcome = machine.assay(
            "artifact", archive, "--run", "--expect-status", expected, "--format", "json", after: silent)
        let report = try outcome.report
        #expect(report.errors == ["interpreter-wrong-program"], "\(outcome)")
        let check = try Self.entrypoint(outcome)
        #expect(check.outcome == "broken" && check.findings == ["interpreter-wrong-program"])
        #expect(check.detail.contains("exec.static@container did not prove itself"), "\(check.detail)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "blames the host where its interpreter lacks its own loader, never the artifact",
        .enabled(if: PrivateHost.isPossible && Here.isX86, "\(PrivateHost.reason), and an x86-64 host"))
    func dynamicInterpreter() throws {
        let machine = try Machine()
        let archive = try machine.coreArchive().string
        let outcome = machine.assay(
            "artifact", archive, "--run", "--format", "json", after: PrivateHost.register("/bin/true", flags: "POCF"))
        let report = try outcome.report
        #expect(report.errors == ["interpreter-dynamic"], "\(outcome)")
        let check = try Self.entrypoint(outcome)
        #expect(check.outcome == "broken" && check.findings == ["interpreter-dynamic"], "\(check)")
    }

    @Test("gives the program its environment and working directory, and a root that it may write to")
    func surroundings() throws {
        try #require(Here.isX86, "made of this host's own shell")
        let machine = try Machine()
        let archive = try machine.imageArchive(
            "amd64",
            execution: """
                {"Entrypoint":["sh","-c"],"Cmd":["echo $WORD $PWD; echo more >/made && read x </made && echo $x"],
                 "Env":["WORD=one=two","PATH=/usr/bin:/bin"],"WorkingDir":"/some/where"}
                """,
            files: "mkdir -p bin && take $(readlink -f /bin/sh) && cp -L /bin/sh bin/sh")
        let outcome = machine.assay(
            "artifact", archive.string, "--platform", "linux/amd64", "--run", "--expect-output",
            "one=two /some/where\nmore", "--format", "json")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try Self.entrypoint(outcome).detail.contains("native"))
        let report = try outcome.report
        #expect(report.host == nil && machine.leftovers.isEmpty)
    }

    @Test(
        "finds what the image has in /tmp, a program and a working directory too", arguments: ["container", "chroot"])
    func temporary(venue: String) throws {
        try #require(Here.isX86, "made of this host's own shell")
        guard venue == "container" || Here.isRoot else { return }
        let machine = try Machine()
        let archive = try machine.imageArchive(
            "amd64",
            execution: """
                {"Cmd":["/tmp/prog","-c","read word <word && echo more >/tmp/made && echo $word $PWD >/dev/stdout"],
                 "WorkingDir":"/tmp/x"}
                """,
            files: """
                mkdir -p tmp/x && chmod 1777 tmp && take $(readlink -f /bin/sh) && cp -L /bin/sh tmp/prog && echo own >tmp/x/word
                """)
        let outcome = machine.assay(
            "artifact", archive.string, "--platform", "linux/amd64", "--run", "--venue", venue, "--expect-output",
            "own /tmp/x")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test("makes a /tmp that anyone may write to where the image has none", .enabled(if: Here.isRoot, "needs root"))
    func madeTemporary() throws {
        try #require(Here.isX86, "made of this host's own shell")
        let machine = try Machine()
        let archive = try machine.imageArchive(
            "amd64",
            execution: #"{"User":"7:7","Cmd":["/bin/sh","-c","echo word >/tmp/a && read x </tmp/a && echo $x"]}"#,
            files: "mkdir -p bin && take $(readlink -f /bin/sh) && cp -L /bin/sh bin/sh")
        let outcome = machine.assay(
            "artifact", archive.string, "--platform", "linux/amd64", "--run", "--venue", "chroot", "--expect-output",
            "word")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test("runs nothing as root for a user that is none", .enabled(if: Here.isRoot, "needs root")) func noUser() throws
    {
        try #require(Here.isX86, "made of this host's own shell")
        let machine = try Machine()
        let archive = try machine.imageArchive(
            "amd64", execution: #"{"User":"4294967295","Cmd":["/bin/sh","-c","exit 0"]}"#,
            files: "mkdir -p bin && take $(readlink -f /bin/sh) && cp -L /bin/sh bin/sh"
        ).string
        let outcome = machine.assay("artifact", archive, "--platform", "linux/amd64", "--run", "--venue", "chroot")
        #expect(outcome.status == 1 && outcome.said.contains("4294967295"), "\(outcome)")
    }

    @Test(
        "becomes the image's user, by name or number, and says so where it cannot",
        .enabled(if: Here.isRoot && Here.isX86, "needs root, and an x86-64 host"),
        arguments: [("app", "1234:77"), ("4321", "4321:0"), ("app:9", "1234:9"), ("5:wheel", "5:88")])
    func user(asked: String, expected: String) throws {
        let machine = try Machine()
        let archive = try machine.imageArchive(
            "amd64",
            execution: #"{"User":"\#(asked)","Entrypoint":["/bin/sh","-c","id -u; id -g"],"Env":["PATH=/usr/bin"]}"#,
            files: """
                mkdir -p bin etc && take $(readlink -f /bin/sh) && cp -L /bin/sh bin/sh && take /usr/bin/id
                echo 'app:x:1234:77::/home/app:/bin/sh' >etc/passwd && echo 'wheel:x:88:' >etc/group
                """
        ).string
        let words = expected.split(separator: ":").joined(separator: "\n")
        for venue in ["chroot", "container"] {
            let outcome = machine.assay(
                "artifact", archive, "--platform", "linux/amd64", "--run", "--venue", venue, "--expect-output", words)
            #expect(outcome.status == 0, "\(outcome)")
        }
        // Root of a namespace that has one id.
        let alone = machine.run(
            "exec unshare -Ur \"$0\" artifact '\(archive)' --platform linux/amd64 --run --format json")
        let check = try Self.entrypoint(alone)
        #expect(check.outcome == "pass" && check.detail.contains("user \(asked) takes root"), "\(check)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test("ends a program that does not end, with all that it started") func endless() throws {
        try #require(Here.isX86, "made of this host's own shell")
        let machine = try Machine()
        let archive = try machine.imageArchive(
            "amd64",
            execution: #"{"Entrypoint":["/bin/sh","-c","echo begun; while :; do :; done & while :; do :; done"]}"#,
            files: "mkdir -p bin && take $(readlink -f /bin/sh) && cp -L /bin/sh bin/sh")
        let outcome = machine.assay(
            "artifact", archive.string, "--platform", "linux/amd64", "--run", "--timeout-multiplier", "0.01",
            "--format",
            "json")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(try Self.entrypoint(outcome).detail.contains("had not ended"))
        #expect(try outcome.report.finding("artifact-entrypoint-fails")?.evidence.contains("  begun") == true)
        #expect(machine.leftovers.isEmpty)
    }

    @Test("without anything to run, or in a venue without the image as root, is no pass") func nothing() throws {
        let machine = try Machine()
        let archive = try machine.imageArchive(execution: "{}", files: #"cp -a "$core/." ."#).string
        let outcome = machine.assay("artifact", archive, "--run", "--format", "json")
        #expect(outcome.status == 2, "\(outcome)")
        #expect(try Self.entrypoint(outcome).detail.contains("give one after --"))
        #expect(machine.assay("artifact", archive, "--run", "--venue", "direct").status == 64)
        #expect(machine.assay("artifact", archive, "--expect-status", "1").status == 64)
        #expect(machine.leftovers.isEmpty)
    }

    @Test("and --policy: what it allows is no fault, and a line that is none is named") func policy() throws {
        let machine = try Machine()
        let archive = try machine.imageArchive(
            execution: "{}",
            files: """
                cp -a "$core/." . && mkdir -p opt/data && head -c 4096 bin/assay-probe >opt/data/other
                printf '\\x3e' | dd of=opt/data/other bs=1 seek=18 conv=notrunc status=none
                """
        ).string
        #expect(machine.assay("artifact", archive).status == 1)
        let good = try machine.write("# test data\nallow /opt/data/**\n", to: "good").string
        #expect(machine.assay("artifact", archive, "--policy", good).status == 0)
        let bad = try machine.write("allow /opt/data/**\nforbid /bin/sh\n", to: "bad").string
        let outcome = machine.assay("artifact", archive, "--policy", bad)
        #expect(outcome.status == 65 && outcome.output.isEmpty)
        #expect(outcome.errors == "assay: \(bad): line 2: expected allow [KIND] PATH, found forbid /bin/sh\n")
        let none = machine.assay("artifact", archive, "--policy", "/does/not/exist")
        #expect(none.status == 66 && none.errors.contains("/does/not/exist"))
    }
}
