import Binfmt
import ELF
import Evidence
import Glibc
import Processes

/// Judges whether an artifact's entrypoint did what was expected, and if not, what is at fault.
struct EntrypointRules {
    let evidence: EntrypointEvidence
    /// Errors of the emulation path. If the kernel refuses a program because of them, the program is not at fault.
    let hostErrors: [FindingCode]

    private static let mostLines = 10

    /// An outcome, the reason, and the code of the finding that explains it.
    private typealias Judgement = (outcome: Outcome, detail: String, code: FindingCode?)

    var check: Check {
        let judged = judgement
        // Errors that stop every program of this kind are named on the check that they stopped.
        let codes = judged.code.map { [$0] } ?? (isStoppedByHost ? hostErrors : [])
        return Check(
            id: "artifact.entrypoint", kind: .artifact, venue: evidence.name, outcome: judged.outcome,
            duration: evidence.duration, detail: judged.detail, findings: codes)
    }

    var findings: [Finding] {
        let judged = judgement
        guard let code = judged.code else { return [] }
        return [
            Finding(
                code, summary: "\(commandLine): \(judged.detail)", evidence: proof, remedy: remedy(code),
                checks: [evidence.reference])
        ]
    }

    /// Whether the host, rather than the program, decided the result.
    var isStoppedByHost: Bool { isRefusedByHost || isUnproven }

    /// Whether another program, the smallest probe, ran in the same venue through the same handler and did not prove
    /// itself.
    private var isUnproven: Bool { evidence.needsProof && evidence.proof?.didRun == false }

    /// Whether the kernel refused the program because of an entry in its registry, or because it lacks one.
    private var isRefusedByHost: Bool {
        guard case .ended(.refused(let error, _)) = evidence.result, let program = evidence.program,
            program.target != nil,
            !program.isNative
        else { return false }
        switch error {
        case ENOEXEC: return true
        case ENOENT, EACCES, ENOTDIR, ELIBBAD:
            // The kernel's errno is the same if the image lacks something and if the interpreter does. Without F it
            // looks for the interpreter in the image.
            return hostErrors.contains { [.handler, .interpreter].contains($0.entry.link) }
                || error != ELIBBAD && program.handler.map { !$0.isFixed } ?? false
        default: return false
        }
    }

    private var judgement: Judgement {
        if isUnproven, let proof = evidence.proof {
            let why = ProbeJudge(proof, twin: nil).detail
            return (
                .broken,
                "\(ending), which proves nothing: \(proof.reference) did not prove itself either (\(why))", nil
            )
        }
        switch evidence.result {
        case .ended(.exited(let status)): return ended(status)
        case .ended(.signalled), .ended(.hung): return failed(ending)
        case .notFound: return failed("the image has no such program")
        case .unknownUser(let user): return failed("the image asks for user \(user), and its etc/passwd has none")
        case .ended(.refused(let error, let text)): return refused(error, text)
        case .ended(.noVenue(let stage, let error, let text)):
            let code = ProbeRules.venueRefusal(stage: stage, error: error)
            return (.broken, "never started: \(text)", code)
        case .notRun(let reason): return (.broken, "not run: \(reason)", nil)
        case .ended(.lost(let reason)): return (.broken, reason, nil)
        }
    }

    /// How it ended, for people.
    private var ending: String {
        switch evidence.result {
        case .ended(.exited(let status)): "ended with status \(status)"
        case .ended(.signalled(let signal)): "killed by signal \(signal) (\(String(cString: strsignal(signal))))"
        case .ended(.hung(let limit)): "had not ended after \(Int(limit.milliseconds / 1000)) s"
        default: "did not run"
        }
    }

    private func ended(_ status: Int32) -> Judgement {
        guard status == evidence.expectedStatus else {
            return failed("ended with status \(status), expected \(evidence.expectedStatus)")
        }
        if let expected = evidence.expectedOutput,
            EntrypointEvidence.trimmed(expected) != EntrypointEvidence.trimmed(evidence.output)
        {
            return failed("printed \(Self.quoted(evidence.output)), expected \(Self.quoted(expected))")
        }
        if let target = evidence.program?.target, let wanted = evidence.wanted, target != wanted {
            return failed("ran as a program for \(target), not for \(evidence.platform)")
        }
        if ranForeignFile { return (.broken, "something else ran in its place: \(runner)", nil) }
        if evidence.needsProof, evidence.proof == nil {
            return (
                .broken, "ended with status \(status), which proves nothing: say with --expect-output what it prints",
                nil
            )
        }
        return (.pass, "\(commandLine): status \(status), \(runner)\(userNote)\(shortfall)", nil)
    }

    /// A failure. It stays open if the venue could not become the image's user: the program may need that user.
    private func failed(_ detail: String) -> Judgement {
        guard evidence.missingUser == nil else { return (.broken, detail + userNote, nil) }
        return (.fail, detail, .artifactEntrypointFails)
    }

    private func refused(_ error: Int32, _ text: String) -> Judgement {
        let program = evidence.program
        if isRefusedByHost {
            let machine = program?.target.map { "\($0.machine)" } ?? "its machine"
            let entry =
                program?.handler.map { "\($0.name) (flags: \($0.flags.isEmpty ? "none" : $0.flags)) takes them" }
                ?? "no enabled binfmt_misc entry takes them"
            return (.broken, "the kernel refused it: \(text); it is a program for \(machine), and \(entry)", nil)
        }
        let own: Set<Int32> = [ENOEXEC, ENOENT, EACCES, ELIBBAD, ELOOP, ENOTDIR, EINVAL]
        guard own.contains(error) else { return (.broken, "the kernel refused it: \(text)", nil) }
        // The program itself was found in the image, so what is missing is something that runs it.
        let hint = error == ENOENT ? "; the program is there, its loader or the interpreter of its script is not" : ""
        return failed("the kernel refused it: \(text)\(hint)")
    }

    /// What ran the program, for people.
    private var runner: String {
        let program = evidence.program
        guard let executed = evidence.executed else {
            guard let program, program.target != nil else { return "what ran it was not seen" }
            if program.isNative { return "native" }
            return "through \(program.handler.map { "the handler \($0.name)" } ?? "no known handler")"
                + " (it was not seen running)"
        }
        if let handler = program?.handler, program?.interpreter?.isSameFile(as: executed) == true {
            return "through \(handler.name): \(executed.path)"
        }
        if program?.files.contains(where: { $0.isSameFile(as: executed) }) == true { return "native" }
        return "\(executed.path) ran"
    }

    /// Whether the file that ran was neither the program nor the registered interpreter.
    private var ranForeignFile: Bool {
        guard let executed = evidence.executed, let program = evidence.program, program.interpreter != nil else {
            return false
        }
        return !(program.files + [program.interpreter].compactMap(\.self)).contains { $0.isSameFile(as: executed) }
    }

    private var userNote: String {
        evidence.missingUser.map {
            "; as root of a user namespace, which has one id: the image's user \($0) takes root, who may map others"
        } ?? ""
    }

    private var shortfall: String { evidence.shortfall.map { "; \($0)" } ?? "" }

    private var commandLine: String { evidence.command.joined(separator: " ") }

    private var proof: [String] {
        var lines = ["command: \(commandLine)", "venue: \(evidence.venue.rawValue)"]
        if let target = evidence.program?.target { lines.append("program for: \(target)") }
        switch evidence.result {
        case .ended(.exited(let status)): lines += ["status: \(status)", "ran: \(runner)"]
        case .ended(.signalled(let signal)): lines += ["signal: \(signal)", "ran: \(runner)"]
        case .ended(.refused(_, let text)): lines.append("execve: \(text)")
        case .ended(.noVenue(let stage, _, let text)): lines.append("\(stage.rawValue): \(text)")
        default: break
        }
        return lines + Self.last("standard output", evidence.output) + Self.last("standard error", evidence.errors)
    }

    private func remedy(_ code: FindingCode) -> String? {
        guard code == .artifactEntrypointFails else { return nil }
        if case .ended(.exited(255)) = evidence.result, evidence.program?.isNative == false,
            evidence.errors.contains("Could not open '")
        {
            return "put the loader and libraries that the emulator names into the image, or link the program statically"
        }
        return nil
    }

    private static func last(_ name: String, _ text: String) -> [String] {
        let lines = text.split(separator: "\n").suffix(mostLines)
        return lines.isEmpty ? [] : ["\(name), last lines:"] + lines.map { "  \($0.prefix(200))" }
    }

    private static func quoted(_ text: String) -> String {
        let text = EntrypointEvidence.trimmed(text)
        let shown = String(text.prefix(80).map { $0.isNewline ? "␤" : $0 })
        return "\"\(shown)\(text.count > 80 ? "…" : "")\""
    }
}
