import Findings
import Glibc
import Sandbox
import SystemPackage
import Testing

@Suite("The command line") struct CommandTests {
    @Test("the twelve promised probes are listed") func promised() throws {
        let machine = try Machine()
        let outcome = machine.assay("list", "probes")
        #expect(outcome.status == 0, "\(outcome)")
        let names = outcome.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        for name in [
            "exec.static", "exec.argv0", "exec.chain", "exec.script", "uname.machine", "memory.page-size",
            "memory.mmap", "signal.segv-address", "process.fork-wait", "thread.create-join", "fp.rounding",
            "file.stat-layout",
        ] { #expect(names.contains(name), "\(name)") }
        #expect(machine.leftovers.isEmpty)
    }

    @Test("a scratch directory that cannot be made says where, and leaves nothing") func noScratch() throws {
        let machine = try Machine()
        let absent = machine.run("TMPDIR=/does/not/exist exec \"$0\" probe exec.static")
        #expect(absent.status == 2, "\(absent)")
        #expect(absent.errors.hasPrefix("assay: making a scratch directory below /does/not/exist: "), "\(absent)")
        #expect(absent.errors.contains("TMPDIR names that place: name another"), "\(absent)")
        guard PrivateHost.isPossible else { return }
        // Room for the root and one file: the directory can be made, its mark cannot.
        let full = Outcome(
            Supervisor(jobs: 1).run(
                machine.privately(
                    """
                    mount -t tmpfs -o nr_inodes=2 none "$TMPDIR" || exit 90
                    "$0" probe exec.static; echo $?; ls -A "$TMPDIR"
                    """)))
        #expect(full.output == "2\n", "\(full)")
        #expect(full.errors.contains("making a scratch directory below \(machine.temporary): "), "\(full)")
    }

    @Test("a venue that is named twice is used once") func sameVenue() throws {
        let machine = try Machine()
        for words in [["probe", "exec.static"], ["accept", "--builder", "none", "--filter", "exec.static"]] {
            let launch = machine.launch(words + ["--venue", "direct", "--venue", "direct", "--format", "json"])
            let report = try Outcome(Supervisor(jobs: 1).run(launch)).report
            #expect(report.checks.filter { $0.reference == "exec.static@direct" }.count == 1)
        }
    }

    @Test("every finding that is listed can be explained") func explain() throws {
        let machine = try Machine()
        let list = machine.assay("list", "findings")
        let codes = list.output.split(separator: "\n").dropFirst().compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
        #expect(codes.contains("handler-missing") && codes.count > 20)
        let ended = Supervisor(jobs: 4).run(codes.map { machine.launch(["explain", $0]) })
        for (code, outcome) in zip(codes, ended.map(Outcome.init)) {
            #expect(outcome.status == 0 && outcome.output.hasPrefix("\(code) ("), "\(outcome)")
            for part in ["cause\n", "see it by hand\n", "remedy\n"] { #expect(outcome.output.contains(part)) }
        }
    }

    @Test("a finding is explained with what to type, this program's command first, the kernel's own interface last")
    func explainRemedies() throws {
        let machine = try Machine()
        let text = machine.assay("explain", "handler-not-fixed").output
        // At the path where this program lies.
        let command =
            "\nremedy\n  \(geteuid() == 0 ? "" : "sudo ")\(shellQuoted(Machine.program.string)) handler install"
        #expect(text.contains("\(command) --replace --persist\n"), "\(text)")
        #expect(text.contains("\nwithout assay\n  printf '%s' -1 > /proc/sys/fs/binfmt_misc/qemu-aarch64\n"), "\(text)")
        #expect(text.contains("\n  printf '%s' ':qemu-aarch64:M::\\x7fELF"), "\(text)")
        let missing = machine.assay("explain", "handler-missing").output
        #expect(missing.contains("\(command) --persist\n"), "\(missing)")
        #expect(!missing.contains("-1 >") && missing.contains("\n  printf '%s' ':qemu-aarch64:M::"), "\(missing)")
        let narrow = machine.run("exec script -qec \"stty cols 80; '$0' explain emulation-crashes\" /dev/null")
        #expect(narrow.output.split(whereSeparator: \.isNewline).allSatisfy { $0.count <= 80 }, "\(narrow)")
    }

    @Test("probes, drills, messages and logs are explained, too; a log that names nothing has a status of its own")
    func explainOthers() throws {
        let machine = try Machine()
        for (word, expected) in [
            ("exec.static", "exec.static (probe)\n"), ("healthy", "healthy (drill)\n"),
            ("limit-vfork", "limit-vfork ("),
            ("exec format error", "handler-missing (error): "),
        ] {
            let outcome = machine.assay("explain", word)
            #expect(outcome.status == 0 && outcome.output.hasPrefix(expected), "\(outcome)")
        }
        let log = "printf 'STEP 2/2: RUN true\\nfork/exec /bin/sh: exec format error\\n'"
        let file = machine.scratch.appending("log")
        for command in ["\(log) | exec \"$0\" explain -", "\(log) >\(file); exec \"$0\" explain \(file)"] {
            let outcome = machine.run(command)
            #expect(outcome.status == 0 && outcome.output.hasPrefix("handler-missing (error): "), "\(outcome)")
            #expect(outcome.output.contains("  line 2: fork/exec /bin/sh: exec format error\n"))
            #expect(outcome.output.contains("this decides: assay host\n"))
        }
        let silent = machine.run("echo 'make: *** [all] Error 2' | exec \"$0\" explain -")
        #expect(silent.status == 4 && silent.output == "Nothing in this log names a cause that Assay knows.\n")
        #expect(machine.run("exec \"$0\" explain - </").status == 2)
    }

    @Test(
        "a name that does not exist is a usage error that names the nearest",
        arguments: [
            (["probe", "exec.statc"], "exec.static"), (["explain", "handler-mising"], "handler-missing"),
            (["explain", "limit-vfrok"], "limit-vfork"), (["drill", "not-fixed"], "handler-not-fixed"),
            (["probe", "exec.static", "--image", "coer"], "core"), (["list", "probes", "--image", "coer"], "core"),
            (["accept", "--builder", "buildha", "--filter", "exec.static"], "buildah"), (["acept"], "accept"),
        ])
    func unknownName(arguments: [String], nearest: String) throws {
        let machine = try Machine()
        let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(arguments)))
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.errors.contains("the nearest is \"\(nearest)\""), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(machine.leftovers.isEmpty)
    }

    @Test("the command that is said to list all names does so", arguments: ["probe", "finding", "image", "builder"])
    func hint(kind: String) throws {
        let arguments = [
            "probe": ["probe", "x"], "finding": ["explain", "x"], "image": ["probe", "exec.static", "--image", "x"],
            "builder": ["accept", "--builder", "x"],
        ]
        let machine = try Machine()
        let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(arguments[kind] ?? [])))
        #expect(outcome.status == 64)
        let list = kind == "builder" ? ["builders"] : ["list", "\(kind)s"]
        // There are few builders: they are told at once.
        let words = kind == "builder" ? "known are buildah, podman, docker" : "(assay " + list.joined(separator: " ")
        #expect(outcome.errors.contains(words), "\(outcome)")
        let last = Outcome(Supervisor(jobs: 1).run(machine.launch(list)))
        #expect(last.status == 0, "\(last)")
    }

    @Test(
        "a wrong option or value is a usage error",
        arguments: [
            ["accept", "--venue", "chrot"], ["accept", "--format", "jsn"], ["accept", "--jobs", "0"],
            ["accept", "--timeout", "0"], ["accept", "--timeout", "nan"], ["accept", "--report", "json"],
            ["accept", "--nonsense"], ["probe"], ["list"], ["accept", "--limit", "bytes=-1"],
            ["accept", "--report", "jsn=/dev/null"], ["artifact", "x", "--filter", "y"], ["accept", "--flags", "P"],
            ["list", "images", "x"], ["list", "probes", "--format", "jsn"],
            ["artifact", "x", "--same-as", "y", "--platform", "linux/arm64"],
        ])
    func usage(arguments: [String]) throws {
        let machine = try Machine()
        let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(arguments)))
        #expect(outcome.status == 64, "\(arguments): \(outcome)")
        #expect(!outcome.errors.isEmpty && outcome.output.isEmpty)
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "help and version say what there is", arguments: [["--version"], ["--help"], ["help"], ["probe", "--help"]])
    func help(arguments: [String]) throws {
        let outcome = Outcome(Supervisor(jobs: 1).run(try Machine().launch(arguments)))
        #expect(outcome.status == 0)
        #expect((outcome.output + outcome.errors).contains(arguments == ["--version"] ? "0." : "assay"))
    }

    @Test(
        "selecting nothing is status 4, not a pass",
        arguments: [
            ["accept", "--filter", "no.such"], ["accept", "--exclude", "*"],
            ["probe", "exec.static", "--filter", "fp.*"], ["probe", "exec.static", "--exclude", "*@direct"],
        ])
    func nothing(arguments: [String]) throws {
        let machine = try Machine()
        let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(arguments + ["--format", "json"])))
        #expect(outcome.status == 4, "\(outcome.status ?? -1)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("nothing was selected"))
        #expect(machine.leftovers.isEmpty)
    }

    @Test("an image that is a damaged file is malformed input, and leaves nothing") func damagedImage() throws {
        let machine = try Machine()
        try machine.write("this is no archive", to: "image.tar.gz")
        let path = machine.scratch.appending("image.tar.gz").string
        let outcome = machine.assay("accept", "--builder", "none", "--image", path)
        #expect(outcome.status == 65, "\(outcome)")
        #expect(outcome.errors.contains("archive-corrupt") && outcome.errors.contains("image.tar.gz"))
        #expect(machine.leftovers.isEmpty)
    }

    @Test("an image that cannot be read is told by its name, and is no matter of the cache") func unreadableImage()
        throws
    {
        let machine = try Machine()
        let absent = machine.assay("probe", "exec.static", "--image", "./nope.tar")
        #expect(absent.status == 66, "\(absent)")
        #expect(absent.errors == "assay: ./nope.tar: failed to open the file: No such file or directory\n")
        for pipe in ["mkfifo p; exec timeout 9 \"$0\"", "true | exec timeout 9 \"$0\""] {
            let image = pipe.hasPrefix("mkfifo") ? "./p" : "/dev/stdin"
            let outcome = machine.run("cd '\(machine.scratch)'; \(pipe) probe exec.static --image \(image)")
            #expect(outcome.status == 2, "\(outcome)")
            #expect(outcome.errors.contains("\(image): expected a regular file"), "\(outcome)")
            #expect(!outcome.errors.contains("cache"), "\(outcome)")
        }
        #expect(machine.leftovers.isEmpty)
    }

    @Test("a report that nobody can receive is not a success") func lostOutput() throws {
        let outcome = try Machine().run("exec \"$0\" list findings >/dev/full")
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.errors.contains("No space left on device"), "\(outcome)")
    }
}
