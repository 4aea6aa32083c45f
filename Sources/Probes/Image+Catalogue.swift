public import Archive
import CImages
import FoundationEssentials
public import SystemPackage

extension Image {
    /// The probes of an image that `ci/images build` makes, whether or not it is here; nil for other images.
    ///
    /// - Throws: `ArchiveError` (`corrupt`) when this program was built with an invalid catalogue.
    public var builtCatalogue: [ProbeDescription]? {
        get throws(ArchiveError) { try Self.builtCatalogues.get()[name] }
    }

    private static let builtCatalogues: Result<[String: [ProbeDescription]], ArchiveError> = {
        var size = 0
        let start = assay_image_catalogues(&size)
        let bytes = Data(bytes: start, count: size)
        return Result {
            try JSONDecoder().decode([String: [ProbeDescription]].self, from: bytes)
        }.mapError {
            ArchiveError(.corrupt, archive: "catalogues.json", expected: "catalogues of probes", found: "\($0)")
        }
    }()
}

extension ProbeDescription {
    /// Where an image keeps its catalogue.
    static let cataloguePath = "usr/share/assay/probes.json"
    private static let largestCatalogue = 4 << 20

    /// The catalogue of an unpacked image.
    ///
    /// - Throws: `ArchiveError` (`corrupt`) when there is none, or it is not of the form that `Images/core/README.md` gives.
    public static func catalogue(root: FilePath, image: String) throws(ArchiveError) -> [ProbeDescription] {
        do {
            guard let source = try ImageFile.source(cataloguePath, root: root) else {
                throw Errno.noSuchFileOrDirectory
            }
            let bytes = try source.readAll(limit: largestCatalogue)
            return try JSONDecoder().decode([ProbeDescription].self, from: Data(bytes))
        } catch let error as ArchiveError where error.code == .io {
            // This host could not read it: the image is not to blame.
            throw error
        } catch {
            throw ArchiveError(
                .corrupt, archive: image, entry: "/\(cataloguePath)", expected: "a catalogue of probes",
                found: "\(error)")
        }
    }
}
