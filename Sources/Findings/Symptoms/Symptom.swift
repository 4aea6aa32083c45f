import Glibc

/// A log's line in lower case, made for many searches.
struct LoweredLine {
    /// Ends with NUL, and has no other: `LogText` removes control characters.
    private let bytes: [CChar]

    init(_ text: String) {
        bytes = text.utf8.map { CChar(bitPattern: (0x41...0x5a).contains($0) ? $0 | 0x20 : $0) } + [0]
    }

    func contains(_ words: String) -> Bool { strstr(bytes, words) != nil }
}

/// Words in a log that stand for findings.
struct Symptom {
    /// Alternatives, in lower case. The line must have all parts of one of them.
    let says: [[String]]
    /// The findings that the line may stand for, likeliest first; none if it says nothing at this place.
    let means: @Sendable (LogPlace) -> [FindingCode]
    /// How telling the words are, compared with others of the same log.
    var weight = 5

    init(_ says: [[String]], weight: Int = 5, means: @escaping @Sendable (LogPlace) -> [FindingCode]) {
        self.says = says
        self.weight = weight
        self.means = means
    }

    init(_ says: [[String]], weight: Int = 5, _ codes: FindingCode...) {
        self.init(says, weight: weight) { _ in codes }
    }

    /// - Parameter text: a line, in lower case.
    func isSaid(in text: LoweredLine) -> Bool {
        says.contains { parts in parts.allSatisfy(text.contains) }
    }
}

extension Symptom {
    static let all: [Symptom] = starting + emulating + images + builders + runner

    /// execve(2) failed.
    private static let starting: [Symptom] = [
        Symptom(
            [
                ["exec format error"], ["cannot execute binary file"],
                ["can neither be executed natively nor via qemu"], ["spawn ", "enoexec"],
            ], weight: 6
        ) { place in
            if place.quotes("exec format error") || place.isOfTest { return [] }
            // The kernel refuses what it cannot run: a program for another machine, or a script without its first line.
            if place.isNative { return place.isAboutScript ? [] : [.artifactForeignBinary] }
            // A shell was told to run a shell as its script: the arguments have shifted.
            if place.text.contains("sh: cannot execute binary file"), place.isShell {
                return [.handlerRewritesArgv0, .handlerMissing]
            }
            if place.isSaidInside { return [.artifactForeignBinary, .artifactEntrypointFails] }
            if place.isShell && !place.hasRun { return [.handlerMissing, .handlerDisabled, .handlerWrongMagic] }
            if place.hasRun { return [.artifactForeignBinary, .artifactEntrypointFails] }
            if place.step?.isBuilders == true || place.text.contains("/") {
                return [.handlerMissing, .artifactForeignBinary, .handlerDisabled]
            }
            return [.handlerMissing, .handlerDisabled, .handlerWrongMagic]
        },
        // BuildKit has no such platform in its list: it found no handler when it looked.
        Symptom(
            [["runtime execution on platform"]], weight: 6, .handlerMissing, .builderLacksPlatform, .handlerDisabled),
        // No kernel takes the program, and the shell reads it as a script of its own.
        Symptom([["syntax error"]], weight: 4) { place in
            place.isProgramReadAsScript ? [.handlerMissing, .artifactForeignBinary, .handlerDisabled] : []
        },
        // debootstrap's first program.
        Symptom([["failure trying to run: chroot", "/bin/true"]], weight: 6, .handlerMissing, .handlerNotFixed),
        Symptom(ToolWords.executing(ToolWords.missing) + [ToolWords.missingInterpreter], weight: 6) { place in
            // Natively, the loader or a script's interpreter is missing.
            if place.isNative { return [.artifactLoaderMissing, .artifactEntrypointMissing] }
            if place.hasRun || place.isSaidInside {
                return [.artifactLoaderMissing, .artifactEntrypointMissing, .artifactForeignBinary]
            }
            if place.isShell { return [.handlerNotFixed, .interpreterMissing, .interpreterDynamic] }
            // On the host itself: F is about containers.
            if place.isSaidByShell { return [.interpreterMissing, .artifactLoaderMissing, .handlerNotFixed] }
            return [.handlerNotFixed, .artifactLoaderMissing, .artifactEntrypointMissing]
        },
        Symptom(
            [
                ["exec: \"/", "stat /", "no such file"], ["exec: \"", "executable file not found in $path"],
                ["executable file `", "not found"],
            ]
        ) { place in
            // The Dockerfile itself names the program of a RUN.
            place.step?.isBuilders == true ? [] : [.artifactEntrypointMissing]
        },
        Symptom(ToolWords.executing(ToolWords.refused)) { place in
            if place.isNative || place.hasRun || !place.isShell {
                return [.artifactEntrypointMissing, .runnerNoexecWorkdir]
            }
            return [.interpreterNotExecutable, .runnerNoexecWorkdir]
        },
        Symptom(
            [["\u{7f}elf", "not found"], ["cannot open sh:"], ["can't open 'sh'"], ["can't open '/bin/sh'"]], weight: 8
        ) { _ in
            [.handlerRewritesArgv0]
        },
        Symptom([["exec: \"/", "permission denied"]], .artifactEntrypointMissing),
        Symptom([["invalid elf image for this architecture"]], weight: 8) { place in
            // BuildKit's own emulator is chosen for the platform, and no handler is involved.
            if place.text.contains(".buildkit_qemu_emulator") {
                return [.artifactForeignBinary, .artifactPlatformMismatch]
            }
            return ToolWords.emulators.contains(where: place.text.contains)
                ? [.artifactForeignBinary, .handlerTooBroad] : [.interpreterWrongProgram, .handlerTooBroad]
        },
    ]

    /// The emulator runs, and says what is wrong.
    private static let emulating: [Symptom] = [
        Symptom(
            [
                ["uncaught target signal 4"], ["illegal instruction"], ["signal sigill"], ["signal: sigill"],
                ["sigill (0x4)"],
                ["exit code: 132"], ["exit status 132"], ["non-zero code: 132"],
            ], weight: 7
        ) { place in
            place.isEmulated ? [.cpuModelRestricted, .emulationCrashes, .interpreterKnownBad] : []
        },
        // Go keeps a count in the upper bits of addresses, which emulators take from anywhere.
        Symptom([["lfstack.push invalid packing"]], weight: 7, .emulationCrashes, .interpreterKnownBad),
        Symptom([["uncaught target signal"], ["qemu internal sig"]], weight: 6) { place in
            // These are the best-known victims.
            (place.before + [place.text]).contains { $0.contains("libc-bin") || $0.contains("ldconfig") }
                ? [.interpreterKnownBad, .emulationCrashes] : [.emulationCrashes, .interpreterKnownBad]
        },
        Symptom([["segmentation fault"], ["exit code: 139"], ["exit status 139"], ["non-zero code: 139"]], weight: 4) {
            place in
            place.isEmulated ? [.emulationCrashes, .interpreterKnownBad] : []
        },
        Symptom(
            [
                ["jit buffer"], ["unable to reserve", "virtual address space"], ["unable to find a guest_base"],
                ["unable to allocate", "guest address space"], ["qemu_thread_create"],
                ["qemu", "cannot allocate memory"], ["qemu", "unable to map"],
            ], weight: 8
        ) { place in
            place.text.contains("permission denied") || place.text.contains("jit buffer")
                ? [.runnerMemoryPolicy, .runnerLimits] : [.runnerLimits, .runnerMemoryPolicy]
        },
        // An old engine's filter answers EPERM to clone3, and newer C libraries then make no thread.
        Symptom(
            [
                ["pthread_create", "operation not permitted"], ["pthread_create", "resource temporarily unavailable"],
                ["can't start new thread"], ["failed to create new os thread"], ["unable to create", "native thread"],
            ], weight: 6, .runnerLimits),
        Symptom([["unable to find cpu model"], ["-cpu option cannot be empty"]], weight: 8) { _ in
            [.emulatorEnvironment, .interpreterWrongProgram]
        },
        Symptom(
            [["unsupported system page size"], ["load command alignment not page-aligned"]], weight: 7,
            .runnerLargePages),
        Symptom(
            [["could not open '/lib", "ld-"], ["rosetta error: failed to open elf"]], weight: 8,
            .artifactLoaderMissing, .artifactForeignBinary),
        Symptom(
            [
                ["effective uid is not 0"], ["must be owned by uid 0 and have the setuid bit set"],
                ["sudo: unable to change to root gid"], ["su: cannot set groups"], ["su: cannot set user id"],
                ["must be setuid root"], ["must be suid to work properly"], ["newuidmap", "operation not permitted"],
            ], weight: 7
        ) { place in place.isNative ? [] : [.handlerDropsCredentials] },
    ]

    /// An image or a program is for another platform.
    private static let images: [Symptom] = [
        Symptom(
            [
                ["no match for platform in manifest"], ["no matching manifest for"],
                ["no image found in", "for architecture"],
                ["no image found in manifest list"], ["no image found in image index"],
                ["does not provide the specified platform"], ["no child with platform"],
            ], weight: 7, .artifactPlatformMissing),
        Symptom(
            [
                ["invalidbaseimageplatform"], ["does not match the specified platform"],
            ], weight: 7, .artifactPlatformMismatch),
        Symptom(
            [
                ["error while loading shared libraries", "cannot open shared object file"],
                ["error loading shared library"],
            ],
            weight: 7, .artifactLoaderMissing),
        Symptom(
            [
                ["wrong elf class"], ["invalid elf header"], ["cannot open shared object file", "exec format error"],
                ["relocations in generic elf"], ["file in wrong format"], ["is incompatible with aarch64"],
                ["is incompatible with elf64-x86-64"], ["error relocating", "unsupported relocation"],
            ], weight: 7, .artifactForeignBinary),
        Symptom(
            [
                ["unexpected commit digest"], ["does not match expected digest"], ["digest did not match"],
                ["digest mismatch"],
            ],
            weight: 7, .artifactDigestMismatch),
        Symptom([["failed size validation"], ["unexpected commit size"]], weight: 7, .artifactSizeMismatch),
        Symptom([["invalid tar header"], ["archive/tar: "]], weight: 7, .archiveCorrupt),
    ]

    private static let builders: [Symptom] = [
        Symptom(
            [
                ["multi-platform build is not supported"], ["multiple platforms feature is currently not supported"],
                ["exporter does not currently support exporting manifest lists"],
            ],
            weight: 8, .builderSinglePlatformDriver),
        Symptom(
            [
                ["no builder \"", "found"], ["is not a docker command"], ["buildx component is missing"],
                ["buildah: command not found"], ["podman: command not found"], ["docker: command not found"],
                ["buildctl: command not found"], ["buildah: not found"], ["podman: not found"], ["docker: not found"],
                ["buildctl: not found"], ["unknown command", "buildx"],
            ], weight: 6, .builderMissing),
        // docker without buildx takes buildx's options for its own.
        Symptom([["unknown flag: --"], ["unknown shorthand flag"]]) { place in
            place.step?.instruction.contains("docker buildx ") == true ? [.builderMissing] : []
        },
        Symptom([["permission denied", "docker daemon socket"], ["permission denied", "docker.sock"]], weight: 8) { _ in
            [.runnerNoDockerSocket]
        },
        Symptom(ToolWords.noDaemon, weight: 7) { place in
            place.text.contains("unix://") ? [.runnerNoDockerSocket, .builderUnreachable] : [.builderUnreachable]
        },
        Symptom(
            ToolWords.noBuildkit + [
                ["failed to list workers"], ["failed to dial", "buildkit"], ["listing workers for build"],
                ["buildkit", "connection refused"], ["is not running", "buildkit"], ["cannot connect to podman"],
                ["unable to connect to podman"],
            ], weight: 6, .builderUnreachable),
        Symptom(ToolWords.noRuntime + [["error loading seccomp filter"]], weight: 7) { place in
            ToolWords.refusals.contains(where: place.text.contains) && place.text.contains("exec failed")
                ? [] : [.builderRuntimeFails]
        },
        Symptom([["overlay", "is not supported over"]], weight: 8, .builderStorageFails),
        Symptom([["deadline exceeded"], ["connection refused"], ["no such host"]], weight: 6) { place in
            place.step?.instruction.contains("waiting for connection") == true ? [.builderUnreachable] : []
        },
        Symptom([["error"], ["pull"]], weight: 7) { place in
            place.line.isBuilders && place.step?.instruction.contains("booting buildkit") == true
                ? [.builderImageUnavailable, .builderUnreachable] : []
        },
        Symptom(
            [
                ["pulling image", "buildkit", "error"], ["moby/buildkit", "not found"], ["moby/buildkit", "denied"],
                ["moby/buildkit", "timeout"], ["moby/buildkit", "no such host"], ["moby/buildkit", "toomanyrequests"],
            ],
            weight: 7, .builderImageUnavailable),
    ]

    private static let runner: [Symptom] = [
        Symptom(
            [
                ["unshare", "operation not permitted"], ["user namespaces are not enabled"], ["max_user_namespaces"],
                ["cannot clone: operation not permitted"], ["clone_newuser"],
                ["creating new namespace", "not permitted"], ["no permissions to creat", "new namespace"],
                ["setting up uid map", "permission denied"],
                ["error creating user namespace"],
            ], weight: 6, .runnerUsernsForbidden),
        Symptom(
            [["/sys/fs/cgroup", "read-only file system"], ["cgroup", "permission denied", "mkdir"]],
            weight: 6, .runnerCgroupReadonly),
        Symptom(
            [
                ["binfmt_misc", "no such file or directory"], ["binfmt_misc", "not mounted"],
                ["binfmt_misc", "unknown filesystem"], ["modprobe", "binfmt_misc"],
            ], weight: 6, .binfmtMiscUnavailable, .runnerUnprivileged),
        Symptom(
            [
                ["binfmt_misc", "permission denied"], ["binfmt_misc", "read-only file system"],
                ["binfmt_misc", "operation not permitted"],
            ],
            weight: 6, .runnerUnprivileged, .binfmtMiscUnavailable),
    ]
}

extension LogPlace {
    /// Whether a program of another machine ran there, as far as the log tells.
    var isEmulated: Bool {
        if isNative { return false }
        if text.contains("qemu") { return true }
        return platform?.hasPrefix("linux/arm64") == true
    }
}
