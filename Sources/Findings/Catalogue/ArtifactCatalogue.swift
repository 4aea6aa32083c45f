import Guest

/// Findings about artifacts and archives.
extension CatalogueEntry {
    private static func artifact(
        _ severity: Severity = .error, proof: FindingProof = .bytes, summary: String, cause: String, byHand: String,
        remedy: String
    ) -> CatalogueEntry {
        CatalogueEntry(
            severity: severity, link: nil, proof: proof, summary: summary, cause: cause, byHand: byHand, remedy: remedy)
    }

    static let artifactNotOCI = artifact(
        summary: "what was given is not an OCI image",
        cause: "A document that the OCI image specification requires is missing or malformed.",
        byHand: "tar -tf ARCHIVE | grep -E 'oci-layout|index.json'",
        remedy: "export the image again, for example with buildah manifest push --all NAME oci-archive:PATH")

    static let artifactPlatformMissing = artifact(
        summary: "the image has no manifest for the platform",
        cause: "The build did not include the platform, or a later single-platform push replaced the index.",
        byHand: "skopeo inspect --raw oci-archive:PATH",
        remedy: "build with --platform \(guest.buildPlatforms.joined(separator: ",")) and export all of it")

    static let artifactPlatformMismatch = artifact(
        summary: "index, manifest and config disagree about the platform",
        cause: "Labels were set by hand, or the base image was another platform's.",
        byHand: "compare index.json's platform with the config's architecture",
        remedy: "build again, with base images of the right platform (drop FROM --platform on the last stage)")

    static let artifactForeignBinary = artifact(
        summary: "the image holds a program of another architecture",
        cause:
            "A file was copied from the build host, or cross-compiled for the wrong target: TARGETARCH undeclared in its "
            + "stage, FROM --platform=$BUILDPLATFORM on the last stage, or a base image of another platform.",
        byHand: "file PATH-IN-IMAGE",
        remedy: "compile or copy that file for the image's platform (declare ARG TARGETARCH in its stage)")

    static let artifactDigestMismatch = artifact(
        summary: "content does not have the digest that refers to it",
        cause: "The artifact was damaged or changed after it was written.",
        byHand: "sha256sum blobs/sha256/DIGEST",
        remedy: "export or download the artifact again")

    static let artifactSizeMismatch = artifact(
        summary: "content does not have the size that its descriptor says",
        cause: "The artifact was cut short or changed after it was written.",
        byHand: "stat -c %s blobs/sha256/DIGEST",
        remedy: "export or download the artifact again")

    static let artifactBlobMissing = artifact(
        summary: "a blob that a descriptor refers to is not in the artifact",
        cause: "Only part of the image was exported, or the artifact was cut short.",
        byHand: "tar -tf ARCHIVE | grep DIGEST",
        remedy: "export the image again with all its platforms")

    static let artifactLoaderMissing = artifact(
        summary: "a program's dynamic loader or library is not in the image",
        cause: "The program was linked for another distribution or C library than the image has.",
        byHand: "readelf -ld PATH-IN-IMAGE",
        remedy: "install the library in the image, or link the program statically")

    static let artifactEntrypointMissing = artifact(
        summary: "the image's entrypoint or command is not in it, or is not executable",
        cause: "The program was not copied to where the config says, or lost its x bit.",
        byHand: "skopeo inspect --config oci-archive:PATH",
        remedy: "copy the program there with its mode, or correct ENTRYPOINT")

    static let artifactEntrypointFails = artifact(
        summary: "the image's entrypoint does not run",
        cause:
            "It ended with another status, was killed, printed something else or could not be executed; what it said last is "
            + "in the evidence.",
        byHand: "podman run --rm --arch \(guest.architecture) oci-archive:PATH",
        remedy: "see the program's own message; try others in its place: assay artifact PATH --run -- COMMAND")

    static let artifactVariantInvalid = artifact(
        summary: "the platform's variant is not one that the architecture has",
        cause: "arm64 knows v8 and later (absent means v8).",
        byHand: "skopeo inspect --raw oci-archive:PATH",
        remedy: "build with --platform \(guest.platform)")

    static let artifactNotReproducible = artifact(
        proof: .elsewhere(
            reason:
                "it is about two files, not about a host: Tests/AssayTests/ComparisonTests.swift has pairs that differ"),
        summary: "a file is not byte for byte what it must be",
        cause:
            "Another version or other flags of the tool, a time or a path that got into the output; where tool and flags are the "
            + "same and only one of them was emulated, the emulator computed something else.",
        byHand: "cmp -l FILE REFERENCE | head; diff <(readelf -aW FILE) <(readelf -aW REFERENCE)",
        remedy:
            "build both again with SOURCE_DATE_EPOCH set and the same paths; if they still differ under emulation only, take another QEMU"
    )

    static let artifactScriptChain = artifact(
        .warning, summary: "a chain of scripts runs natively, and not under emulation",
        cause:
            "The kernel goes from a script to its interpreter five times, and a binfmt_misc handler is one of them: five scripts "
            + "in a row run on the real machine, and fail with ELOOP (too many levels of symbolic links) where it is emulated.",
        byHand: "head -n 1 PATH-IN-IMAGE, then the same of the interpreter that it names, and so on",
        remedy: "name the last interpreter in the first script")

    static let artifactScriptArgument = artifact(
        .warning, summary: "a script's first line hands its interpreter another argument than is meant",
        cause:
            "The kernel looks at the first 255 bytes of the line, and passes on what it finds there up to the newline, a carriage "
            + "return included.",
        byHand: "head -n 1 PATH-IN-IMAGE | od -c",
        remedy: "shorten the line, or set the options in the script itself; end lines with a newline only")

    static let artifactPageSize = artifact(
        .info, summary: "programs do not run on kernels with large pages",
        cause:
            "Their segments are aligned to less than the 16 or 64 KiB that pages have on some arm64 kernels (Asahi Linux, "
            + "64k kernels of RHEL and Ubuntu); with pages of 4 KiB they run.",
        byHand: "readelf -lW PATH-IN-IMAGE | grep LOAD",
        remedy: "where such kernels matter: link with -Wl,-z,max-page-size=65536")

    static let artifactCompression = artifact(
        .info, summary: "a layer is compressed in another way than its media type says",
        cause: "Engines look at the first bytes of what is said to be compressed, and take it all the same.",
        byHand: "head -c 4 blobs/sha256/DIGEST | od -tx1",
        remedy: "nothing needs to be done; export the image again where a tool refuses it")

    static let archiveUnsafePath = artifact(
        summary: "an archive entry's path would leave the directory it is unpacked into",
        cause: "The path is absolute, has .. in it, or goes through a link.",
        byHand: "tar -tvf ARCHIVE",
        remedy: "do not unpack it; ask where the archive came from")

    static let archiveOverLimit = artifact(
        summary: "the archive exceeds a limit",
        cause: "It is larger, deeper or better compressed than expected: a bomb, or a real large image.",
        byHand: "tar -tvf ARCHIVE | wc -l",
        remedy: "raise the limit that the message names, if the archive is trusted")

    static let archiveDuplicateEntry = artifact(
        summary: "the archive holds the same path twice",
        cause: "Two readers would see different content.",
        byHand: "tar -tf ARCHIVE | sort | uniq -d",
        remedy: "make the archive again")

    static let archiveUnsupportedEntry = artifact(
        summary: "the archive holds something that cannot be unpacked",
        cause: "Its type or encoding is not supported.",
        byHand: "tar -tvf ARCHIVE",
        remedy: "make the archive again with GNU tar or bsdtar, in ustar or pax format")

    static let archiveCorrupt = artifact(
        summary: "the archive is damaged",
        cause: "It is truncated, or its compression or headers are corrupt.",
        byHand: "tar -tf ARCHIVE > /dev/null",
        remedy: "make or fetch the archive again")
}
