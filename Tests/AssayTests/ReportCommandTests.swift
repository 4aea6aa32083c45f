import Reports
import SystemPackage
import Testing

/// `assay report`, on saved reports that the program itself has made.
@Suite("assay report") struct ReportCommandTests {
    /// A machine with `a.json`, a report of an artifact that is not what it should be: such a command needs no emulation.
    private func machine() throws -> Machine {
        let machine = try Machine()
        _ = machine.run(
            "cd \(machine.scratch) && printf x >f && tar -cf whole.tar f && head -c 700 whole.tar >broken.tar && rm f whole.tar"
        )
        let made = machine.run(
            "cd \(machine.scratch) && \"$0\" artifact broken.tar --format json >a.json; s=$?; \"$0\" artifact broken.tar >a.txt; exit $s"
        )
        #expect(made.status == 1, "\(made)")
        return machine
    }

    private func run(_ machine: Machine, _ script: String) -> Outcome {
        machine.run("cd \(machine.scratch) && \(script)")
    }

    @Test("render gives back what was saved, and status 0 whatever the verdict") func render() throws {
        let machine = try machine()
        let json = run(
            machine,
            "\"$0\" report render a.json --format json | cmp - a.json && \"$0\" report render - --format json <a.json | cmp - a.json"
        )
        #expect(json.status == 0, "\(json)")
        let forms = ReportFormat.allCases.map(\.rawValue)
        let all = run(
            machine,
            "for f in \(forms.joined(separator: " ")); do \"$0\" report render a.json --format $f --report $f=out.$f >$f || exit 9; done; ls"
        )
        #expect(all.status == 0, "\(all)")
        for format in forms where format != "github" {
            #expect(run(machine, "test -s \(format) && cmp \(format) out.\(format)").status == 0, "\(format)")
        }
        #expect(run(machine, "head -n1 github out.github").output.contains("::error title=assay"))
        #expect(run(machine, "head -n1 out.github").output.hasPrefix("## ❌ assay artifact: unfit"))
        // Written beside and renamed: nothing else is left.
        #expect(run(machine, "ls | grep -c '[0-9]$'").output == "0\n")
    }

    @Test("a pipe, a device and a link stay what they are, and get the report") func sinks() throws {
        let machine = try machine()
        let result = run(
            machine,
            """
            mkfifo pipe; cat pipe >got & ln -s target link; : >target
            "$0" report render a.json --report json=pipe --report tap=link --report junit=/dev/null >/dev/null || exit 9
            wait; test -p pipe && test -c /dev/null && test -L link && cmp got a.json && head -n1 target
            """)
        #expect(result.status == 0 && result.output == "TAP version 14\n", "\(result)")
    }

    @Test("a place that takes no report is named, costs no other, and is no success") func failingSinks() throws {
        let machine = try machine()
        let early = run(machine, "\"$0\" report render a.json --report json=no/such --report tap=tap")
        #expect(early.status == 64 && early.errors.contains("no/such: No such file"), "\(early)")
        let late = run(
            machine,
            "\"$0\" report render a.json --report json=/dev/full --report tap=tap; s=$?; test -s tap && exit $s")
        #expect(late.status == 2 && late.errors.contains("/dev/full: No space left"), "\(late)")
        #expect(late.output.hasPrefix("UNFIT  "))
        let output = run(
            machine, "\"$0\" report render a.json --report tap=tap2 >/dev/full; s=$?; test -s tap2 && exit $s")
        #expect(output.status == 2 && output.errors.contains("standard output"), "\(output)")
        let verdict = run(machine, "\"$0\" artifact broken.tar --report json=/dev/full")
        #expect(verdict.status == 1, "\(verdict)")
        #expect(run(machine, "\"$0\" report render a.json <&- >&-").status == 2)
        #expect(run(machine, "\"$0\" report render a.json <&- 2>&- | grep -c UNFIT").output == "1\n")
    }

    @Test("a pipe on which nothing comes can be interrupted") func silentPipe() throws {
        let machine = try machine()
        let result = run(
            machine,
            "mkfifo p; \"$0\" report render p & v=$!; sleep 0.3; kill -TERM $v; wait $v; echo $?; ASSAY_HISTORY=$PWD/p timeout 5 \"$0\" history; echo $?"
        )
        #expect(result.output == "143\n2\n", "\(result)")
        #expect(result.errors.contains("expected a file, found a pipe"), "\(result)")
    }

    @Test("what is no report is malformed, and says of which file what was expected and found") func malformed() throws
    {
        let machine = try machine()
        try machine.write(#"{"schema": "assay.report/3"}"#, to: "b.json")
        for script in [
            "\"$0\" report render b.json", "\"$0\" report merge a.json b.json",
            "\"$0\" report render a.json --history b.json",
        ] {
            let outcome = run(machine, script)
            #expect(outcome.status == 65 && outcome.output.isEmpty, "\(outcome)")
            #expect(
                outcome.errors.contains(#"b.json: expected schema "assay.report/2", found schema "assay.report/3""#))
        }
        let missing = run(machine, "\"$0\" report render no.json")
        #expect(missing.status == 66 && missing.errors.contains("no.json"), "\(missing)")
    }

    @Test("merge takes files, lists and directories, and its status is the worst verdict") func merge() throws {
        let machine = try machine()
        // Statuses of the program, not of what an artifact is: a fit report is made of the unfit one.
        let made = run(
            machine,
            """
            mkdir -p d/e && jq '.verdict="fit" | .checks[].outcome="pass" | .findings=[] | .summary={pass:1,fail:0,skip:0,broken:0,flaky:0}' a.json >d/f.json
            cp d/f.json d/e/g.json; cp a.json d/e/notes.txt; printf 'd/f.json\\r\\na.json\\n\\n' >list
            """)
        #expect(made.status == 0, "\(made)")
        for (arguments, status, hosts) in [
            ("d", 0, 2), ("@list", 1, 2), ("d/f.json d/f.json", 0, 1), ("d a.json", 1, 3), ("d --expect 2", 0, 2),
            ("d --expect 3", 2, 2), ("a.json --expect 3", 1, 1),
        ] {
            let outcome = run(
                machine,
                "\"$0\" report merge \(arguments) --format json >fleet.json; s=$?; jq '.hosts|length' fleet.json; exit $s"
            )
            #expect(outcome.status == Int32(status) && outcome.output == "\(hosts)\n", "\(arguments): \(outcome)")
        }
        #expect(run(machine, "mkdir empty; \"$0\" report merge empty").status == 4)
        #expect(run(machine, "\"$0\" report merge").status == 64)
        #expect(run(machine, "\"$0\" report merge d --expect 0").status == 64)
        #expect(run(machine, "\"$0\" report merge d --format html --report github=fleet.md").output.contains("<h1>"))
    }

    @Test("GitHub's summary is appended to the step's file, once, and within its limit") func stepSummary() throws {
        let machine = try machine()
        machine.environment["GITHUB_STEP_SUMMARY"] = machine.scratch.appending("summary").string
        try machine.write("before\n", to: "summary")
        let first = run(machine, "\"$0\" report render a.json --format github && cat summary")
        #expect(first.output.hasPrefix("::error ") && first.output.contains("before\n## ❌"), "\(first)")
        let named = run(
            machine,
            "echo before >summary; \"$0\" report render a.json --format github --report github=$GITHUB_STEP_SUMMARY >/dev/null; grep -c '^## ' summary; head -n1 summary"
        )
        #expect(named.output == "1\nbefore\n", "\(named)")
        let full = run(
            machine,
            "head -c 1048000 /dev/zero >summary; \"$0\" report render a.json --format github >/dev/null; stat -c %s summary"
        )
        #expect((Int(full.output.dropLast()) ?? .max) <= 1 << 20, "\(full)")
    }
}
