public import Archive
import Glibc
public import SystemPackage

/// Writes the file system of an inspected image below a directory. Applies the layers as the specification says, and
/// writes nowhere else.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets>
public struct ImageUnpacker: Sendable {
    /// The layout directory, or the archive.
    public var artifact: FilePath
    public var limits: ArchiveLimits
    /// A private directory, for decompressing an archive that is compressed as a whole.
    public var scratch: FilePath

    public init(_ artifact: FilePath, limits: ArchiveLimits, scratch: FilePath) {
        self.artifact = artifact
        self.limits = limits
        self.scratch = scratch
    }

    /// Unpacks an image into an empty directory. Leaves out devices, fifos and sockets.
    ///
    /// - Parameters:
    ///   - image: an image from an inspector that kept trees. All its layers must be readable.
    ///   - kind: the kind that the inspector found.
    ///   - options: the owner of the files, and whether they stay set-user-id.
    /// - Throws: `ArchiveError`, also if a layer's bytes are not those that were inspected.
    public func unpack(
        _ image: ImageEvidence, of kind: ArtifactEvidence.Kind, into directory: FilePath, options: ExtractionOptions
    ) throws(ArchiveError) {
        guard let tree = image.tree, image.isComplete else {
            throw ArchiveError(
                .corrupt, archive: artifact.string, expected: "an image whose layers can all be read", found: "another")
        }
        let plan = UnpackingPlan(tree)
        let writer = TreeWriter(
            try RootedDirectory(directory), archive: artifact.string,
            options: options)
        let store = try store(of: kind)
        // A layer of no bytes has no files.
        for (index, layer) in image.layers.enumerated() where kind == .rootfsTar || layer.size > 0 {
            let measured = MeasuredSource(
                try DecompressedSource(try source(of: layer, in: store), limits: limits))
            let reader = try ArchiveReader(measured, limits: limits, requiresEndMarker: false)
            try plan.write(layer: index, from: reader, to: writer)
            try measured.drain()
            // A root file system has no digest: nothing refers to it.
            if let expected = layer.diffID, expected != "sha256:" + measured.sha256 {
                throw ArchiveError(
                    .corrupt, archive: layer.path ?? artifact.string, expected: "\(expected), as it was inspected",
                    found: "sha256:\(measured.sha256)")
            }
        }
        try plan.writeImplied(to: writer)
        try writer.finish()
    }

    /// What to read layers from. Nil for a root file system, which is its only layer.
    private func store(of kind: ArtifactEvidence.Kind) throws(ArchiveError) -> StoredFiles.Store? {
        switch kind {
        case .rootfsTar: return nil
        case .ociLayout: return .directory(try RootedDirectory(artifact))
        case .ociArchive, .dockerArchive:
            if let index = try ArchiveIndex(artifact, limits: limits) { return .archive(index) }
            let plain = scratch.appending("artifact.tar")
            try ArtifactSpool.write(
                try DecompressedSource(try DescriptorSource(file: artifact), limits: limits), to: plain)
            guard let index = try ArchiveIndex(plain, limits: limits) else {
                throw ArchiveError(
                    .unsupportedEntry, archive: artifact.string, expected: "an archive whose files are stored whole",
                    found: "sparse ones")
            }
            return .archive(index)
        }
    }

    private func source(
        of layer: LayerEvidence, in store: StoredFiles.Store?
    ) throws(ArchiveError) -> any ByteSource {
        guard let store else { return try DescriptorSource(file: artifact) }
        guard let path = layer.path, let source = try store.source(path) else {
            throw ArchiveError(
                .corrupt, archive: artifact.string, entry: layer.path, expected: "a layer, as it was inspected",
                found: "no such file")
        }
        return source
    }
}

/// Keeps a stream in a file, so that it can be read again.
public enum ArtifactSpool {
    /// Writes a source to a new file that only the caller may read.
    ///
    /// - Throws: `ArchiveError`.
    public static func write(_ source: any ByteSource, to path: FilePath) throws(ArchiveError) {
        do {
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
            defer { try? file.close() }
            while true {
                let chunk = try source.nextChunk()
                if chunk.isEmpty { return }
                _ = try file.writeAll(chunk)
            }
        } catch let error as ArchiveError {
            throw error
        } catch {
            throw ArchiveError(
                .io, archive: source.name, expected: "to write a copy to \(path)", found: "\(error)")
        }
    }
}
