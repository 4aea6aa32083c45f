import Guest

/// Findings about the interpreter and its emulation.
extension CatalogueEntry {
    static let interpreterMissing = CatalogueEntry(
        severity: .error, link: .interpreter,
        proof: .drills { PackageResources.interpreter_missing_json },
        summary: "the handler's interpreter does not exist",
        cause:
            "The entry names a program that is not there, and without F nothing keeps it open: execve of every "
            + "arm64 program says \"No such file or directory\".",
        byHand: "ls -lL $(sed -n 's/^interpreter //p' \(entryFile))",
        command: replace,
        remedy: "install qemu-user-static, or register the \(guest.emulator) that the host has")

    static let interpreterNotExecutable = CatalogueEntry(
        severity: .error, link: .interpreter,
        proof: .drills { PackageResources.interpreter_not_executable_json },
        summary: "the handler's interpreter may not be executed",
        cause: "The interpreter's mode has no x bit, or its file system is mounted noexec.",
        byHand: "ls -lL the interpreter; findmnt -T the interpreter",
        remedy: "chmod 755 the interpreter, or register one on a file system that is not mounted noexec")

    static let interpreterWrongProgram = CatalogueEntry(
        severity: .error, link: .interpreter,
        proof: .drills { PackageResources.interpreter_wrong_program_json },
        summary: "what the handler starts is not an AArch64 emulator",
        cause:
            "Executing an arm64 program succeeded, but what ran did not print the proof that only the program itself "
            + "can compute from a fresh nonce: some other program ran in its place.",
        byHand: "grep interpreter /proc/sys/fs/binfmt_misc/*; run that program with --version",
        command: replace,
        remedy: "remove the entry and register \(guest.emulator)")

    static let hostNative = CatalogueEntry(
        severity: .info, link: nil,
        proof: .elsewhere(
            reason:
                "uname -m cannot be made to say \(guest.machine) on another machine; Tests/FindingsTests gives the rule its evidence"
        ),
        summary: "this host is arm64 itself: nothing is emulated",
        cause: "The machine executes AArch64 programs natively; binfmt_misc plays no part.",
        byHand: "uname -m",
        remedy: "nothing to do")

    static let emulationCrashes = CatalogueEntry(
        severity: .error, link: nil,
        proof: .drills { PackageResources.emulation_crashes_json },
        summary: "a probe was killed by a signal under emulation",
        cause: "The emulator, or the program in it, crashed. QEMU reports \"uncaught target signal\".",
        byHand: "assay probe NAME --venue VENUE",
        remedy: "install a newer qemu-user-static (the version in use is in the report)")

    static let emulationWrongResult = CatalogueEntry(
        severity: .error, link: nil,
        proof: .drills { PackageResources.emulation_wrong_result_json },
        summary: "a probe computed something else than the specification says",
        cause: "The emulated machine does not behave as AArch64 Linux does.",
        byHand: "assay probe NAME --venue VENUE",
        remedy: "install a newer qemu-user-static (the version in use is in the report)")

    static let emulationHangs = CatalogueEntry(
        severity: .error, link: nil,
        proof: .drills { PackageResources.emulation_hangs_json },
        summary: "a probe hangs: alone, and with ten times as much time, it did not end either",
        cause:
            "The emulated program waits for something that never comes, while the same program compiled for this host, and a known amount of "
            + "work, end in time: the emulator loses a wake-up, a signal or an order of memory accesses.",
        byHand: "assay probe NAME --venue VENUE --timeout 60",
        remedy: "install a newer qemu-user-static (the version in use is in the report)")

    static let interpreterDynamic = CatalogueEntry(
        severity: .error, link: .interpreter,
        proof: .drills { PackageResources.interpreter_dynamic_json },
        summary: "the interpreter is dynamically linked: it fails in every container",
        cause:
            "F keeps the interpreter itself open, but its loader and libraries are looked up in the root directory "
            + "of the caller, and a container has none for the host's architecture.",
        byHand: "readelf -l INTERPRETER | grep interpreter",
        command: replace,
        remedy: "install a static build (Debian: qemu-user-static) and register that")

    static let interpreterNeedsHostFiles = CatalogueEntry(
        severity: .error, link: .interpreter,
        proof: .drills { PackageResources.interpreter_needs_host_files_json },
        summary: "the interpreter needs files of the host, which no container has",
        cause:
            "The handler starts a wrapper or a script (NixOS, openSUSE, hand-made) that executes the real emulator, or a shell, by its "
            + "path. On the host that is there; in a container or chroot it is not, whatever F says: F keeps the wrapper's file alone.",
        byHand:
            "file INTERPRETER; strace -f chroot EMPTY-ROOT /an/arm64/program 2>&1 | grep ENOENT",
        command: replace,
        remedy:
            "register a static \(guest.emulator) itself, with F (NixOS: boot.binfmt.preferStaticEmulators = true)")

    static let interpreterStale = CatalogueEntry(
        severity: .warning, link: .interpreter,
        proof: .drills { PackageResources.interpreter_stale_json },
        summary: "the kernel runs an older copy of the interpreter than the one installed",
        cause:
            "With F the kernel keeps the file that it opened at registration. The package was upgraded since; what runs is the "
            + "replaced file, until the entry is registered again.",
        byHand: "run an arm64 program and ls -l /proc/PID/exe: it ends in (deleted), or is another inode",
        command: replace,
        remedy: "register the handler again")

    static let interpreterKnownBad = CatalogueEntry(
        severity: .warning, link: .interpreter,
        proof: .drills { PackageResources.interpreter_known_bad_json },
        summary: "this version of QEMU is known to fail in ways that builds meet",
        cause:
            "See the evidence: which versions, which symptom, where it was reported, in which version it is mended.",
        byHand: "INTERPRETER --version",
        remedy: "install a newer qemu-user-static and register it again")

    static let cpuModelRestricted = CatalogueEntry(
        severity: .warning,
        otherwise: [
            SeverityCase(
                .error, where: "programs for Armv8.0 need what is missing, or what AT_HWCAP claims raises SIGILL")
        ],
        link: nil,
        proof: .drills { PackageResources.cpu_model_restricted_json },
        summary: "the emulated processor lacks what programs are built for",
        cause:
            "QEMU_CPU, a wrapper around the emulator or its own default chooses a processor model without the extensions that programs "
            + "may have been built for: those that do not ask for them at run time die of SIGILL.",
        byHand: "env | grep QEMU_CPU; in an arm64 container: grep Features /proc/cpuinfo, or LD_SHOW_AUXV=1 /bin/true",
        remedy: "unset QEMU_CPU; remove -cpu and QEMU_CPU from the wrapper that the handler starts")

    static let emulatorEnvironment = CatalogueEntry(
        severity: .warning,
        otherwise: [SeverityCase(.error, where: "probes fail with the variables set, and pass without them")],
        link: nil,
        proof: .drills { PackageResources.emulator_environment_json },
        summary: "the environment changes how the emulator works",
        cause:
            "QEMU in user mode takes its options from QEMU_* variables, and a dynamic interpreter heeds LD_PRELOAD: every "
            + "emulated process that inherits them behaves differently.",
        byHand: "env | grep -E '^(QEMU_|LD_PRELOAD)'",
        remedy: "unset the variables named in the evidence")

    static let emulationSlow = CatalogueEntry(
        severity: .warning, link: nil,
        proof: .drills { PackageResources.emulation_slow_json },
        summary: "emulation is far slower here than it usually is",
        cause:
            "The same probes take many times longer emulated than natively, beyond what QEMU's translation explains: logging "
            + "or tracing is on, or the interpreter is an emulator inside an emulator.",
        byHand: "time the same program natively and emulated; env | grep QEMU_",
        remedy: "unset QEMU_LOG, QEMU_STRACE and QEMU_SINGLESTEP; use a release build of \(guest.emulator)")
}
