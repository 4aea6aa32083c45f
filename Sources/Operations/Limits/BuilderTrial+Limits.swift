public import Builders
public import Evidence
import Findings
import Host
public import SystemPackage

extension BuilderTrial {
    /// Runs the trial, and adds the limits in force to its evidence unless the trial was skipped.
    ///
    /// - Parameter work: as for `run(in:)`.
    public func runUnderLimits(in work: FilePath) -> [BuilderEvidence] {
        let before = LimitInspection.read()
        var evidence = run(in: work)
        guard !before.isEmpty else { return evidence }
        var after = LimitInspection.read()
        after.enforced = LimitingGroups.enforced(before.groups, after.groups)
        for index in evidence.indices where !evidence[index].wasSkipped { evidence[index].limits = after }
        return evidence
    }
}

extension BuilderEvidence {
    fileprivate var wasSkipped: Bool {
        switch result {
        case .missing, .notApplicable: true
        case .built, .failed, .timedOut, .lost, .unusable: false
        }
    }
}
