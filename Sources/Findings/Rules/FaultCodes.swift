import Archive
public import Evidence

extension ArtifactFault.Kind {
    /// The finding that a fault of this kind makes.
    public var code: FindingCode {
        switch self {
        case .notOCI: .artifactNotOCI
        case .platformMissing: .artifactPlatformMissing
        case .platformMismatch: .artifactPlatformMismatch
        case .foreignBinary: .artifactForeignBinary
        case .digestMismatch: .artifactDigestMismatch
        case .sizeMismatch: .artifactSizeMismatch
        case .blobMissing: .artifactBlobMissing
        case .loaderMissing: .artifactLoaderMissing
        case .entrypointMissing: .artifactEntrypointMissing
        case .variantInvalid: .artifactVariantInvalid
        }
    }
}

extension ArchiveError.Code {
    /// The finding that an error of this kind makes; nil where the host, not the archive, is at fault.
    var finding: FindingCode? {
        switch self {
        case .corrupt: .archiveCorrupt
        case .unsafePath: .archiveUnsafePath
        case .overLimit: .archiveOverLimit
        case .duplicateEntry: .archiveDuplicateEntry
        case .unsupportedEntry: .archiveUnsupportedEntry
        case .io: nil
        }
    }
}
