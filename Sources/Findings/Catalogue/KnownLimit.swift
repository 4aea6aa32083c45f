/// A known limit of QEMU's user mode: it is no failure. A probe notes it as `limit-NAME: …`.
public struct KnownLimit: Sendable {
    /// As it is noted: `limit-vfork`.
    public let code: String
    /// The probes that note it.
    public let probes: [String]
    /// What is so.
    public let summary: String
    /// What programs come to feel.
    public let effect: String
    /// What helps.
    public let remedy: String

    init(_ name: String, _ probes: String..., summary: String, effect: String, remedy: String = nothing) {
        code = "limit-" + name
        self.probes = probes
        self.summary = summary
        self.effect = effect
        self.remedy = remedy
    }

    static let nothing = "nothing needs to be done"
    static let newer = "take QEMU 10, as Debian trixie has it"
    private static let hardware = "run such programs on arm64 hardware, or in a virtual machine (qemu-system-aarch64)"

    /// Nil for a code that is none.
    public static func named(_ code: String) -> KnownLimit? { all.first { $0.code == code } }

    public static let all: [KnownLimit] = processors + memory + processes + files + system + words

    private static let processors = [
        KnownLimit(
            "store-release", "atomics.sequential-consistency",
            summary: "on an x86 host LDAR passes a STLR of another place before it",
            effect:
                "Lock-free code with sequentially consistent stores and loads (Dekker, Peterson, hazard pointers) can let two "
                + "threads in. docs/store-release.md says which code.",
            remedy: hardware),
        KnownLimit(
            "alignment", "atomics.alignment", "arm.alignment",
            summary: "atomic accesses across 16 bytes, or at odd addresses, raise no SIGBUS",
            effect: "A program with a wrong pointer runs on, where hardware ends it."),
        KnownLimit(
            "dc-cvap", "cpu.hwcap", summary: "dcpop or dcpodp is claimed, and DC CVA(D)P raises SIGILL",
            effect: "Programs that flush persistent memory (PMDK) end with SIGILL.",
            remedy: "take QEMU 8.1 or later, or QEMU_CPU=cortex-a72, which does not claim it"),
        KnownLimit(
            "fixed-half", "fp.vector", summary: "FCVTZS of a half to fixed point leaves bits above the half",
            effect: "Only hand-written half-precision code that reads the whole register notices.",
            remedy: newer),
        KnownLimit(
            "sve-upper", "cpu.sve-upper",
            summary: "widening instructions and REV leave what is above 128 bits of an SVE register",
            effect: "Only code that goes on with SVE in a register that Advanced SIMD wrote notices.",
            remedy: "QEMU_CPU=cortex-a72, a processor without SVE"),
        KnownLimit(
            "id-mmfr2", "cpu.id-registers", summary: "reading ID_AA64MMFR2_EL1 raises SIGILL",
            effect: "Programs that look at the processor's registers themselves end with SIGILL.",
            remedy: "take QEMU 8.0 or later"),
        KnownLimit(
            "hwcap", "cpu.id-registers",
            summary: "AT_HWCAP leaves out features that the processor's ID registers tell of (ssbs, dgh, ebf16)",
            effect: "Programs that ask AT_HWCAP only do without these features."),
        KnownLimit(
            "sigill-code", "signal.illegal-instruction",
            summary: "si_code of SIGILL is ILL_ILLOPN, not ILL_ILLOPC as Linux has it",
            effect: "Only programs that tell kinds of illegal instructions apart notice."),
        KnownLimit(
            "sigreturn-fpsimd", "signal.context",
            summary:
                "a vector register that a signal handler changes in the FPSIMD record is restored from the SVE record",
            effect: "Runtimes that change vector registers in a handler lose the change.",
            remedy: "QEMU_CPU=cortex-a72, a processor without SVE"),
        KnownLimit(
            "sigbus-address", "signal.bus-address",
            summary: "si_addr of SIGBUS is the emulator's address (s390x: its halves change places)",
            effect: "Runtimes that look up a faulting page (JVM, Go) take it for a wild access. Seen without /proc.",
            remedy: "mount /proc where the program runs"),
        KnownLimit(
            "segv-code", "signal.segv-address", "memory.protect", "memory.no-execute",
            summary: "si_code of SIGSEGV is SEGV_MAPERR for protected memory, too (ppc64le)",
            effect: "Runtimes that tell a guard page from a wild access (Go, JVM) take one for the other."),
        KnownLimit(
            "signal-mask", "signal.nesting", summary: "sigaction's mask is read from the wrong place (riscv64)",
            effect: "Handlers are interrupted by signals that they block: locks and buffers of theirs break.",
            remedy: newer),
        KnownLimit(
            "signal-alignment", "signal.alternate-stack", "signal.stack-flags",
            summary: "a signal handler's stack is aligned to 8 bytes, not to 16 (amd64)",
            effect: "A handler that keeps vectors on its stack (SSE, most of C++) may end with signal 11.",
            remedy: newer),
        KnownLimit(
            "cpuinfo", "system.cpuinfo", summary: "/proc/cpuinfo describes the host's processor",
            effect: "Build scripts that read it (OpenBLAS, ffmpeg, V8) tune for x86-64, or stop.",
            remedy: "name the processor to the build (OpenBLAS: TARGET=ARMV8), or \(newer)"),
    ]

    private static let memory = [
        KnownLimit(
            "jit-alias", "memory.jit-alias", summary: "code rewritten through another mapping stays stale",
            effect: ".NET and other runtimes that map their code twice (W^X) crash or hang.",
            remedy: "take QEMU 8.1 or later (arm64 only), or DOTNET_EnableWriteXorExecute=0"),
        KnownLimit(
            "no-execute", "memory.no-execute", summary: "memory without PROT_EXEC is executed",
            effect: "A program that jumps into data runs on, where hardware ends it."),
        KnownLimit(
            "noreplace", "memory.fixed-no-replace", summary: "MAP_FIXED_NOREPLACE is taken for a hint",
            effect: "Programs that ask for an address get another one, and must look at it.",
            remedy: newer),
        KnownLimit(
            "madvise", "memory.advise", summary: "advice that does not exist is accepted",
            effect: "Programs that try out what the kernel knows take too much for granted."),
        KnownLimit(
            "slow-reserve", "memory.reserve", summary: "reserving address space takes time, and memory for each page",
            effect: "Go, Java and sanitizers, which reserve gigabytes, start slowly and use more memory.",
            remedy: "take QEMU 8.0 or later"),
        KnownLimit(
            "pie-heap", "exec.static-pie",
            summary: "brk(2) cannot grow the heap of a position-independent static program",
            effect: "malloc falls back to mmap; programs that use brk themselves fail.",
            remedy: "link such a program without -static-pie"),
    ]

    private static let processes = [
        KnownLimit(
            "clone-forms", "process.clone-numbers", "process.clone-vm",
            summary:
                "clone without threads ignores CLONE_PARENT_SETTID, or refuses a child that ends without SIGCHLD or shares memory",
            effect: "Only programs that call clone(2) themselves notice."),
        KnownLimit(
            "nocldwait", "signal.action-flags", summary: "SA_NOCLDWAIT and SA_NOCLDSTOP are ignored",
            effect: "Children stay until they are waited for, and SIGCHLD tells stops too."),
        KnownLimit(
            "vfork", "process.vfork",
            summary: "CLONE_VFORK is emulated as fork: memory is not shared, the parent does not wait",
            effect: "What the child writes is lost; so are errors of posix_spawn (limit-spawn-error)."),
        KnownLimit(
            "spawn-error", "process.spawn", "glibc.spawn",
            summary: "posix_spawn of a program that does not exist succeeds, and its child exits with 127",
            effect: "Python's subprocess, Ruby and make see exit status 127 where an error was due."),
        KnownLimit(
            "clone3", "process.clone3", summary: "clone3 is not implemented (ENOSYS)",
            effect: "C libraries fall back to clone."),
        KnownLimit(
            "pidfd", "process.pidfd", summary: "pidfd_open is not implemented (ENOSYS)",
            effect: "Runtimes fall back to process ids.", remedy: newer),
        KnownLimit(
            "namespaces", "process.namespaces", summary: "clone with a CLONE_NEW flag is refused (EINVAL)",
            effect: "Containers inside (bubblewrap, rootless podman, sandboxed browsers) do not start.",
            remedy: hardware),
        KnownLimit(
            "subreaper", "process.orphans", summary: "prctl(PR_SET_CHILD_SUBREAPER) is refused (EINVAL)",
            effect: "Process supervisors lose sight of orphans.", remedy: newer),
        KnownLimit(
            "robust-list", "thread.robust-list", "musl.thread", summary: "robust mutexes are refused (ENOSYS)",
            effect: "A process that dies with a shared mutex leaves it locked.", remedy: hardware),
        KnownLimit(
            "ptrace", "system.ptrace", summary: "ptrace is not implemented (ENOSYS)",
            effect: "strace, gdb and py-spy do not work inside.",
            remedy: "QEMU_STRACE=1 shows the system calls, QEMU_GDB=PORT waits for a gdb outside"),
        KnownLimit(
            "seccomp", "system.seccomp", summary: "filters of system calls are refused",
            effect: "Sandboxes (Chromium, systemd, OpenSSH's older ones) run without, or stop.",
            remedy: "run such a program without its sandbox, for the build only"),
    ]

    private static let files = [
        KnownLimit(
            "stat-nanoseconds", "file.stat-layout", summary: "fstat and newfstatat tell no nanoseconds (s390x)",
            effect: "make and other builders take files of one second for equally old.",
            remedy: "C libraries that call statx are not concerned"),
        KnownLimit(
            "execveat", "exec.execveat", summary: "execveat is not implemented (ENOSYS)",
            effect: "fexecve falls back to /proc/self/fd.", remedy: newer),
        KnownLimit(
            "openat2", "file.openat2", summary: "openat2 is not implemented (ENOSYS)",
            effect: "Programs fall back to openat.", remedy: newer),
        KnownLimit(
            "statx", "file.stat-layout", summary: "statx is not implemented (ENOSYS)", effect: "C libraries fall back."),
        KnownLimit(
            "copy-file-range", "file.copy", summary: "copy_file_range is refused",
            effect: "Tools fall back to read and write."),
        KnownLimit(
            "renameat2", "file.rename", summary: "the flags of renameat2 are refused",
            effect: "Programs that exchange two files, or must not replace one, do it in steps."),
        KnownLimit(
            "ofd-locks", "file.locks", summary: "open file description locks are refused (EINVAL)",
            effect: "Databases fall back to locks of the process."),
        KnownLimit(
            "close-range", "file.descriptors", summary: "close_range is not implemented (ENOSYS)",
            effect: "Programs close descriptors one by one."),
        KnownLimit(
            "faccessat2", "file.access", summary: "faccessat2 is not implemented (ENOSYS)",
            effect: "C libraries fall back."),
    ]

    private static let system = [
        KnownLimit(
            "calls", "system.calls", summary: "system calls that few builds use are not implemented (ENOSYS)",
            effect: "Programs fall back, or say: function not implemented. The note names the calls."),
        KnownLimit(
            "ctrunc", "net.message-flags", summary: "recvmsg does not tell that descriptors did not fit (MSG_CTRUNC)",
            effect: "Programs that pass descriptors do not notice that some were lost."),
        KnownLimit(
            "futex-wake-op", "thread.futex-requeue",
            summary: "FUTEX_WAKE_OP computes in the host's byte order (s390x)",
            effect: "Old C libraries' condition variables, which use it, lose wake-ups."),
        KnownLimit(
            "epoll-pwait2", "ipc.epoll-pwait2",
            summary: "epoll_pwait2 is not implemented (ENOSYS), or does not wait (QEMU 11, 32-bit programs)",
            effect: "Programs fall back to epoll_pwait; or their event loops spin."),
        KnownLimit(
            "posix-queues", "ipc.posix-queues", summary: "mq_open is not implemented (ENOSYS)",
            effect: "Programs that use POSIX message queues fail.", remedy: hardware),
        KnownLimit(
            "membarrier", "system.barrier", summary: "membarrier is not implemented (ENOSYS)",
            effect: "Runtimes fall back to slower barriers."),
        KnownLimit(
            "aio", "system.asynchronous-io", summary: "io_setup is not implemented (ENOSYS)",
            effect: "Databases (MySQL, ScyllaDB) fall back, or want innodb_use_native_aio=0.",
            remedy: "have the program do without (MySQL: innodb_use_native_aio=0)"),
        KnownLimit(
            "io-uring", "system.io-uring", summary: "io_uring is refused", effect: "Programs fall back to epoll."),
        KnownLimit(
            "socket-timeout", "net.options", summary: "getsockopt(SO_RCVTIMEO) succeeds and tells nothing",
            effect: "Programs that read their own time limit back see garbage, or zero."),
    ]
}
