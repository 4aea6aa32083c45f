import Evidence

/// Cause and remedy for a fault of an image's program, loader or layer.
struct ProgramWords {
    let fault: ArtifactFault

    /// Nil if the catalogue's text is enough.
    var text: FaultWords.Text? {
        guard let reason = fault.reason else { return nil }
        let named = fault.culpritWithPlace
        let path = fault.path
        let subject = ArtifactFault.shown(fault.subject ?? "")
        switch reason {
        case .malformedProgram:
            return (
                "\(named) begins as an ELF file does, and the rest is not there or damaged: a stub, a placeholder, or a copy that failed.",
                "build or copy \(path) again in \(fault.instruction); readelf -lW \(shellQuoted(path)) must list LOAD segments"
            )
        case .programCutShort:
            return (
                "\(named) ends before its segments do: a download or a copy was cut short.",
                "fetch or build \(path) again in \(fault.instruction), and compare its checksum there"
            )
        case .entryOutside:
            return (
                "\(named) is loaded, and its first instruction is where nothing is: a library, or a program whose header was changed.",
                "name a program in ENTRYPOINT, or link \(path) again (readelf -hl shows entry and segments)"
            )
        case .notAProgram:
            return (
                "\(named) is code, but no program: the linker has not run over it, or another file was meant.",
                "link it, or name the program itself in ENTRYPOINT"
            )
        case .otherSystem:
            return (
                "\(named) was built for \(subject), whose system calls are not those of Linux.",
                "build it for Linux (GOOS=linux, or the linux target of the compiler) in \(fault.instruction)"
            )
        case .foreignFormat:
            return (
                "\(named) is native code for \(subject), where Linux needs an ELF file: node_modules, a virtual environment or a build directory "
                    + "was copied from such a machine.",
                "install or build it in the image (npm ci, pip install, GOOS=linux), and keep the directory out of the build context with "
                    + ".dockerignore"
            )
        case .foreignInArchive:
            return (
                "\(named) holds native libraries, and none for the image's platform; \(subject) is the first.",
                "take a version of \(path) that has the library for the platform, or its package for this platform beside it"
            )
        case .loaderMissing:
            return (
                "\(named) is started by \(subject), which the image does not have: \(Self.library(of: subject)).",
                "\(Self.remedy(forLoader: subject)); or link \(path) statically"
            )
        case .loaderHidden:
            return (
                "\(named) is started by \(subject), which the image has as /usr\(subject). Found was \(fault.found): engines unpack each layer "
                    + "alone, where no link is in the way.",
                "let that layer put its files below /usr (COPY … /usr/lib/), or begin with a base that has no such link"
            )
        case .loaderNotExecutable:
            return (
                "\(subject), which starts \(named), has no execute bits: a COPY or an archive without modes lost them.",
                "RUN chmod 755 \(subject), or COPY --chmod=755 where the file comes from"
            )
        case .loaderNotProgram:
            return (
                "\(subject), which starts \(named), is not the loader that it should be.",
                "install the C library in the image again"
            )
        case .libraryMissing:
            return (
                "\(named) needs \(subject), which the image's loader does not find.",
                "install the package that has \(subject) in the image, or add its directory (ldconfig, LD_LIBRARY_PATH)"
            )
        case .libraryUnusable:
            return (
                "\(named) needs \(subject), and the image's loader stops at \(fault.found).",
                "put the library itself in its place, or take the file away if another of that name is to be found behind it"
            )
        case .libraryNotInCache:
            return (
                "\(named) needs \(subject), which is there, but glibc's loader reads /etc/ld.so.cache and not /etc/ld.so.conf: ldconfig has not "
                    + "run since the library or the directory's line was added.",
                "RUN ldconfig after the last library is in place"
            )
        case .versionMissing:
            return (
                "\(named) was linked against a newer library: it needs \(fault.expected), and the image has \(fault.found). glibc's loader says "
                    + "\"version `\(subject)' not found\", and ends the program.",
                "build \(fault.culprit ?? path) on the image's own base or an older one, or take a base with \(Self.base(with: subject)) or newer"
            )
        case .versionUnloaded:
            return (
                "\(named) names versions of \(subject), and nothing loads that: patchelf --remove-needed leaves the versions behind. glibc's loader "
                    + "ends with \"Inconsistency detected by ld.so\".",
                "patchelf --add-needed \(subject) \(fault.culprit ?? path), or link it again without the library"
            )
        case .libraryInjected:
            return (
                "\(named) needs \(subject), which is part of the host's driver: a container runtime puts it into containers, and no image has it.",
                "run the image where that runtime is (docker run --gpus all)"
            )
        case .entrypointNotThere:
            return (
                "The image's configuration names \(path), and no layer has it: it was not copied, was copied elsewhere, or the name is relative "
                    + "to another WORKDIR.",
                "COPY it to \(path), or correct ENTRYPOINT or CMD"
            )
        case .entrypointNotInPath:
            return (
                "The image's configuration names \(path), and no directory of its PATH (\(subject)) has it.",
                "install \(path) in the image, or name it by its whole path in ENTRYPOINT or CMD"
            )
        case .entrypointEmpty:
            return (
                "The first word of the image's entrypoint, or of its command, is empty, and runtimes look for a program of no name.",
                "write ENTRYPOINT [] to have none, or name the program"
            )
        case .entrypointEnvMissing:
            return (
                "The image's configuration starts \(path), which is to start \(subject), and no directory of its PATH has that.",
                "install \(subject) in the image, or correct ENTRYPOINT or CMD"
            )
        case .entrypointNotExecutable:
            return (
                "\(named) is there, and nobody may execute it.",
                "COPY --chmod=755, or RUN chmod 755 \(path) after it, in \(fault.instruction)"
            )
        case .entrypointTrailingSlash:
            return (
                "The image's configuration names \(path) with a slash at its end, and \(subject) is a file: only a directory may be named so.",
                "write ENTRYPOINT or CMD without the last slash"
            )
        case .entrypointLinkBroken:
            return (
                "\(named) is a link to \(subject), which the image does not have: the link was copied without what it leads to.",
                "COPY \(subject) too, or let the link lead to a file that the image has"
            )
        case .entrypointNotForUser:
            return (
                "The image runs as user \(subject), who may not execute \(path): \(fault.found).",
                "COPY --chmod=755 or --chown=\(subject), or RUN chmod a+x \(fault.culprit ?? path), in \(fault.instruction)"
            )
        case .entrypointUnreadable:
            return (
                "The image runs as user \(subject), who may execute the script and not read it: \(fault.found). The interpreter reads it as that "
                    + "user.",
                "COPY --chmod=755 or --chown=\(subject), or RUN chmod a+r \(fault.culprit ?? path), in \(fault.instruction)"
            )
        case .capabilityNotGiven:
            return (
                "\(named) has the effective capability \(subject) in its attribute security.capability: execve(2) fails with EPERM where the container "
                    + "may not have it, for root too, and engines do not give it by default.",
                "setcap -r \(shellQuoted(path)) in \(fault.instruction), or leave out the e (setcap \(subject)+p) and let the program ask; who runs the "
                    + "image so: --cap-add \(subject)"
            )
        case .libraryNotTrusted:
            return (
                "\(named) needs \(subject), and found was \(fault.found): for such a program the linker trusts nobody, and passes LD_LIBRARY_PATH, "
                    + "LD_PRELOAD and a search path with $ORIGIN by (AT_SECURE).",
                "put the library into a directory that the linker searches by itself (/etc/ld.so.conf.d and ldconfig; /etc/ld-musl-ARCH.path), or take "
                    + "the bit or the capability away (chmod u-s,g-s; setcap -r)"
            )
        case .libraryNotForUser:
            return (
                "The image runs as user \(subject), whose program \(path) needs a library that this user may not read: \(fault.found).",
                "COPY --chmod=755, or RUN chmod a+r \(fault.culprit ?? path) (a+x for each directory above it), where the library comes from"
            )
        case .argumentsTooLong:
            return (
                "\(path) of the image's configuration holds more than the kernel hands to a program: \(fault.found). Every start ends with E2BIG, argument "
                    + "list too long.",
                "shorten \(path): put the text into a file of the image, and name that"
            )
        case .entrypointEnvOption:
            return (
                "The image's configuration starts \(path) with the option \(subject), which that env does not know: it prints its usage and ends. "
                    + "(BusyBox's and toybox's know -, -i, -0 and -u NAME.)",
                "correct ENTRYPOINT or CMD, or install GNU's env in the image (apk add coreutils)"
            )
        case .hiddenByMount:
            let way =
                subject == path ? "The image's configuration names \(path)" : "\(named) is to be started by \(subject)"
            return (
                "\(way), and found was \(fault.found). Every runtime mounts its own file systems over /dev, /proc and /sys, so a container does "
                    + "not see what the image has there.",
                "put \(subject) into another directory, and name it so in \(path == subject ? "ENTRYPOINT or CMD" : path)"
            )
        case .mountPoint:
            return (
                "Runtimes need \(subject) at \(path), for mounts of the container's own or to look up its user, and the image has "
                    + "\(fault.found) there: they do not start it.",
                "leave \(path) out of the image, or make it \(subject), in \(fault.instruction)"
            )
        case .userUnknown:
            return (
                "The image's configuration runs it as user \(subject), and the image has no line for that in /etc/passwd or /etc/group: runtimes "
                    + "refuse to start it.",
                "add the user (RUN adduser -D, or COPY --from=build /etc/passwd /etc/), or write a number: USER 65532"
            )
        case .workingDirectory:
            return (
                "The image's configuration starts its program in \(subject), and runtimes cannot make that directory: \(fault.found).",
                "write WORKDIR with the whole path of a directory, and keep files and links of that name out of the image"
            )
        case .volume:
            return (
                "The image's configuration has a volume at \(subject), where none can be mounted: found was \(fault.found). podman and Docker do not "
                    + "start such an image (containerd makes no volumes).",
                "write VOLUME with a directory of its own, or leave it out"
            )
        case .variable:
            return (
                "The image's configuration has a variable that is no NAME=VALUE (\(subject)): runtimes refuse to start anything with it.",
                "write ENV NAME=VALUE; a tool that wrote the name alone must write its value, too"
            )
        case .wordWithNUL:
            return (
                "A word of the image's command holds a NUL (\(subject)): execve(2) has words that end in one, so runtimes refuse it.",
                "write ENTRYPOINT and CMD without it"
            )
        case .entrypointRelative:
            return (
                "\(named) is found through a relative directory of the image's PATH (\(subject)), and runtimes, which are written in Go, refuse such a "
                    + "program.",
                "write ENV PATH with directories that begin with a slash, or the program's whole path in ENTRYPOINT or CMD"
            )
        case .entrypointNoFile:
            return (
                "The image's configuration names \(path), which is no file.",
                "name the program itself in ENTRYPOINT or CMD"
            )
        case .compressedDiffID:
            return (
                "The diff_id is the digest of the compressed layer: it was written wrongly by its builder, and nothing is damaged. Engines "
                    + "compare it with the digest of what they unpack, and refuse.",
                "export the image again with another tool; diff_ids are digests of layers before compression"
            )
        case .diffIDCount:
            return (
                "The image's configuration (\(path)) should list \(fault.expected), and lists \(fault.found): engines refuse the image.",
                "export the image again; a tool that adds or removes a layer must change rootfs.diff_ids too"
            )
        case .compressedPlainLayer:
            return (
                "The manifest calls layer \(path) a plain tar, and its bytes are compressed with \(fault.found): containerd hands them to its tar "
                    + "reader as they are, and cannot unpack the image (podman looks at the bytes).",
                "write +\(fault.found) at the end of the layer's media type in the manifest, or export the image again"
            )
        case .linkOutOfArtifact:
            return (
                "\(path) should be \(fault.kind == .blobMissing ? "a blob" : fault.expected) and is \(fault.found): whoever gets the artifact gets "
                    + "no file there. Such a link is not followed.",
                "put the file itself in the place of the link (cp -L), and write the artifact again"
            )
        case .skippableFrameFirst:
            return (
                "Layer \(path) is compressed with zstd and begins with a frame that is to be skipped: podman and CRI-O know zstd by the first "
                    + "frame's mark only, and take these bytes for a plain tar (containerd knows both marks).",
                "write the skippable frames behind the data, as zstd:chunked has them, or export the image again"
            )
        case .tooManyLayers:
            return (
                "The image has \(fault.found) layers. podman 4 mounts 128 of them, Docker's own store 125 (max depth exceeded); podman 5 and containerd "
                    + "take more.",
                "build with fewer layers: several commands in one RUN, or a last stage FROM scratch with COPY --from"
            )
        case .dockerConfig:
            return (
                "The manifest \(path) has OCI's media type and its configuration Docker's (\(subject)): podman and CRI-O refuse the image "
                    + "(containerd takes it).",
                "write the image again in one format (skopeo copy --format oci, or v2s2)"
            )
        case .mediaTypeUnknown:
            return (
                "\(path) has an entry for it, and its mediaType is \(subject), which is none of an image's: engines do not know what it is.",
                "write the media type of a manifest (application/vnd.oci.image.manifest.v1+json) into the entry of \(path), or export the image again"
            )
        case .unusualCompression:
            return (
                "Layer \(path) is compressed with \(fault.found), which containerd does not read.",
                "export the image again with gzip or zstd"
            )
        default: return nil
        }
    }

    /// `glibc 2.38` for `GLIBC_2.38`.
    private static func base(with version: String) -> String {
        version.hasPrefix("GLIBC_2.") ? "glibc \(version.dropFirst(6))" : "a library that has \(version)"
    }

    private static func library(of loader: String) -> String {
        if loader.contains("ld-musl") {
            return "it was linked for musl (Alpine), and this image has another C library or none"
        }
        if loader.contains("ld-linux") {
            return
                "it was linked for glibc (Debian, Fedora, …), and this image has another C library (Alpine has musl) or none"
        }
        return loader.hasPrefix("/nix/")
            ? "it was built by Nix, whose store is not in the image" : "it was linked for another system"
    }

    private static func remedy(forLoader loader: String) -> String {
        if loader.contains("ld-musl") { return "build on the distribution that the image is made from, or from Alpine" }
        if loader.contains("ld-linux") {
            return
                "build on the distribution that the image is made from, or take an image with glibc (debian:stable-slim, distroless/base)"
        }
        return "install the loader \(loader) in the image"
    }
}
