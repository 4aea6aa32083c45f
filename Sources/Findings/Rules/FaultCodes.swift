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
        case .scriptChain: .artifactScriptChain
        case .scriptArgument: .artifactScriptArgument
        case .pageSize: .artifactPageSize
        case .compression: .artifactCompression
        }
    }
}

extension ArchiveError.Code {
    /// The finding that an error of this kind makes; nil where the archive is not at fault: the host is, or what is read here.
    var finding: FindingCode? {
        switch self {
        case .corrupt: .archiveCorrupt
        case .unsafePath: .archiveUnsafePath
        case .overLimit: .archiveOverLimit
        case .duplicateEntry: .archiveDuplicateEntry
        case .unsupportedEntry: .archiveUnsupportedEntry
        case .malformed: .artifactNotOCI
        case .io, .notRead: nil
        }
    }
}
