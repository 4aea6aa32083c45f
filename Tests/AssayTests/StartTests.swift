import Files
import Glibc
import Sandbox
import SystemPackage
import Testing

/// What the program needs of its surroundings before it has read its first argument.
@Suite("Starting") struct StartTests {
    /// Hides /proc from a script, as nobody mounted it in a chroot.
    private func withoutProc(_ machine: Machine, _ script: String) -> Outcome {
        Outcome(
            Supervisor(jobs: 1).run(
                machine.launch(
                    path: "/usr/bin/unshare",
                    [
                        "unshare", "-Urm", "sh", "-c", "mount -t tmpfs none /proc || exit 90\n" + script,
                        Machine.program.string,
                    ],
                    timeout: .seconds(60))))
    }

    @Test("no command at all is a usage error", arguments: [[], ["handler"], ["report"]]) func bare(words: [String])
        throws
    {
        let outcome = Outcome(Supervisor(jobs: 1).run(try Machine().launch(words)))
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.output.isEmpty && outcome.errors.contains("USAGE: assay"))
    }

    @Test(
        "without /proc the arguments arrive, and nothing is judged to be missing", .enabled(if: PrivateHost.isPossible))
    func noProc() throws {
        let machine = try Machine()
        let version = machine.assay("--version").output
        for before in ["", "SWIFT_ROOT=/nowhere ", "SWIFT_ROOT=\(machine.home) "] {
            let outcome = withoutProc(machine, before + "exec \"$0\" --version")
            #expect(outcome.status == 0 && outcome.output == version, "\(outcome)")
        }
        let outcome = withoutProc(machine, "exec \"$0\" host --format json")
        #expect(outcome.status == 2, "\(outcome)")
        let report = try outcome.report
        #expect(report.verdict == "undetermined" && report.emulation.isEmpty, "\(outcome)")
        for check in report.checks where check.kind == "host" {
            #expect(check.outcome == "broken" && check.detail.hasPrefix("/proc is not mounted"), "\(check)")
        }
        #expect(report.outcomes(in: "direct") == ["pass"])
        #expect(withoutProc(machine, "exec \"$0\" handler install").status == 1)
        #expect(machine.leftovers.isEmpty)
    }

    @Test("the variable that the runtime is given reaches no child, whoever set it", arguments: ["", "/nowhere"])
    func runtimeVariable(value: String) throws {
        let machine = try Machine()
        try machine.write(
            """
            schema: assay.scenario/1
            name: environment
            description: What a program of the host finds in its environment.
            steps:
              - run: [sh, -c, 'test -z "${SWIFT_ROOT+set}"']
                image: host
            """, to: "environment.yaml")
        machine.environment["SWIFT_ROOT"] = value
        let outcome = machine.assay("run", "\(machine.scratch)/environment.yaml")
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test(
        "how long a start takes is told by a program that does nothing, not by one that prints for long",
        .enabled(if: PrivateHost.isPossible && PrivateHost.qemu != nil))
    func start() throws {
        let machine = try Machine()
        let log = machine.scratch.appending("starts")
        let interpreter = try machine.write(
            """
            #!/bin/sh
            echo "$*" >>'\(log)'
            sleep 0.2
            exec '\(PrivateHost.qemu ?? "")' "$@"
            """, to: "late", mode: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute])
        let outcome = machine.assay(
            "accept", "--builder", "none", "--filter", "exec.static", "--venue", "direct", "--flags", "F",
            "--interpreter", "\(interpreter)", "--format", "json")
        #expect(try outcome.report.findings.contains { $0.code == "emulation-slow" }, "\(outcome)")
        let starts = String(decoding: try WholeFile.read(log.string, limit: 1 << 20), as: UTF8.self)
            .split(separator: "\n")
        #expect(starts.filter { $0.hasSuffix("/assay-probe") }.count == 5, "\(starts)")
        #expect(!starts.contains { $0.contains("--catalogue") }, "\(starts)")
    }

    @Test("a small stack is enough, for threads too", arguments: [128, 64]) func smallStack(kibibytes: Int) throws {
        let machine = try Machine()
        let usual = machine.assay("accept", "--builder", "none", "--filter", "exec.static").status
        let outcome = machine.run(
            "ulimit -s \(kibibytes); exec \"$0\" accept --builder none --filter exec.static --format json")
        #expect(outcome.status == usual, "\(outcome)")
        // Unpacked by several threads.
        try machine.write("nothing", to: "file")
        let archive = machine.run(
            "cd '\(machine.scratch)' && tar czf a.tar.gz file && ulimit -s \(kibibytes) && exec \"$0\" artifact a.tar.gz"
        )
        #expect(
            archive.status == machine.run("exec \"$0\" artifact '\(machine.scratch)/a.tar.gz'").status, "\(archive)")
    }

    @Test("with less memory than it needs to begin, the limit is named") func memory() throws {
        let machine = try Machine()
        // Below some size the C library cannot begin either; above another it is enough.
        let said = (1...16).map { mebibytes in
            machine.run("ulimit -d \(mebibytes << 10); exec \"$0\" --version").errors
        }
        #expect(said.contains { $0.hasPrefix("assay: mmap ") && $0.contains("Cannot allocate memory; ulimit -d is ") })
        #expect(said.last == "")
    }

    @Test(
        "a chroot is called one, also where it is no mount point", .enabled(if: getuid() == 0, "needs root"),
        arguments: [true, false])
    func chroot(isMountPoint: Bool) throws {
        let machine = try Machine()
        let making =
            isMountPoint
            ? "mount --rbind / $d"
            : "for n in /*; do [ ! -d $n ] || [ -L $n ] || { mkdir $d$n && mount --rbind $n $d$n; }; done; for n in bin lib lib64 sbin; do [ ! -L /$n ] || ln -s $(readlink /$n) $d/$n; done"
        let outcome = machine.run(
            """
            exec unshare -m --propagation private sh -c '
                d=$TMPDIR/c && mkdir $d && \(making) && exec chroot $d "$0" probe exec.static --venue container --format json
            ' "$0"
            """)
        #expect(outcome.status == 2, "\(outcome)")
        let finding = try outcome.report.finding("runner-userns-forbidden")
        #expect(finding?.summary.hasPrefix("in a chroot the kernel makes no user namespaces") == true, "\(outcome)")
    }

    @Test("no files may be written: a message and status 2, not a signal") func noFileSize() throws {
        let machine = try Machine()
        let first = machine.run("ulimit -f 0; exec \"$0\" host --report json=r.json")
        #expect(first.status == 2, "\(first)")
        #expect(first.errors.contains("File too large"), "\(first)")
        // With the image unpacked before, and room for small notes, only the report cannot be written.
        _ = machine.assay("host")
        let second = machine.run("cd '\(machine.scratch)'; ulimit -f 1; exec \"$0\" host --report json=r.json")
        #expect(second.status == 2 && second.errors.contains("r.json: File too large"), "\(second)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "what is closed or missing and not needed changes nothing",
        arguments: [
            "exec <&- ; exec \"$0\" host", "exec 2>&- ; exec \"$0\" host", "exec <&- 2>&- ; exec \"$0\" host",
            "exec env -i \"$0\" host", "unset PATH; exec \"$0\" host", "unset HOME TMPDIR; exec \"$0\" host",
            "mkdir d && cd d && rmdir ../d && exec \"$0\" host",
            "cp \"$0\" a && exec sh -c 'exec 3<\"$0\"; rm a; exec /proc/self/fd/3 host' a",
        ]) func unneeded(script: String) throws
    {
        let machine = try Machine()
        let usual = machine.assay("host")
        let outcome = machine.run("cd \"$TMPDIR\"; " + script)
        #expect(outcome.status == usual.status, "\(outcome)")
        #expect(outcome.output.hasPrefix("FIT  ") && usual.output.hasPrefix("FIT  "), "\(outcome)")
    }

    @Test(
        "where something is closed or missing that is needed, nothing is found out, and it says why",
        arguments: [
            ("exec >&- ; exec \"$0\" host", "standard output: Bad file descriptor"),
            ("TMPDIR=/nowhere exec \"$0\" host", "below /nowhere: mkdir: No such file or directory"),
            ("ulimit -f 0; exec \"$0\" host", "RLIMIT_FSIZE (ulimit -f) = 0 KiB, set by"),
        ]
            + [4, 6, 8, 10, 12, 16].map {
                ("ulimit -n \($0); exec \"$0\" host", "RLIMIT_NOFILE (ulimit -n) = \($0), set by")
            })
    func needed(script: String, reason: String) throws {
        let machine = try Machine()
        _ = machine.assay("host")
        let outcome = machine.run("cd \"$TMPDIR\"; " + script)
        #expect(outcome.status == 2, "\(outcome)")
        // The report's lines are folded.
        let said = (outcome.output + outcome.errors).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(said.contains(reason), "\(outcome)")
        for code in ["handler-missing", "interpreter-", "emulation-", "archive-"] {
            #expect(!outcome.output.contains(code) && !outcome.errors.contains(code), "\(outcome)")
        }
    }
}
