import Archive
import Findings
import FoundationEssentials

/// Finds documents and blobs and checks them against what points at them.
struct BlobReader {
    private let files: any ArtifactFiles

    init(_ files: any ArtifactFiles) {
        self.files = files
    }

    /// Reads blobs that will be asked for, the largest first.
    func prefetch(_ descriptors: [Descriptor]) {
        files.prefetch(descriptors.sorted { $0.size > $1.size }.compactMap { Self.path(of: $0.digest) })
    }

    /// The blob that a descriptor points at, or nil where it is not there. A wrong size or digest is a fault.
    func blob(
        _ descriptor: Descriptor, mayBeMissing: Bool = false, _ evidence: inout ArtifactEvidence
    ) throws(ArchiveError) -> ArtifactFile? {
        guard let path = Self.path(of: descriptor.digest) else {
            evidence.faults.append(
                ArtifactFault(
                    kind: .digestMismatch, path: descriptor.mediaType ?? "descriptor", layer: descriptor.digest,
                    expected: "sha256: and 64 hexadecimal digits", found: descriptor.digest))
            return nil
        }
        guard let file = try files.file(path) else {
            guard !mayBeMissing else { return nil }
            evidence.faults.append(
                ArtifactFault(
                    kind: .blobMissing, path: path, layer: descriptor.digest, expected: "\(descriptor.size) bytes",
                    found: "no such file"))
            return nil
        }
        if descriptor.size < 0 || file.size != UInt64(descriptor.size) {
            evidence.faults.append(
                ArtifactFault(
                    kind: .sizeMismatch, path: path, layer: descriptor.digest, expected: "\(descriptor.size) bytes",
                    found: "\(file.size) bytes"))
        }
        if "sha256:" + file.sha256 != descriptor.digest {
            evidence.faults.append(
                ArtifactFault(
                    kind: .digestMismatch, path: path, layer: descriptor.digest, expected: descriptor.digest,
                    found: "sha256:" + file.sha256))
        }
        return file
    }

    func isThere(_ path: String) throws(ArchiveError) -> Bool {
        try files.file(path) != nil
    }

    /// The document that a descriptor points at.
    func document<Document: Decodable>(
        _ descriptor: Descriptor, as name: String, _ evidence: inout ArtifactEvidence
    ) throws(ArchiveError) -> Document? {
        guard let file = try blob(descriptor, &evidence) else { return nil }
        return decode(file, path: Self.path(of: descriptor.digest) ?? descriptor.digest, as: name, &evidence)
    }

    /// The document at a path of the artifact.
    func document<Document: Decodable>(
        _ path: String, as name: String, _ evidence: inout ArtifactEvidence
    ) throws(ArchiveError) -> Document? {
        guard let file = try files.file(path) else {
            evidence.faults.append(ArtifactFault(kind: .notOCI, path: path, expected: name, found: "no such file"))
            return nil
        }
        return decode(file, path: path, as: name, &evidence)
    }

    private func decode<Document: Decodable>(
        _ file: ArtifactFile, path: String, as name: String, _ evidence: inout ArtifactEvidence
    ) -> Document? {
        guard let bytes = file.document else {
            let found = file.size > UInt64(ArtifactFileReader.largestDocument) ? "\(file.size) bytes" : "no JSON"
            evidence.faults.append(ArtifactFault(kind: .notOCI, path: path, expected: name, found: found))
            return nil
        }
        do {
            return try JSONDecoder().decode(Document.self, from: Data(bytes))
        } catch {
            evidence.faults.append(
                ArtifactFault(kind: .notOCI, path: path, expected: name, found: DecodingFault.description(error)))
            return nil
        }
    }

    /// Where a blob is in a layout, or nil for what is no SHA-256 digest.
    static func path(of digest: String) -> String? {
        guard digest.hasPrefix("sha256:") else { return nil }
        let digits = digest.utf8.dropFirst("sha256:".utf8.count)
        guard digits.count == 64, digits.allSatisfy({ ($0 >= 0x30 && $0 < 0x3a) || ($0 >= 0x61 && $0 < 0x67) }) else {
            return nil
        }
        return "blobs/sha256/" + digest.dropFirst("sha256:".count)
    }
}

/// Says in a few words why a document cannot be decoded.
enum DecodingFault {
    static func description(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, let context):
            "no \(place(context.codingPath + [key]))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(place(context.codingPath)) of another type"
        default:
            "malformed JSON"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
