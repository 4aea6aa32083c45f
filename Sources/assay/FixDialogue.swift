import Findings
import Glibc
import Guest
import Operations
import Processes
import Reports
import SystemPackage

/// The dialogue of `assay host --fix`, on standard error.
struct FixDialogue {
    let yes: Bool
    let guest: Guest

    /// One fault may hide another: a mount may reveal a second one, which is fixed in the next round. More rounds than
    /// this would only repeat.
    private static let mostRounds = 4

    /// Applies safe remedies until none is left that was not tried.
    ///
    /// - Returns: the report afterwards; nil when nothing was changed.
    func run(from first: Report, inspect: () throws -> Report) throws -> Report? {
        var report = first
        var tried: [String] = []
        var hasChanged = false
        var applied: [HostFix] = []
        for _ in 0..<Self.mostRounds {
            let remedies = SafeRemedy.among(report.findings, host: report.host).filter { !tried.contains($0.command) }
            guard !remedies.isEmpty else { break }
            say("\nsafe remedies:")
            for remedy in remedies { say("  \(names(remedy)): \(remedy.command)") }
            guard agreed(remedies.count) else { break }
            for remedy in remedies where Interrupt.signal == nil {
                tried.append(remedy.command)
                if let objection = remedy.trial.flatMap(objection(to:)) {
                    say("\nnot applied: \(remedy.command)\n  \(objection)")
                    continue
                }
                hasChanged = true
                let fix = HostFix.apply(remedy, path: Tool.variable("PATH"))
                describe(fix)
                applied.append(fix)
            }
            guard hasChanged else { break }
            report = try inspect()
        }
        if tried.isEmpty && SafeRemedy.among(first.findings, host: first.host).isEmpty {
            say("nothing to fix: no finding has a remedy that is safe to apply unseen")
        }
        // Each replacement had cured the host in a private registry: where it does not here, something else is at fault.
        let vain = applied.filter { $0.remedy.trial != nil && !$0.undo.isEmpty }
        if !vain.isEmpty, report.findings.contains(where: { $0.severity == .error && $0.code.entry.link != nil }) {
            for fix in vain.reversed() {
                say("\ntaken back, for the host is not fit with it: \(fix.remedy.command)")
                if let failure = fix.takeBack() { say("  FAILED: \(failure)") }
            }
            report = try inspect()
        }
        return hasChanged ? report : nil
    }

    /// Why an entry that still works should not be replaced; nil if it should.
    private func objection(to trial: SafeRemedy.Trial) -> String? {
        RemedyTrial.ownProgram(for: guest).objection(to: trial)
    }

    private func describe(_ fix: HostFix) {
        say("\n\(fix.failure == nil ? "applied" : "FAILED"): \(fix.remedy.command)")
        if let failure = fix.failure { say("  \(failure)") }
        guard !fix.undo.isEmpty else { return say("  the registry is as before: nothing to undo") }
        say("undo, as root:")
        for command in fix.undo { say("  \(command)") }
    }

    private func agreed(_ count: Int) -> Bool {
        if yes { return true }
        guard isatty(STDIN_FILENO) == 1, StandardError.isTerminal else {
            say("not applied: there is no terminal to ask on, and --yes was not given")
            return false
        }
        StandardError.write("apply \(count == 1 ? "it" : "them")? [y/N] ")
        var waiting = [STDIN_FILENO, Interrupt.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&waiting, nfds_t(waiting.count), -1) < 0 && errno == EINTR {}
        if Interrupt.signal != nil { return false }
        let answer = readLine() ?? ""
        return ["y", "yes"].contains(answer.lowercased())
    }

    private func names(_ remedy: SafeRemedy) -> String { remedy.codes.map(\.rawValue).joined(separator: ", ") }

    private func say(_ line: SafeText) { StandardError.write("\(line)\n") }
}

extension RemedyTrial {
    /// Runs this program again, with the variables that reach an emulator.
    static func ownProgram(for guest: Guest) -> RemedyTrial {
        RemedyTrial(
            guest: guest, program: "/proc/self/exe",
            environment: CallerEnvironment.forDrills.merging(CallerEnvironment.emulatorVariables) { own, _ in own })
    }
}
