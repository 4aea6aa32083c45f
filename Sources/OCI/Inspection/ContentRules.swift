import Archive
import ELF
import Evidence
import Guest

/// The checks that apply to images in every kind of artifact.
struct ContentRules {
    /// The wanted platform.
    let platform: Platform
    /// Whether all other platforms are wanted too.
    let wantsAll: Bool
    /// The name of the wanted image; nil: all images.
    let reference: String?
    let policy: ArtifactPolicy
    /// The files whose contents are returned.
    let wanted: Set<EntryPath>
    let keepsTrees: Bool
    let limits: ArchiveLimits
    /// Shared by all images of an artifact.
    let work: WorkBudget
    /// The most layers of an image that are applied. Container storage takes fewer. A layer is applied as often as it
    /// is listed.
    private static let mostLayers = 512

    /// The most layers that podman 4 mounts over each other ("max depth exceeded"); Docker's own store takes 125, podman
    /// 5 and containerd 500.
    private static let mostMounted = 128

    /// Applies the layers one over the other, and checks the result.
    ///
    /// - Parameter count: how many layers the image has. Some may be missing.
    func inspect(
        _ layers: [(digest: String?, scan: LayerScan)], expecting count: Int, of image: inout ImageEvidence,
        _ evidence: inout ArtifactEvidence
    ) {
        let name = image.digest ?? evidence.kind.rawValue
        evidence.applied += layers.reduce(0) { $0 + $1.scan.entries.count }
        guard evidence.applied <= limits.applications else {
            return evidence.archiveErrors.append(
                ArchiveError(
                    .overLimit, archive: name,
                    expected:
                        "at most \(limits.applications) entries in the layers of all images together (--limit entries=N)",
                    found: "more"))
        }
        do throws(ImageTree.OverLimit) {
            try inspect(
                ImageTree(layers.map(\.scan.entries), mostNodes: limits.entries, work: work), layers, count, &image,
                &evidence)
        } catch {
            image.isComplete = false
            evidence.archiveErrors.append(
                ArchiveError(.overLimit, archive: name, expected: error.expected, found: "more"))
        }
    }

    private func inspect(
        _ tree: ImageTree, _ layers: [(digest: String?, scan: LayerScan)], _ count: Int, _ image: inout ImageEvidence,
        _ evidence: inout ArtifactEvidence
    ) throws(ImageTree.OverLimit) {
        image.isComplete = layers.count == count && layers.allSatisfy { $0.scan.failure == nil }
        if keepsTrees, image.platform?.matches(platform) == true { image.tree = tree }
        try work.check()
        evidence.archiveErrors += refusals(tree, layers, of: image, kind: evidence.kind)
        var files: [String: [UInt8]] = [:]
        let contents = KeptContents(tree: tree, layers: layers.map(\.scan.files))
        // A wanted link is followed if its target is wanted too.
        for path in wanted {
            if let bytes = tree.resolve(path.bytes).flatMap({ contents.bytes(of: $0) }) {
                files[path.description] = bytes
            }
        }
        try work.check()
        image.files = files
        // Other systems start programs in other ways.
        guard let normalized = image.platform?.normalized, normalized.os == "linux",
            let target = ELFTarget(architecture: normalized.architecture)
        else { return }
        var inspection = ContentInspection(
            tree, target: target, digests: layers.map(\.digest), config: image.config, contents: contents,
            files: files, isComplete: image.isComplete, policy: PolicyMatcher(policy, work: work))
        try inspection.run(mostPathBytes: limits.names)
        image.nativeBinaries = inspection.nativeBinaries
        image.allowed = inspection.allowed
        image.archives = inspection.archives
        evidence.faults += inspection.faults
        evidence.notes += inspection.notes
    }

    /// An error for each kind of entry that engines refuse.
    private func refusals(
        _ tree: ImageTree, _ layers: [(digest: String?, scan: LayerScan)], of image: ImageEvidence,
        kind: ArtifactEvidence.Kind
    ) -> [ArchiveError] {
        let instructions = image.config?.instructions(layers: layers.count)
        return ImageTree.Refusal.allCases.flatMap { reason in
            (tree.refused[reason] ?? []).compactMap { entry in
                let entries = tree.layers[entry.layer]
                let text: (expected: String, found: String)
                switch reason {
                case .duplicate: text = ("one entry of that name", "another")
                case .directoryTwice:
                    // Engines unpack layers and refuse this, but tar accepts a directory again.
                    guard kind != .rootfsTar else { return nil }
                    text = ("one entry for a directory: podman and CRI-O refuse a layer with two", "another")
                case .linkToNothing, .linkBelow:
                    // The target may be in a layer that could not be read.
                    guard image.isComplete else { return nil }
                    let target = String(decoding: entries.targetPath(entry.entry), as: UTF8.self)
                    text =
                        reason == .linkBelow
                        ? (
                            "a hard link to a file of its own layer: engines unpack each layer alone",
                            "one to \(target), which a layer below has"
                        ) : ("a hard link to a file", "one to \(target), where there is none")
                case .notInDirectory:
                    text = ("the directory that it is in", "another kind of file, or a whiteout, of the same layer")
                case .throughDanglingLink:
                    text = (
                        "a directory: podman and CRI-O unpack nothing through a link that leads nowhere in its own layer",
                        "a path through such a link"
                    )
                case .whiteoutOfNothing: text = ("a whiteout of a name", "one of none")
                case .nameTooLong:
                    text = (
                        "names of at most \(ImageTree.longestName) bytes, and links' targets of \(ImageTree.longestTarget), as file systems take them",
                        "a longer one"
                    )
                case .unknownType:
                    // tar unpacks them.
                    guard kind != .rootfsTar, let type = entries.odd?.type else { return nil }
                    text = (
                        "a file, link, directory, device or pipe: engines unpack nothing else",
                        "type \(Character(UnicodeScalar(type)))"
                            + (type == UInt8(ascii: "S") ? ", a sparse file in GNU's older format" : "")
                    )
                case .whiteoutOfOwn:
                    text = ("a whiteout of what layers below have", "one of what its own layer has before it")
                }
                var error = ArchiveError(
                    Self.code(reason),
                    archive: layers[entry.layer].digest ?? kind.rawValue,
                    entry: String(decoding: entries.path(entry.entry), as: UTF8.self), expected: text.expected,
                    found: text.found)
                error.reason = kind == .rootfsTar ? nil : Self.word(reason)
                if image.isComplete, kind != .rootfsTar {
                    error.origin = Self.origin(entry.layer, of: layers.count, instructions)
                }
                return error
            }
        }
    }

    private static func code(_ refusal: ImageTree.Refusal) -> ArchiveError.Code {
        switch refusal {
        case .duplicate, .directoryTwice: .duplicateEntry
        case .whiteoutOfNothing, .nameTooLong, .unknownType: .unsupportedEntry
        case .linkToNothing, .linkBelow, .notInDirectory, .whiteoutOfOwn, .throughDanglingLink: .corrupt
        }
    }

    private static func word(_ refusal: ImageTree.Refusal) -> ArchiveError.Reason? {
        switch refusal {
        case .duplicate: .sameName
        case .directoryTwice: .directoryTwice
        case .linkToNothing: .linkToNothing
        case .linkBelow: .linkBelow
        case .notInDirectory: .notInDirectory
        case .whiteoutOfOwn: .whiteoutOfOwn
        case .throughDanglingLink: .throughDanglingLink
        case .whiteoutOfNothing, .nameTooLong, .unknownType: nil
        }
    }

    /// Which layer it is, and what made it: `layer 2 of 3: COPY tool /usr/bin`.
    static func origin(_ index: Int, of count: Int, _ instructions: [String]?) -> String {
        let instruction = instructions?[index] ?? ""
        return "layer \(index + 1) of \(count)" + (instruction.isEmpty ? "" : ": \(instruction)")
    }

    /// Whether an image has few enough layers to inspect. Notes an error if not.
    func checkCount(ofLayers count: Int, in document: String, _ evidence: inout ArtifactEvidence) -> Bool {
        if count > Self.mostMounted {
            evidence.faults.append(
                ArtifactFault(
                    kind: .notOCI, reason: .tooManyLayers, path: document,
                    expected: "at most \(Self.mostMounted) layers", found: "\(count)"))
        }
        guard count > Self.mostLayers else { return true }
        evidence.archiveErrors.append(
            ArchiveError(
                .overLimit, archive: document, expected: "at most \(Self.mostLayers) layers", found: "\(count)"))
        return false
    }

    /// Whether an image with these names is wanted.
    func isMeant(_ names: [String]) -> Bool { reference.map(names.contains) ?? true }

    /// - Throws: `ArchiveError` if no image has the wanted name.
    func checkReference(_ isThere: Bool, among names: [String], in document: String) throws(ArchiveError) {
        guard let reference, !isThere else { return }
        let known = names.prefix(20).joined(separator: ", ")
        throw ArchiveError(
            .malformed, archive: document, expected: "an image of the name \(reference)",
            found: known.isEmpty ? "images without names" : known)
    }

    /// Notes a fault if no image is for the wanted platform.
    func checkPlatform(in document: String, _ evidence: inout ArtifactEvidence) {
        guard !wantsAll || evidence.platforms.isEmpty else { return }
        guard evidence.images(for: platform).isEmpty, evidence.unread(for: platform).isEmpty,
            !evidence.isPlatformUnknown || evidence.faults.isEmpty
        else { return }
        let found = evidence.platforms.map(\.description).joined(separator: ", ")
        if found.isEmpty, let type = evidence.unknownType {
            let shown = type.isEmpty ? ArtifactFault.nameless : ArtifactFault.shown(type)
            return evidence.faults.append(
                ArtifactFault(
                    kind: .platformMissing, reason: .mediaTypeUnknown, path: document, subject: shown,
                    expected: "an image for \(platform)", found: "an entry of the media type \(shown)"))
        }
        evidence.faults.append(
            ArtifactFault(
                kind: .platformMissing, path: document, expected: "an image for \(platform)",
                found: found.isEmpty ? "no image" : found))
    }

    /// Notes a fault if the architecture has no such variant.
    func checkVariant(_ platform: Platform, at document: String, _ evidence: inout ArtifactEvidence) {
        guard let variant = platform.variant, !variant.isEmpty,
            let known = PlatformRules.variants(of: platform.architecture), !known.contains(variant)
        else { return }
        evidence.faults.append(
            ArtifactFault(
                kind: .variantInvalid, path: document,
                expected: "a variant of \(platform.architecture): \(known.prefix(4).joined(separator: ", "))…",
                found: variant))
    }
}
