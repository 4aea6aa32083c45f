import Evidence
import Glibc
import Guest
import Processes

/// Judges what the caller's environment does to emulation and to builders.
struct EnvironmentRules {
    let host: HostEvidence
    let probes: [ProbeEvidence]

    var findings: [Finding] {
        (host.withoutVariables == nil ? ProcessorRules(host: host, probes: probes).findings + variables : [])
            + slowness + start + runner
    }

    private var variables: [Finding] {
        let others = host.environment.filter { $0.key != "QEMU_CPU" }
        guard !others.isEmpty else { return [] }
        let names = others.keys.sorted().joined(separator: " ")
        return [
            Finding(
                .emulatorEnvironment, summary: "set in the environment: \(names)",
                evidence: others.map { "\($0.key)=\($0.value)" }.sorted(),
                remedy: host.without(others.keys.sorted()))
        ]
    }

    /// Above this many times the native processor time, translation explains it no longer. QEMU takes about 10 times as
    /// long, with forks and starts. Processor time counts, so that a busy host is no slow emulator.
    private static let unusualFactor = 40.0

    /// What most of the processor time is spent on.
    private var part: String {
        guard let time = host.processorTime, let system = host.systemTime, system > time.emulated / 2 else {
            return "execution"
        }
        return "each system call"
    }

    /// A shorter wait, and less processor time for a start, are not reported.
    private static let (longWait, longStart) = (Duration.milliseconds(100), Duration.milliseconds(100))

    /// Judges how long a program takes before its first instruction. By the clock, less the time that this host needs
    /// for as much work; or by processor time.
    private var start: [Finding] {
        guard let start = host.start else { return [] }
        let usual = start.native + start.spent
        let waits = start.emulated - usual > Self.longWait && start.emulated > usual * 5
        let works = start.emulatedProcessor > Self.longStart * max(1, start.slowness)
        guard waits || works else { return [] }
        let what =
            waits
            ? "it waits (a network file system, a virus scanner or fanotify, a script that sleeps)"
            : "it computes (an emulator that unpacks or translates itself first)"
        return [
            Finding(
                .emulationSlow,
                summary:
                    "start is slow: each program begins \(Int(start.emulated.milliseconds)) ms late (usual: about 5): \(what)",
                evidence: [
                    "the smallest program, least of several: \(start.emulated.milliseconds) ms by the clock, \(start.emulatedProcessor.milliseconds) ms of the processor",
                    "natively: \(start.native.milliseconds) ms; as much processor time spent by Assay itself: \(start.spent.milliseconds) ms",
                ],
                cause:
                    "Every \(host.guest.architecture) process starts the interpreter first. What that takes is paid by each of the thousands of processes of a build.",
                remedy: Remedy(host: host).withoutWrapper())
        ]
    }

    private var slowness: [Finding] {
        guard let time = host.processorTime, time.native > .zero else { return [] }
        let factor = time.emulated / time.native
        let ran = probes.filter { $0.venue == .direct && ($0.result.isPass || $0.isFailure) }
            .sorted { $0.duration > $1.duration }
        let slowest = ran.prefix(5)
        // The interpreter's start takes many times as long as a small probe. So a few short probes are no sample.
        guard time.emulated > time.native * Self.unusualFactor + Self.longStart, isSlow(withoutLongest: ran) else {
            return []
        }
        return [
            Finding(
                .emulationSlow,
                summary:
                    "\(part) is slow: the probes took \(Int(factor)) times their native processor time (usual: about 10)",
                evidence: [
                    "emulated: \(time.emulated.milliseconds) ms of processor time, natively: \(time.native.milliseconds) ms"
                ]
                    + slowest.map { probe in
                        let native = host.native[probe.probe].map { ", \($0.duration.milliseconds) ms natively" } ?? ""
                        return "\(probe.reference): \(probe.duration.milliseconds) ms\(native)"
                    },
                remedy: host.environment.isEmpty
                    ? Remedy(host: host).anotherInterpreter() : host.without(host.environment.keys.sorted()),
                checks: slowest.map(\.reference))
        ]
    }

    /// Whether the probes are slow without the two longest ones, too: a hypervisor that takes a processor away for a
    /// moment makes one or two long, a slow emulator all of them.
    ///
    /// - Parameter ran: the longest first.
    private func isSlow(withoutLongest ran: [ProbeEvidence]) -> Bool {
        guard let time = host.processorTime else { return false }
        func sum(_ durations: some Sequence<Duration>) -> Duration { durations.reduce(.zero, +) }
        let others = ran.dropFirst(2)
        let (spent, all) = (sum(others.map(\.duration)), sum(ran.map(\.duration)))
        guard all > .zero else { return true }
        // By the clock, probes also wait for a processor: only their shares of the processor time are compared.
        let natives = ran.compactMap { host.native[$0.probe]?.duration }
        let isKnown = natives.count == ran.count && sum(natives) > .zero
        let share = isKnown ? sum(natives.dropFirst(2)) / sum(natives) : spent / all
        return spent * min(1, time.emulated / all)
            > time.native * share * Self.unusualFactor + Self.smallProbe * others.count
    }

    /// Making a process under emulation takes less.
    private static let smallProbe = Duration.milliseconds(5)

    private var runner: [Finding] {
        var findings: [Finding] = []
        let runner = host.runner
        if !host.privileged {
            findings.append(
                Finding(
                    .runnerUnprivileged, summary: "no CAP_SYS_ADMIN: handlers cannot be registered or mended from here",
                    evidence: runner.restrictions.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }))
        }
        if !runner.readOnlyGroups.isEmpty {
            findings.append(
                Finding(
                    .runnerCgroupReadonly,
                    summary: "/sys/fs/cgroup is mounted read-only: no container engine can start here",
                    evidence: runner.readOnlyGroups.map { "statvfs(\($0)): read-only" },
                    remedy: Remedy(host: host).asRoot(
                        runner.readOnlyGroups.map { "mount -o remount,bind,rw \(shellQuoted($0))" }.joined(
                            separator: " && "))))
        }
        return findings + memory(runner) + pages + docker(runner)
    }

    /// Judges by what a probe saw: the size of the pages alone hurts nobody.
    private var pages: [Finding] {
        let noted = probes.compactMap { probe -> (reference: String, text: String)? in
            guard case .passed(let note?) = probe.result, note.slug == .largePages else { return nil }
            return (probe.reference, note.text)
        }
        guard let first = noted.first else { return [] }
        return [
            Finding(
                .runnerLargePages, summary: String(first.text.drop { $0 != ":" }.dropFirst(2)),
                evidence: ["\(first.reference): \(first.text)"], checks: noted.map(\.reference))
        ]
    }

    private func memory(_ runner: RunnerEvidence) -> [Finding] {
        let wanted = ["vm.overcommit_memory": "0", "vm.mmap_min_addr": "65536"]
        let wrong = runner.memoryPolicy.filter { name, value in
            name == "vm.overcommit_memory" ? value == "2" : (Int(value) ?? 0) > 65536
        }
        guard !wrong.isEmpty else { return [] }
        let values = wrong.map { "\($0.key) = \($0.value)" }.sorted()
        let writes = wrong.keys.sorted().map { " \($0)=\(wanted[$0] ?? "0")" }
        return [
            Finding(
                .runnerMemoryPolicy, summary: values.joined(separator: ", "), evidence: values,
                remedy: Remedy(host: host).asRoot("sysctl -w" + writes.joined()))
        ]
    }

    private func docker(_ runner: RunnerEvidence) -> [Finding] {
        let path = runner.dockerSocketPath
        let remedy = Remedy(host: host)
        func daemon(_ verb: String) -> String? {
            runner.dockerIsService ? remedy.asRoot("systemctl \(verb) docker") : nil
        }
        let (severity, what, advice): (Severity, String, String?)
        switch runner.dockerSocket {
        case .unwanted, .answered, .remote: return []
        // A docker command alone promises no daemon.
        case .absent where path.hasPrefix("/"): (severity, what, advice) = (.info, "does not exist", daemon("start"))
        case .absent: (severity, what, advice) = (.info, "does not exist", "docker context use default")
        case .refused(let error):
            severity = .warning
            what = "connect: \(String(cString: strerror(error)))"
            advice =
                error == EACCES || error == EPERM
                ? "sudo usermod -aG docker \"$USER\" && newgrp docker" : daemon("restart")
        case .silent:
            severity = .warning
            what = "does not answer GET /_ping as a Docker daemon does"
            advice = daemon("restart")
        }
        return [
            Finding(
                .runnerNoDockerSocket, severity: severity,
                summary: "\(path) \(what): docker and buildx cannot be used here",
                evidence: ["\(path): \(what)"], remedy: advice)
        ]
    }
}
