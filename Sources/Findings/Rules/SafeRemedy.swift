public import Evidence

/// A remedy that a machine may apply without anybody's judgement.
public struct SafeRemedy: Sendable, Equatable {
    /// What it mends.
    public var codes: [FindingCode]
    /// For sh(1).
    public var command: String

    /// Those of `findings`, in the order in which they are to be applied; one command once, whatever it mends.
    ///
    /// - Parameter host: as it was when the findings were made.
    public static func among(_ findings: [Finding], host: HostEvidence?) -> [SafeRemedy] {
        guard let host else { return [] }
        var remedies: [SafeRemedy] = []
        for finding in findings where finding.isSafelyRemedied(on: host) {
            if let index = remedies.firstIndex(where: { $0.command == finding.remedy }) {
                remedies[index].codes.append(finding.code)
            } else {
                remedies.append(SafeRemedy(codes: [finding.code], command: finding.remedy))
            }
        }
        return remedies
    }
}

extension Finding {
    /// The remedy changes kernel state alone, which a reboot or one more write brings back; it takes away nothing that
    /// works; and what it costs is no matter of opinion.
    ///
    /// So a package is never installed, no file's mode changed, no sysctl loosened. A missing `C` stays as it is: with it,
    /// set-user-id programs gain their owner's rights, which is for the administrator to decide. A shadowed entry stays, for
    /// it harms nobody today.
    fileprivate func isSafelyRemedied(on host: HostEvidence) -> Bool {
        switch code {
        case .binfmtMiscUnavailable, .binfmtMiscDisabled, .handlerDisabled: severity == .error
        case .handlerMissing, .handlerWrongMagic, .handlerMaskTooStrict, .handlerTooBroad, .handlerNotFixed,
            .handlerRewritesArgv0, .interpreterMissing, .interpreterWrongProgram, .interpreterDynamic:
            // Without an interpreter that is here already, the remedy begins with a package.
            severity == .error && !host.candidates.isEmpty
        case .interpreterStale: !host.candidates.isEmpty
        default: false
        }
    }
}
