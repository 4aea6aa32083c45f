import Binfmt
import Evidence
import Findings
import TestSupport
import Testing

@Suite("What was measured, not what was configured") struct MeasuredMachineTests {
    private func started(
        _ hwcap: UInt64, executes: UInt64? = nil, shift: InitialStack.Shift? = nil
    ) -> ProbeEvidence {
        var probe = Given.passed
        probe.start = InitialStack(hwcap: hwcap, hwcap2: 0, executes: executes, shift: shift)
        return probe
    }

    /// As QEMU 7.2's `max` shows it, and as its `cortex-a53`.
    private static let (whole, a53): (UInt64, UInt64) = (0xffff_ffff, 0x8ff)

    @Test("a processor that lacks what Armv8.2 has is a warning that names each feature and who dies without it")
    func old() {
        let finding = Diagnosis(Given.host([Given.handler()]), [started(Self.a53)]).findings.first
        #expect(finding?.code == .cpuModelRestricted && finding?.severity == .warning)
        for name in ["atomics", "asimddp", "fphp"] { #expect(finding?.summary.contains(name) == true) }
        #expect(finding?.evidence.contains { $0.contains("MongoDB") && $0.contains("SIGILL") } == true)
    }

    @Test("a claim that the instruction refutes is an error, and what executes unclaimed is told") func contradicted() {
        let host = Given.host([Given.handler()])
        #expect(Diagnosis(host, [started(Self.whole, executes: Self.whole)]).errors.isEmpty)
        let (atomics, half): (UInt64, UInt64) = (1 << 8, 1 << 9)
        let refuted = Diagnosis(host, [started(Self.whole, executes: Self.whole & ~atomics)])
        #expect(refuted.errors == [.cpuModelRestricted])
        #expect(refuted.findings[0].evidence.contains { $0.contains("atomics") && $0.contains("raises SIGILL") })
        let silent = Diagnosis(host, [started(Self.whole & ~half, executes: Self.whole)])
        #expect(silent.errors.isEmpty && silent.codes.contains(.cpuModelRestricted))
        #expect(silent.findings[0].evidence.contains { $0.contains("fphp") && $0.contains("does not claim it") })
    }

    @Test("one below Armv8.0 is an error") func older() {
        let judged = Diagnosis(Given.host([Given.handler()]), [started(Self.whole & ~2)])
        #expect(judged.errors == [.cpuModelRestricted])
    }

    @Test("a variable that takes nothing away is no fault, and one that nobody could measure is told") func variable() {
        var host = Given.host([Given.handler()])
        host.environment = ["QEMU_CPU": "neoverse-n1"]
        #expect(!Diagnosis(host, [started(Self.whole)]).codes.contains(.cpuModelRestricted))
        #expect(Diagnosis(host, []).codes.contains(.cpuModelRestricted))
    }

    @Test("arguments that arrive shifted are the handler's fault, though the program made sense of them") func shifted()
    {
        for (shift, words) in [(InitialStack.Shift.extra, "first argument"), (.lost, "taken for the name")] {
            var host = Given.host([Given.handler(interpreter: "/opt/qemu")], candidates: ["/opt/qemu"])
            host.interpreter?.path = "/opt/qemu"
            host.argumentShift = shift
            let judged = Diagnosis(host, [started(Self.whole, shift: shift)])
            #expect(judged.errors == [.handlerRewritesArgv0] && judged.verdict == .unfit)
            #expect(judged.findings[0].evidence.contains { $0.contains(words) })
            #expect(judged.findings[0].remedy.contains(shift == .extra ? ":/opt/qemu:OCF'" : ":/opt/qemu:POCF'"))
        }
    }

    @Test("what a program computes wrongly with shifted arguments is no fault of the emulator's") func shiftedResult() {
        var probe = Given.probe(.failed(expected: "exit status 42", seen: "exit status 1"))
        probe.start = InitialStack(hwcap: Self.whole, hwcap2: 0, shift: .lost)
        let judged = Diagnosis(Given.host([Given.handler()]), [probe])
        #expect(judged.errors == [.handlerRewritesArgv0] && judged.verdict == .unfit)
        #expect(judged.outcome("exec.static@direct") == .fail)
        #expect(judged.checks.last?.findings == [.handlerRewritesArgv0])
    }

    @Test("before Linux 5.12 no QEMU learns of P but the one that is named for it") func kernel() {
        let old = Given.host([], kernel: "Linux 5.10.0-28-amd64", candidates: ["/usr/bin/qemu-aarch64-static"])
        #expect(Diagnosis(old, []).findings[0].remedy.contains(":/usr/bin/qemu-aarch64-static:OCF'"))
        let named = Given.host([], kernel: "Linux 5.10.0-28-amd64", candidates: ["/x/aarch64-binfmt-P"])
        #expect(Diagnosis(named, []).findings[0].remedy.contains(":/x/aarch64-binfmt-P:POCF'"))
    }

    private func start(_ emulated: Int, processor: Int = 7, spent: Int = 7, slowness: Double = 1) -> Finding? {
        var host = Given.host([Given.handler()])
        host.start = StartEvidence(
            emulated: .milliseconds(emulated), emulatedProcessor: .milliseconds(processor), native: .milliseconds(1),
            spent: .milliseconds(spent), slowness: slowness)
        return Diagnosis(host, [Given.passed]).findings.first { $0.code == .emulationSlow }
    }

    @Test("a start that waits or computes is named, and one that a busy, throttled or slow host makes long is not")
    func starts() {
        #expect(start(410)?.summary.contains("start is slow") == true && start(410)?.summary.contains("waits") == true)
        #expect(start(300, processor: 290, spent: 291)?.summary.contains("computes") == true)
        #expect(start(8) == nil)
        // A cgroup that leaves 5 % of a processor makes as much of Assay's own work.
        #expect(start(150, processor: 7, spent: 140) == nil)
        // Software virtualisation: everything takes fifteen times as long.
        #expect(start(160, processor: 150, spent: 150, slowness: 15) == nil)
    }

    @Test("of another interpreter, tried in a private registry, nothing on the host is to be changed") func whatIf() {
        var host = Given.host([Given.handler(flags: "PC")])
        host.isWhatIf = true
        for finding in Diagnosis(host, []).findings where finding.code != .runnerNoDockerSocket {
            #expect(!finding.remedy.contains("/proc/sys/fs/binfmt_misc"), "\(finding.remedy)")
        }
    }

    private func broad(_ mask: String) -> Finding? {
        let text =
            "enabled\ninterpreter \(Given.interpreter)\nflags: POCF\noffset 0\nmagic \(Given.magic)\nmask \(mask)\n"
        return Diagnosis(Given.host([Handler(name: "q", text: text)]), []).findings.first {
            $0.code == .handlerTooBroad
        }
    }

    @Test("an entry's mask is judged as a whole: machines as intervals, class, byte order, types") func masks() {
        #expect(broad(Given.mask) == nil)
        // The lowest four bits of e_machine are free: 176 to 191.
        let near = broad("ffffffffffffff00fffffffffffffffffefff0ff")
        #expect(near?.severity == .error && near?.summary.contains("176 to 182") == true)
        #expect(near?.summary.contains("184 to 191") == true)
        let all = broad("ffffffffffffff00fffffffffffffffffeff0000")
        #expect(all?.summary.contains("this host's own programs") == true)
        #expect(broad("ffffffff00ffff00fffffffffffffffffeffffff")?.summary.contains("32-bit") == true)
        #expect(broad("ffffffffff00ff00fffffffffffffffffeffffff")?.summary.contains("big-endian") == true)
        let types = broad("ffffffffffffff00fffffffffffffffff8ffffff")
        #expect(types?.severity == .warning && types?.summary.contains("ET_REL") == true)
        #expect(types?.summary.contains("ET_CORE") == true)
    }
}
