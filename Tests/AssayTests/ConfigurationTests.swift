import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

/// What is allowed, and whose file may say so. The host that is judged is an archive that is cut short.
@Suite("What is allowed") struct ConfigurationTests {
    private func machine(user: UInt32? = nil) throws -> Machine {
        let machine = try Machine(user: user)
        let made = machine.run(
            "cd \"$TMPDIR\" && head -c 2000 /dev/urandom >f && tar -cf whole.tar f && head -c 1800 whole.tar >broken.tar && rm f whole.tar"
        )
        try #require(made.status == 0, "\(made)")
        return machine
    }

    private func run(_ machine: Machine, _ script: String) -> Outcome { machine.run("cd \"$TMPDIR\"; \(script)") }

    @Test("an allowed finding leaves the verdict, and not the exit status; the report says what was allowed")
    func allow() throws {
        let machine = try machine()
        #expect(run(machine, "\"$0\" artifact broken.tar").status == 1)
        let outcome = run(machine, "\"$0\" artifact broken.tar --allow 'archive-corrupt=a test = this one'")
        #expect(outcome.status == 0, "\(outcome)")
        let first = outcome.output.prefix { $0 != "\n" }
        #expect(first.lowercased().hasPrefix("unfit") && first.contains("allowed: archive-corrupt (a test = this one)"))
        let json = run(
            machine,
            "\"$0\" artifact broken.tar --allow archive-corrupt --format json | jq -c '[.verdict, .allowed]'")
        #expect(json.output == #"["unfit",[{"code":"archive-corrupt","expired":false,"source":"--allow"}]]"# + "\n")
        #expect(run(machine, "\"$0\" artifact broken.tar --allow handler-missing").status == 1)
        let wrong = run(machine, "\"$0\" artifact broken.tar --allow archive-corupt")
        #expect(wrong.status == 64 && wrong.errors.contains("the nearest is \"archive-corrupt\""), "\(wrong)")
    }

    @Test(
        "a file of the working directory counts where it is the caller's own; an expired allowance fails, and says so")
    func ownFile() throws {
        let machine = try machine()
        let allow = "printf 'allow:\\n- code: archive-corrupt\\n  reason: r\\n  owner: me\\n  expires: %s\\n' "
        let valid = run(machine, "\(allow) 2999-01-31 >.assay.yaml; \"$0\" artifact broken.tar")
        #expect(valid.status == 0 && valid.output.contains("archive-corrupt (r; me; until 2999-01-31)"), "\(valid)")
        let expired = run(machine, "\(allow) 2020-01-31 >.assay.yaml; \"$0\" artifact broken.tar")
        #expect(expired.status == 1, "\(expired)")
        #expect(expired.output.contains("archive-corrupt was allowed until 2020-01-31 and counts again"), "\(expired)")
        let again = run(machine, "\"$0\" artifact broken.tar --allow archive-corrupt")
        #expect(again.status == 0, "\(again)")
        #expect(run(machine, "\"$0\" artifact broken.tar --config /dev/null").status == 1)
        let link = run(machine, "mv .assay.yaml real; ln -s real .assay.yaml; \"$0\" artifact broken.tar")
        #expect(link.status == 1 && link.errors.contains(".assay.yaml does not count here: it is a symbolic link"))
        let open = run(
            machine,
            "rm .assay.yaml; \(allow) 2999-01-31 >.assay.yaml; chmod 666 .assay.yaml; \"$0\" artifact broken.tar")
        #expect(open.status == 1 && open.errors.contains("others may write to it"), "\(open)")
    }

    @Test(
        "root takes nobody else's file, and nobody takes root's as theirs; --config takes both",
        .enabled(if: Here.isRoot && Here.nobodyCanRun, "only root makes others' files"))
    func othersFile() throws {
        let text = "printf 'allow: {code: archive-corrupt, reason: r}\\n' >.assay.yaml; chmod 644 .assay.yaml;"
        let root = try machine()
        let foreign = run(root, "\(text) chown 65534 .assay.yaml; \"$0\" artifact broken.tar")
        #expect(foreign.status == 1 && foreign.errors.contains("it belongs to user 65534, not to 0"), "\(foreign)")
        #expect(run(root, "\"$0\" artifact broken.tar --config .assay.yaml").status == 0)
        // The file is root's again, in a directory of somebody else's.
        let home = run(root, "chown 0 .assay.yaml; chown 65534 .; \"$0\" artifact broken.tar; s=$?; chown 0 .; exit $s")
        #expect(home.status == 1 && home.errors.contains("does not count here"), "\(home)")
        let nobody = try machine(user: 65534)
        let roots = nobody.temporary.appending(".assay.yaml").string
        try nobody.write("allow: {code: archive-corrupt, reason: r}\n", to: "c")
        _ = rename(nobody.scratch.appending("c").string, roots)
        let outcome = run(nobody, "\"$0\" artifact broken.tar")
        #expect(outcome.status == 1 && outcome.errors.contains("it belongs to user 0"), "\(outcome)")
        #expect(run(nobody, "\"$0\" artifact broken.tar --config .assay.yaml").status == 0)
    }

    @Test(
        "the host's file counts where there is no own one",
        .enabled(if: PrivateHost.isPossible, "\(PrivateHost.reason)"))
    func hostFile() throws {
        let machine = try machine()
        let outcome = Outcome(
            Supervisor(jobs: 1).run(
                machine.privately(
                    """
                    mount -t tmpfs none /etc && mkdir /etc/assay || exit 90
                    echo 'allow: {code: archive-corrupt, reason: r}' >/etc/assay/config.yaml
                    cd "$TMPDIR"; "$0" artifact broken.tar >/dev/null; echo $?
                    echo 'allow: {code: handler-missing, reason: r}' >.assay.yaml
                    "$0" artifact broken.tar >/dev/null; echo $?
                    """)))
        #expect(outcome.output == "0\n1\n", "\(outcome)")
    }

    @Test("a profile's defaults are those of the options, and faults of a file have their place") func profiles() throws
    {
        let machine = try machine()
        try machine.write(
            """
            profiles:
              lax: {allow: {code: archive-corrupt, reason: r}}
              small: {limits: {bytes: 5}}
              none: {builders: none}

            """, to: "tmp/c.yaml")
        let program = "\"$0\" artifact broken.tar --config c.yaml"
        #expect(run(machine, program).status == 1)
        #expect(run(machine, "\(program) --profile lax").status == 0)
        let small = run(machine, "\(program) --profile small")
        #expect(small.status == 2 && small.output.contains("archive-over-limit"), "\(small)")
        let broken = run(machine, "\(program) --profile small --allow archive-over-limit")
        #expect(broken.status == 2, "what is broken is never allowed: \(broken)")
        let given = run(machine, "\(program) --profile small --limit bytes=100000")
        #expect(!given.output.contains("archive-over-limit"), "\(given)")
        #expect(run(machine, "\"$0\" builders --config c.yaml --profile none").status == 4)
        let unknown = run(machine, "\(program) --profile laks")
        #expect(unknown.status == 64 && unknown.errors.contains("the nearest is \"lax\""), "\(unknown)")
        let wrong = run(machine, "echo 'venue: direct' >w.yaml; \"$0\" host --config w.yaml")
        #expect(
            wrong.status == 65 && wrong.errors.hasPrefix("w.yaml:1:1: expected a key of a configuration"), "\(wrong)")
        #expect(wrong.errors.contains("did you mean \"venues\"?"))
        let absent = run(machine, "\"$0\" host --config nope.yaml")
        #expect(absent.status == 66 && absent.errors == "assay: no such file: nope.yaml\n", "\(absent)")
        #expect(run(machine, "\"$0\" artifact broken.tar --strict --fail-on error").status == 64)
    }
}
