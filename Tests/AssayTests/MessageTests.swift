import Sandbox
import SystemPackage
import Testing

/// What people type, and what is said to it.
@Suite("Messages") struct MessageTests {
    @Test(
        "each says in a line what was expected, and what to type",
        arguments: [
            (["artifact", "README"], 66, "docker save README | assay artifact -"),
            (["artifact", "/etc/hostname"], 65, "assay: /etc/hostname: not an archive that is read here: text ("),
            (["artifact", "/etc"], 65, "assay: /etc: not an archive that is read here: a directory without "),
            (["artifact", "nginx:latest"], 66, "assay artifact docker:nginx:latest, or docker save nginx:latest | "),
            (["artifact", "docker:"], 66, "behind docker: the name of an image is expected, as in docker:debian:12"),
            (["accept", "--report", "html"], 64, "expected FORM=PATH, for example html=report.html"),
            (["accept", "--report", "jsn=r"], 64, "the nearest is \"json\""),
            (["drill", "handlermissing"], 64, "the nearest is \"handler-missing\""),
            (["builders", "--builder", "none"], 4, "nothing was selected"),
            (["host", "--json"], 64, "Unknown option '--json'. Did you mean '--format json'?"),
            (["explain", "--json", "x"], 64, "Unknown option '--json'\n"),
            (["host", "--jobz", "2"], 64, "Did you mean '--jobs'?"),
            (["host", "--html"], 64, "Did you mean '--format html'?"),
            (["probe", "--nope"], 64, "Unknown option '--nope'"),
            (["artifact", "--nope"], 64, "Unknown option '--nope'"),
            (["report", "render", "--nope"], 64, "Unknown option '--nope'"),
            (["probe"], 64, "Missing expected argument '<name>'"),
            (["host", "--yson"], 64, "Unknown option '--yson'\n"),
            (["accept", "--venue", "chrot"], 64, "or 'oci'. Did you mean 'chroot'?"),
            (["accept", "--builder", "buildha"], 64, "the nearest is \"buildah\"; known are buildah, podman, docker"),
            (
                ["accept", "--platform", "linux/riscv65"], 64,
                "the nearest is \"linux/riscv64\"; known are linux/arm64, "
            ),
            (["accept", "--platform", "linux/amd64/v3"], 64, "nothing here tells what runs the variant v3"),
            (["accept", "--platform", "linux/arm64,"], 64, "there is no platform called \"\""),
            (["accept", "--config", "/etc/passwd"], 65, "/etc/passwd:1:1: expected a configuration, found \"root:x"),
            (["verify", "image.tar"], 64, "the nearest is \"artifact\""), (["verify"], 64, "the nearest is \"accept\""),
            (["inspect", "nginx"], 64, "the nearest is \"artifact\""), (["inspect"], 64, "the nearest is \"host\""),
            (["doctor"], 64, "the nearest is \"host\""), (["install"], 64, "the nearest is \"handler install\""),
            (["help", "prob"], 64, "there is no command called \"prob\"; the nearest is \"probe\""),
            (["probe"], 64, "The probe's name, as in \"assay list probes\" (see 'assay help probe')\n"),
            (["artifact"], 64, "(see 'assay help artifact')\n"),
            (["drill", "handler-missing", "--", "true"], 64, "See 'assay help drill' for more"),
            (["probe", "exec.static", "--nonsense"], 64, "See 'assay help probe' for more"),
            (["report", "rendr", "x"], 64, "no command of assay report called \"rendr\"; the nearest is \"render\""),
            (["handler", "instal"], 64, "the nearest is \"install\""), (["handler", "ls"], 64, "is \"list\""),
            (["history", "shw"], 64, "the nearest is \"show\""),
            (["builders", "creat", "x"], 64, "the nearest is \"create\""),
            (["report", "render", "x", "--nonsense"], 64, "See 'assay help report render' for more"),
        ])
    func said(arguments: [String], status: Int32, words: String) throws {
        let machine = try Machine()
        let outcome = Outcome(Supervisor(jobs: 1).run(machine.launch(arguments)))
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.errors.contains(words) && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count <= 4 && outcome.errors.count < 1000, "\(outcome.errors)")
    }

    @Test("a word that is near one of a list is told with it") func nearWord() throws {
        let outcome = try Machine().assay("list", "probe")
        #expect(outcome.status == 64 && outcome.errors.contains("Did you mean 'probes'? Please provide"), "\(outcome)")
        let far = try Machine().assay("list", "nonsense")
        #expect(far.status == 64 && !far.errors.contains("Did you mean"), "\(far)")
    }

    @Test(
        "the commands that hints name show help",
        arguments: [["probe"], ["report", "render"], ["builders", "create"]])
    func hints(command: [String]) throws {
        let outcome = Outcome(Supervisor(jobs: 1).run(try Machine().launch(["help"] + command)))
        #expect(outcome.status == 0 && outcome.output.contains("USAGE: assay \(command.joined(separator: " "))"))
    }

    @Test(
        "an input file that is not there, or not theirs to read, has status 66 everywhere",
        arguments: [
            "run nope.yaml", "run --check nope.yaml", "list scenarios nope", "report render nope", "report merge nope",
            "report merge @nope", "artifact nope", "artifact ./nope.tar --run",
            "artifact good --same-as nope", "artifact nope --same-as good", "artifact good --policy nope",
            "probe exec.static --image ./nope", "accept --interpreter /nope", "handler install --interpreter /nope",
            "explain ./nope", "explain build.log", "run one.yaml --rerun-failed nope",
        ])
    func absent(words: String) throws {
        let machine = try Machine()
        let outcome = machine.run(
            """
            cd "$TMPDIR"; echo '{}' >good
            printf 'schema: assay.scenario/1\\nname: a\\ndescription: d\\nsteps: [{inspect: host}]\\n' >one.yaml
            "$0" \(words)
            """)
        #expect(outcome.status == 66, "\(outcome)")
        let name = words.contains("build.log") ? "build.log" : "nope"
        #expect(outcome.errors.contains(name) && outcome.output.isEmpty, "\(outcome)")
    }

    @Test("an interpreter that is no program is told before anything is registered") func interpreter() throws {
        let machine = try Machine()
        let file = try machine.write("x", to: "file").string
        for (path, status, words) in [("/etc", 65, "found a directory"), (file, 66, "Permission denied")] {
            let outcome = machine.assay("accept", "--interpreter", path)
            #expect(outcome.status == Int32(status) && outcome.errors.hasPrefix("assay: \(path): "), "\(outcome)")
            #expect(outcome.errors.contains(words), "\(outcome)")
        }
    }
}
