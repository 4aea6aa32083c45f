import Evidence
import Files
import Findings
import Glibc
import Guest
import SystemPackage
import Testing

@testable import Host
@testable import Sandbox

@Suite("Inspecting the host") struct HostInspectionTests {
    private func ended(_ text: String, _ reason: Termination.Reason = .exited(0)) -> Termination {
        var ended = Termination(reason: reason, duration: .zero)
        ended.output.bytes = Array(text.utf8)
        return ended
    }

    @Test("the version is what QEMU says, and only what QEMU says") func version() {
        let words = "qemu-aarch64 version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\nCopyright (c) 2003-2022\n"
        #expect(HostInspection.version(of: ended(words), for: .arm64) == "7.2.22")
        #expect(HostInspection.version(of: ended(words, .exited(1)), for: .arm64) == nil)
        #expect(HostInspection.version(of: ended(words, .timedOut), for: .arm64) == nil)
        #expect(HostInspection.version(of: ended("true (GNU coreutils) version 9.1\n"), for: .arm64) == nil)
        #expect(HostInspection.version(of: ended("qemu-aarch64 version"), for: .arm64) == nil)
        #expect(HostInspection.version(of: ended(""), for: .arm64) == nil)
    }

    @Test("an interpreter that is not there or may not run is not asked") func versionLaunch() {
        #expect(
            HostInspection.versionLaunch(
                InterpreterEvidence(path: "/bin/true", error: ENOENT, executable: false), for: .arm64)
                == nil)
        #expect(
            HostInspection.versionLaunch(
                InterpreterEvidence(path: "/bin/true", error: 0, executable: false), for: .arm64) == nil)
        let asked = HostInspection.versionLaunch(
            InterpreterEvidence(path: "/bin/true", error: 0, executable: true), for: .arm64)
        #expect(asked?.arguments == ["qemu-aarch64", "--version"])
    }

    @Test("an emulator says which guest it runs, whatever its file is called; other programs say nothing")
    func emulatedGuest() throws {
        let installed = Guest.all.filter { access($0.staticEmulator, X_OK) == 0 }
        for guest in installed { #expect(HostInspection.guest(ofEmulator: guest.staticEmulator) == guest) }
        let directory = try ScratchDirectory.make()
        let link = directory.appending("\(Guest.arm64.emulator)-binfmt-P")
        defer {
            unlink(link.string)
            rmdir(directory.string)
        }
        if let guest = installed.last {
            #expect(symlink(guest.staticEmulator, link.string) == 0)
            #expect(HostInspection.guest(ofEmulator: link.string) == guest)
        }
        for other in ["/bin/true", "/bin/echo", "/etc/passwd", "/does/not/exist"] {
            #expect(HostInspection.guest(ofEmulator: other) == nil, "\(other)")
        }
    }

    @Test("a digest is sha256sum's, and nil for what cannot be read") func digest() throws {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let directory = try ScratchDirectory.make()
        let file = directory.appending("empty")
        defer {
            unlink(file.string)
            rmdir(directory.string)
        }
        try FileDescriptor.open(file, .writeOnly, options: .create, permissions: .ownerReadWrite).close()
        #expect(HostInspection.sha256(file.string) == empty)
        // A device is no program, and may have no end.
        #expect(HostInspection.sha256("/dev/zero") == nil)
        let ended = Supervisor(jobs: 1).run(
            Launch(
                path: "/usr/bin/sha256sum", arguments: ["sha256sum", "/bin/sh"], venue: .direct, timeout: .seconds(20)))
        #expect(HostInspection.sha256("/bin/sh").map { "\($0)  /bin/sh\n" } == ended.output.text)
        #expect(HostInspection.sha256("/does/not/exist") == nil)
    }

    @Test("the machine is read without a registry too") func host() {
        let host = HostInspection.read(for: .arm64, registry: "/does/not/exist")
        #expect(host.kernel.hasPrefix("Linux ") && !host.machine.isEmpty)
        #expect(host.interpreter == nil && host.handler() == nil)
        #expect(host.privileged == isPrivileged())
        for candidate in host.candidates {
            #expect(access(candidate, X_OK) == 0)
            let resolved = realpath(candidate, nil)
            #expect(host.candidateFiles[candidate]?.path == resolved.map { String(cString: $0) })
            free(resolved)
        }
    }
}
