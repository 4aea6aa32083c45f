import Files
import Guest

/// Findings about the registry and its entries.
extension CatalogueEntry {
    static let binfmtMiscUnavailable = CatalogueEntry(
        severity: .error,
        otherwise: [
            SeverityCase(
                .info, where: "programs run although the registry is not visible, or nothing tells whether they do")
        ],
        link: .registry,
        proof: .drills { PackageResources.binfmt_misc_unavailable_json },
        summary: "the kernel's binfmt_misc registry cannot be reached",
        cause: "binfmt_misc is not mounted on /proc/sys/fs/binfmt_misc, or its kernel module is not loaded; no "
            + "handler can be registered or seen.",
        byHand: "cat /proc/sys/fs/binfmt_misc/status; grep binfmt_misc /proc/filesystems",
        command: mend,
        remedy: "modprobe binfmt_misc; mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc")

    static let binfmtMiscDisabled = CatalogueEntry(
        severity: .error, link: .registry,
        proof: .drills { PackageResources.binfmt_misc_disabled_json },
        summary: "binfmt_misc as a whole is switched off",
        effect: "every arm64 program ends with \"exec format error\"",
        cause: "Somebody wrote 0 to /proc/sys/fs/binfmt_misc/status: the kernel tries none of the entries, "
            + "though each still says enabled.",
        byHand: "cat /proc/sys/fs/binfmt_misc/status",
        command: mend,
        remedy: "echo 1 > /proc/sys/fs/binfmt_misc/status")

    static let handlerMissing = CatalogueEntry(
        severity: .error, link: .handler,
        proof: .drills { PackageResources.handler_missing_json },
        summary: "no handler is registered for arm64 programs",
        effect: "every arm64 program ends with \"exec format error\"",
        cause:
            "Registrations are kernel state, gone after a reboot, and after systemd-binfmt is restarted without a file for "
            + "them. The registry is there, but none of its entries matches an AArch64 ELF header.",
        byHand:
            "grep -ls \(guest.magic.suffix(4).hexadecimal) /proc/sys/fs/binfmt_misc/* ; running an arm64 program says \"Exec format error\"",
        command: "sudo assay handler install --persist",
        remedy:
            "install a static emulator where there is none (Debian: apt-get install qemu-user-static), and register it")

    static let handlerDisabled = CatalogueEntry(
        severity: .error, link: .handler,
        proof: .drills { PackageResources.handler_disabled_json },
        summary: "the entry for AArch64 programs is disabled",
        effect: "every arm64 program ends with \"exec format error\"",
        cause: "The entry matches AArch64 programs, but 0 was written to it: the kernel passes it over.",
        byHand: "head -1 \(entryFile)",
        command: mend,
        remedy: "echo 1 > \(entryFile)")

    static let handlerNotFixed = CatalogueEntry(
        severity: .error, link: .handler,
        proof: .drills { PackageResources.handler_not_fixed_json },
        summary: "the handler lacks F: it works on the host and fails in every container",
        effect: "in containers every arm64 program ends with \"no such file or directory\"",
        cause:
            "Without the F flag the kernel looks the interpreter's path up when a program is started, in the "
            + "root directory of the caller. Inside a container or chroot that path does not exist, and execve "
            + "says \"No such file or directory\" about a program that is plainly there.",
        byHand: "grep flags \(entryFile)",
        command: replace,
        remedy: "register the handler again with the F flag and a static interpreter")

    static let handlerDropsCredentials = CatalogueEntry(
        severity: .warning, link: .handler,
        proof: .drills { PackageResources.handler_drops_credentials_json },
        summary: "the handler lacks C: set-user-id arm64 programs keep the caller's identity",
        effect: "sudo and su fail in emulated containers",
        cause: "Without the C flag the kernel computes credentials from the interpreter, which is not "
            + "set-user-id: sudo, su, ping and newuidmap fail in emulated containers (sudo: \"effective uid is not 0\").",
        byHand: "grep flags \(entryFile)",
        command: replace,
        remedy:
            "register the handler again with the C flag; weigh that set-user-id arm64 programs then run as their owner")

    static let handlerRewritesArgv0 = CatalogueEntry(
        severity: .warning,
        otherwise: [SeverityCase(.error, where: "arguments reach programs shifted")],
        link: .handler,
        proof: .drills { PackageResources.handler_rewrites_argv0_json },
        summary: "argv[0] does not reach the program as its caller gave it",
        cause: "Without the P flag the kernel replaces argv[0] by the program's path. Programs that look at it "
            + "(login shells, multi-call programs, Go's reexec) take a wrong turn.",
        byHand: "(exec -a other /path/to/an/arm64/program) and look at its argv[0]",
        command: replace,
        remedy: "register the handler again with the P flag, for a QEMU that expects it (6.0 or later)")

    static let handlerWrongMagic = CatalogueEntry(
        severity: .error, link: .handler,
        proof: .drills { PackageResources.handler_wrong_magic_json },
        summary: "the emulator's entry matches no AArch64 program",
        cause:
            "The entry was registered with another architecture's magic, or a damaged one: the kernel never hands "
            + "it an arm64 program. The entry's name says nothing about what it takes.",
        byHand: "compare its magic and mask with \(guest.magic.hexadecimal) and \(guest.mask.hexadecimal)",
        command: replace,
        remedy: "remove the entry and register the interpreter with the right magic")

    static let handlerMaskTooStrict = CatalogueEntry(
        severity: .error, link: .handler,
        proof: .drills { PackageResources.handler_mask_too_strict_json },
        summary: "the entry takes some AArch64 programs and not others",
        cause:
            "Its mask compares bits that differ between valid programs: the lowest bit of e_type (ET_EXEC 2, and ET_DYN 3 "
            + "for position-independent programs) or EI_OSABI (0, and 3 for static glibc programs).",
        byHand:
            "grep mask /proc/sys/fs/binfmt_misc/* ; the right one is ffffffffffffff00fffffffffffffffffeffffff",
        command: replace,
        remedy: "remove the entry and register the interpreter with the right mask")

    static let handlerTooBroad = CatalogueEntry(
        severity: .error,
        otherwise: [
            SeverityCase(
                .warning, where: "what it takes besides is nothing that is executed (core dumps, object files)")
        ],
        link: .handler,
        proof: .drills { PackageResources.handler_too_broad_json },
        summary: "an entry takes programs of other architectures as well",
        cause:
            "Its mask leaves out e_machine, the class or the byte order. An entry that takes the host's own programs "
            + "makes every new process fail.",
        byHand: "grep -H mask /proc/sys/fs/binfmt_misc/* ; bytes 4, 5, 18 and 19 must be ff",
        command: replace,
        remedy: "remove the entry and register the interpreter with the right mask")

    static let handlerShadowed = CatalogueEntry(
        severity: .warning, link: .handler,
        proof: .drills { PackageResources.handler_shadowed_json },
        summary: "more than one enabled entry takes AArch64 programs",
        cause:
            "The kernel tries the newest entry first; the older ones are never reached, whatever they say. Two installers "
            + "registered the same architecture under different names.",
        byHand: "grep -ls \(guest.magic.suffix(4).hexadecimal) /proc/sys/fs/binfmt_misc/*",
        command: "sudo assay handler remove NAME",
        remedy: "remove all but one of them: echo -1 > /proc/sys/fs/binfmt_misc/NAME")
}
