import Evidence
import TestSupport
import Testing

@testable import Findings

@Suite("The emulator's own last words") struct EmulatorWordsTests {
    @Test(
        "each end has a cause of its own, in the words of QEMU 5.2 to 11.1",
        arguments: [
            ("qemu-aarch64: mprotect of jit buffer: Permission denied", EmulatorWords.executableMemory),
            ("aarch64-binfmt-P: allocate 134217728 bytes for jit buffer: Operation not permitted", .executableMemory),
            ("qemu-aarch64: failed to map shared memory for execute: Permission denied", .executableMemory),
            ("qemu-aarch64: allocate 134217728 bytes for jit buffer: Cannot allocate memory", .memory),
            ("Could not allocate dynamic translator buffer", .memory),
            ("mmap stack: Cannot allocate memory", .memory),
            ("qemu-aarch64: /bin/x: Error mapping file: Cannot allocate memory", .memory),
            ("qemu-aarch64: qemu_mprotect__osdep: mprotect failed: Cannot allocate memory", .memory),
            ("qemu-aarch64: qemu_mprotect__osdep: mprotect failed: Permission denied", .executableMemory),
            (
                "qemu-aarch64: unable to find CPU model 'x'", .option("qemu-aarch64: unable to find CPU model 'x'")
            ),
            ("qemu-aarch64: x: Unable to allocate 0x40000000 bytes of virtual address space", .addressSpace),
            (
                "qemu-aarch64: x: requires virtual address space that the host cannot provide (0x7fff0000)",
                .addressSpace
            ),
            ("Reserved virtual address too big", .option("Reserved virtual address too big")),
            (
                "qemu-aarch64: Unable to reserve 0xffff0000 bytes of virtual address space at 0x1000 (Success) for use as guest address "
                    + "space (check your virtual memory ulimit setting, mmap_min_addr or reserve less using -R option)",
                .addressSpace
            ),
            (
                "qemu-aarch64: /bin/x: Unable to find a guest_base to satisfy all guest address mapping requirements",
                .addressSpace
            ),
            ("qemu: qemu_thread_create: Resource temporarily unavailable", .thread),
            ("qemu: qemu_thread_create: Operation not permitted", .filteredThread),
            (
                "qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory",
                .file("/lib/ld-linux-aarch64.so.1")
            ),
            (
                "qemu: uncaught target signal 11 (Segmentation fault) - core dumped",
                .guestSignal("11 (Segmentation fault) - core dumped")
            ),
            (
                "aarch64-binfmt-P: QEMU internal SIGSEGV {code=MAPERR, addr=0x20}",
                .ownSignal("SIGSEGV {code=MAPERR, addr=0x20}")
            ),
        ])
    func words(line: String, meaning: EmulatorWords) { #expect(EmulatorWords(line) == meaning) }

    @Test("a variable without which the smallest program runs is the cause, whatever else its end looks like")
    func variable() {
        var host = Given.host([Given.handler()])
        host.environment = ["QEMU_CPU": "x"]
        func judge(_ result: ProbeEvidence.Result, _ words: String = "") -> Diagnosis {
            var probe = Given.probe(result)
            probe.words = words
            return Diagnosis(host, [probe])
        }
        let words = "qemu-aarch64: unable to find CPU model 'x'"
        #expect(judge(.unproven(detail: "exit status 1"), words).errors == [.interpreterWrongProgram])
        host.withoutVariables = VariableTrial(names: ["QEMU_CPU"], cured: ["exec.static@direct"])
        for result in [ProbeEvidence.Result.unproven(detail: "exit status 1"), .hung(limit: .seconds(2))] {
            let judged = judge(result, words)
            #expect(judged.errors == [.emulatorEnvironment] && judged.verdict == .unfit)
            #expect(!judged.codes.contains(.cpuModelRestricted))
            #expect(judged.findings[0].summary.contains("CPU model 'x'"))
            #expect(judged.findings[0].remedy == "unset QEMU_CPU")
        }
        // The program ends in the same way without it: something else is wrong.
        host.withoutVariables = nil
        #expect(judge(.unproven(detail: "exit status 1")).errors == [.interpreterWrongProgram])
    }

    @Test("a variable without which some probes pass is the cause of those, and of no others") func someProbes() {
        var host = Given.host([Given.handler()])
        host.environment = ["QEMU_PAGESIZE": "65536", "QEMU_LD_PREFIX": "/x"]
        host.withoutVariables = VariableTrial(names: ["QEMU_PAGESIZE"], cured: ["memory.pages@direct"])
        let failed = ProbeEvidence.Result.failed(expected: "4096", seen: "65536")
        let pages = ProbeEvidence(probe: "memory.pages", image: "core", venue: .direct, result: failed)
        let other = ProbeEvidence(probe: "memory.other", image: "core", venue: .direct, result: failed)
        let judged = Diagnosis(host, [Given.probe(.passed(note: nil)), pages])
        #expect(judged.errors == [.emulatorEnvironment] && judged.verdict == .unfit)
        #expect(judged.findings[0].summary.hasPrefix("a probe fails with QEMU_PAGESIZE set: memory.pages@direct"))
        #expect(judged.findings[0].remedy == "unset QEMU_PAGESIZE")
        #expect(judged.findings[0].checks == ["memory.pages@direct"])
        let both = Diagnosis(host, [Given.probe(.passed(note: nil)), pages, other])
        #expect(Set(both.errors) == [.emulatorEnvironment, .emulationWrongResult])
    }

    @Test("other words are nobody's") func others() {
        for line in ["", "Segmentation fault", "qemu-aarch64 version 7.2.22", "No such file or directory"] {
            #expect(EmulatorWords(line) == nil)
        }
    }

    private func judge(_ result: ProbeEvidence.Result, _ words: String) -> Diagnosis {
        var probe = Given.probe(result)
        probe.words = words
        return Diagnosis(CommandEvidence(host: Given.host([Given.handler()]), probes: [probe]))
    }

    @Test("a crash of the emulator is told from one of the program in it, and neither is another program's doing")
    func crashes() {
        let own = judge(
            .crashed(signal: 11, message: ""), "qemu-aarch64: QEMU internal SIGSEGV {code=MAPERR, addr=0x20}")
        let guest = judge(.crashed(signal: 11, message: ""), "qemu: uncaught target signal 11 (Segmentation fault)")
        #expect(own.findings[0].code == .emulationCrashes && own.findings[0].cause.contains("emulator itself crashed"))
        #expect(
            guest.findings[0].code == .emulationCrashes && guest.findings[0].cause.contains("emulated program died"))
        #expect(judge(.unproven(detail: "exit status 1"), "").errors == [.interpreterWrongProgram])
        let refused = judge(
            .unproven(detail: "exit status 1"), "qemu-aarch64: mprotect of jit buffer: Permission denied")
        #expect(refused.errors == [.runnerLimits])
        #expect(refused.findings[0].summary.contains("mprotect of jit buffer"))
    }

    @Test("refused executable memory is this runner's limit: by whom, where it is set, and what to type") func refusal()
    {
        var limits = LimitEvidence(unit: "runner.service")
        limits.memoryRefusal = LimitEvidence.MemoryRefusal(error: 13, isDeclared: true)
        let words = "aarch64-binfmt-P: mprotect of jit buffer: Permission denied"
        limits.bare = LimitEvidence.Attempt(result: .unproven(detail: "exit status 1"), words: words)
        func judge(_ limits: LimitEvidence) -> Finding {
            var host = Given.host([Given.handler()])
            host.runner.limits = limits
            var probe = Given.probe(.unproven(detail: "exit status 1"))
            probe.words = words
            let judged = Diagnosis(CommandEvidence(host: host, probes: [probe]))
            #expect(judged.errors == [.runnerLimits])
            return judged.findings[0]
        }
        let declared = judge(limits)
        #expect(declared.summary.contains("MemoryDenyWriteExecute"))
        #expect(declared.remedy.contains("runner.service") && declared.remedy.contains("MemoryDenyWriteExecute=no"))
        limits.memoryRefusal = LimitEvidence.MemoryRefusal(error: 13, isDeclared: false, domain: "u:r:ci_t")
        let enforced = judge(limits)
        #expect(enforced.summary.contains("u:r:ci_t lacks execmem") && enforced.remedy.contains("audit2allow"))
        // Another program's end is not explained by it.
        limits.bare = LimitEvidence.Attempt(result: .unproven(detail: "exit status 0"))
        var host = Given.host([Given.handler()])
        host.runner.limits = limits
        let other = Diagnosis(CommandEvidence(host: host, probes: [Given.probe(.unproven(detail: "exit status 0"))]))
        #expect(other.errors == [.interpreterWrongProgram])
    }
}
