import Evidence
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Sandbox

@Suite("A confined program", .enabled(if: Here.mayMakeContainers, "needs user namespaces")) struct ConfinementTests {
    /// Facts as `key=value` lines; only the shell's own commands are needed.
    private static let look = """
        while read key value rest; do
            case $key in
                Uid:) echo "uid=$value" ;; NoNewPrivs:) echo "nnp=$value" ;; Seccomp:) echo "seccomp=$value" ;;
                CapBnd:) echo "bounding=$value" ;; CapEff:) echo "effective=$value" ;; CapInh:) echo "inheritable=$value" ;;
            esac
        done </proc/self/status
        read inside outside count </proc/self/uid_map; echo "map=$inside $outside $count"
        read name </proc/sys/kernel/hostname; echo "host=$name"
        while read name rest; do case $name in *:*) echo "net=${name%%:*}";; esac; done </proc/net/dev
        for file in /proc/sys/kernel/core_pattern /proc/sys/vm/swappiness /proc/sysrq-trigger /proc/irq/default_smp_affinity; do
            if [ -e $file ] && (: >>$file) 2>/dev/null; then echo "written=$file"; fi
        done
        for file in /proc/kcore /proc/keys /proc/timer_list /proc/kmsg; do
            if [ -e $file ] && read word <$file; then echo "masked=$file is not"; fi
        done
        echo word >/dev/null && echo null=usable
        read word; echo "input=$?"
        """

    private func facts(_ launch: Launch) throws -> [String: [String]] {
        let ended = run(launch)
        try #require(ended.reason == .exited(0), "\(ended.reason) \(ended.errors.text)")
        return ended.output.text.split(separator: "\n").reduce(into: [:]) { facts, line in
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { facts[parts[0], default: []].append(parts[1]) }
        }
    }

    private func confined(_ tree: RootTree, _ script: String, _ venue: Venue) throws -> Launch {
        let confinement = try #require(Confinement(in: venue))
        return tree.shell(script, venue: venue).with { $0.confinement = confinement }
    }

    private let mask = String(ConfinedRights.capabilityMask, radix: 16)

    private func expectLimits(_ facts: [String: [String]]) {
        #expect(facts["uid"] == ["0"] && facts["seccomp"] == ["2"])
        for set in ["bounding", "effective"] { #expect(facts[set]?.first?.hasSuffix(mask) == true, "\(facts)") }
        #expect(facts["inheritable"] == ["0000000000000000"])
        #expect(facts["host"] == ["assay"] && facts["net"] == ["lo"])
        #expect(facts["written"] == nil && facts["masked"] == nil, "\(facts)")
        #expect(facts["null"] == ["usable"] && facts["input"] == ["1"])
    }

    @Test("in a container is another user outside, with an engine's capabilities, and changes no setting of the host")
    func container() throws {
        let tree = try RootTree()
        let facts = try facts(confined(tree, Self.look, .container))
        expectLimits(facts)
        let map = facts["map"]?.first?.split(separator: " ").compactMap { UInt32($0) } ?? []
        try #require(map.count == 3)
        #expect(map[0] == 0 && (map[1] != 0 || !Here.mayMapIDs))
        #expect(facts["nnp"] == [map[2] > 1 ? "0" : "1"])
        #expect(!Here.mayMapIDs || map[2] > 1)
    }

    @Test("in a chroot the same, but for the ids", .enabled(if: Here.isPrivileged, "needs CAP_SYS_ADMIN"))
    func chroot() throws {
        let tree = try RootTree()
        let facts = try facts(confined(tree, Self.look, .chroot))
        expectLimits(facts)
        #expect(facts["nnp"] == ["0"])
    }

    @Test("may become any user of its range", .enabled(if: Here.mayMapIDs, "needs CAP_SETUID and CAP_SYS_ADMIN"))
    func users() throws {
        let tree = try RootTree()
        let launch = try confined(tree, Self.look, .container).with { $0.identity = (1234, 77) }
        let facts = try facts(launch)
        #expect(facts["uid"] == ["1234"] && facts["effective"] == ["0000000000000000"])
        #expect(facts["bounding"]?.first?.hasSuffix(mask) == true)
    }

    @Test("is not started where a link leads its mounts elsewhere") func links() throws {
        let tree = try RootTree()
        #expect(run(.shell("rmdir '\(tree.path)/proc' && ln -s /proc '\(tree.path)/proc'")).reason == .exited(0))
        let ended = run(try confined(tree, "exit 0", .container))
        #expect(ended.reason == .notStarted(StartFailure(stage: .mount, error: ENOTDIR)))
    }

    @Test(
        "starts on where its venue was made by a program without any privilege", .enabled(if: Here.isRoot, "needs root")
    )
    func ordinary() throws {
        let tree = try RootTree()
        let own = try #require(Confinement(in: .container, capabilities: 0))
        #expect(own.identities == .own && !own.hasUsers && own.owners == nil)
        let facts = try facts(tree.shell(Self.look).with { $0.confinement = own })
        expectLimits(facts)
        #expect(facts["nnp"] == ["1"])
    }
}

@Suite("A range of ids") struct IdentityRangeTests {
    private typealias Subordinate = [(owner: String, ids: Range<UInt32>)]

    private func pick(
        _ owned: Range<UInt32>..., uids: [(owner: String, ids: Range<UInt32>)] = [],
        gids: [(owner: String, ids: Range<UInt32>)]? = nil,
        taken: [UInt32] = [0, 1000, 65534]
    ) -> IdentityRange? {
        IdentityRange.pick(
            owned: (owned, owned), subordinate: (uids, gids ?? uids), taken: (taken, [0, 100]), random: { _ in 0 })
    }

    private let all: Range<UInt32> = 0..<UInt32.max

    @Test("is one that nobody has, aligned as systemd-nspawn has them") func free() {
        #expect(pick(all) == IdentityRange(uid: 0x80000, gid: 0x80000, count: 65536))
        let taken: [UInt32] = [0x80005]
        #expect(pick(all, taken: taken)?.uid == 0x90000)
        #expect(pick(all, uids: [("ann", 0x80000..<0x90001)])?.uid == 0xa0000)
        #expect(pick(all, uids: [], gids: [("ann", 0x80000..<0x80001)])?.gid == 0x90000)
    }

    @Test("is root's own where root has one") func roots() {
        let root: (owner: String, ids: Range<UInt32>) = ("root", 200_000..<265_536)
        #expect(
            pick(all, uids: [("ann", 100_000..<165_536), root])
                == IdentityRange(uid: 200_000, gid: 200_000, count: 65536))
        #expect(
            pick(all, uids: [root], gids: [("0", 300_000..<300_010)])
                == IdentityRange(uid: 200_000, gid: 300_000, count: 10))
        // Not one in which somebody lives.
        #expect(pick(all, uids: [root], taken: [200_001])?.uid == 0x80000)
        #expect(pick(0..<100_000, uids: [root])?.uid == 1001)
    }

    @Test("is what lies between the users of a container, which has few ids; and nothing where root is alone")
    func few() {
        #expect(pick(0..<65536) == IdentityRange(uid: 1001, gid: 1001, count: 64533))
        #expect(pick(0..<2) == IdentityRange(uid: 1, gid: 1, count: 1))
        #expect(pick(0..<1) == nil)
        #expect(pick() == nil)
    }
}
