import Archive
import ELF
import Findings

/// What images of every kind of artifact are checked for alike.
struct ContentRules {
    /// The platform that is wanted.
    let platform: Platform
    let policy: ArtifactPolicy
    /// The files whose contents are handed back.
    let wanted: Set<EntryPath>
    let keepsTrees: Bool

    /// Applies the layers one over the other and checks the result.
    ///
    /// - Parameter count: how many layers the image has; some may not be there.
    func inspect(
        _ layers: [(digest: String?, scan: LayerScan)], expecting count: Int, of image: inout ImageEvidence,
        _ evidence: inout ArtifactEvidence
    ) {
        let tree = ImageTree(layers.map(\.scan.entries))
        image.isComplete = layers.count == count && layers.allSatisfy { $0.scan.failure == nil }
        if keepsTrees, image.platform?.matches(platform) == true { image.tree = tree }
        for duplicate in tree.duplicates {
            let path = String(decoding: tree.layers[duplicate.layer].path(duplicate.entry), as: UTF8.self)
            evidence.archiveErrors.append(
                ArchiveError(
                    .duplicateEntry, archive: layers[duplicate.layer].digest ?? evidence.kind.rawValue, entry: path,
                    expected: "one entry of that name", found: "another"))
        }
        var files: [String: [UInt8]] = [:]
        var configuration: [String: [UInt8]] = [:]
        // A link that is asked for is followed, where what it leads to is asked for too.
        for path in wanted.union(layers.flatMap(\.scan.files.keys)) {
            guard let node = tree.resolve(path.bytes), tree.nodes[node].kind == .file,
                let origin = tree.nodes[node].origin,
                let held = try? EntryPath(tree.layers[origin.layer].path(origin.entry)),
                let bytes = layers[origin.layer].scan.files[held]
            else { continue }
            if wanted.contains(path) { files[path.description] = bytes }
            if LibraryPaths.isConfiguration(path) { configuration[path.description] = bytes }
        }
        image.files = files
        guard let target = image.platform.flatMap({ ELFTarget(architecture: $0.normalized.architecture) }) else {
            return
        }
        var inspection = ContentInspection(
            tree, target: target, digests: layers.map(\.digest), config: image.config, files: configuration)
        inspection.run()
        image.nativeBinaries = inspection.nativeBinaries
        image.allowed = inspection.faults.count(where: policy.allows)
        evidence.faults += inspection.faults.filter { !policy.allows($0) }
    }

    /// The platform that is wanted must be among the images.
    func checkPlatform(in document: String, _ evidence: inout ArtifactEvidence) {
        guard evidence.images(for: platform).isEmpty, !evidence.unread.contains(where: { $0.concerns(platform) }) else {
            return
        }
        let found = evidence.platforms.map(\.description).joined(separator: ", ")
        evidence.faults.append(
            ArtifactFault(
                kind: .platformMissing, path: document, expected: "an image for \(platform)",
                found: found.isEmpty ? "no image" : found))
    }

    /// A variant must be one that the architecture has.
    func checkVariant(_ platform: Platform, at document: String, _ evidence: inout ArtifactEvidence) {
        guard let variant = platform.variant, !variant.isEmpty,
            let known = Platform.variants(of: platform.architecture), !known.contains(variant)
        else { return }
        evidence.faults.append(
            ArtifactFault(
                kind: .variantInvalid, path: document,
                expected: "a variant of \(platform.architecture): \(known.prefix(4).joined(separator: ", "))…",
                found: variant))
    }
}
