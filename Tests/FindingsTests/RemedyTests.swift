import Findings
import Sandbox
import SystemPackage
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
            #expect(asked.hasPrefix("sudo sh -c "))
            let heard = Supervisor(jobs: 1).run(
                Launch(
                    path: "/bin/sh", arguments: ["sh", "-c", "sudo() { printf %s \"$3\"; }; \(asked)"], venue: .direct,
                    timeout: .seconds(10)))
            #expect(heard.output.text == typed)
        }
    }

    @Test("an entry that is replaced is removed first, and keeps its name") func replacing() {
        let handler = Given.handler("my-arm64", flags: "POC")
        let remedy = Diagnosis(Given.host([handler]), []).findings[0].remedy
        #expect(remedy.contains("printf '%s' '-1' > /proc/sys/fs/binfmt_misc/my-arm64 && printf '%s' ':my-arm64:M:"))
    }

    @Test("where no interpreter is installed the remedy installs one") func install() {
        let host = Given.host([], candidates: [], install: "apt-get install -y qemu-user-static")
        #expect(Diagnosis(host, []).findings[0].remedy.hasPrefix("apt-get install -y qemu-user-static && "))
        let unknown = Diagnosis(Given.host([], candidates: []), []).findings[0].remedy
        #expect(unknown.contains("/usr/bin/qemu-aarch64-static"))
    }
}
