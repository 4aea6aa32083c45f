import Binfmt
import Evidence
import Glibc

/// Judges what an entry's flags do to the guest's programs.
struct HandlerFlagRules {
    let handler: Handler
    let remedy: Remedy
    let probes: [ProbeEvidence]

    private var flags: String { "flags: \(handler.flags.isEmpty ? "none" : handler.flags)" }

    /// - Parameter interpreterFailed: whether the interpreter itself is at fault, so that the lack of F explains
    ///   nothing.
    func findings(interpreterFailed: Bool) -> [Finding] {
        var findings: [Finding] = []
        if !handler.isFixed && !interpreterFailed {
            findings.append(
                Finding(
                    .handlerNotFixed,
                    summary: "\(handler.name) has no F (\(flags)): it fails in every chroot and container",
                    evidence: remedy.quote(handler), remedy: remedy.register(replacing: handler),
                    checks: probes.refused([ENOENT, EACCES, ENOTDIR])))
        }
        if !handler.keepsCredentials {
            findings.append(
                Finding(
                    .handlerDropsCredentials,
                    summary: "\(handler.name) has no C (\(flags)): sudo and su fail in emulated containers",
                    evidence: remedy.quote(handler), remedy: remedy.register(replacing: handler)))
        }
        return findings + argv0
    }

    /// Judges by what a probe saw, not by the flag: some interpreters need P, for others it shifts the arguments.
    private var argv0: [Finding] {
        var rewritten: [(reference: String, text: String)] = []
        var shifted: [(reference: String, text: String)] = []
        for probe in probes where probe.start?.shift != nil {
            let how =
                probe.start?.shift == .extra
                ? "the caller's name arrived as the first argument" : "the first argument was taken for the name"
            shifted.append((probe.reference, "\(probe.reference): \(how)"))
        }
        for probe in probes where probe.probe == "exec.argv0" {
            switch probe.result {
            case .passed(let note?) where note.slug == .argv0Rewritten:
                rewritten.append((probe.reference, note.text))
            case .failed(let expected, let seen) where ArgumentShift.isShift(expected: expected, seen: seen):
                shifted.append((probe.reference, "\(probe.reference): expected \(expected), seen \(seen)"))
            default: break
            }
        }
        if let first = shifted.first {
            return [
                Finding(
                    .handlerRewritesArgv0, severity: .error,
                    summary:
                        "\(handler.name) (\(flags)) and its interpreter disagree about P: arguments arrive shifted",
                    evidence: remedy.quote(handler) + [first.text],
                    cause:
                        "With P the kernel passes argv[0] as an extra argument. An interpreter that does not expect it (QEMU before 6.0, a newer "
                        + "one on a kernel before 5.12, which does not tell it, many other emulators) hands it to the program as its first "
                        + "argument; one that expects it (its name ends in -binfmt-P) and does not get it swallows one.",
                    remedy: remedy.register(replacing: handler), checks: shifted.map(\.reference))
            ]
        }
        guard let first = rewritten.first else { return [] }
        return [
            Finding(
                .handlerRewritesArgv0, summary: "\(handler.name) replaces argv[0] by the program's path",
                evidence: remedy.quote(handler) + [first.text], remedy: remedy.keepingArgv0(handler),
                checks: rewritten.map(\.reference))
        ]
    }
}
