import Guest

/// Findings about builders.
extension CatalogueEntry {
    static let builderMissing = CatalogueEntry(
        severity: .error, link: nil,
        proof: .builders,
        summary: "the builder that was asked for is not installed",
        cause: "Its program is not in PATH.",
        byHand: "command -v buildah podman docker buildctl",
        remedy: "apt-get install -y buildah")

    static let builderUnreachable = CatalogueEntry(
        severity: .error, link: nil,
        proof: .builders,
        summary: "the builder's daemon does not answer this caller",
        cause:
            "The command line is here, but what it talks to is not running, is elsewhere (DOCKER_HOST, contexts, a "
            + "rootless socket), or does not let this user in.",
        byHand: "docker version; docker context ls; ls -l /var/run/docker.sock",
        remedy: "systemctl start docker, or export DOCKER_HOST=unix://$XDG_RUNTIME_DIR/docker.sock")

    static let builderLacksPlatform = CatalogueEntry(
        severity: .error, link: nil,
        proof: .builders,
        summary: "no node of the builder lists \(guest.platform)",
        cause: "A node lists what it could run when it last looked; there was no arm64 handler then.",
        byHand: "docker buildx inspect NAME",
        remedy: "register the handler (see the other findings), then: docker buildx inspect --bootstrap NAME")

    static let builderPlatformsStale = CatalogueEntry(
        severity: .warning, link: nil,
        proof: .builders,
        summary: "the builder's list of platforms is not what its host can run now",
        cause:
            "BuildKit looks at the handlers when its workers are listed, at most every 20 seconds, and its list only "
            + "grows: one that came later may be missing, and one that went stays.",
        byHand: "docker buildx inspect NAME, and again after 20 seconds",
        remedy: "docker buildx stop NAME && docker buildx inspect --bootstrap NAME")

    static let builderSinglePlatformDriver = CatalogueEntry(
        severity: .warning, link: nil,
        proof: .builders,
        summary: "the builder makes one platform at a time, no manifest list",
        cause:
            "The docker driver without the containerd image store cannot hold a manifest list: a build for two "
            + "platforms ends in \"Multi-platform build is not supported for the docker driver\".",
        byHand: "docker buildx build --platform \(guest.buildPlatforms.joined(separator: ",")) .",
        remedy: "docker buildx create --name multiarch --driver docker-container --use")

    static let builderImageUnavailable = CatalogueEntry(
        severity: .error, link: nil,
        proof: .builders,
        summary: "the image that the builder itself runs from cannot be had",
        cause:
            "A docker-container builder is a container of moby/buildkit; without a registry or a local copy it cannot start.",
        byHand: "docker image inspect moby/buildkit:buildx-stable-1",
        remedy: "docker load -i buildkit.tar on this host, or use buildah")

    static let builderBuildFailed = CatalogueEntry(
        severity: .error, link: nil,
        proof: .builders,
        summary: "the builder could not build the image",
        cause: "Its own messages are in the evidence.",
        byHand: "assay accept --builder NAME --keep",
        remedy: "see the builder's message; findings about the handler come first")

    static let builderDeclaresButCannotRun = CatalogueEntry(
        severity: .error, link: nil,
        proof: .builders,
        summary: "the builder accepts \(guest.platform), but no arm64 program runs in its builds",
        cause:
            "Builders list platforms from a declaration or from a check made when they started; a RUN step is "
            + "executed through the kernel's handler as it is now.",
        byHand: "build a Containerfile that has a RUN step, for \(guest.platform)",
        remedy: "mend the handler first (see the other findings), then restart the builder")

    static let builderRanNatively = CatalogueEntry(
        severity: .error, link: nil,
        proof: .builders,
        summary: "the arm64 build's RUN step was not executed by an arm64 program",
        cause:
            "The proof that the step left in the image is missing, stale, or another machine's: a cached layer "
            + "or a native program was taken for it.",
        byHand: "unpack the image's last layer and run file(1) on its programs",
        remedy: "build without cache; check FROM --platform and TARGETARCH in the Containerfile")
}
