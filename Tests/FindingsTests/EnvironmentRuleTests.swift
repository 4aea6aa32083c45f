import Evidence
import Findings
import Glibc
import TestSupport
import Testing

@Suite("Rules about the runner and its environment") struct EnvironmentRuleTests {
    private func findings(_ change: (inout HostEvidence) -> Void) -> [Finding] {
        var host = Given.host([Given.handler()])
        change(&host)
        return Diagnosis(CommandEvidence(host: host)).findings
    }

    @Test(
        "a memory policy is a warning only where it gets in the way",
        arguments: [
            ("vm.overcommit_memory", "0", false), ("vm.overcommit_memory", "1", false),
            ("vm.overcommit_memory", "2", true), ("vm.mmap_min_addr", "65536", false),
            ("vm.mmap_min_addr", "131072", true),
        ])
    func memoryPolicy(name: String, value: String, warns: Bool) {
        let found = findings { $0.runner.memoryPolicy = [name: value] }
        #expect(found.map(\.code) == (warns ? [.runnerMemoryPolicy] : []))
        #expect(found.allSatisfy { $0.severity == .warning && $0.evidence == ["\(name) = \(value)"] })
    }

    @Test(
        "a Docker daemon that does not answer: what to type depends on what the socket said",
        arguments: [
            (RunnerEvidence.DockerSocket.absent, "systemctl start docker"), (.silent, "systemctl restart docker"),
            (.refused(ECONNREFUSED), "systemctl restart docker"),
            (.refused(EACCES), "sudo usermod -aG docker \"$USER\" && newgrp docker"),
        ])
    func docker(socket: RunnerEvidence.DockerSocket, remedy: String) {
        let found = findings {
            $0.privileged = true
            ($0.runner.dockerSocket, $0.runner.dockerSocketPath) = (socket, "/run/docker.sock")
            $0.runner.dockerIsService = true
        }
        #expect(found.map(\.code) == [.runnerNoDockerSocket] && found[0].remedy == remedy)
        let elsewhere = findings {
            ($0.runner.dockerSocket, $0.runner.dockerSocketPath) = (socket, "/run/docker.sock")
        }
        #expect(elsewhere[0].isGeneral == (socket != .refused(EACCES)))
    }

    @Test("large pages are a warning where a probe saw what they do, with its words") func largePages() {
        let note = ProbeNote("large-pages: the kernel has pages of 16 KiB: so")
        let probe = Given.probe(.passed(note: note), "exec.small-alignment")
        let diagnosis = Diagnosis(Given.host([Given.handler()]), [Given.passed, probe])
        #expect(diagnosis.codes == [.runnerLargePages] && diagnosis.verdict == .fit)
        #expect(diagnosis.findings[0].summary == "the kernel has pages of 16 KiB: so")
        #expect(diagnosis.findings[0].checks == ["exec.small-alignment@direct"])
    }

    @Test("failures where pages are larger than the guest's are the kernel's, if programs run at all")
    func emulatedPages() {
        let failed = Given.probe(.crashed(signal: 11, message: ""), "memory.protect")
        var host = Given.host([Given.handler()])
        #expect(Diagnosis(host, [Given.passed, failed]).codes == [.emulationCrashes])
        host.runner.pageSize = 16384
        let diagnosis = Diagnosis(host, [Given.passed, failed])
        #expect(diagnosis.codes == [.runnerLargePages] && diagnosis.verdict == .unfit)
        #expect(diagnosis.findings[0].summary.hasPrefix("the kernel has pages of 16 KiB, "))
        #expect(diagnosis.findings[0].severity == .error && diagnosis.findings[0].checks == ["memory.protect@direct"])
        #expect(Diagnosis(host, [Given.probe(.crashed(signal: 11, message: ""))]).codes == [.emulationCrashes])
    }

    @Test(
        "slowness is judged by processor time, far beyond what translation takes",
        arguments: [(10, false), (100, true)])
    func slowness(factor: Int, warns: Bool) {
        let found = findings { $0.processorTime = (emulated: .milliseconds(5 * factor), native: .milliseconds(5)) }
        #expect(found.map(\.code) == (warns ? [.emulationSlow] : []))
    }

    @Test(
        "a start takes many times what a small probe does, which is no slowness of the emulator",
        arguments: [(8, false), (40, false), (200, true)])
    func small(emulated: Int, warns: Bool) {
        let found = findings { $0.processorTime = (emulated: .milliseconds(emulated), native: .microseconds(450)) }
        #expect(found.map(\.code) == (warns ? [.emulationSlow] : []))
    }

    @Test("a moment without a processor makes one probe long, and is no slow emulator", arguments: [1, 2, 12])
    func stalled(long: Int) {
        var host = Given.host([Given.handler()])
        host.processorTime = (emulated: .milliseconds(600), native: .milliseconds(10))
        let probes = (0..<12).map { number in
            var probe = Given.probe(.passed(note: nil), "p\(number)")
            probe.duration = .milliseconds(number < long ? 480 / long : 10)
            return probe
        }
        let found = Diagnosis(CommandEvidence(host: host, probes: probes)).findings.map(\.code)
        #expect(found.contains(.emulationSlow) == (long == 12))
    }

    @Test(
        "what probes wait for a processor is not taken from the processor time: a throttled host hides no slow emulator"
    )
    func throttled() {
        var host = Given.host([Given.handler()])
        host.processorTime = (emulated: .milliseconds(1300), native: .microseconds(350))
        let probes = (0..<16).map { number in
            var probe = Given.probe(.passed(note: nil), "p\(number)")
            probe.duration = .milliseconds(number < 2 ? 2000 : 60)
            return probe
        }
        let found = Diagnosis(CommandEvidence(host: host, probes: probes)).findings.map(\.code)
        #expect(found.contains(.emulationSlow))
    }

    @Test("few probes that are all slow are a slow emulator, though two of them take most of the time") func few() {
        var host = Given.host([Given.handler()])
        host.processorTime = (emulated: .milliseconds(400), native: .microseconds(700))
        let probes = [127, 69, 50, 17].enumerated().map { number, duration in
            var probe = Given.probe(.passed(note: nil), "p\(number)")
            probe.duration = .microseconds(110)
            host.native[probe.probe] = probe
            probe.duration = .milliseconds(duration)
            return probe
        }
        // What does not apply takes no time, and says nothing.
        let skipped = (0..<30).map { Given.probe(.skipped(reason: "arm64 only"), "s\($0)") }
        let found = Diagnosis(CommandEvidence(host: host, probes: probes + skipped)).findings.map(\.code)
        #expect(found.contains(.emulationSlow))
    }

    @Test("a variable that a scenario's step sets is taken out there, not in a shell that does not have it")
    func variableOfStep() {
        func remedies(_ own: Set<String>) -> [String] {
            var host = Given.host([Given.handler()])
            host.environment = ["QEMU_STRACE": "1", "QEMU_CPU": "cortex-a53"]
            host.variablesOfStep = own
            return Diagnosis(CommandEvidence(host: host)).findings
                .filter { [.emulatorEnvironment, .cpuModelRestricted].contains($0.code) }.map(\.remedy).sorted()
        }
        #expect(remedies([]) == ["unset QEMU_CPU", "unset QEMU_STRACE"])
        #expect(
            remedies(["QEMU_STRACE", "QEMU_CPU"])
                == ["QEMU_CPU", "QEMU_STRACE"].map { "take \($0) out of the step's environment in the scenario" })
    }

    @Test("an arm64 host is told so, and no handler is asked for") func nativeHost() {
        let host = Given.host([], machine: "aarch64")
        let diagnosis = Diagnosis(CommandEvidence(host: host))
        #expect(diagnosis.findings.map(\.code) == [.hostNative])
        #expect(diagnosis.verdict == .fit)
        #expect(diagnosis.checks.allSatisfy { $0.outcome == .skip })
    }
}
