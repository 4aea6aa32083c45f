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
        byHand: "docker version; docker context ls; ls -l /var/run/docker.sock; buildctl debug workers",
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
            + "grows: one that came later may be missing, and one that went stays. The build itself shows what works.",
        byHand: "docker buildx inspect NAME, and again after 20 seconds; buildctl debug workers",
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
        remedy:
            "docker load -i buildkit.tar on this host, or name a mirror: assay builders create NAME --image "
            + "REGISTRY/moby/buildkit:buildx-stable-1; or use buildah")

    static let builderBuildFailed = CatalogueEntry(
        severity: .error, link: nil,
        proof: .builders,
        summary: "the builder could not be made, or could not build the image",
        cause: "Its own messages are in the evidence.",
        byHand: "assay accept --builder NAME --keep",
        remedy: "see the builder's message; findings about the handler come first")

    static let builderRuntimeFails = CatalogueEntry(
        severity: .error, link: nil,
        proof: .builders,
        summary: "the container runtime of the builder could not start a step",
        cause:
            "Before a step's program runs, the runtime makes its cgroup, its network and its filter of system calls. "
            + "One of them was refused: emulation has no part in it.",
        byHand: "build a Containerfile that has a RUN step, for the builder's own platform",
        remedy:
            "mend what the message names: mount cgroups writable, take a runtime for this kernel's cgroup version, "
            + "allow the system call; or build with buildah --isolation chroot, which needs none of it")

    static let builderEmbeddedEmulator = CatalogueEntry(
        severity: .warning, link: nil,
        proof: .builders,
        summary: "the builder runs \(guest.platform) in an emulator of its own, which cannot do all that a handler can",
        cause:
            "BuildKit found no handler when it started, and puts an emulator into each step. The kernel does not know "
            + "it: set-user-id programs keep their caller's id, and programs that a step starts by another way than "
            + "the emulator's own execve fail.",
        byHand: "RUN ls /dev/.buildkit_qemu_emulator, for \(guest.platform)",
        remedy: "assay handler install --persist on the host where the builder runs, then restart the builder")

    static let builderStorageFails = CatalogueEntry(
        severity: .error, link: nil,
        proof: .builders,
        summary: "the builder works with a private storage only, not with the user's own",
        cause:
            "What its storage.conf asks for cannot be had here: overlay on an overlay or a network file system, "
            + "fuse-overlayfs that is not installed, a file system that is full or read-only.",
        byHand: "printf 'FROM scratch\\nCOPY . /\\n' | buildah build -f - .",
        remedy:
            "install fuse-overlayfs, or set driver = \"vfs\" in storage.conf (/etc/containers, or "
            + "~/.config/containers), or export STORAGE_DRIVER=vfs")

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
            + "or a native program was taken for it, or what the handler starts ends well and runs nothing.",
        byHand: "unpack the image's last layer and run file(1) on its programs",
        remedy: "build without cache; check FROM --platform and TARGETARCH in the Containerfile")
}
