extension KnownLimit {
    /// Limits that only programs of 32 bits meet.
    static let words = [
        KnownLimit(
            "holes", "memory.rounding", "memory.remap", "memory.reserve", "memory.refusal",
            summary: "calls on a hole in the address space succeed (32-bit programs)",
            effect: "Allocators that ask the kernel whether an address is mapped are told that it is."),
        KnownLimit(
            "mremap-shrink", "memory.remap",
            summary: "mremap that shrinks a mapping in place takes away as much behind it (32-bit programs)",
            effect:
                "Programs that shrink blocks without MREMAP_MAYMOVE lose other memory, and crash. glibc and musl do not.",
            remedy: newer),
        KnownLimit(
            "mmap-offset", "words.files", summary: "mmap2 cuts the offset to 32 bits (32-bit programs)",
            effect: "Databases and linkers that map files of more than 4 GiB read another part.", remedy: newer),
        KnownLimit(
            "large-files", "words.files",
            summary: "open without O_LARGEFILE is not refused for a file of 2 GiB or more (32-bit programs)",
            effect: "Programs built without large files read and write at wrong places, where EOVERFLOW was due.",
            remedy: "build with -D_FILE_OFFSET_BITS=64"),
        KnownLimit(
            "sysinfo", "system.sysinfo", summary: "sysinfo cuts sizes of memory to 32 bits (32-bit programs)",
            effect: "Tools that size themselves by memory take too little on hosts with 4 GiB or more."),
        KnownLimit(
            "socket-time64", "words.time",
            summary: "SO_RCVTIMEO_NEW, of 64-bit time, is refused, or set and told wrongly (32-bit programs)",
            effect: "Sockets' time limits of programs with 64-bit time do not hold: they wait for ever.",
            remedy: "have the program poll(2) with a limit"),
        KnownLimit(
            "fault-address", "arm.signal-frame", summary: "fault_address of the signal context is 0 (32-bit ARM)",
            effect: "Only programs that read it instead of si_addr notice."),
        KnownLimit(
            "segment-limits", "i386.segments", summary: "an access beyond a segment's limit does not fault (386)",
            effect: "Sandboxes of segments (old Native Client) do not hold.", remedy: nativeKernel),
        KnownLimit(
            "x87-stack", "i386.x87", summary: "an operation on empty registers of x87 is no stack fault (386)",
            effect: "Only programs that look for that fault notice."),
        KnownLimit(
            "x87-functions", "i386.x87-functions",
            summary: "FSIN, FCOS and FPTAN have the 53 bits of double precision (386)",
            effect: "Long double results of older C libraries differ in the last 11 bits.", remedy: nativeKernel),
        KnownLimit(
            "mmx-exponent", "i386.mmx", summary: "writing a register of MMX does not set the exponent of x87's (386)",
            effect: "Only programs that save the state and look at it notice."),
        KnownLimit(
            "single-step-code", "i386.flags", summary: "si_code of a single step is TRAP_BRKPT, not TRAP_TRACE (386)",
            effect: "Debuggers that work inside the process take a step for a breakpoint."),
        KnownLimit(
            "trap-number", "i386.signal-frame", summary: "the trap number in a signal's frame is -1 (386)",
            effect: "Runtimes that tell a page fault from other faults by it (Wine) take another way."),
        KnownLimit(
            "frame-sse", "i386.signal-frame", summary: "a signal's frame has no state of SSE (386)",
            effect: "Runtimes that read or change SSE's registers in a handler find none.", remedy: nativeKernel),
        KnownLimit(
            "sse-traps", "signal.fp-trap", summary: "exceptions of SSE that are unmasked raise no SIGFPE (386, amd64)",
            effect: "feenableexcept has no effect.", remedy: nativeKernel),
    ]

    private static let nativeKernel = "run such programs on an x86-64 host, whose kernel runs 32-bit ones itself"
}
