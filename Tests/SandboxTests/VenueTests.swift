import Evidence
import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("Venues") struct VenueTests {
    /// What a program sees from inside, as `key=value` lines; only the shell's own commands are needed.
    private static let look = """
        while read key value rest; do
            case $key in Uid:) echo "uid=$value";; Gid:) echo "gid=$value";; NoNewPrivs:) echo "nnp=$value";; esac
        done </proc/self/status
        echo "pid=$$"
        while read name rest; do case $name in *:*) echo "net=${name%%:*}";; esac; done </proc/net/dev
        echo top=$(echo /*)
        echo processes=$(echo /proc/[0-9]*)
        (: >/forbidden) 2>/dev/null && echo root=writable || echo root=read-only
        (: >/bin/sh) 2>/dev/null && echo program=writable || echo program=read-only
        echo word >/tmp/file && read word </tmp/file && echo "tmp=$word"
        (echo gone >/dev/null) && echo null=usable
        echo stdout=usable >/dev/stdout; read word </dev/stdin || [ -e /dev/stdin ] && echo stdin=usable
        (echo >/dev/stderr) && echo stderr=usable
        (: >/dev/other) 2>/dev/null && echo dev=writable
        """

    private func facts(_ ended: Termination) -> [String: [String]] {
        var facts: [String: [String]] = [:]
        for line in ended.output.text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { facts[parts[0], default: []].append(parts[1]) }
        }
        return facts
    }

    @Test(
        "a container is root of its own, alone with its processes, and sees no network and no host",
        .enabled(if: Here.mayMakeContainers, "needs user namespaces"))
    func container() throws {
        let tree = try RootTree()
        let ended = run(tree.shell(Self.look).with { $0.noNewPrivileges = true })
        try #require(ended.reason == .exited(0), "\(ended.reason) \(ended.errors.text)")
        let facts = facts(ended)
        #expect(ended.procError == 0)
        #expect(facts["uid"] == ["0"] && facts["gid"] == ["0"])
        #expect(facts["pid"].flatMap { Int($0[0]) } ?? .max < 10)
        #expect(facts["processes"]?.first?.split(separator: " ").count ?? .max <= 4)
        #expect(facts["net"] == ["lo"])
        #expect(facts["nnp"] == ["1"])
        #expect(facts["top"]?.first?.split(separator: " ").map(String.init).sorted() == tree.names().map { "/\($0)" })
    }

    @Test(
        "a container's root is read-only, its /tmp is not, and the host's directory stays as it was",
        .enabled(if: Here.mayMakeContainers, "needs user namespaces"))
    func containerWrites() throws { try writes(.container) }

    @Test(
        "so it is in a chroot, which keeps the host's network",
        .enabled(if: Here.isPrivileged, "needs CAP_SYS_ADMIN"))
    func chrootWrites() throws {
        let facts = try writes(.chroot)
        #expect(facts["uid"] == ["\(geteuid())"])
        #expect(facts["pid"].flatMap { Int($0[0]) } ?? .max < 10)
        #expect(facts["nnp"] == ["0"])
    }

    @discardableResult private func writes(_ venue: Venue) throws -> [String: [String]] {
        let tree = try RootTree()
        let ended = run(tree.shell(Self.look, venue: venue))
        try #require(ended.reason == .exited(0), "\(ended.reason) \(ended.errors.text)")
        let facts = facts(ended)
        #expect(facts["root"] == ["read-only"] && facts["program"] == ["read-only"])
        #expect(facts["tmp"] == ["word"])
        for name in ["null", "stdin", "stdout", "stderr"] { #expect(facts[name] == ["usable"], "\(name)") }
        #expect(tree.names(in: "tmp").isEmpty && tree.names(in: "dev").isEmpty && !tree.names().contains("forbidden"))
        return facts
    }

    @Test("a venue with a root leaves no mount behind", .enabled(if: Here.mayMakeContainers, "needs user namespaces"))
    func mounts() throws {
        let tree = try RootTree()
        for venue in [Venue.container, .chroot] { _ = run(tree.shell("true", venue: venue)) }
        let mounts = String(decoding: try WholeFile.read("/proc/self/mounts", limit: 1 << 20), as: UTF8.self)
        #expect(!mounts.contains(tree.path.string))
    }

    @Test("direct changes nothing but the session") func direct() throws {
        let facts = facts(
            run(.shell("echo uid=$(id -u); echo pid=$$; echo pwd=$(pwd); ps -o sid= -p $$ | sed 's/^ */sid=/'")))
        #expect(facts["uid"] == ["\(geteuid())"])
        #expect(facts["sid"] != nil && facts["sid"] != ["\(getsid(0))"])
        let pid = try #require(facts["pid"].flatMap { pid_t($0[0]) })
        #expect(pid > 1)
    }

    @Test("an identity drops user, group and every supplementary group", .enabled(if: Here.isRoot, "needs root"))
    func identity() {
        let launch = Launch.shell("id -u; id -g; id -G; grep CapEff /proc/self/status").with {
            $0.identity = (65534, 65533)
        }
        #expect(run(launch).output.text == "65534\n65533\n65533\nCapEff:\t0000000000000000\n")
    }

    @Test("an identity that setresuid takes for \"unchanged\" starts nothing", .enabled(if: Here.isRoot, "needs root"))
    func unchangedIdentity() {
        for identity in [(UInt32.max, 0), (0, .max), (.max, .max)] as [(UInt32, UInt32)] {
            let ended = run(Launch.shell("exit 0").with { $0.identity = identity })
            guard case .notStarted(let failure) = ended.reason else {
                Issue.record("expected notStarted, found \(ended.reason)")
                continue
            }
            #expect(failure.stage == .identity)
        }
    }

    @Test("a writable root keeps the /tmp that it has", .enabled(if: Here.mayMakeContainers, "needs user namespaces"))
    func ownTemporary() throws {
        let tree = try RootTree()
        let script = "echo 'echo found' >/tmp/program && sh /tmp/program"
        let ended = run(tree.shell(script).with { $0.isRootWritable = true })
        #expect(ended.output.text == "found\n" && tree.names(in: "tmp") == ["program"])
    }

    @Test("an ordinary caller is refused a chroot beforehand, and everybody a runtime that is not there")
    func unavailable() {
        for venue in Venue.own {
            #expect(venue.unavailable(privileged: true) == nil)
            #expect((venue.unavailable(privileged: false) != nil) == (venue == .chroot))
        }
        #expect(Venue.chroot.unavailable(privileged: false)?.contains("root") == true)
        let look = run(.shell("PATH=$PATH:/usr/sbin:/sbin:/usr/local/bin; command -v runc || command -v crun"))
        for privileged in [true, false] {
            #expect((Venue.oci.unavailable(privileged: privileged) == nil) == (look.reason == .exited(0)))
        }
    }
}
