import Evidence
import Findings
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("Commands to type") struct RemedyTests {
    @Test("root registers by one write to the kernel's file") func root() {
        let own = Diagnosis(Given.host([]), []).findings[0].remedy
        #expect(own.contains("printf '%s' ':qemu-aarch64:M::"))
        #expect(own.hasSuffix(":POCF' > /proc/sys/fs/binfmt_misc/register"))
        #expect(!own.contains("sudo"))
    }

    @Test("others hand sudo the very words that root would type, whatever must be quoted")
    func sudo() {
        let hosts = { (privileged: Bool) in
            [
                Given.host([], privileged: privileged),
                Given.host([Given.handler(flags: "PO")], privileged: privileged),
                Given.host([Given.handler(enabled: false)], privileged: privileged),
                Given.host([], privileged: privileged, candidates: [], install: "apt-get install -y qemu-user-static"),
                Given.host([], state: Given.hidden, privileged: privileged),
            ]
        }
        for (own, other) in zip(hosts(true), hosts(false)) {
            let typed = Diagnosis(own, []).findings[0].remedy
            let asked = Diagnosis(other, []).findings[0].remedy
            // One command without redirections needs no shell of root's.
            let isPlain = !typed.contains { "'><|;&\"".contains($0) }
            #expect(asked.hasPrefix(isPlain ? "sudo \(typed)" : "sudo sh -c "))
            let heard = Supervisor(jobs: 1).run(
                Launch(
                    path: "/bin/sh",
                    arguments: [
                        "sh", "-c", "sudo() { [ \"$1\" = sh ] && printf %s \"$3\" || printf %s \"$*\"; }; \(asked)",
                    ], venue: .direct,
                    timeout: .seconds(10)))
            #expect(heard.output.text == typed)
        }
    }

    @Test("an entry that is replaced is removed first, and keeps its name") func replacing() {
        let handler = Given.handler("my-arm64", flags: "POC")
        let remedy = Diagnosis(Given.host([handler]), []).findings[0].remedy
        #expect(remedy.contains("printf '%s' -1 > /proc/sys/fs/binfmt_misc/my-arm64 && printf '%s' ':my-arm64:M:"))
    }

    @Test(
        "a word is quoted so that a shell hears it as it is",
        arguments: [
            "plain-1.0/x", "", "my q", "it's", "a$b `c`", "it's \"$x\" `y`", "\\x7f'\\", "\\\\'", "'\\$", "a!b",
            "it's!", "'! '",
            "'\n\\\n", "é'ü",
        ])
    func quoting(word: String) {
        let heard = Supervisor(jobs: 1).run(
            Launch(
                path: "/bin/sh", arguments: ["sh", "-c", "printf %s \(shellQuoted(word))"], venue: .direct,
                timeout: .seconds(10)))
        #expect(heard.output.text == word)
    }

    @Test("names and paths that a shell would take apart are quoted") func names() {
        let handler = Given.handler("my q", flags: "PO")
        #expect(
            Diagnosis(Given.host([handler]), []).findings[0].remedy.contains("> '/proc/sys/fs/binfmt_misc/my q' &&"))
        var host = Given.host([Given.handler()])
        host.runner.workIsNoexec = true
        host.runner.workMount = "/my work"
        #expect(
            Diagnosis(host, [Given.refused(EACCES)]).findings.first { $0.code == .runnerNoexecWorkdir }?.remedy
                == "mount -o remount,exec '/my work'")
    }

    @Test(
        "for a QEMU that fails another file is registered, or a newer one installed, never the same under another name")
    func another() {
        let wrong = Given.probe(.failed(expected: "1", seen: "2"))
        func remedy(_ candidates: [String], inode: [UInt64]) -> String {
            var host = Given.host(
                [Given.handler()], candidates: candidates, install: "apt-get install -y qemu-user-static")
            host.interpreter?.file = FileIdentity(path: "/usr/bin/qemu-aarch64-static", device: 1, inode: 7)
            for (path, inode) in zip(candidates, inode) {
                host.candidateFiles[path] = FileIdentity(path: path, device: 1, inode: inode)
            }
            return Diagnosis(host, [wrong]).findings[0].remedy
        }
        #expect(remedy(["/usr/bin/qemu-aarch64-static"], inode: [7]).hasPrefix("apt-get install"))
        let other = remedy(["/usr/bin/qemu-aarch64-static", "/usr/local/bin/qemu-aarch64"], inode: [7, 8])
        #expect(other.contains(":/usr/local/bin/qemu-aarch64:POCF"))
    }

    @Test("of several findings of one code, what to type is from the one that knows this host") func known() {
        let builder = Finding(.handlerDropsCredentials, summary: "a builder's", evidence: ["RUN"])
        let host = Finding(.handlerDropsCredentials, summary: "the host's", evidence: ["flags"], remedy: "type this")
        for found in [[builder, host], [host, builder]] {
            let merged = Diagnosis.merged(found)
            #expect(merged.map(\.remedy) == ["type this"] && merged[0].summary == found[0].summary)
            #expect(merged[0].evidence.contains("RUN") && merged[0].evidence.contains("flags"))
        }
    }

    @Test("where no interpreter is installed the remedy installs one") func install() {
        let host = Given.host([], candidates: [], install: "apt-get install -y qemu-user-static")
        #expect(Diagnosis(host, []).findings[0].remedy.hasPrefix("apt-get install -y qemu-user-static && "))
        let unknown = Diagnosis(Given.host([], candidates: []), []).findings[0].remedy
        #expect(unknown.contains("/usr/bin/qemu-aarch64-static"))
    }

    @Test(
        "flags are without P where the kernel does not tell of it, and the name does not either",
        arguments: [
            ("5.10.0-32-cloud-amd64", "/usr/bin/qemu-aarch64-static", "OCF"),
            ("5.10.0-32-cloud-amd64", "/usr/libexec/qemu-binfmt/aarch64-binfmt-P", "POCF"),
            ("Linux 4.19.0", "/q", "OCF"), ("5.11.22+", "/q", "OCF"), ("5.12.0-rc1", "/q", "POCF"),
            ("6.1.0", "/q", "POCF"), ("10.0", "/q", "POCF"), ("odd", "/q", "POCF"),
        ])
    func flags(kernel: String, interpreter: String, flags: String) {
        #expect(usualFlags(interpreter, kernel: kernel) == flags)
    }
}
