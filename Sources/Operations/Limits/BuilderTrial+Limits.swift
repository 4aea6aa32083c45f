public import Builders
public import Evidence
import Findings
import Host
public import SystemPackage

extension BuilderTrial {
    /// Also notes the limits that a builder lived under, where it did not do what was asked of it.
    ///
    /// - Parameter work: as `run(in:)` takes it.
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
        case .built, .failed, .lost, .unusable: false
        }
    }
}
