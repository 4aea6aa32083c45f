import Archive
import Evidence
import Findings
import Guest
import Testing

@Suite("What a builder's attempt shows") struct BuilderRuleTests {
    private let reference = "build.run@buildah"

    private func builder(
        _ result: BuilderEvidence.Result, required: Bool = false, proofs: [String: BuilderEvidence.Proof] = [:],
        artifact: ArtifactEvidenceSummary? = nil
    ) -> Diagnosis {
        Diagnosis(
            builder: BuilderEvidence(
                builder: "buildah", guest: .arm64, required: required, result: result, proofs: proofs,
                artifact: artifact))
    }

    private let both: [String: BuilderEvidence.Proof] = [
        "linux/amd64": .proven(machine: "x86_64"), "linux/arm64": .proven(machine: "aarch64"),
    ]

    @Test("both platforms proven: pass") func proven() {
        let diagnosis = builder(.built, proofs: both)
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.verdict == .fit)
        #expect(diagnosis.checks[0].detail == "linux/amd64: RUN ran on x86_64, linux/arm64: RUN ran on aarch64")
    }

    @Test("a builder that is not there is a skip, and broken when it was asked for") func missing() {
        let idle = builder(.missing)
        #expect(idle.outcome(reference) == .skip && idle.findings.isEmpty && idle.verdict == .fit)
        let asked = builder(.missing, required: true)
        #expect(asked.outcome(reference) == .broken && asked.verdict == .undetermined)
        #expect(asked.codes == [.builderMissing])
        #expect(asked.findings[0].checks == [reference])
    }

    @Test(
        "a RUN step without its proof: builder-ran-natively",
        arguments: [BuilderEvidence.Proof.missing, .wrong("stale")])
    func unproven(proof: BuilderEvidence.Proof) {
        let diagnosis = builder(.built, proofs: both.merging(["linux/arm64": proof]) { $1 })
        // A step that ends well and ran nothing had an interpreter that does nothing.
        #expect(diagnosis.codes == [.builderRanNatively] + (proof == .missing ? [.interpreterWrongProgram] : []))
        #expect(diagnosis.outcome(reference) == .fail)
        #expect(diagnosis.findings[0].summary.contains("linux/arm64"))
    }

    @Test("a step that ran and did something else: emulation-wrong-result") func wrongResult() {
        let proof = BuilderEvidence.Proof.failed("/steps.txt: expected sum 500500, found sum 0")
        let diagnosis = builder(.built, proofs: both.merging(["linux/arm64": proof]) { $1 })
        #expect(diagnosis.codes == [.emulationWrongResult])
        #expect(diagnosis.outcome(reference) == .fail)
    }

    @Test("a step that could not find out leaves the question open, and blames nobody") func undecided() {
        let proof = BuilderEvidence.Proof.undecided("exec.set-user-id: no_new_privs is set")
        let diagnosis = builder(.built, proofs: both.merging(["linux/arm64": proof]) { $1 })
        #expect(diagnosis.codes.isEmpty)
        #expect(diagnosis.outcome(reference) == .broken && diagnosis.verdict == .undetermined)
    }

    @Test("a set-user-id program that kept its caller's id is a warning, and the build is proven") func credentials() {
        var evidence = BuilderEvidence(builder: "buildah", guest: .arm64, result: .built, proofs: both)
        evidence.limitations["linux/arm64"] = ProbeNote(
            "credentials-dropped: a set-user-id program keeps its caller's id")
        let diagnosis = Diagnosis(builder: evidence)
        #expect(diagnosis.codes == [.handlerDropsCredentials])
        #expect(diagnosis.findings[0].severity == .warning && diagnosis.verdict == .fit)
    }

    @Test("a context that a version does not know is skipped, also where the builder was asked for")
    func notApplicable() {
        let diagnosis = builder(.notApplicable(reason: "knows no here-documents"), required: true)
        #expect(diagnosis.outcome(reference) == .skip && diagnosis.codes.isEmpty)
    }

    @Test("a build that left no proof for any platform is not a pass") func noProofs() {
        #expect(builder(.built, proofs: [:]).outcome(reference) != .pass)
        #expect(builder(.built, proofs: ["linux/amd64": .proven(machine: "x86_64")]).outcome(reference) != .pass)
    }

    @Test(
        "the kernel's refusal in the builder's words: builder-declares-but-cannot-run",
        arguments: ["exec /bin/x: Exec format error", "cannot execute: Invalid ELF image for this architecture"])
    func refused(words: String) {
        let result = BuilderEvidence.Result.failed(
            command: "buildah build", status: "exit status 1", message: ["a", words])
        let diagnosis = builder(result)
        // These words are an emulator's, of another machine.
        let isEmulators = words.contains("Invalid ELF image")
        #expect(diagnosis.codes == [.builderDeclaresButCannotRun] + (isEmulators ? [.interpreterWrongProgram] : []))
        #expect(diagnosis.outcome(reference) == .fail)
        #expect(diagnosis.findings[0].evidence.starts(with: ["$ buildah build", "exit status 1"]))
    }

    @Test("what was found out about the platform that was built is told though the other failed") func half() {
        let fault = ArtifactFault(kind: .foreignBinary, path: "/bin/x", expected: "x86-64", found: "AArch64")
        let name = "docker:linux/amd64"
        var evidence = BuilderEvidence(
            builder: "docker", guest: .arm64,
            result: .failed(command: "docker build", status: "exit status 1", message: ["no space"]),
            proofs: ["linux/amd64": .wrong("stale")],
            artifact: ArtifactEvidenceSummary(
                name: name, platform: "linux/amd64", binaries: 1, layers: 1, bytes: 1, faults: [fault]))
        let diagnosis = Diagnosis(builder: evidence)
        #expect(Set(diagnosis.codes) == [.builderBuildFailed, .builderRanNatively, .artifactForeignBinary])
        #expect(diagnosis.checks.first { $0.venue == name }?.findings == [.artifactForeignBinary])
        // Of the platform that was not built nothing is known.
        evidence.proofs = [:]
        #expect(Set(Diagnosis(builder: evidence).codes) == [.builderBuildFailed, .artifactForeignBinary])
    }

    @Test(
        "an image that could not be had is named, in whatever words",
        arguments: ["failed to resolve reference \"x\"", "Error pulling image", "pull access denied for x"])
    func pull(words: String) {
        let result = BuilderEvidence.Result.failed(command: "b", status: "exit status 1", message: [words])
        #expect(builder(result).codes == [.builderImageUnavailable])
        #expect(BuilderObstacle.isPullFailure(words))
    }

    @Test("BuildKit's section on the step that failed has the cause, without the time", arguments: [true, false])
    func section(isWhole: Bool) {
        let step = "RUN [\"/bin/assay-probe\", \"--nonce\", \"1\"]"
        let whole = [
            "#8 [2/2] \(step)", "#8 0.103 exec /bin/assay-probe: no such file or directory",
            "#8 ERROR: process \"/bin/assay-probe --nonce 1\" did not complete successfully: exit code: 1",
        ]
        let section = [
            "------", " > [2/2] \(step):", "0.103 exec /bin/assay-probe: no such file or directory", "------",
            "Dockerfile:2", "--------------------", "   1 |     FROM scratch", "   2 | >>> \(step)",
            "--------------------",
            "error: failed to solve: process \"/bin/assay-probe --nonce 1\" did not complete successfully: exit code: 1",
        ]
        let message = (isWhole ? whole : []) + section
        let result = BuilderEvidence.Result.failed(command: "b", status: "exit status 1", message: message)
        let finding = builder(result).findings[0]
        #expect(finding.summary == "buildah: exec /bin/assay-probe: no such file or directory")
        let last = finding.evidence.last ?? ""
        #expect(last.hasPrefix("where it was built, this may be: handler-not-fixed, "))
    }

    @Test("any other failure: builder-build-failed, with its last words") func failed() {
        let result = BuilderEvidence.Result.failed(
            command: "buildah build", status: "exit status 125", message: ["no space"])
        let diagnosis = builder(result)
        #expect(diagnosis.codes == [.builderBuildFailed])
        #expect(diagnosis.checks[0].detail == "exit status 125: no space")
        #expect(
            builder(.failed(command: "b", status: "signal 9", message: [])).checks[0].detail == "signal 9: no message")
    }

    @Test("what the harness could not find out blames nobody") func lost() {
        let diagnosis = builder(.lost(reason: "interrupted"))
        #expect(diagnosis.findings.isEmpty && diagnosis.verdict == .undetermined)
    }

    @Test("the exported artifact is judged too") func artifact() {
        let fault = ArtifactFault(kind: .foreignBinary, path: "/bin/x", expected: "AArch64", found: "x86-64")
        let summary = ArtifactEvidenceSummary(
            name: "buildah", platform: "linux/arm64", binaries: 1, layers: 1, bytes: 1, faults: [fault])
        let diagnosis = builder(.built, proofs: both, artifact: summary)
        #expect(diagnosis.codes == [.artifactForeignBinary])
        #expect(diagnosis.outcome(reference) == .pass)
        #expect(diagnosis.outcome("artifact.contents@buildah") == .fail)
        #expect(diagnosis.verdict == .unfit)
    }
}

@Suite("What an opened artifact shows") struct ArtifactRuleTests {
    private func artifact(
        binaries: Int = 1, faults: ArtifactFaults = [], errors: [ArchiveError] = []
    ) -> Diagnosis {
        Diagnosis(
            artifact: ArtifactEvidenceSummary(
                name: "image.tar", platform: "linux/arm64", binaries: binaries, layers: 1, bytes: 10, faults: faults,
                archiveErrors: errors))
    }
    private func error(_ code: ArchiveError.Code) -> ArchiveError {
        ArchiveError(code, archive: "image.tar", expected: "more", found: "less")
    }

    @Test("AArch64 files and no fault: pass") func clean() {
        #expect(artifact().verdict == .fit)
        #expect(artifact().findings.isEmpty)
    }

    @Test("each kind of fault is its own finding, and fails", arguments: ArtifactFault.Kind.allCases)
    func fault(kind: ArtifactFault.Kind) {
        let fault = ArtifactFault(kind: kind, path: "/bin/x", layer: "sha256:1", expected: "this", found: "that")
        let diagnosis = artifact(faults: [fault, fault])
        #expect(diagnosis.codes == [kind.code])
        #expect(
            diagnosis.findings[0].evidence
                == Array(repeating: "/bin/x in sha256:1: expected this, found that", count: 2))
        #expect(diagnosis.findings[0].summary.contains("and 1 more"))
        guard kind.code.entry.severity == .error else { return #expect(diagnosis.verdict == .fit) }
        // How much of it was read is told all the same.
        #expect(diagnosis.checks[0].detail.hasSuffix("linux/arm64: ELF files for it: 1, layers: 1, bytes: 10"))
        #expect(diagnosis.findings[0].checks == ["artifact.contents@image.tar"])
        #expect(diagnosis.verdict == .unfit)
    }

    @Test("each reason has its own cause and remedy, which name the file", arguments: ArtifactFault.Reason.allCases)
    func reason(reason: ArtifactFault.Reason) {
        let fault = ArtifactFault(
            kind: .entrypointMissing, reason: reason, path: "/bin/x", layer: "sha256:1",
            place: .init(number: 2, count: 3, instruction: "COPY x /bin"), subject: "/opt/subject\r", expected: "this",
            found: "that")
        let finding = artifact(faults: [fault]).findings[0]
        let entry = FindingCode.artifactEntrypointMissing.entry
        #expect(finding.cause != entry.cause && !finding.remedy.hasPrefix(entry.remedy))
        #expect(!(finding.cause + finding.remedy).contains("\r"))
        #expect((finding.cause + finding.remedy).contains("/bin/x") || reason == .compressedDiffID)
        #expect(finding.remedy.hasSuffix("--policy FILE, with the line: allow artifact-entrypoint-missing /bin/x"))
        #expect(finding.evidence == ["/bin/x in sha256:1 (layer 2 of 3: COPY x /bin): expected this, found that"])
    }

    @Test(
        "a limit's remedy is its option, and one without an option says so",
        arguments: [
            ("at most 5 entries (--limit entries=N)", "--limit entries=N"), ("at most 512 layers", "no option raises"),
        ])
    func limit(expected: String, remedy: String) {
        let error = ArchiveError(.overLimit, archive: "image.tar", expected: expected, found: "more")
        let diagnosis = artifact(faults: [], errors: [error])
        #expect(diagnosis.verdict == .undetermined && diagnosis.findings[0].remedy.contains(remedy))
        #expect(diagnosis.findings[0].cause.contains("image.tar"))
    }

    @Test(
        "each reason of a layer's has its own cause, which names entry and instruction",
        arguments: ArchiveError.Reason.allCases)
    func layer(reason: ArchiveError.Reason) {
        var error = ArchiveError(.corrupt, archive: "sha256:1", entry: "bin/x", expected: "this", found: "that")
        error.reason = reason
        error.origin = "layer 2 of 3: COPY x /bin"
        let finding = artifact(faults: [], errors: [error]).findings[0]
        #expect(finding.cause.hasPrefix("bin/x in sha256:1 (layer 2 of 3: COPY x /bin) "))
        #expect(finding.remedy.contains("COPY x /bin"))
    }

    @Test("what has no name is called so, and no line begins with a colon") func nameless() {
        let fault = ArtifactFault(kind: .blobMissing, path: "", expected: "a layer", found: "no such file")
        let error = ArchiveError(.corrupt, archive: "", expected: "a tar", found: "other bytes")
        let diagnosis = artifact(faults: [fault], errors: [error])
        #expect(diagnosis.findings.allSatisfy { $0.summary.hasPrefix("(no name): ") && !$0.cause.hasPrefix(" ") })
        #expect("\(error)".hasPrefix("archive-corrupt: (no name): "))
    }

    @Test("a form that is not read here leaves the question open, without a finding") func notRead() {
        let error = ArchiveError(.notRead, archive: "image", expected: "a tar", found: "bzip2, which is not read here")
        let diagnosis = artifact(faults: [], errors: [error])
        #expect(diagnosis.verdict == .undetermined && diagnosis.findings.isEmpty)
        #expect(diagnosis.checks[0].detail.contains("bzip2, which is not read here"))
    }

    @Test(
        "a foreign program's remedy is about the instruction that put it there",
        arguments: [
            ("COPY tool /bin", "GOARCH"), ("RUN curl -o /bin/x u", "uname -m"), ("", "declare ARG TARGETARCH"),
        ])
    func instruction(line: String, word: String) {
        let fault = ArtifactFault(
            kind: .foreignBinary, path: "/bin/x", layer: "sha256:1",
            place: .init(number: 1, count: 1, instruction: line.isEmpty ? nil : line), expected: "AArch64",
            found: "x86-64")
        let finding = artifact(faults: [fault]).findings[0]
        #expect(
            finding.cause.contains("/bin/x (layer 1 of 1") && finding.cause.contains(line)
                && finding.remedy.contains(word))
    }

    @Test("of a million faults the first thousand of a kind are kept, and all are counted") func countless() {
        func faults(_ count: Int, _ kind: ArtifactFault.Kind) -> ArtifactFaults {
            var faults = ArtifactFaults()
            for number in 0..<count {
                faults.append(ArtifactFault(kind: kind, path: "/\(number)", expected: "this", found: "that"))
            }
            return faults
        }
        var all = faults(700, .foreignBinary)
        all += faults(5, .loaderMissing)
        all += faults(1_000_000, .foreignBinary)
        #expect(all.count == 1005 && all.count(of: .foreignBinary) == 1_000_700 && all.count(of: .loaderMissing) == 5)
        #expect(all.count(of: .blobMissing) == 0)
        let finding = artifact(faults: all).findings.first { $0.code == .artifactForeignBinary }
        #expect(finding?.summary.contains("/0 (and 1000699 more)") == true)
        #expect(finding?.evidence.last == "… and 1000680 more")
    }

    @Test("nothing in it that tells an architecture: not a pass") func silent() {
        #expect(artifact(binaries: 0).verdict == .undetermined)
    }

    @Test("damage is an answer; a limit or a failing disk leaves the question open")
    func archiveErrors() {
        #expect(artifact(errors: [error(.corrupt)]).verdict == .unfit)
        #expect(artifact(errors: [error(.corrupt)]).codes == [.archiveCorrupt])
        #expect(artifact(errors: [error(.unsafePath)]).codes == [.archiveUnsafePath])
        let limited = artifact(errors: [error(.overLimit)])
        #expect(limited.codes == [.archiveOverLimit] && limited.verdict == .undetermined)
        let unread = artifact(errors: [error(.io)])
        #expect(unread.findings.isEmpty && unread.verdict == .undetermined)
    }
}
