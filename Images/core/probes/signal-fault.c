// Synchronous signals: a handler must be told what faulted, where, and be able to go on.
#include "../fault.h"
#include "../signal-stack.h"
#include "../threads.h"

PROBE("signal.segv-address",
      "SIGSEGV tells the faulting address and whether it is mapped; a handler can move pc and go on",
      "Go and Java turn null dereferences into exceptions this way; without it they crash or spin",
      "https://github.com/golang/go/issues/36981")
{
    fault_catch(SIGSEGV);
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *at = sys_mmap(nullptr, 2 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)at);
    expect_success("munmap", sys_munmap(at + page, page));

    fault_load(at + page + 123);
    expect_fault("load, unmapped", SIGSEGV, SEGV_MAPERR, (uintptr_t)at + page + 123, (uintptr_t)fault_load);
    fault_store(at + 45, 1);
    expect_fault("store, read-only", SIGSEGV, SEGV_ACCERR, (uintptr_t)at + 45, (uintptr_t)fault_store);
    fault_load((void *)8);
    expect_fault("load through null", SIGSEGV, SEGV_MAPERR, 8, (uintptr_t)fault_load);
}

PROBE(
    "signal.bus-address",
    "SIGBUS with BUS_ADRERR and the address for a mapped page beyond the end of its file; the last page is filled with zeroes",
    "databases and editors that handle truncated files crash", "")
{
    fault_catch(SIGBUS);
    uint64_t page = auxv_value(AT_PAGESZ);
    int fd = (int)expect_success("open", sys_open(scratch("short"), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    expect_number("write", sys_write(fd, "abc", 3), 3);
    uint8_t *at = sys_mmap(nullptr, 3 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    expect_success("mmap", (long)at);
    expect_equal("the last byte of the file", fault_load(at + 2), 'c');
    expect_equal("a byte after it", fault_load(at + 3), 0);
    expect_equal("the last byte of its page", fault_load(at + page - 1), 0);
    expect_number("faults so far", fault_seen.count, 0);
    fault_load(at + page + 7);
    uint64_t beyond = (uintptr_t)at + page + 7, shift = fault_seen.address - beyond;
    if (ELF_DATA == 2 && (fault_seen.address << 32 | fault_seen.address >> 32) == beyond) {
        note("limit-sigbus-address: the halves of si_addr have changed places");
        fault_seen.address = beyond;
    } else if (shift != 0 && shift % 4096 == 0) {
        note(
            "limit-sigbus-address: si_addr is the emulator's own address, not the program's (QEMU with a guest base, as without /proc)");
        fault_seen.address = beyond;
    }
    expect_fault("load beyond the file", SIGBUS, BUS_ADRERR, beyond, (uintptr_t)fault_load);
}

[[gnu::naked]] static void undefined(void) { __asm__(UNDEFINED_CODE); }

PROBE("signal.illegal-instruction", "SIGILL tells the address of an undefined instruction; a handler can step over it",
      "libraries that try an instruction to find a feature (OpenSSL, libsodium) die", "")
{
    fault_catch(SIGILL);
    undefined();
    int code = fault_seen.code;
    if (code == 2 && ILLEGAL_CODE != 2) {
        note("limit-sigill-code: si_code is ILL_ILLOPN (2), not ILL_ILLOPC (1) as Linux has it");
        fault_seen.code = ILLEGAL_CODE;
    }
    expect_fault("undefined instruction", SIGILL, ILLEGAL_CODE, (uintptr_t)undefined,
                 (uintptr_t)undefined + UNDEFINED_LENGTH);
}

#if defined(__aarch64__)
[[gnu::naked]] static void breakpoint(void) { __asm__("brk #1\n\tret"); }
#endif

PROBE_AARCH64("signal.breakpoint", "BRK raises SIGTRAP with TRAP_BRKPT at its own address",
              "assertions and debuggers behave differently", "")
#if defined(__aarch64__)
{
    fault_catch(SIGTRAP);
    breakpoint();
    expect_fault("brk #1", SIGTRAP, TRAP_BRKPT, (uintptr_t)breakpoint, (uintptr_t)breakpoint);
}
#endif

[[gnu::naked]] static void divide_by_zero(void) { __asm__(DIVISION_CODE); }

PROBE(
    "signal.fp-trap",
    "where division by zero can be made to trap, it raises SIGFPE with FPE_FLTDIV; where it cannot, the control bit reads as zero",
    "feenableexcept claims to work and does not", "")
{
    fault_catch(SIGFPE);
    bool traps = fp_trap_division();
    divide_by_zero();
#if defined(__i386__) || defined(__x86_64__)
    if (fault_seen.count == 0) {
        note("limit-sse-traps: exceptions of SSE that are unmasked raise no SIGFPE");
        return;
    }
#endif
    if (traps)
        expect_number("si_code of SIGFPE", fault_seen.count == 1 ? fault_seen.code : -1, 3); // FPE_FLTDIV
    else
        expect_number("signals where the control bit is not implemented", fault_seen.count, 0);
}

static struct {
    uintptr_t low, high, frame, address;
    int flags_inside;
    bool is_misaligned;
} alternate;

SIGNAL_HANDLER static void on_alternate_stack(int, struct siginfo *info, void *)
{
    int local = 0;
    alternate.is_misaligned = handler_is_misaligned();
    alternate.frame = (uintptr_t)&local;
    alternate.address = (uintptr_t)info->address;
    struct signal_stack now = {};
    sys2(SYS_sigaltstack, 0, (long)&now);
    alternate.flags_inside = now.flags;
    sys1(SYS_exit, 0); // ends the thread whose stack is used up
}

[[gnu::noinline]] static uint64_t use_up(uint64_t depth)
{
    volatile uint64_t frame[64];
    frame[depth % 64] = depth;
    return depth > 1'000'000 ? 0 : use_up(depth + 1) + frame[depth % 64];
}

static void overflow(struct thread *thread)
{
    static alignas(16) char stack[32768];
    struct signal_stack own = {.base = stack, .size = sizeof stack};
    alternate.low = (uintptr_t)stack;
    alternate.high = alternate.low + sizeof stack;
    expect_success("sigaltstack", sys2(SYS_sigaltstack, (long)&own, 0));
    thread->value = use_up(0);
}

PROBE("signal.alternate-stack",
      "a stack overflow is handled on the alternate stack of its thread, with the address in the guard page",
      "language runtimes report stack overflows as plain crashes", "")
{
    struct sigaction action = {.action = on_alternate_stack, .flags = SA_SIGINFO | SA_ONSTACK};
    expect_success("rt_sigaction", sys_sigaction(SIGSEGV, &action, nullptr));
    static struct thread thread;
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, page + THREAD_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    expect_success("mprotect", sys_mprotect(area, page, PROT_NONE));
    thread.stack = area + page;
    thread_create(&thread, overflow, nullptr);
    thread_join(&thread);
    note_alignment(alternate.is_misaligned);
    EXPECT(alternate.frame > alternate.low && alternate.frame < alternate.high,
           "the handler runs on the alternate stack", "0x%zx", alternate.frame);
    expect_number("ss_flags inside the handler", alternate.flags_inside, SS_ONSTACK);
    EXPECT(alternate.address >= (uintptr_t)area && alternate.address < (uintptr_t)area + page,
           "si_addr lies in the guard page", "0x%zx", alternate.address);
}

#if defined(__aarch64__)
static struct {
    uint64_t x10, pc, magic, v16;
} context_seen;

static void edit_context(int, struct siginfo *, void *raw)
{
    struct ucontext *context = raw;
    context_seen.x10 = context->machine.regs[10];
    context_seen.pc = context->machine.pc;
    struct {
        uint32_t magic, size, fpsr, fpcr;
        uint64_t registers[32][2];
    } *fp = (void *)context->machine.reserved;
    context_seen.magic = fp->magic;
    context_seen.v16 = fp->registers[16][0];
    __asm__ volatile("movi v16.16b, #0xee\n\tmovi v17.16b, #0xee" ::: "v16", "v17");
    fp->registers[17][0] = 0x5555;
    context->machine.regs[11] = 0x77;
    context->machine.pstate = 1ull << 30; // Z
    context->machine.pc += 4;
}

// Returns x11 + v16 + v17 << 16 + Z << 32, after a fault in the middle.
[[gnu::naked]] static uint64_t fault_in_the_middle(void)
{
    __asm__(
        "mov x10, #0x1234\n\tmov x11, #0\n\tmov x9, #0x1100\n\tfmov d16, x9\n\tfmov d17, xzr\n\tmov x9, #8\n\tcmp x9, #9\n\t"
        "ldr x12, [x9]\n\tcset x0, eq\n\tlsl x0, x0, #32\n\tadd x0, x0, x11\n\tfmov x9, d16\n\tadd x0, x0, x9\n\tfmov x9, d17\n\t"
        "add x0, x0, x9, lsl #16\n\tret");
}
#endif

PROBE_AARCH64(
    "signal.context",
    "the handler finds registers, flags and FPSIMD state of the fault in its ucontext, and what it changes there comes into effect",
    "garbage collectors, Go's preemption and crash reporters read and write this structure", "")
#if defined(__aarch64__)
{
    struct sigaction action = {.action = edit_context, .flags = SA_SIGINFO};
    expect_success("rt_sigaction", sys_sigaction(SIGSEGV, &action, nullptr));
    uint64_t result = fault_in_the_middle();
    expect_equal("x10 in the context", context_seen.x10, 0x1234);
    expect_equal("pc in the context", context_seen.pc, (uintptr_t)fault_in_the_middle + 28);
    expect_equal("first record of the reserved area: FPSIMD_MAGIC", context_seen.magic, 0x46508001);
    expect_equal("v16 in it", context_seen.v16, 0x1100);
    if (result == 0x1'0000'1177) // Documentation/arch/arm64/sve.rst: the FPSIMD record wins over the SVE record
        note("limit-sigreturn-fpsimd: v17, changed in the FPSIMD record, is restored from the SVE record");
    else
        expect_equal("Z, v17, v16 + x11 afterwards", result, 0x1'5555'1177);
}
#endif
