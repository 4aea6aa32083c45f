import Testing

@Suite("assay host --fix", .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct HandlerFixTests {
    @Test(
        "mends what is safe to mend until the host is fit, and what it prints brings the fault back",
        arguments: [
            ("", "handler-missing"),
            (PrivateHost.register(flags: "POCF") + "printf 0 >$registry/qemu-aarch64", "handler-disabled"),
            (PrivateHost.register(flags: "POCF") + "printf 0 >$registry/status", "binfmt-misc-disabled"),
            (PrivateHost.register(flags: "POC"), "handler-not-fixed"),
            (PrivateHost.register("/does/not/exist", flags: "POC"), "interpreter-missing"),
            (PrivateHost.register("/bin/true", flags: "POCF"), "interpreter-wrong-program"),
            (
                PrivateHost.register(flags: "PF") + "printf 0 >$registry/qemu-aarch64\nprintf 0 >$registry/status",
                "handler-disabled"
            ),
        ])
    func mends(fault: String, code: String) throws {
        let trial = try HandlerTrial(
            """
            \(fault)
            state; mark
            assay host --fix --yes --format json 2>said; echo $?; mark; state; mark
            # Of several fixes the last is undone first; the lines of one stay in their order.
            awk '/^undo, as root:$/ { n++; on = 1; next } !/^  / { on = 0 } on { u[n] = u[n] $0 "\\n" }
                END { for (i = n; i; i--) printf "%s", u[i] }' said | sh
            state; mark; cat said
            """)
        #expect(trial.parts[1].hasSuffix("\n0\n"), "\(trial.outcome)")
        #expect(try JSONForm(String(trial.parts[1].dropLast(2))).verdict == "fit")
        #expect(trial.parts[2] != trial.parts[0])
        #expect(trial.parts[3] == trial.parts[0], "\(trial.outcome)")
        #expect(trial.parts[4].contains("  \(code): ") || trial.parts[4].contains(", \(code)"), "\(trial.outcome)")
    }

    @Test("a registry that is not mounted is mounted, and what that brings to light is mended, too") func mounts()
        throws
    {
        let trial = try HandlerTrial(
            "cover; assay host --fix --yes >/dev/null 2>said; echo $?; mark; state; mark; cat said")
        #expect(trial.parts[0] == "0\n" && trial.parts[1].contains("flags: POCF"), "\(trial.outcome)")
        #expect(trial.parts[2].contains("binfmt-misc-unavailable") && trial.parts[2].contains("handler-missing"))
        #expect(trial.parts[2].contains("  umount /proc/sys/fs/binfmt_misc\n"))
    }

    @Test("without --yes and without a terminal nothing is changed, and the status is the report's") func asks() throws
    {
        let trial = try HandlerTrial("assay host --fix; echo $?; mark; state")
        #expect(trial.parts[0].hasSuffix("\n1\n") && trial.parts[1] == "enabled\n", "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("handler-missing: printf") && trial.outcome.errors.contains("--yes"))
    }

    @Test("a handler that a limit of the caller's stops is not replaced") func limited() throws {
        let trial = try HandlerTrial(
            PrivateHost.register(flags: "POCF")
                + """
                state; mark
                python3 -c 'import ctypes,os,sys
                if ctypes.CDLL(None).prctl(65,1,0,0,0): sys.exit(77)
                os.execv(sys.argv[1],sys.argv[1:])' "$0" host --fix --yes >/dev/null; echo $?; mark; state
                """)
        if trial.parts[1] == "77\n" { return }  // PR_SET_MDWE is of Linux 6.3
        #expect(trial.parts[1] == "1\n" && trial.parts[0] == trial.parts[2], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("nothing to fix"))
    }

    @Test("an entry with F whose file is gone is not replaced: it could not be brought back") func gone() throws {
        let trial = try HandlerTrial(
            """
            cp /bin/true ./interpreter
            printf '%s' ':qemu-aarch64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:'"$PWD"'/interpreter:POCF' >$registry/register
            rm ./interpreter
            state; mark; assay host --fix --yes >/dev/null; echo $?; mark; state
            """)
        #expect(trial.parts[1] == "1\n" && trial.parts[0] == trial.parts[2], "\(trial.outcome)")
        #expect(trial.parts[0].contains("/interpreter"), "\(trial.outcome)")
    }

    @Test(
        "a registry that is seen and is not the one that the kernel asks stays as it was",
        arguments: [
            (PrivateHost.register(flags: "PC"), "nothing to fix"),
            (PrivateHost.register("/bin/true", flags: "CF"), "\ntaken back, for the host is not fit with it: "),
        ])
    func elsewhere(entry: String, said: String) throws {
        // Its own was mounted, and unmounted: what is seen now is the outer one.
        let trial = try HandlerTrial(
            entry
                + """
                state; mark
                unshare -Urm sh -c 'mount -t binfmt_misc own "$1" && umount "$1" && exec "$0" host --fix --yes' "$0" $registry
                echo $?; mark; state
                """)
        #expect(trial.parts[1].hasSuffix("\n1\n") && trial.parts[0] == trial.parts[2], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains(said), "\(trial.outcome)")
        let named = trial.parts[1].contains("fix   mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc && ")
        #expect(named == (said == "nothing to fix"), "\(trial.parts[1])")
    }

    @Test("what is a matter of judgement is left alone") func leavesAlone() throws {
        let trial = try HandlerTrial(
            PrivateHost.register(flags: "PF")
                + "state; mark; assay host --fix --yes >/dev/null; echo $?; mark; state")
        #expect(trial.parts[1] == "0\n" && trial.parts[0] == trial.parts[2], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("nothing to fix"))
    }

    @Test("--yes alone, and --fix of another registry than the host's, are usage errors") func usage() throws {
        let machine = try Machine()
        #expect(machine.assay("host", "--yes").status == 64)
        #expect(machine.assay("host", "--fix", "--interpreter", "/bin/true").status == 64)
    }
}
