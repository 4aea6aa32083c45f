import Glibc
import SystemPackage
import TestSupport
import Testing

/// Files whose names come from outside: reports, journals, and what lies in somebody's home.
@Suite("Files that are named from outside") struct NamedFileTests {
    private func machine() throws -> Machine {
        let machine = try Machine()
        _ = machine.run(
            "cd \(machine.scratch) && printf x >f && tar -cf whole.tar f && head -c 700 whole.tar >broken.tar && rm f whole.tar"
        )
        return machine
    }

    private func run(_ machine: Machine, _ script: String) -> Outcome {
        machine.run("cd \(machine.scratch) && \(script)")
    }

    @Test("a planted link, and a predictable name beside the report, are not written through") func planted() throws {
        let machine = try machine()
        let result = run(
            machine,
            """
            mkdir open; chmod 1777 open; echo secret >victim; ln -s ../victim open/r.json
            "$0" artifact broken.tar --report json=open/r.json >/dev/null; echo $?; cat victim; ls open
            (cd open; n=$$; i=0; while [ $i -lt 300 ]; do ln -s ../victim new.json.$((n + i)); i=$((i + 1)); done)
            "$0" artifact broken.tar --report json=open/new.json >/dev/null; echo $?; cat victim; test -f open/new.json; echo $?
            """)
        #expect(result.output == "64\nsecret\nr.json\n1\nsecret\n0\n", "\(result)")
        #expect(result.errors.contains("symbolic link in a directory in which everybody may write"), "\(result)")
    }

    @Test(
        "what nobody takes ends at a signal",
        arguments: [
            "mkfifo p; \"$0\" artifact broken.tar --report json=p >/dev/null & v=$!",
            "mkfifo p; (exec 3<>p; sleep 20) & \"$0\" list findings >p & v=$!",
            "mkfifo p; (exec 3<>p; sleep 20) & sleep 0.2; \"$0\" artifact broken.tar --report html=p --report tap=p --report json=p --report html=p --report html=p --report html=p --report html=p >/dev/null & v=$!",
        ])
    func untaken(begin: String) throws {
        let machine = try machine()
        let result = run(
            machine, "trap 'kill $(jobs -p)' EXIT; \(begin); sleep 1; kill -TERM $v; wait $v; echo ended")
        #expect(result.output.hasSuffix("ended\n"), "\(result)")
    }

    @Test("a shell's pipe, a descriptor and standard output get the report") func descriptors() throws {
        let machine = try machine()
        let result = run(
            machine,
            """
            export ME="$0"; bash -c '"$ME" artifact broken.tar --report json=>(cat >got) >/dev/null; sleep 0.5'
            "$0" artifact broken.tar --report json=/dev/fd/5 5>five >/dev/null; "$0" artifact broken.tar --report tap=/dev/stdout >out
            head -c 11 got; head -c 11 five; head -n1 out; tail -n1 out; ls -l /dev/stdout | cut -c1
            """)
        #expect(result.output.hasPrefix("{\n  \"checks{\n  \"checksTAP version 14\n"), "\(result)")
        #expect(result.output.contains("more  assay explain"), "\(result)")
    }

    @Test("a journal that is none is left alone, with and without --resume") func journal() throws {
        let machine = try machine()
        try machine.write("name: one\ndescription: d\nsteps:\n  - name: a\n    run: [/bin/true]\n", to: "s.yaml")
        let result = run(
            machine,
            """
            for text in 'keys' '\n\n' '{"journal":"assay.journal/9"}\n' 'assay.journal/2 is a form'; do printf "$text" >j; cp j k
            for resume in '' --resume; do "$0" run s.yaml --no-record --journal j $resume >/dev/null 2>&1; echo $?; cmp j k; done; done
            """)
        #expect(result.output == String(repeating: "65\n", count: 8), "\(result)")
    }

    @Test(
        "root makes and writes nothing in another user's home, and is as good without",
        .enabled(if: Here.isRoot && Here.emulates, "only root has other users' homes, and a probe is run"))
    func othersHome() throws {
        let machine = try Machine()
        let result = run(
            machine,
            """
            mkdir victim; chown 65534:65534 home; chmod 755 home
            "$0" probe exec.static --record --filter '*' >/dev/null; echo $?; find home
            mkdir -p home/.local; ln -s ../victim home/.cache; ln -s ../../victim home/.local/state; chown -hR 65534:65534 home
            "$0" probe exec.static --record >/dev/null; echo $?; find home | sort; ls -A victim
            """)
        #expect(
            result.output == "0\nhome\n0\nhome\nhome/.cache\nhome/.local\nhome/.local/state\n", "\(result)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "an ordinary user with root's home makes nothing there, and is as good without",
        .enabled(if: Here.isRoot && Here.nobodyCanRun, "nobody may not execute the program where it lies"))
    func rootsHome() throws {
        let machine = try Machine(user: 65534)
        let usual = try Machine(user: 65534).assay("host").status
        for mode: mode_t in [0o700, 0o755, 0o777] {
            try #require(chown(machine.home.string, 0, 0) == 0 && chmod(machine.home.string, mode) == 0)
            let outcome = machine.assay("host", "--record")
            #expect(outcome.status == usual, "\(outcome)")
            #expect(machine.names(in: machine.home).isEmpty, "\(mode): \(outcome)")
        }
        #expect(machine.leftovers.isEmpty)
    }
}
