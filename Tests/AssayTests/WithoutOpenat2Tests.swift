import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("Without openat2", .enabled(if: Here.emulates, "\(Here.emulationReason)")) struct WithoutOpenat2Tests {
    @Test("a host is judged, an artifact opened, and everything removed, as with it", arguments: [ENOSYS, EPERM])
    func same(error: Int32) throws {
        let machine = try Machine()
        let made = machine.run(
            "cd '\(machine.scratch)' && mkdir -p root/bin && cp /bin/true root/bin/ && tar -cf root.tar root")
        try #require(made.status == 0, "\(made)")
        for arguments in [
            ["accept", "--builder", "none"], ["artifact", machine.scratch.appending("root.tar").string],
        ] {
            let launch = machine.launch(arguments + ["--format", "json"])
            let usual = Outcome(Supervisor(jobs: 1).run(launch))
            let ended = try #require(
                without("openat2", error) { Supervisor(jobs: 1).run(launch) }, "no filter can be had here")
            let outcome = Outcome(ended)
            #expect(outcome.status == usual.status, "\(outcome)")
            let (report, expected) = (try outcome.report, try usual.report)
            #expect(report.verdict == expected.verdict)
            #expect(report.checks.map(\.outcome) == expected.checks.map(\.outcome), "\(outcome)")
            #expect(outcome.errors.isEmpty, "\(outcome)")
            #expect(machine.leftovers.isEmpty)
        }
    }

    @Test(
        "a call that fails once while things are removed leaves nothing",
        .enabled(if: access("/usr/bin/strace", X_OK) == 0, "strace is not installed"),
        arguments: [
            "unlinkat:error=EIO", "openat2:error=EMFILE", "openat2:error=ENOSYS", "unlinkat:error=EINTR",
            "unlinkat:error=ENOMEM", "unlinkat:error=EACCES",
        ])
    func transient(fault: String) throws {
        let machine = try Machine()
        #expect(machine.assay("probe", "exec.static").status == 0)
        for place in [1, 2, 3, 5, 8] {
            let outcome = machine.run(
                "strace -f -qq -o /dev/null -e trace=none -e inject=\(fault):when=\(place) \"$0\" probe exec.static >/dev/null"
            )
            #expect(outcome.status == 0 && !outcome.errors.contains("left behind"), "\(place): \(outcome)")
            #expect(machine.leftovers.isEmpty, "\(place): \(outcome)")
        }
    }
}
