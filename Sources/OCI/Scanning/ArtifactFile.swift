import Archive
import Synchronization

/// One file of an artifact, a blob or a document, after its bytes were read.
struct ArtifactFile: Sendable {
    enum Contents: Sendable {
        /// JSON, small enough to keep.
        case document([UInt8])
        case layer(LayerScan)
        case other
    }

    let size: UInt64
    let sha256: String
    /// Computed only for blobs that are named after it.
    let sha512: String?
    let contents: Contents

    var document: [UInt8]? {
        guard case .document(let bytes) = contents else { return nil }
        return bytes
    }

    /// False for bytes that are neither JSON nor an archive, and for JSON that is too large.
    var mayBeDocument: Bool {
        if case .other = contents { false } else { true }
    }

    /// The layer, if the file is one. Engines take an empty file for a layer without files.
    var layer: LayerScan? {
        if size == 0 {
            var empty = LayerScan()
            empty.diffID = sha256
            return empty
        }
        guard case .layer(let scan) = contents else { return nil }
        return scan
    }
}

/// Reads the files of an artifact.
struct ArtifactFileReader: Sendable {
    /// The largest document that is read, in bytes. Registries refuse manifests above 4 MiB.
    static let largestDocument = 4 << 20
    var layers: LayerScanner
    private let documents = ByteBudget()

    init(layers: LayerScanner) {
        self.layers = layers
    }

    /// How many of a file's first bytes show its kind.
    static let headSize = ArchiveForm.headSize

    /// Whether a file that begins so can be a document or a layer.
    static func isPartOfArtifact(_ head: [UInt8]) -> Bool {
        isDocument(head) || isLayer(head)
    }

    /// Reads a file to its end, and computes its digest. Its kind shows in its first bytes: in a stream, a layer may
    /// come long before the manifest that names it.
    ///
    /// - Parameter path: the file's path in the artifact, which tells the algorithm of its digest.
    func read(_ source: any ByteSource, at path: String) throws(ArchiveError) -> ArtifactFile {
        let measured = MeasuredSource(source, takesSHA512: path.hasPrefix("blobs/sha512/"))
        let peeked = try PeekedSource(measured, count: Self.headSize)
        let contents: ArtifactFile.Contents =
            // Test for a layer first: the first name in a tar may begin like JSON, but no JSON has the checksum of a
            // tar header.
            if Self.isLayer(peeked.head) {
                .layer(layers.scan(peeked))
            } else if Self.isDocument(peeked.head) {
                try document(peeked)
            } else {
                .other
            }
        try peeked.drain()
        return ArtifactFile(size: measured.count, sha256: measured.sha256, sha512: measured.sha512, contents: contents)
    }

    private func document(_ source: any ByteSource) throws(ArchiveError) -> ArtifactFile.Contents {
        var bytes: [UInt8] = []
        while true {
            let chunk = try source.nextChunk()
            if chunk.isEmpty { break }
            guard bytes.count + chunk.count <= Self.largestDocument else { return .other }
            bytes += chunk
        }
        guard documents.count(bytes.count) <= layers.limits.documentBytes else {
            throw ArchiveError(
                .overLimit, archive: source.name,
                expected: "documents of at most \(layers.limits.documentBytes) bytes together (--limit documents=N)",
                found: "more")
        }
        return .document(bytes)
    }

    private static func isDocument(_ head: [UInt8]) -> Bool {
        let first = head.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    private static func isLayer(_ head: [UInt8]) -> Bool {
        ArchiveForm(head) != .other
    }
}

/// Counts the bytes that are kept, for all threads.
final class ByteBudget: Sendable {
    private let total = Atomic(0)

    /// Adds to the total, and returns it.
    func count(_ bytes: Int) -> Int {
        total.wrappingAdd(bytes, ordering: .relaxed).newValue
    }
}
