extension FindingCode {
    /// What people see, in the words of those who say it, for `docs/playbook.md`. `SymptomReading` names this code for
    /// each. Empty where no tool says anything: then Assay finds it, and programs only do the wrong thing.
    public var symptoms: [String] {
        switch self {
        case .binfmtMiscUnavailable:
            [
                "/proc/sys/fs/binfmt_misc/register: No such file or directory (binfmt_misc not mounted)",
                "mount: /proc/sys/fs/binfmt_misc: unknown filesystem type 'binfmt_misc': unknown filesystem",
                "modprobe: FATAL: Module binfmt_misc not found in directory /lib/modules/6.1.0",
            ]
        case .handlerMissing:
            [
                "exec /bin/sh: exec format error", "bash: ./tool: cannot execute binary file: Exec format error",
                "runtime execution on platform linux/arm64 not supported",
                "E: arm64 can neither be executed natively nor via qemu user emulation",
            ]
        case .handlerDisabled: ["exec /bin/sh: exec format error"]
        case .handlerWrongMagic: ["exec /bin/sh: exec format error"]
        case .handlerTooBroad: ["qemu-aarch64: /bin/ls: Invalid ELF image for this architecture"]
        case .handlerNotFixed:
            [
                "exec /bin/sh: no such file or directory",
                "exec container process `/bin/sh`: No such file or directory",
            ]
        case .handlerDropsCredentials:
            [
                "sudo: effective uid is not 0, is sudo installed setuid root?",
                "ping: must be setuid root", "newuidmap: write to uid_map failed: Operation not permitted",
            ]
        case .handlerRewritesArgv0: ["/bin/sh: 0: cannot open sh: No such file", "sh: can't open 'sh'"]
        case .interpreterMissing, .interpreterDynamic: ["exec /bin/sh: no such file or directory"]
        case .interpreterNotExecutable: ["chroot: failed to run command '/bin/sh': Permission denied"]
        case .interpreterWrongProgram: ["/usr/bin/qemu-arm-static: Invalid ELF image for this architecture"]
        case .interpreterKnownBad:
            [
                "qemu: uncaught target signal 11 (Segmentation fault) - core dumped",
                "Processing triggers for libc-bin\nqemu: uncaught target signal 11 (Segmentation fault)",
            ]
        case .cpuModelRestricted: ["qemu: uncaught target signal 4 (Illegal instruction) - core dumped"]
        case .emulationCrashes:
            [
                "qemu: uncaught target signal 11 (Segmentation fault) - core dumped",
                "qemu: uncaught target signal 6 (Aborted) - core dumped",
            ]
        case .emulationHangs, .emulationSlow:
            [
                "#9 [linux/arm64 3/4] RUN npm ci\n#9 0.210 added 12 packages\n#9 CANCELED\nERROR: failed to solve: context canceled"
            ]
        case .runnerUnprivileged: ["bash: /proc/sys/fs/binfmt_misc/register: Permission denied"]
        case .runnerUsernsForbidden:
            [
                "unshare: unshare failed: Operation not permitted",
                "Error: creating new namespace: operation not permitted",
            ]
        case .runnerCgroupReadonly: ["mkdir /sys/fs/cgroup/memory/docker: read-only file system"]
        case .runnerNoexecWorkdir: ["exec /work/tool: permission denied"]
        case .runnerLimits:
            [
                "qemu-aarch64-static: Unable to reserve 0x100000000 bytes of virtual address space",
                "qemu: qemu_thread_create: Resource temporarily unavailable",
            ]
        case .runnerMemoryPolicy: ["qemu-aarch64: mmap of JIT buffer failed: Permission denied, jit buffer"]
        case .runnerLargePages:
            ["<jemalloc>: Unsupported system page size", "ELF load command alignment not page-aligned"]
        case .runnerNoDockerSocket:
            [
                "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
                "permission denied while trying to connect to the Docker daemon socket",
            ]
        case .builderMissing:
            [
                "docker: 'buildx' is not a docker command.", "bash: buildah: command not found",
                "ERROR: no builder \"multiarch\" found",
            ]
        case .builderUnreachable:
            [
                "Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?",
                "error: failed to list workers: Unavailable: connection error: buildkit: connection refused",
            ]
        case .builderLacksPlatform: []
        case .builderRuntimeFails:
            [
                "#9 [2/2] RUN make\n#9 0.103 runc: cgroup: no such hierarchy",
                "runc run failed: unable to start container process: unable to apply cgroup configuration",
                "OCI runtime exec failed: exec failed: unable to start container process",
            ]
        case .builderStorageFails:
            ["Error: 'overlay' is not supported over overlayfs, a mount_program is required: backing file system"]
        case .builderSinglePlatformDriver:
            [
                "ERROR: Multi-platform build is not supported for the docker driver.",
                "ERROR: docker exporter does not currently support exporting manifest lists",
            ]
        case .builderImageUnavailable:
            ["ERROR: pulling image moby/buildkit:buildx-stable-1: error: no such host: moby/buildkit no such host"]
        case .artifactPlatformMissing:
            [
                "no match for platform in manifest: not found",
                "no matching manifest for linux/arm64/v8 in the manifest list entries",
            ]
        case .artifactPlatformMismatch:
            [
                "InvalidBaseImagePlatform: Base image debian was pulled with platform \"linux/amd64\", expected \"linux/arm64\"",
                "image was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64",
            ]
        case .artifactForeignBinary:
            [
                "/usr/local/bin/tool: Exec format error",
                ".buildkit_qemu_emulator: /bin/sh: Invalid ELF image for this architecture",
                "ld: skipping incompatible: file in wrong format",
                "ImportError: /usr/lib/x.so: wrong ELF class: ELFCLASS32",
            ]
        case .artifactDigestMismatch: ["failed commit on ref: unexpected commit digest sha256:00"]
        case .artifactSizeMismatch:
            ["failed commit on ref: unexpected commit size 17, expected 18", "failed size validation: 17 != 18"]
        case .artifactLoaderMissing:
            [
                "error while loading shared libraries: libz.so.1: cannot open shared object file",
                "qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory",
            ]
        case .artifactEntrypointMissing:
            [
                "exec: \"/app\": stat /app: no such file or directory",
                "exec: \"app\": executable file not found in $PATH", "exec: \"/app\": permission denied",
            ]
        case .artifactEntrypointFails:
            ["#9 [linux/arm64 4/5] RUN tool\n#9 0.2 /bin/sh: 1: tool: Exec format error"]
        case .archiveCorrupt: ["archive/tar: invalid tar header"]
        case .binfmtMiscDisabled, .handlerMaskTooStrict, .handlerShadowed, .interpreterNeedsHostFiles,
            .interpreterStale, .emulatorEnvironment, .hostNative, .emulationWrongResult, .builderPlatformsStale,
            .builderBuildFailed, .builderEmbeddedEmulator, .builderDeclaresButCannotRun, .builderRanNatively,
            .artifactNotOCI,
            .artifactBlobMissing, .artifactVariantInvalid, .artifactNotReproducible, .artifactScriptChain,
            .artifactScriptArgument, .artifactPageSize, .artifactCompression, .archiveUnsafePath, .archiveOverLimit,
            .archiveDuplicateEntry, .archiveUnsupportedEntry, .checkSlowerThanUsual, .runnerInterrupted:
            []
        }
    }
}
