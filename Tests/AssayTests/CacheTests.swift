import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("The image cache", .enabled(if: Here.emulates, "\(Here.emulationReason)")) struct CacheTests {
    private func cache(_ machine: Machine) -> FilePath { machine.home.appending(".cache/assay") }

    private func program(_ machine: Machine) throws -> FilePath {
        try machine.coreTree().appending("bin/assay-probe")
    }

    @Test("twenty runs at once with an empty cache all pass, and one tree remains") func together() throws {
        let machine = try Machine()
        let ended = Supervisor(jobs: 20).run(
            (0..<20).map { _ in machine.launch(["probe", "exec.static", "--timeout-multiplier", "10"]) })
        for outcome in ended.map(Outcome.init) {
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.errors.isEmpty, "\(outcome)")
        }
        // On a busy machine a run may be tried again beside its native twin, whose image is another one.
        let trees = machine.run("ls '\(cache(machine))' | grep '^core-'").output.split(separator: "\n")
        let programs = machine.run("find '\(cache(machine))' -type f -name assay-probe").output.split(separator: "\n")
        #expect((1...2).contains(trees.count) && programs.count == trees.count, "\(trees), \(programs)")
        #expect(machine.leftovers.isEmpty)
    }

    @Test("a program that was tampered with is not run, and is put right") func tampered() throws {
        let machine = try Machine()
        #expect(machine.assay("probe", "exec.static").status == 0)
        let path = try program(machine)
        let whole = try WholeFile.read(path.string, limit: 16 << 20)
        // A copy: where the link is not put right, what comes next writes through it.
        let other = try machine.write(WholeFile.read("/bin/true", limit: 1 << 20), to: "other")
        for change in [
            "printf X | dd of='\(path)' bs=1 seek=100 conv=notrunc status=none", "cp '\(other)' '\(path)'",
            "rm -f '\(path)'", "rm -f '\(path)'; ln -s '\(other)' '\(path)'", ": >'\(path)'",
        ] {
            let tampering = machine.run("chmod -R u+w '\(cache(machine))'; \(change)")
            try #require(tampering.status == 0, "\(tampering)")
            let outcome = machine.assay("probe", "exec.static")
            #expect(outcome.status == 0, "\(change): \(outcome)")
            #expect(try WholeFile.read(try program(machine).string, limit: 16 << 20) == whole, "\(change)")
        }
        #expect(machine.leftovers.isEmpty)
    }

    @Test("a program with other contents and the old size and times is not run either") func disguised() throws {
        let machine = try Machine()
        #expect(machine.assay("probe", "exec.static").status == 0)
        let path = try program(machine)
        let disguise = machine.run(
            """
            chmod -R u+w '\(cache(machine))'; touch -r '\(path)' stamp; printf X | dd of='\(path)' bs=1 seek=5000 conv=notrunc \
            status=none; touch -r stamp '\(path)'; rm stamp
            """.replacing("stamp", with: machine.scratch.appending("stamp").string))
        try #require(disguise.status == 0, "\(disguise)")
        #expect(machine.assay("probe", "exec.static").status == 0)
    }

    @Test(
        "what its owner may not read is kept readable, and the tree is used again",
        .enabled(if: Here.nobodyCanRun, "nobody may not execute the program where it lies"))
    func closed() throws {
        let machine = try Machine(user: Here.isRoot ? 65534 : nil)
        let image = machine.home.appending("closed.tar")
        let packed = machine.run(
            """
            set -e
            cd && mkdir -p etc/closed && echo x >etc/shadow && echo x >etc/closed/file
            tar -cf '\(image)' -C '\(try machine.coreTree())' .
            tar -rf '\(image)' --mode=0 etc/shadow etc/closed
            """)
        try #require(packed.status == 0, "\(packed)")
        func tree() -> String { machine.run("stat -c %i '\(cache(machine))'/closed.tar-*/rootfs").output }
        #expect(machine.assay("probe", "exec.static", "--image", image.string).status == 0)
        let first = tree()
        let outcome = machine.assay("probe", "exec.static", "--image", image.string)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(!first.isEmpty && tree() == first)
    }

    @Test(
        "a tree that this user may not read is left where it is",
        .enabled(if: Here.isRoot && Here.nobodyCanRun, "only root can make another user's tree"))
    func others() throws {
        let machine = try Machine(user: 65534)
        #expect(machine.assay("probe", "exec.static").status == 0)
        // As `sudo -E assay` fills it.
        let slot = try machine.coreTree().removingLastComponent()
        try #require(chown(slot.string, 0, 0) == 0)
        let before = machine.run("stat -c '%i %u' '\(slot)' '\(slot)/rootfs'").output
        let outcome = machine.assay("probe", "exec.static")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.errors.contains("the image cache is not used"), "\(outcome)")
        #expect(machine.run("stat -c '%i %u' '\(slot)' '\(slot)/rootfs'").output == before)
        // A busy machine tries again beside the native twin, which has a tree of its own.
        let slots = machine.names(in: cache(machine)).filter { !$0.hasPrefix("core-amd64-") }
        #expect(slots == [slot.lastComponent?.string])
    }

    @Test("a directory that others may write is not used, and the run passes without it", arguments: [0o777, 0o775])
    func open(mode: Int) throws {
        let machine = try Machine()
        try #require(
            machine.run("mkdir -p '\(cache(machine))' && chmod \(String(mode, radix: 8)) '\(cache(machine))'").status
                == 0)
        let outcome = machine.assay("probe", "exec.static")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.errors.contains("the image cache is not used"))
        #expect(machine.names(in: cache(machine)).isEmpty)
        #expect(machine.leftovers.isEmpty)
    }

    @Test("a link planted in its place is not followed") func link() throws {
        let machine = try Machine()
        let elsewhere = machine.scratch.appending("elsewhere")
        try #require(
            machine.run(
                "mkdir -m 777 '\(elsewhere)'; mkdir '\(machine.home)/.cache'; ln -s '\(elsewhere)' '\(cache(machine))'"
            ).status == 0)
        #expect(machine.assay("probe", "exec.static").status == 0)
        #expect(machine.names(in: elsewhere).isEmpty)
    }

    @Test("without a home the run unpacks for itself") func homeless() throws {
        let machine = try Machine()
        machine.environment["HOME"] = nil
        #expect(machine.assay("probe", "exec.static").status == 0)
        #expect(machine.leftovers.isEmpty && machine.names(in: machine.home).isEmpty)
    }

    @Test("no TMPDIR to work in is undetermined, with a reason") func noTemporary() throws {
        let machine = try Machine()
        machine.environment["TMPDIR"] = "/does/not/exist"
        let outcome = machine.assay("probe", "exec.static")
        #expect(outcome.status == 2)
        #expect(!outcome.errors.isEmpty)
    }
}
