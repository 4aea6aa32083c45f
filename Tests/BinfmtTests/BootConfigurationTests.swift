import Evidence
import Files
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Binfmt

@Suite("Boot files") struct BootConfigurationTests {
    /// Reads a configuration with one file of systemd's. `make` writes the file to the path that it is given.
    private func reading(_ make: (String) throws -> Void) throws -> BootConfiguration {
        let root = try ScratchDirectory.make()
        let directories = ["etc", "etc/binfmt.d"].map { root.appending($0).string }
        let file = "\(root)/etc/binfmt.d/a.conf"
        defer {
            unlink(file)
            for directory in directories.reversed() + [root.string] { rmdir(directory) }
        }
        for directory in directories { try #require(mkdir(directory, 0o755) == 0) }
        try make(file)
        return BootConfiguration.read(root: root.string)
    }

    private func reading(text: String) throws -> BootConfiguration {
        try reading { path in
            let file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
        }
    }

    @Test("each line is stripped before it is a rule or a comment, whatever ends it, as systemd has it") func lines()
        throws
    {
        let rules = [":one:M::AB::/bin/true:F", ":two:M::AB::/bin/true:P"]
        for text in [
            "# words\n\(rules[0])\n\n\(rules[1])\n", "# words\r\n\(rules[0])\r\n\r\n\(rules[1])\r\n",
            "  ; words\n\t\(rules[0])  \n   \n \(rules[1])\t",
        ] {
            let boot = try reading(text: text)
            #expect(boot.malformed.isEmpty)
            #expect(boot.entries.map(\.handler.text) == rules)
            #expect(boot.entries.map(\.handler.flags) == ["F", "P"])
        }
    }

    @Test("of any number of entries each takes the place of its namesake, but for binfmt-support's") func namesakes() {
        func entry(_ registrar: BootRegistrar, _ number: Int, _ path: String) throws -> BootEntry {
            let handler = try #require(Handler(rule: ":n\(number):M::A\(number)::/bin/true:"))
            return BootEntry(registrar: registrar, path: path, handler: handler, state: .applies)
        }
        #expect(throws: Never.self) {
            let count = 20_000
            var boot = BootConfiguration(registrars: [.systemd, .binfmtSupport], entries: [], malformed: [])
            boot.entries = try (0..<count).map { try entry(.systemd, $0, "first") }
            boot.entries += try (0..<count / 2).map { try entry(.systemd, $0, "second") }
            boot.entries += try (0..<count + 1).map { try entry(.binfmtSupport, $0, "third") }
            var live: [BootEntry] = []
            let time = ContinuousClock().measure { live = boot.afterBoot }
            #expect(live.map(\.path).prefix(count / 2).allSatisfy { $0 == "first" } && live.count == count + 1)
            #expect(
                live.dropFirst(count / 2).dropLast().allSatisfy { $0.path == "second" } && live.last?.path == "third")
            #expect(time < .seconds(20))
        }
    }

    @Test("more rules than any host has are not all kept, and that is said") func excess() throws {
        let rules = (0...BootConfiguration.mostEntries).map { ":\($0):M::A::/:\n" }.joined()
        let boot = try reading(text: rules)
        #expect(boot.entries.count == BootConfiguration.mostEntries)
        #expect(boot.malformed == ["/etc/binfmt.d/a.conf: expected at most 50000 rules, found more"])
    }

    @Test("a pipe in the place of a file is passed over") func pipe() throws {
        #expect(try reading { try #require(mkfifo($0, 0o644) == 0) }.entries.isEmpty)
    }

    /// What becomes of `a.conf` below /usr/lib, and of the record `b`, on a host that the lines of a script make.
    private func states(_ script: String) throws -> [BootEntry.State] {
        let root = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(root) }
        let rule = ":a:M::AB::/bin/true:"
        var launch = Launch(
            path: "/bin/sh",
            arguments: [
                "sh", "-ec",
                """
                cd "$1"; mkdir -p etc/binfmt.d etc/systemd/system usr/lib/binfmt.d usr/lib/systemd/system usr/sbin var/lib/binfmts
                printf '%s\\n' '\(rule)' >usr/lib/binfmt.d/a.conf
                printf 'b\\nmagic\\n0\\nAB\\n\\n/bin/true\\n\\nno\\nno\\nno\\n' >var/lib/binfmts/b
                : >usr/lib/systemd/systemd-binfmt; : >usr/sbin/update-binfmts
                chmod 755 usr/lib/systemd/systemd-binfmt usr/sbin/update-binfmts
                \(script)
                """, "sh", root.string,
            ], venue: .direct, timeout: .seconds(20))
        launch.environment = ["PATH": "/usr/bin:/bin"]
        let ended = Supervisor(jobs: 1).run(launch)
        try #require(ended.reason == .exited(0), "\(ended.errors.text)")
        return BootConfiguration.read(root: root.string).entries.map(\.state)
    }

    @Test("a masked service, a masked file and a service that nothing starts register nothing at boot") func masked()
        throws
    {
        #expect(try states("") == [.applies, .applies])
        let unit = "/etc/systemd/system/systemd-binfmt.service"
        #expect(try states("ln -s /dev/null .\(unit)") == [.masked(by: unit), .applies])
        #expect(try states(": >.\(unit)") == [.masked(by: unit), .applies])
        let file = "/etc/binfmt.d/a.conf"
        #expect(try states("ln -s /dev/null .\(file)") == [.masked(by: file), .applies])
        #expect(try states("echo '# none' >.\(file)") == [.overridden(by: file), .applies])
        let service = "binfmt-support.service"
        let installed = "echo '[Unit]' >usr/lib/systemd/system/\(service)"
        #expect(try states(installed) == [.applies, .disabled(unit: service)])
        let wanted =
            "mkdir etc/systemd/system/multi-user.target.wants; ln -s x etc/systemd/system/multi-user.target.wants/\(service)"
        #expect(try states("\(installed); \(wanted)") == [.applies, .applies])
        #expect(try states("\(installed); mkdir etc/rc2.d; : >etc/rc2.d/S01binfmt-support") == [.applies, .applies])
    }

    @Test("a masked mount of the registry, and a drop-in that changes the service, are told") func units() throws {
        let folder = "/etc/systemd/system"
        let (mount, automount) = (
            "\(folder)/proc-sys-fs-binfmt_misc.mount", "\(folder)/proc-sys-fs-binfmt_misc.automount"
        )
        #expect(try states("ln -s /dev/null .\(mount)") == [.masked(by: mount), .applies])
        #expect(try states("ln -s /dev/null .\(automount)") == [.masked(by: automount), .applies])
        let wanted =
            "mkdir .\(folder)/sysinit.target.wants; ln -s x .\(folder)/sysinit.target.wants/proc-sys-fs-binfmt_misc.mount"
        #expect(try states("ln -s /dev/null .\(automount); \(wanted)") == [.applies, .applies])
        func dropIn(_ text: String, in directory: String = folder) throws -> [BootEntry.State] {
            try states(
                "d=.\(directory)/systemd-binfmt.service.d; mkdir -p $d; printf '[Unit]\\n\(text)\\n' >$d/a.conf")
        }
        let path = "\(folder)/systemd-binfmt.service.d/a.conf"
        for text in [
            "ConditionVirtualization=!container", "AssertPathExists=/x", "ExecStart=", " ExecStartPre=/bin/false",
        ] {
            #expect(try dropIn(text) == [.uncertain(by: path), .applies])
        }
        let early = "/run/systemd/generator.early"
        #expect(
            try dropIn("ExecStart=", in: early)
                == [.uncertain(by: "\(early)/systemd-binfmt.service.d/a.conf"), .applies])
        #expect(try dropIn("TimeoutSec=9") == [.applies, .applies])
    }

    @Test("a rule with a mask of another length than the magic's is malformed") func mask() throws {
        #expect(try reading(text: ":a:M::AB:\\xff:/bin/true:").malformed.count == 1)
    }
}
