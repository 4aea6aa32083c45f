import Glibc
import Processes
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite(
    "Containers of an installed runtime",
    .enabled(
        if: PrivateHost.canEmulate && OCIRuntime.installed != nil, "\(PrivateHost.emulationReason), and runc or crun"))
struct OCIVenueTests {
    private let register = PrivateHost.register(flags: "POCF")

    @Test("run every probe") func works() throws {
        let machine = try Machine()
        let outcome = machine.assay(
            "accept", "--builder", "none", "--venue", "oci", "--format", "json", after: register)
        #expect(outcome.status == 0, "\(outcome)")
        let report = try outcome.report
        let probes = report.checks.filter { $0.kind == "probe" }
        #expect(probes.count > 150 && probes.allSatisfy { $0.venue == "oci" })
        // The namespace of this registry has one id.
        #expect(
            probes.filter { $0.outcome != "pass" }.map { "\($0.outcome) \($0.id)" }
                == ["skip exec.set-user-id", "skip process.credentials"])
        #expect(machine.leftovers.isEmpty)
    }

    @Test("do so for an ordinary user", .enabled(if: Here.isRoot && Here.nobodyCanRun, "needs root, to become another"))
    func ordinary() throws {
        let machine = try Machine(user: 65534)
        let outcome = machine.assay(
            "accept", "--builder", "none", "--venue", "oci", "--filter", "exec.*", "--format", "json", after: register)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try outcome.report.outcomes(in: "oci").contains("pass"))
        #expect(machine.leftovers.isEmpty)
    }

    @Test("fail where the handler has no F, and that is the only error") func notFixed() throws {
        let outcome = try Machine().assay(
            "accept", "--builder", "none", "--venue", "direct", "--venue", "oci", "--filter", "exec.static", "--format",
            "json", after: PrivateHost.register(flags: "POC"))
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        #expect(report.emulation == ["handler-not-fixed"])
        #expect(report.outcomes(in: "direct") == ["pass"] && report.outcomes(in: "oci") == ["fail"])
    }

    @Test("fail where there is no handler, and that is the only error") func missing() throws {
        let outcome = try Machine().assay(
            "accept", "--builder", "none", "--venue", "oci", "--filter", "exec.static", "--format", "json", after: "")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(try outcome.report.errors == ["handler-missing"])
    }

    @Test("that the runtime cannot make are broken, never a pass or a failure, and its words are shown")
    func trouble() throws {
        let machine = try Machine()
        machine.environment["ASSAY_OCI_RUNTIME"] =
            try machine.write(
                "#!/bin/sh\necho 'no cgroup is good enough' >&2\nexit 1\n", to: "odd", mode: [.ownerReadWriteExecute]
            )
            .string
        let outcome = machine.assay(
            "accept", "--builder", "none", "--venue", "oci", "--filter", "exec.static", "--format", "json",
            after: register)
        #expect(outcome.status == 2, "\(outcome)")
        let report = try outcome.report
        #expect(report.verdict == "undetermined" && report.outcomes(in: "oci") == ["broken"])
        #expect(
            report.checks.first { $0.venue == "oci" }?.detail.hasSuffix("odd: no cgroup is good enough") == true,
            "\(outcome)")
    }

    @Test("leave the question open where there is no runtime and nothing else was asked for") func absent() throws {
        let machine = try Machine()
        machine.environment["ASSAY_OCI_RUNTIME"] = "no-such-runtime"
        let outcome = machine.assay("probe", "exec.static", "--venue", "oci", "--format", "json", after: register)
        #expect(try outcome.report.outcomes(in: "oci") == ["broken"] && outcome.status == 2)
        #expect(outcome.output.contains("there is no program no-such-runtime"), "\(outcome)")
    }

    @Test(
        "of crun, too, on cgroups that it takes",
        .enabled(if: Here.isRoot && Here.emulates && Tool.find("crun") != nil, "needs root, the handler, and crun"))
    func crun() throws {
        let machine = try Machine()
        // Version 1.8 refuses the hybrid layout: here it sees no other than its own.
        let outcome = machine.run(
            """
            unshare -m sh -c 'umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup || exit 90
                ASSAY_OCI_RUNTIME=crun exec "$0" accept --builder none --venue oci --filter "exec.*" --format json' "$0"
            """)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(Set(try outcome.report.outcomes(in: "oci")) == ["pass"], "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "go with Assay when it is killed, and what it left is removed by the next run",
        .enabled(if: Here.isX86, "the hanging program is an x86-64 one"))
    func killed() throws {
        let machine = try Machine()
        let program = try machine.writeHangingProgram()
        let mark = Token(program.string)
        let run = "\"$0\" probe exec.static --timeout-multiplier 0.01 >/dev/null"
        // In a file: what a process that waits has in its command line would be taken for the program in the container.
        let script = try machine.write(
            PrivateHost.register(program.string, flags: "POCF")
                + "\"$0\" probe exec.static --venue oci & echo $!; wait $!; cd \"$TMPDIR\"; name=$(echo assay-*); ls $name; \(run)\n"
                + "ls; find /sys/fs/cgroup -name \"$name-oci-*\"", to: "script")
        let (outcome, seen) = mark.signal(SIGKILL, to: machine.privately(". '\(script)'"), atLeast: 1)
        #expect(seen == 1)
        #expect(mark.settled(count: 0).isEmpty)
        let lines = outcome.output.split(separator: "\n")
        #expect(
            lines.count == 3 && lines[1] == "cgroups" && lines[2].hasPrefix("oci-"),
            "no cgroup, only what was seen before: \(outcome)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test("have an image's entrypoint become the image's user", .enabled(if: Here.isRoot && Here.isX86, "needs root"))
    func user() throws {
        let machine = try Machine()
        let archive = try machine.imageArchive(
            "amd64",
            execution:
                #"{"User":"1234:77","Entrypoint":["/bin/sh","-c","id -u; id -g; pwd"],"Env":["PATH=/usr/bin"],"WorkingDir":"/srv"}"#,
            files: "mkdir -p bin && take $(readlink -f /bin/sh) && cp -L /bin/sh bin/sh && take /usr/bin/id"
        ).string
        let outcome = machine.assay(
            "artifact", archive, "--platform", "linux/amd64", "--run", "--venue", "oci", "--expect-output",
            "1234\n77\n/srv")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }
}
