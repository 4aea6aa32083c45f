import Archive
import Evidence

/// Finds documents and blobs, and checks them against the descriptors that point at them.
struct BlobReader {
    private let files: any ArtifactFiles
    private let limits: ArchiveLimits
    /// Counts decoded bytes: one document may be pointed at very often.
    private let decoded = ByteBudget()

    init(_ files: any ArtifactFiles, limits: ArchiveLimits) {
        self.files = files
        self.limits = limits
    }

    /// Reads blobs that will be needed, the largest first.
    func prefetch(_ descriptors: [Descriptor]) {
        files.prefetch(descriptors.sorted { $0.size > $1.size }.compactMap { Self.path(of: $0.digest) })
    }

    /// The blob of a descriptor; nil if it is missing. A wrong size or digest is a fault. With an unknown digest
    /// algorithm the blob stays unread.
    func blob(
        _ descriptor: Descriptor, mayBeMissing: Bool = false, _ evidence: inout ArtifactEvidence
    ) throws(ArchiveError) -> ArtifactFile? {
        guard let path = Self.path(of: descriptor.digest) else {
            if let algorithm = Self.unknownAlgorithm(of: descriptor.digest) {
                evidence.unread.append(
                    UnreadBlob(digest: descriptor.digest, reason: "digests of \(algorithm) are not verified here"))
                return nil
            }
            evidence.faults.append(
                ArtifactFault(
                    kind: .digestMismatch, path: descriptor.mediaType ?? "descriptor", layer: descriptor.digest,
                    expected: "sha256: and 64 hexadecimal digits, or sha512: and 128", found: descriptor.digest))
            return nil
        }
        guard let file = try files.file(path) else {
            guard !mayBeMissing else {
                evidence.unread.append(
                    UnreadBlob(digest: descriptor.digest, reason: "it is not there, and need not be"))
                return nil
            }
            evidence.faults.append(
                missing(.blobMissing, path, layer: descriptor.digest, expected: "\(descriptor.size) bytes"))
            return nil
        }
        if descriptor.size < 0 || file.size != UInt64(descriptor.size) {
            evidence.faults.append(
                ArtifactFault(
                    kind: .sizeMismatch, path: path, layer: descriptor.digest, expected: "\(descriptor.size) bytes",
                    found: "\(file.size) bytes"))
        }
        let found = file.sha512.map { "sha512:" + $0 } ?? "sha256:" + file.sha256
        if found != descriptor.digest {
            evidence.faults.append(
                ArtifactFault(
                    kind: .digestMismatch, path: path, layer: descriptor.digest, expected: descriptor.digest,
                    found: found))
        }
        return file
    }

    /// A fault for a file that is not there, or behind a symbolic link that leads out of the artifact or nowhere: none
    /// is followed there.
    func missing(
        _ kind: ArtifactFault.Kind, _ path: String, layer: String? = nil, expected: String
    ) -> ArtifactFault {
        guard let link = files.link(on: path) else {
            return ArtifactFault(kind: kind, path: path, layer: layer, expected: expected, found: "no such file")
        }
        let target = ArtifactFault.shown(String(decoding: link.target, as: UTF8.self))
        let place = link.path.description == path ? "a link" : "\(link.path), a link"
        return ArtifactFault(
            kind: kind, reason: .linkOutOfArtifact, path: path, layer: layer, subject: target, expected: expected,
            found: "\(place) to \(target), which is not in the artifact")
    }

    func isThere(_ path: String) throws(ArchiveError) -> Bool {
        try files.file(path) != nil
    }

    /// The document of a descriptor; nil if it cannot be read, with the reason in the evidence.
    func document<Document: GoDocument>(
        _ descriptor: Descriptor, as name: String, mayBeMissing: Bool = false, _ evidence: inout ArtifactEvidence
    ) throws(ArchiveError) -> Document? {
        guard let file = try blob(descriptor, mayBeMissing: mayBeMissing, &evidence) else { return nil }
        return try decode(file, path: Self.path(of: descriptor.digest) ?? descriptor.digest, as: name, &evidence)
    }

    /// The document at a path of the artifact; nil if it cannot be read, with the reason in the evidence.
    func document<Document: GoDocument>(
        _ path: String, as name: String, _ evidence: inout ArtifactEvidence
    ) throws(ArchiveError) -> Document? {
        guard let file = try files.file(path) else {
            evidence.faults.append(missing(.notOCI, path, expected: name))
            return nil
        }
        return try decode(file, path: path, as: name, &evidence)
    }

    private func decode<Document: GoDocument>(
        _ file: ArtifactFile, path: String, as name: String, _ evidence: inout ArtifactEvidence
    ) throws(ArchiveError) -> Document? {
        guard let bytes = file.document else {
            guard file.size <= UInt64(ArtifactFileReader.largestDocument) else {
                // What was not read contradicts nothing.
                let most = ArtifactFileReader.largestDocument
                evidence.unread.append(
                    UnreadBlob(
                        digest: path, reason: "expected \(name) of at most \(most) bytes, found \(file.size) bytes"))
                return nil
            }
            evidence.faults.append(ArtifactFault(kind: .notOCI, path: path, expected: name, found: "no JSON"))
            return nil
        }
        guard decoded.count(bytes.count) <= limits.documentBytes else {
            throw ArchiveError(
                .overLimit, archive: path,
                expected: "documents of at most \(limits.documentBytes) bytes, as often as they are pointed at "
                    + "(--limit documents=N)", found: "more")
        }
        do {
            return try Document(go: bytes)
        } catch let failure as GoJSON.Failure where failure.isAmbiguous {
            throw .ambiguous(failure, path)
        } catch {
            evidence.faults.append(
                ArtifactFault(kind: .notOCI, path: path, expected: name, found: DecodingErrorText.description(error)))
            return nil
        }
    }

    /// Notes the error of a layer that could not be read to its end. A form that Assay does not read contradicts
    /// nothing.
    ///
    /// - Parameter origin: which layer it is, and what made it.
    func note(
        _ failure: ArchiveError?, of layer: String, origin: String? = nil, _ evidence: inout ArtifactEvidence
    ) {
        guard var failure else { return }
        failure.archive = layer
        failure.origin = origin
        guard failure.code != .notRead else {
            return evidence.unread.append(UnreadBlob(digest: layer, reason: "it is \(failure.found)"))
        }
        evidence.archiveErrors.append(failure)
    }

    /// Checks that a layer begins as zstd does for every engine.
    func check(frames scan: LayerScan, at path: String, layer: String?, _ evidence: inout ArtifactEvidence) {
        guard scan.startsWithSkippableFrame else { return }
        evidence.faults.append(
            ArtifactFault(
                kind: .notOCI, reason: .skippableFrameFirst, path: path, layer: layer,
                expected: "a zstd frame with data first", found: "a frame to be skipped"))
    }

    /// Checks a layer's decompressed digest against the configuration. Layers are hashed only once, with SHA-256.
    func check(
        diffID promised: String?, of scan: LayerScan, stored file: ArtifactFile, at path: String, layer: String?,
        _ evidence: inout ArtifactEvidence
    ) {
        guard let promised, let found = scan.diffID.map({ "sha256:" + $0 }), promised != found else { return }
        let algorithm = promised.hasPrefix("sha512:") ? "sha512" : Self.unknownAlgorithm(of: promised)
        if let algorithm {
            return evidence.unread.append(
                UnreadBlob(digest: layer ?? path, reason: "a diff_id of \(algorithm) is not verified here"))
        }
        evidence.faults.append(
            ArtifactFault(
                kind: .digestMismatch, reason: promised == "sha256:" + file.sha256 ? .compressedDiffID : nil,
                path: path,
                layer: layer, expected: promised, found: found))
    }

    /// The path of a blob in a layout; nil for anything but a digest of a registered algorithm.
    ///
    /// Source: <https://github.com/opencontainers/image-spec/blob/main/descriptor.md#registered-algorithms>
    static func path(of digest: String) -> String? {
        for (algorithm, count) in [("sha256", 64), ("sha512", 128)] where digest.hasPrefix(algorithm + ":") {
            let digits = digest.dropFirst(algorithm.count + 1)
            let isHexadecimal = digits.utf8.allSatisfy { ($0 >= 0x30 && $0 < 0x3a) || ($0 >= 0x61 && $0 < 0x67) }
            return digits.utf8.count == count && isHexadecimal ? "blobs/\(algorithm)/\(digits)" : nil
        }
        return nil
    }

    /// The algorithm of a well-formed digest that is not registered; nil for any other.
    private static func unknownAlgorithm(of digest: String) -> String? {
        let parts = digest.split(separator: ":", omittingEmptySubsequences: false)
        let isWord: (UInt8) -> Bool = { ($0 >= 0x30 && $0 < 0x3a) || ($0 >= 0x61 && $0 < 0x7b) }
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), parts[0] != "sha256", parts[0] != "sha512",
            parts[0].utf8.allSatisfy({ isWord($0) || "+._-".utf8.contains($0) }),
            parts[1].utf8.allSatisfy({ isWord($0) || (0x41..<0x5b).contains($0) || "=_-".utf8.contains($0) })
        else { return nil }
        return String(parts[0])
    }
}

extension ArchiveError {
    /// A document that means different things to different readers.
    static func ambiguous(_ failure: GoJSON.Failure, _ path: String) -> ArchiveError {
        ArchiveError(
            .malformed, archive: path,
            expected: "each field once: Go takes the last, whatever its case, and others the first",
            found: failure.description)
    }
}

/// Says in a few words why a document cannot be decoded.
enum DecodingErrorText {
    static func description(_ error: any Error) -> String {
        if let mismatch = error as? GoJSON.Mismatch { return mismatch.description }
        return switch error as? DecodingError {
        case .keyNotFound(let key, let context):
            "no \(place(context.codingPath + [key]))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(place(context.codingPath)) of another type"
        default:
            (error as? GoJSON.Failure).map { "malformed JSON: \($0.description)" } ?? "malformed JSON"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
