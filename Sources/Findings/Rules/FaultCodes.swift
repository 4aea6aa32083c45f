import Archive
public import Evidence

extension ArtifactFault.Kind {
    /// The finding for a fault of this kind.
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
    /// The finding for an error of this kind; nil if the archive is not at fault: the host failed, or Assay does not
    /// read this form.
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
