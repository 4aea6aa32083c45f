import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("An artifact that somebody built") struct ArtifactTests {
    /// An OCI archive labelled linux/arm64 with one file: the machine's own /bin/true.
    private func mislabelled(_ machine: Machine) throws -> FilePath {
        let archive = machine.scratch.appending("image.tar")
        let built = machine.run(
            """
            cd '\(machine.scratch)' && mkdir context storage && cp -L /bin/true context/tool
            printf 'FROM scratch\\nCOPY tool /usr/bin/tool\\n' >context/Containerfile
            storage="--root $PWD/storage --runroot $PWD/storage/run --storage-driver vfs"
            buildah $storage build --isolation chroot --platform linux/arm64 --tag lie context >&2 &&
                buildah $storage push --quiet lie 'oci-archive:\(archive)' >&2
            rm -rf storage
            """)
        try #require(built.status == 0, "\(built)")
        return archive
    }

    @Test(
        "labelled arm64 with an x86-64 program in it: artifact-foreign-binary, naming the file",
        .enabled(if: Here.hasBuildah && Here.isX86, "\(Here.buildahReason), and an x86-64 host"))
    func foreignBinary() throws {
        let machine = try Machine()
        let archive = try mislabelled(machine)
        let outcome = machine.assay("artifact", archive.string, "--format", "json")
        #expect(outcome.status == 1, "\(outcome)")
        let report = try outcome.report
        let piped = machine.run("exec \"$0\" artifact - --format json <'\(archive)'")
        #expect(piped.status == 1, "\(piped)")
        #expect(try piped.report.errors == report.errors)
        #expect(report.verdict == "unfit" && report.host == nil)
        #expect(report.errors == ["artifact-foreign-binary"])
        let finding = try #require(report.finding("artifact-foreign-binary"))
        #expect(finding.summary.contains("/usr/bin/tool"))
        #expect(finding.evidence.contains { $0.contains("/usr/bin/tool") && $0.contains("x86-64") })
        #expect(machine.leftovers.isEmpty)
    }

    @Test(
        "cut short anywhere it is refused with a named error, and nothing is left",
        .enabled(if: Here.hasBuildah, "\(Here.buildahReason)"))
    func truncated() throws {
        let machine = try Machine()
        let archive = try mislabelled(machine)
        let short = machine.scratch.appending("short.tar")
        for part in [1, 30, 60, 95] {
            let cut = machine.run("head -c $(($(stat -c %s '\(archive)') * \(part) / 100)) '\(archive)' >'\(short)'")
            try #require(cut.status == 0)
            let outcome = machine.assay("artifact", short.string, "--format", "json")
            // Less than a block is no archive: nothing in it says that it was one.
            if machine.run("test $(stat -c %s '\(short)') -lt 512").status == 0 {
                #expect(outcome.status == 65 && outcome.errors.contains("short.tar"), "\(part) %: \(outcome)")
                continue
            }
            #expect(outcome.status == 1, "\(part) %: \(outcome)")
            let report = try outcome.report
            #expect(report.verdict == "unfit")
            #expect(
                report.errors.contains("archive-corrupt") || report.errors.contains("artifact-not-oci"),
                "\(report.errors)")
            #expect(machine.leftovers.isEmpty)
        }
    }

    @Test("a file that is not there has a status of its own, with its name") func absent() throws {
        let outcome = try Machine().assay("artifact", "/does/not/exist.tar")
        #expect(outcome.status == 66, "\(outcome)")
        #expect(outcome.errors.contains("/does/not/exist.tar") && outcome.output.isEmpty)
    }

    @Test("a file that is no archive is malformed input", arguments: ["", "no archive at all\n"]) func noArchive(
        text: String
    )
        throws
    {
        let machine = try Machine()
        let path = try machine.write(text, to: "image.tar")
        let outcome = machine.assay("artifact", path.string, "--format", "json")
        #expect(outcome.status == 65 && outcome.errors.contains("image.tar"), "\(outcome)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test("a platform that nobody knows is a usage error") func platform() throws {
        let machine = try Machine()
        #expect(machine.assay("artifact", "/dev/null", "--platform", "a/b/c/d").status == 64)
        #expect(machine.assay("artifact", "/dev/null", "--platform", "linux/arm65").status == 64)
    }

    /// Files of a few bytes, a tar of one text among them.
    private static let made = """
        cd "$TMPDIR" && mkdir in && printf 'x' >in/note && tar -C in -cf note.tar . && cp note.tar docker:x
        printf 'BZh91AY&SY%s' 'and more' >image.bz2; printf 'text\\n' >text; : >empty
        """

    @Test(
        "what is no archive is malformed, what is not read here is not found out, and a path that exists goes first",
        arguments: [
            ("text", 65, "text"), ("empty", 65, "nothing"), ("image.bz2", 2, "bzip2, which is not read here"),
            ("docker:x", 2, "nothing in it tells"),
            ("note.tar docker:x", 2, "nothing in it tells"), ("note.tar note.tar", 64, "named twice"),
            ("note.tar text", 65, "text"),
            ("oci:nowhere:tag", 66, "nowhere: failed to open the file: No such file or directory\n"),
            ("note.tar --platform all", 65, "a root file system"),
            ("note.tar docker:x --run", 64, "one artifact"),
        ])
    func words(words: String, status: Int32, text: String) throws {
        let machine = try Machine()
        let outcome = machine.run("{ \(Self.made)\n} && exec \"$0\" artifact \(words)")
        #expect(outcome.status == status, "\(outcome)")
        #expect((outcome.output + outcome.errors).contains(text), "\(outcome)")
    }

    @Test("several artifacts are a check each, also as SARIF") func several() throws {
        let machine = try Machine()
        let outcome = machine.run("{ \(Self.made)\n} && exec \"$0\" artifact note.tar docker:x --format json")
        #expect(try outcome.report.checks.count == 2, "\(outcome)")
        let sarif = machine.run("cd \"$TMPDIR\" && exec \"$0\" artifact note.tar --format sarif")
        #expect(sarif.status == 2 && sarif.output.contains("\"version\" : \"2.1.0\""), "\(sarif)")
    }
}
