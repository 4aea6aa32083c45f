import Archive

@testable import OCI

extension Platform {
    static let linuxARM64 = Platform(os: "linux", architecture: "arm64")
}

extension ArtifactInspector {
    /// For artifacts that are to hold `linux/arm64`.
    init(
        limits: ArchiveLimits = ArchiveLimits(), wantedFiles: [String] = [], policy: ArtifactPolicy = .standard
    ) {
        self.init(platform: .linuxARM64, limits: limits, wantedFiles: wantedFiles, policy: policy)
    }
}
