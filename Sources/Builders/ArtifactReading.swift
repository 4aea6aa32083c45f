import Archive
import Evidence
import Guest
import OCI
import Probes
import SystemPackage

/// Reads the archive that a job exported: the RUN steps' proofs, and the artifact's summary.
struct ArtifactReading {
    let job: BuildJob
    let context: BuildContext

    /// - Throws: `ArchiveError` when there is no archive, or it cannot be read.
    func read(into evidence: inout BuilderEvidence) throws {
        for name in job.platforms {
            guard let platform = Platform(name) else { continue }
            let begun = ContinuousClock.now
            var inspector = ArtifactInspector(platform: platform, wantedFiles: context.proofFiles)
            inspector.takesOnlyStored = true
            let found = try inspector.inspect(job.output)
            if context.recipe.demandsProofs {
                let files = (found.images(for: platform).first?.files ?? [:])
                    .mapValues { String(decoding: $0, as: UTF8.self) }
                if let text = files[BuildContext.proofPath] {
                    if name != Guest.native.platform {
                        evidence.emulators[name] = context.emulator(inProof: text, platform: name)
                    }
                    evidence.limitations[name] = context.limitation(inProof: text)
                }
                evidence.proofs[name] = context.proof(in: files, platform: name)
            }
            let isWanted = name == evidence.guest.platform
            let summary = found.summary(
                name: label(evidence, isWanted ? nil : name), platform: platform,
                duration: begun.duration(to: .now))
            // The wanted platform is always shown, another only if it has faults.
            guard isWanted || job.platforms.count == 1 || !summary.faults.isEmpty else { continue }
            evidence.artifacts.removeAll { $0.name == summary.name }
            evidence.artifacts.append(summary)
        }
    }

    /// `podman`, `podman/stages`, `docker:linux/amd64`
    private func label(_ evidence: BuilderEvidence, _ platform: String?) -> String {
        evidence.builder + (evidence.context == "run" ? "" : "/\(evidence.context)") + (platform.map { ":\($0)" } ?? "")
    }
}
