import Evidence
import Guest

/// Cause and remedy for a fault whose kind tells the reason.
struct DocumentWords {
    let fault: ArtifactFault

    private var blob: String { fault.layer.map { $0 == fault.path ? $0 : "\(fault.path) (\($0))" } ?? fault.path }

    /// Nil if the catalogue's text is enough.
    var text: FaultWords.Text? {
        guard fault.reason == nil else { return nil }
        switch fault.kind {
        case .foreignBinary: return foreign
        case .platformMissing:
            return (
                "\(fault.path) lists \(fault.found), and not \(fault.expected): the build did not include the platform, or a later push of one "
                    + "platform replaced the list.",
                "build with --platform \(wantedPlatforms), and export all of it"
            )
        case .platformMismatch:
            return (
                "\(fault.path) says \(fault.found); expected was \(fault.expected). A label was set by hand, or the base image was another platform's.",
                "build again, with base images of the right platform (drop FROM --platform on the last stage)"
            )
        case .digestMismatch:
            return (
                "\(blob) does not have the digest that names it: it was damaged, or changed after it was written.",
                "export or download the artifact again; sha256sum of \(fault.path) must give the digest"
            )
        case .sizeMismatch:
            return (
                "\(blob) has another size than its descriptor says: it was cut short, or changed after it was written.",
                "export or download the artifact again"
            )
        case .blobMissing:
            return (
                "\(blob) is named by the image and not in the artifact: only a part was exported, or the artifact was cut short.",
                "export the image again with all that it consists of"
            )
        case .variantInvalid:
            return (
                "\(fault.path) names the variant \(fault.found), which its architecture does not have.",
                "build with --platform \(CatalogueEntry.guest.platform), without a variant"
            )
        case .notOCI:
            return (
                "\(fault.path) is not what engines read: expected \(fault.expected), found \(fault.found).",
                "export the image again, for example with buildah manifest push --all NAME oci-archive:PATH"
            )
        default: return nil
        }
    }

    private var wantedPlatforms: String {
        let wanted = fault.expected.split(separator: " ").last.map(String.init) ?? CatalogueEntry.guest.platform
        let others = fault.found.split(separator: ",").map { String($0.drop { $0 == " " }) }.filter { $0.contains("/") }
        return (others + [wanted]).joined(separator: ",")
    }

    private var foreign: FaultWords.Text {
        let named = fault.culpritWithPlace
        let cause = "\(named) was expected for \(fault.expected), and is \(fault.found): "
        let line = fault.place?.instruction ?? ""
        if line.hasPrefix("COPY") || line.hasPrefix("ADD") {
            return (
                cause
                    + "it was copied as it is from the build context or another stage, where it was built for the building machine.",
                "compile \(fault.path) for the image's platform: ARG TARGETARCH in its stage, GOARCH=$TARGETARCH or the compiler's target; and no "
                    + "--platform=$BUILDPLATFORM on the last stage"
            )
        }
        if line.hasPrefix("RUN") {
            return (
                cause + "this step fetched or made it for another architecture.",
                "in \(line.prefix(60)): choose the download by ARG TARGETARCH or by uname -m"
            )
        }
        return (
            cause
                + "it was copied from the build host, or cross-compiled for the wrong target: TARGETARCH undeclared in its stage, FROM "
                + "--platform=$BUILDPLATFORM on the last stage, or a base image of another platform.",
            "compile or copy \(fault.path) for the image's platform (declare ARG TARGETARCH in its stage)"
        )
    }
}
