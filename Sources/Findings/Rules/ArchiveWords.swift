import Archive
import Evidence

/// Cause and remedy for an archive's error, about this archive and entry.
struct ArchiveWords {
    let error: ArchiveError

    private var place: String {
        let name = error.archive.isEmpty ? ArtifactFault.nameless : error.archive
        let archive = error.origin.map { "\(name) (\($0))" } ?? name
        return error.entry.map { "\($0) in \(archive)" } ?? archive
    }

    var text: FaultWords.Text {
        if let reason = error.reason { return text(reason) }
        switch error.code {
        case .overLimit:
            return (
                "There is more in \(place) than is read: \(error.expected), and found was \(error.found). It is a bomb, or a real large image.",
                option.map { "if the artifact is trusted, repeat with a larger number: --limit \($0)" }
                    ?? "no option raises this limit: make the image smaller, or look at its parts one by one"
            )
        case .unsafePath:
            return (
                "\(place) has a name that leads out of the root; engines refuse the layer.",
                "do not unpack it; ask where the archive came from, and make it again without \(error.entry ?? "that entry")"
            )
        case .duplicateEntry:
            return (
                "\(place) is there twice: readers that take the first and readers that take the last see different files.",
                "make the archive again, with each name once"
            )
        case .unsupportedEntry:
            return (
                "\(place) is of a kind, or has values, that no engine unpacks: expected \(error.expected), found \(error.found).",
                "make the archive again with GNU tar or bsdtar, in ustar or pax format"
            )
        default:
            return (
                "\(place) is damaged or cut short: expected \(error.expected), found \(error.found).",
                "make or fetch the archive again, and compare its checksum with the original's"
            )
        }
    }

    private func text(_ reason: ArchiveError.Reason) -> FaultWords.Text {
        let rebuild =
            error.origin.map { "change what made it (\($0)), or export the image with another tool" }
            ?? "build the layer again, or export the image with another tool"
        switch reason {
        case .directoryTwice:
            return (
                "\(place) is a directory that its layer lists twice: podman and CRI-O refuse such a layer, Docker and containerd take it.",
                rebuild
            )
        case .sameName:
            return (
                "\(place) is there twice in one layer: podman and CRI-O refuse it, Docker and containerd take the last.",
                rebuild
            )
        case .linkToNothing:
            return ("\(place) is a hard link to a file that is not there: engines cannot make it.", rebuild)
        case .linkBelow:
            return (
                "\(place) is a hard link to a file that only a layer below has: engines unpack each layer alone, and cannot make it.",
                "let the layer have the file itself, or link symbolically; " + rebuild
            )
        case .notInDirectory:
            return ("\(place) lies in what its own layer has as a file: engines cannot make the directory.", rebuild)
        case .throughDanglingLink:
            return (
                "\(place) has a path through a link that leads nowhere in its own layer: podman and CRI-O refuse it, containerd makes the "
                    + "directory.", "let the layer have the directory that the link leads to, or " + rebuild
            )
        case .whiteoutOfOwn:
            return (
                "\(place) takes away what its own layer has put there before it: engines differ in what remains.",
                rebuild
            )
        }
    }

    /// The argument for `--limit` that the error names, such as `names=N`.
    private var option: String? {
        guard let start = error.expected.firstRange(of: "--limit ") else { return nil }
        return String(error.expected[start.upperBound...].prefix { $0 != ")" && $0 != " " })
    }
}
