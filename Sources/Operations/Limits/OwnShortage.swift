import Evidence
import Findings
import Host
import Sandbox

/// A limit that keeps Assay itself from its work, before anything can be judged.
public enum OwnShortage {
    /// What to add to an error's text: the limit that it comes of, its value, and how to raise it.
    ///
    /// - Returns: nil if none of this process's limits explains the error.
    public static func advice(on error: any Error) -> String? {
        // Reads no file unless a limit is low: there may be no descriptor for one.
        let resources = LimitInspection.resources
        return resources.isEmpty
            ? nil : LimitEvidence(resources: resources, unit: ControlGroups.unit).advice(on: "\(error)")
    }
}
