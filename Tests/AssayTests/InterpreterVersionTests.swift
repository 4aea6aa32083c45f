import Sandbox
import SystemPackage
import Testing

@Suite(
    "The interpreter's version", .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct InterpreterVersionTests {
    private func version(_ machine: Machine, _ setUp: String) throws -> String? {
        let outcome = machine.assay("host", "--format", "json", after: setUp)
        return try #require(try outcome.report.host?.interpreter, "\(outcome)").version
    }

    @Test("is asked for once, as long as the file stays the same") func once() throws {
        let machine = try Machine()
        let qemu = try #require(PrivateHost.qemu)
        let setUp = PrivateHost.register(qemu, flags: "POCF")
        let first = try version(machine, setUp)
        #expect(first?.contains(".") == true)
        let digests = machine.home.appending(".cache/assay/digests")
        // It is remembered by a run that saw what executes the program, which may have ended before it was looked at.
        for _ in 0..<5 where machine.run("grep -q ' .* ' '\(digests)'").status != 0 { _ = try version(machine, setUp) }
        #expect(machine.run("grep -q ' .* ' '\(digests)' && sed -i 's/ [^ ]*$/ 0.0.1/' '\(digests)'").status == 0)
        #expect(try version(machine, setUp) == "0.0.1", "it is taken from the cache")
        let copy = machine.scratch.appending("qemu-aarch64")
        let changed = "cp '\(qemu)' '\(copy)'; \(PrivateHost.register(copy.string, flags: "POCF"))"
        #expect(try version(machine, changed) == first)
    }

    @Test("of a wrapper is that of the program that it starts now") func wrapper() throws {
        let machine = try Machine()
        let qemu = try #require(PrivateHost.qemu)
        let emulator = machine.scratch.appending("emulator")
        let wrapper = try machine.write("#!/bin/sh\nexec '\(emulator)' \"$@\"\n", to: "wrapper")
        #expect(machine.run("chmod 755 '\(wrapper)'; ln -s '\(qemu)' '\(emulator)'").status == 0)
        let setUp = PrivateHost.register(wrapper.string, flags: "")
        let first = try version(machine, setUp)
        try machine.write(
            "#!/bin/sh\n[ \"$1\" != --version ] || { echo qemu-aarch64 version 99.1; exit; }\nexec '\(qemu)' \"$@\"\n",
            to: "newer")
        let other = "rm '\(emulator)'; chmod 755 '\(machine.scratch)/newer'; ln -s newer '\(emulator)'\n"
        #expect(try version(machine, other + setUp) == "99.1", "before: \(first ?? "none")")
    }
}
