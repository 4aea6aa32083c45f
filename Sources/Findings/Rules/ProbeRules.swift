import Binfmt
import ELF
import Evidence
import Glibc
import Guest

/// Findings that follow from the probes' results, whatever the registry says.
struct ProbeRules {
    let host: HostEvidence?
    let probes: [ProbeEvidence]

    var findings: [Finding] {
        var grouped: [FindingCode: [(reference: String, detail: String)]] = [:]
        let elsewhere = Set(host.flatMap { HostFilesRules(host: $0, probes: probes)?.checks } ?? [])
        for probe in probes where !elsewhere.contains(probe.reference) {
            let judged = ProbeJudge(probe, twin: host?.native[probe.probe])
            let own = probe.speaksOfEmulator ? said(probe) : nil
            let code =
                missesPIE(probe) ? .handlerMaskTooStrict : own ?? sometimes(judged.code, probe) ?? environment(probe)
            // It computes with arguments that arrive shifted: HandlerFlagRules reports that.
            guard let code, code != .emulationWrongResult || probe.start?.shift == nil
            else {
                continue
            }
            grouped[isOfPages(code) ? .runnerLargePages : code, default: []].append((probe.reference, judged.detail))
        }
        let certain: [Finding] = FindingCode.allCases.compactMap { code in
            guard let cases = grouped[code] else { return nil }
            let references = cases.map(\.reference)
            return Finding(
                code, severity: code == .runnerLargePages ? .error : nil, summary: summary(code, references),
                evidence: context(code) + cases.prefix(5).map { "\($0.reference): \($0.detail)" }
                    + (cases.count > 5 ? ["… and \(cases.count - 5) more like these"] : []),
                cause: cause(code, references),
                remedy: remedy(code), checks: references)
        }
        return certain + (grouped[.runnerLimits] == nil ? suspected : [])
    }

    /// A limit that was reached while probes ran, so that these could not be judged.
    private var suspected: [Finding] {
        guard let rules = LimitRules(host), let group = rules.suspect else { return [] }
        let words = LimitRules.reached(group)
        let lost = probes.filter { if case .lost(let reason) = $0.result { reason.hasSuffix(words) } else { false } }
        guard !lost.isEmpty else { return [] }
        return [
            Finding(
                .runnerLimits, severity: .warning,
                summary:
                    "\(words.replacing("meanwhile", with: "while probes ran")): whether more is needed was not found out",
                evidence: rules.evidence, cause: rules.cause, remedy: rules.lifting(group),
                checks: lost.map(\.reference))
        ]
    }

    /// Whether such a failure comes of pages that are larger than those which QEMU's user mode shows to its guests:
    /// programs run at all, and it has to imitate smaller pages than the kernel's.
    private func isOfPages(_ code: FindingCode) -> Bool {
        guard let host, host.runner.pageSize > 4096, !host.isGuestNative else { return false }
        return [.emulationCrashes, .emulationWrongResult].contains(code)
            && probes.contains { $0.isSmallest && ProbeJudge($0, twin: nil).outcome == .pass }
    }

    /// The finding that the emulator's own last line stands for, if its end has no finding yet.
    private func said(_ probe: ProbeEvidence) -> FindingCode? {
        switch probe.result {
        case .unproven, .crashed, .silent: EmulatorWords(probe.words)?.code
        default: nil
        }
    }

    /// A program that ends without proof is another one than was meant, unless others prove that the emulator runs in the
    /// same venue: then it fails at some starts only.
    private func sometimes(_ code: FindingCode?, _ probe: ProbeEvidence) -> FindingCode? {
        let ran = probes.contains { $0.didRun && $0.venue == probe.venue }
        return code == .interpreterWrongProgram && ran ? .emulationWrongResult : code
    }

    /// Nil: the catalogue's.
    private func cause(_ code: FindingCode, _ references: [String]) -> String? {
        if code == .runnerUsernsForbidden, host?.runner.isUnmapped == true {
            return
                "The kernel makes no namespace for a user without a number in the one around it (unshare -U without -r, "
                + "or a container whose id maps were not written)."
        }
        return words(references) ?? (code == .runnerLimits ? LimitRules(host)?.cause : nil)
    }

    /// What these lines mean, if all of them mean the same.
    private func words(_ references: [String]) -> String? {
        let causes = Set(
            probes.filter { references.contains($0.reference) }.map { EmulatorWords($0.words)?.cause })
        return causes.count == 1 ? causes.first ?? nil : nil
    }

    /// The probes that execute a position-independent program.
    private static let positionIndependent: Set<String> = ["exec.static-pie", "exec.interpreter"]

    /// Whether a probe of position-independent programs failed because no entry takes such programs.
    private func missesPIE(_ probe: ProbeEvidence) -> Bool {
        guard Self.positionIndependent.contains(probe.probe), case .failed = probe.result, let host else {
            return false
        }
        return host.handler() != nil && host.handler(type: .shared) == nil
    }

    /// The finding for a venue that could not be made, if the errno tells the reason.
    private func environment(_ probe: ProbeEvidence) -> FindingCode? {
        if case .refused(EACCES, _) = probe.result, host?.runner.workIsNoexec == true { return .runnerNoexecWorkdir }
        // In direct a probe executes what it wrote into its scratch directory.
        if case .failed(_, let seen) = probe.result, probe.venue == .direct, seen.contains("EACCES"),
            host?.runner.noexecScratch != nil
        {
            return .runnerNoexecWorkdir
        }
        guard case .noVenue(let stage, let error, _) = probe.result else { return nil }
        return Self.venueRefusal(stage: stage, error: error)
    }

    /// The finding about the runner if the kernel refuses a venue's namespaces.
    static func venueRefusal(stage: StartStage, error: Int32) -> FindingCode? {
        ProbeEvidence.isRefusal(of: stage, error) ? .runnerUsernsForbidden : nil
    }

    /// What a container engine is told where its own profiles forbid it.
    private static let profile =
        "start the runner's container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined, or with profiles that allow unshare, mount and pivot_root"

    /// What was refused of the first venue that could not be made.
    private var refusedStage: StartStage? {
        for probe in probes {
            if case .noVenue(let stage, let error, _) = probe.result,
                Self.venueRefusal(stage: stage, error: error) != nil
            {
                return stage
            }
        }
        return nil
    }

    private func summary(_ code: FindingCode, _ references: [String]) -> String {
        let first = references[0] + (references.count > 1 ? " and \(references.count - 1) more" : "")
        switch code {
        case .runnerLimits:
            if let rules = LimitRules(host), !rules.limits.isEmpty { return rules.summary }
            let words = probes.first { $0.reference == references[0] }?.words ?? ""
            return "the emulator is refused what it needs: \(words.isEmpty ? first : words)"
        case .interpreterWrongProgram:
            let name = host?.handler()?.interpreter ?? "the interpreter"
            return "\(name) does not emulate \(host?.guest.name ?? "the guest"): \(first) ran without proof"
        case .runnerUsernsForbidden:
            let refused = refusedStage
            if host?.runner.isUnmapped == true {
                return
                    "assay runs as a user who has no number in this user namespace, which gets no further one: \(first)"
            }
            if refused == .identityMap, host?.isRoot == true {
                return
                    "root of this runner may map no user into a namespace (it lacks CAP_SETFCAP, or AppArmor refuses): \(first)"
            }
            if refused == .mount || refused == .pivot {
                return
                    "this runner refuses the mounts that isolation takes (a filter of system calls, AppArmor): \(first)"
            }
            return host?.runner.isChroot == true
                ? "in a chroot the kernel makes no user namespaces: \(first)" : "\(code.entry.summary): \(first)"
        case .runnerLargePages:
            let size = (host?.runner.pageSize ?? 0) / 1024
            return
                "the kernel has pages of \(size) KiB, and \(host?.guest.name ?? "guest") programs fail that expect 4 KiB: \(first)"
        case .runnerNoexecWorkdir where host?.runner.workIsNoexec == false:
            return "\(host?.runner.noexecScratch ?? "the scratch directory") is mounted noexec: \(first)"
        case .runnerNoexecWorkdir:
            return "\(host?.runner.workDirectory ?? "the work directory") is on a file system mounted noexec"
        default: return "\(code.entry.summary): \(first)"
        }
    }

    /// What else was read that concerns a finding.
    private func context(_ code: FindingCode) -> [String] {
        if code == .runnerLimits { return LimitRules(host)?.evidence ?? [] }
        if code == .runnerLargePages { return host.map { ["sysconf(_SC_PAGESIZE) = \($0.runner.pageSize)"] } ?? [] }
        guard code == .runnerUsernsForbidden, let runner = host?.runner else { return [] }
        return
            (runner.namespaceLimits.map { "\($0.key) = \($0.value)" }
            + runner.restrictions.map { "/proc/self/status: \($0.key): \($0.value)" }).sorted()
    }

    /// Commands with this host's paths; nil: the catalogue's general advice.
    private func remedy(_ code: FindingCode) -> Advice? {
        guard let host else { return nil }
        let remedy = Remedy(host: host)
        switch code {
        case .runnerLimits:
            if probes.contains(where: { EmulatorWords($0.words) == .filteredThread }) {
                return Advice(
                    "update the container engine (Docker 20.10.10, libseccomp 2.5.2), or start this runner with --security-opt seccomp=unconfined"
                )
            }
            return LimitRules(host)?.remedy.map { Advice($0) }
        case .interpreterWrongProgram: return host.handler().map { remedy.register(replacing: $0) }
        case .emulationCrashes, .emulationWrongResult, .emulationHangs: return remedy.anotherInterpreter()
        case .runnerUsernsForbidden:
            if host.runner.isChroot {
                return Advice(
                    "enter the tree by pivot_root instead (systemd-nspawn, bwrap, unshare -m with pivot_root; sbuild: --chroot-mode=unshare), or run assay outside of it"
                )
            }
            if host.runner.isUnmapped {
                return Advice(
                    "map the user where the namespace is made: unshare -Ur, or a line in /proc/PID/uid_map and gid_map")
            }
            let wanted = [
                ("kernel.unprivileged_userns_clone", "0", "1"), ("user.max_user_namespaces", "0", "15000"),
                ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
            ]
            let writes = wanted.filter { host.runner.namespaceLimits[$0.0] == $0.1 }.map { " \($0.0)=\($0.2)" }
            if !writes.isEmpty { return Advice(remedy.asRoot("sysctl -w" + writes.joined())) }
            // The sysctls allow it: somebody else forbids it.
            switch refusedStage {
            case .identityMap where host.isRoot:
                return Advice(
                    "start the runner's container with --cap-add SETFCAP, or run assay as another user than root")
            case .namespaces where host.runner.namespaceLimits.isEmpty: return nil
            default: return Advice(Self.profile)
            }
        case .runnerNoexecWorkdir:
            let mount = host.runner.workIsNoexec ? host.runner.workMount : host.runner.noexecScratch
            return mount.map { Advice(remedy.asRoot("mount -o remount,exec \(shellQuoted($0))")) }
        default: return nil
        }
    }
}
