extension FindingCode {
    /// Codes about artifacts and archives: what remains when the other areas have been asked.
    var artifactEntry: CatalogueEntry {
        let (summary, cause, byHand, remedy) = artifactWords
        return CatalogueEntry(severity: .error, summary: summary, cause: cause, byHand: byHand, remedy: remedy)
    }

    private var artifactWords: (String, String, String, String) {
        switch self {
        case .artifactNotOCI:
            (
                "what was given is not an OCI image",
                "A document that the OCI image specification requires is missing or malformed.",
                "tar -tf ARCHIVE | grep -E 'oci-layout|index.json'",
                "export the image again, for example with buildah manifest push --all NAME oci-archive:PATH"
            )
        case .artifactPlatformMissing:
            (
                "the image has no manifest for the platform",
                "The build did not include the platform, or a later single-platform push replaced the index.",
                "skopeo inspect --raw oci-archive:PATH",
                "build with --platform linux/amd64,linux/arm64 and export all of it"
            )
        case .artifactPlatformMismatch:
            (
                "index, manifest and config disagree about the platform",
                "Labels were set by hand, or the base image was another platform's.",
                "compare index.json's platform with the config's architecture",
                "build again, with base images of the right platform (drop FROM --platform on the last stage)"
            )
        case .artifactForeignBinary:
            (
                "the image holds a program of another architecture",
                "A file was copied from the build host, or cross-compiled for the wrong target: TARGETARCH undeclared in its "
                    + "stage, FROM --platform=$BUILDPLATFORM on the last stage, or a base image of another platform.",
                "file PATH-IN-IMAGE",
                "compile or copy that file for the image's platform (declare ARG TARGETARCH in its stage)"
            )
        case .artifactDigestMismatch:
            (
                "content does not have the digest that refers to it",
                "The artifact was damaged or changed after it was written.",
                "sha256sum blobs/sha256/DIGEST", "export or download the artifact again"
            )
        case .artifactSizeMismatch:
            (
                "content does not have the size that its descriptor says",
                "The artifact was cut short or changed after it was written.",
                "stat -c %s blobs/sha256/DIGEST", "export or download the artifact again"
            )
        case .artifactBlobMissing:
            (
                "a blob that a descriptor refers to is not in the artifact",
                "Only part of the image was exported, or the artifact was cut short.",
                "tar -tf ARCHIVE | grep DIGEST", "export the image again with all its platforms"
            )
        case .artifactLoaderMissing:
            (
                "a program's dynamic loader or library is not in the image",
                "The program was linked for another distribution or C library than the image has.",
                "readelf -ld PATH-IN-IMAGE", "install the library in the image, or link the program statically"
            )
        case .artifactEntrypointMissing:
            (
                "the image's entrypoint or command is not in it, or is not executable",
                "The program was not copied to where the config says, or lost its x bit.",
                "skopeo inspect --config oci-archive:PATH",
                "copy the program there with its mode, or correct ENTRYPOINT"
            )
        case .artifactEntrypointFails:
            (
                "the image's entrypoint does not run",
                "It ended with another status, was killed, printed something else or could not be executed; what it said last is "
                    + "in the evidence.",
                "podman run --rm --arch arm64 oci-archive:PATH",
                "see the program's own message; try others in its place: assay artifact PATH --run -- COMMAND"
            )
        case .artifactVariantInvalid:
            (
                "the platform's variant is not one that the architecture has",
                "arm64 knows v8 and later (absent means v8).", "skopeo inspect --raw oci-archive:PATH",
                "build with --platform linux/arm64"
            )
        case .artifactNotReproducible:
            (
                "a file is not byte for byte what it must be",
                "Another version or other flags of the tool, a time or a path that got into the output; where tool and flags are the "
                    + "same and only one of them was emulated, the emulator computed something else.",
                "cmp -l FILE REFERENCE | head; diff <(readelf -aW FILE) <(readelf -aW REFERENCE)",
                "build both again with SOURCE_DATE_EPOCH set and the same paths; if they still differ under emulation only, take another QEMU"
            )
        case .archiveUnsafePath:
            (
                "an archive entry's path would leave the directory it is unpacked into",
                "The path is absolute, has .. in it, or goes through a link.", "tar -tvf ARCHIVE",
                "do not unpack it; ask where the archive came from"
            )
        case .archiveOverLimit:
            (
                "the archive exceeds a limit",
                "It is larger, deeper or better compressed than expected: a bomb, or a real large image.",
                "tar -tvf ARCHIVE | wc -l", "raise the limit that the message names, if the archive is trusted"
            )
        case .archiveDuplicateEntry:
            (
                "the archive holds the same path twice", "Two readers would see different content.",
                "tar -tf ARCHIVE | sort | uniq -d", "make the archive again"
            )
        case .archiveUnsupportedEntry:
            (
                "the archive holds something that cannot be unpacked", "Its type or encoding is not supported.",
                "tar -tvf ARCHIVE", "make the archive again with GNU tar or bsdtar, in ustar or pax format"
            )
        default:
            (
                "the archive is damaged", "It is truncated, or its compression or headers are corrupt.",
                "tar -tf ARCHIVE > /dev/null", "make or fetch the archive again"
            )
        }
    }
}
