import Evidence
import Findings
import TestSupport
import Testing

@Suite("The verdict") struct VerdictTests {
    private func verdict(_ outcomes: Outcome...) -> Verdict {
        Verdict(outcomes.map { Check(id: "x.y", kind: .probe, outcome: $0) })
    }

    @Test("passes and skips are fit") func fit() {
        #expect(verdict(.pass) == .fit)
        #expect(verdict(.pass, .skip) == .fit)
    }

    @Test("one broken check among passes is never fit") func broken() {
        #expect(verdict(.pass, .pass, .broken, .skip) == .undetermined)
        #expect(verdict(.broken) == .undetermined)
    }

    @Test("a failure is known, whatever else could not be found out") func failBeforeBroken() {
        #expect(verdict(.broken, .fail) == .unfit)
        #expect(verdict(.fail, .broken) == .unfit)
        #expect(verdict(.pass, .fail) == .unfit)
    }

    @Test("findings come gravest first") func order() {
        let drops = Given.handler(flags: "PO")
        let note = Given.probe(.passed(note: ProbeNote("argv0-rewritten: x")), "exec.argv0")
        let crash = Given.probe(.crashed(signal: 11, message: ""), "signal.x")
        let diagnosis = Diagnosis(Given.host([drops]), [note, crash])
        #expect(
            diagnosis.codes
                == [.handlerNotFixed, .emulationCrashes, .handlerDropsCredentials, .handlerRewritesArgv0])
        #expect(diagnosis.findings.map(\.severity) == [.error, .error, .warning, .warning])
    }

    @Test("a check's reference names its venue where it has one") func reference() {
        #expect(Check(id: "a.b", kind: .probe, venue: "direct", outcome: .pass).reference == "a.b@direct")
        #expect(Check(id: "host.handler", kind: .host, outcome: .pass).reference == "host.handler")
    }

    @Test("severities are ordered") func severities() {
        #expect(Severity.allCases == [.info, Severity.warning, .error])
        #expect(Severity.info < Severity.warning && Severity.warning < Severity.error)
        #expect(!(Severity.error < Severity.info))
    }
}

@Suite("The catalogue") struct CatalogueTests {
    @Test("every code has an entry of its own, with every text filled in", arguments: FindingCode.allCases)
    func complete(code: FindingCode) {
        let entry = code.entry
        for text in [entry.summary, entry.cause, entry.byHand, entry.remedy] {
            #expect(text.count >= 8 && text.first != " " && text.last != " ", "\(code): \"\(text)\"")
        }
        #expect(!entry.summary.contains("\n"))
    }

    @Test("no two codes share a summary") func distinct() {
        let bySummary = Dictionary(grouping: FindingCode.allCases, by: \.entry.summary)
        #expect(bySummary.values.filter { $0.count > 1 }.isEmpty)
    }

    @Test("codes are lower-case words joined by hyphens, and name their subject first", arguments: FindingCode.allCases)
    func spelling(code: FindingCode) {
        #expect(code.rawValue.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
        let subjects = [
            "binfmt", "cpu", "emulator", "handler", "interpreter", "host", "emulation", "runner", "builder", "artifact",
            "archive", "check",
        ]
        #expect(subjects.contains { code.rawValue.hasPrefix($0 + "-") })
    }

    @Test("a finding takes its severity, cause and remedy from the catalogue unless it is told") func defaults() {
        let finding = Finding(.handlerMissing, summary: "s", evidence: [])
        let entry = FindingCode.handlerMissing.entry
        #expect(finding.severity == entry.severity && finding.cause == entry.cause && finding.remedy == entry.remedy)
        let told = Finding(.binfmtMiscUnavailable, severity: .info, summary: "s", evidence: [], cause: "c", remedy: "r")
        #expect(told.severity == .info && told.cause == "c" && told.remedy == "r")
    }

    @Test("the catalogue names every severity that a report may give, once, and when") func severities() {
        for code in FindingCode.allCases {
            let entry = code.entry
            #expect(Set(entry.severities).count == entry.severities.count, "\(code)")
            #expect(entry.otherwise.allSatisfy { !$0.condition.isEmpty && !$0.condition.hasSuffix(".") }, "\(code)")
        }
        // What else a report says comes to a halt in Finding.init, in every test of this build.
        #expect(FindingCode.handlerMissing.entry.severities == [.error])
        #expect(FindingCode.cpuModelRestricted.entry.severities == [.warning, .error])
    }

    @Test("every kind of artifact fault has a code of its own") func faults() {
        #expect(Set(ArtifactFault.Kind.allCases.map(\.code)).count == ArtifactFault.Kind.allCases.count)
    }
}
