// 32-bit x86: what the kernel gives 32-bit programs: system calls, segments, flags and signal frames.
#include "../fault.h"
#include "../threads.h"

PROBE_I386(
    "i386.system-calls",
    "INT 0x80 takes six arguments and keeps all other registers, and where there is AT_SYSINFO its entry does the same",
    "C libraries, which call through AT_SYSINFO, crash at start", "")
#if defined(__i386__)
{
    uint32_t b = 1, c = 2, d = 3, s = 4, t = 5;
    long result = SYS_getpid;
    __asm__ volatile("int $0x80" : "+a"(result), "+b"(b), "+c"(c), "+d"(d), "+S"(s), "+D"(t)::"memory");
    expect_number("getpid", result, sys0(SYS_getpid));
    expect_number("ebx, ecx, edx, esi and edi afterwards", b * 10'000 + c * 1000 + d * 100 + s * 10 + t, 12345);
    // The sixth argument, in ebp, is the offset in pages.
    int fd = (int)expect_success("open", sys_open(scratch("six"), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    expect_number("pwrite64", sys4(SYS_pwrite64, fd, (long)"second", 6, 4096), 6);
    void *mapped = (void *)sys_call(SYS_mmap, 0, 4096, PROT_READ, MAP_PRIVATE, fd, 1);
    expect_success("mmap2", (long)mapped);
    expect_bytes("the second page", mapped, "second", 6);
    uintptr_t entry = (uintptr_t)auxv_value(32 /* AT_SYSINFO */);
    if (entry == 0)
        return; // no vDSO
    const uint8_t *vdso = (const uint8_t *)auxv_value(AT_SYSINFO_EHDR);
    EXPECT(vdso && memcmp(vdso, "\177ELF\1\1\1", 7) == 0, "AT_SYSINFO_EHDR is a 32-bit ELF file", "0x%lx", (long)vdso);
    EXPECT(entry > (uintptr_t)vdso && entry < (uintptr_t)vdso + 65536, "AT_SYSINFO lies in it", "0x%zx", entry);
    result = SYS_getpid;
    __asm__ volatile("call *%6" : "+a"(result), "+b"(b), "+c"(c), "+d"(d), "+S"(s), "+D"(t) : "m"(entry) : "memory");
    expect_number("getpid through AT_SYSINFO", result, sys0(SYS_getpid));
    expect_number("registers afterwards", b * 10'000 + c * 1000 + d * 100 + s * 10 + t, 12345);
}
#endif

#if defined(__i386__)
static uint32_t read_gs(uint32_t offset)
{
    uint32_t value;
    __asm__ volatile("movl %%gs:(%1), %0" : "=r"(value) : "r"(offset));
    return value;
}
[[gnu::naked, gnu::regparm(1)]] static uint32_t load_gs(uint32_t) { __asm__("movl %gs:(%eax), %eax\n\tret"); }

static uint32_t local[4] = {0x11111111, 0x22222222, 0x33333333, 0x44444444};

static void look_from_thread(struct thread *thread) { thread->value = read_gs(0) == (uint32_t)(uintptr_t)thread->tls; }
#endif

PROBE_I386(
    "i386.segments",
    "set_thread_area(2) gives segments that gs reads through, threads have their own, limits hold, modify_ldt(2) adds more",
    "thread-local variables of 32-bit programs belong to another thread, Wine and old Go crash", "")
#if defined(__i386__)
{
    struct user_desc one = {~0u, (uint32_t)local, 0xfffff, DESC_32BIT | DESC_LIMIT_IN_PAGES | DESC_USEABLE}, told = {};
    expect_success("set_thread_area", sys1(SYS_set_thread_area, (long)&one));
    EXPECT(one.entry >= 6 && one.entry <= 14, "an entry of the table, 6 to 14", "%u", one.entry);
    told.entry = one.entry;
    expect_success("get_thread_area", sys1(SYS_get_thread_area, (long)&told));
    expect_bytes("what get_thread_area tells", &told, &one, sizeof one);
    uint32_t selector = one.entry << 3 | 3, gs;
    __asm__ volatile("movw %w0, %%gs" ::"r"(selector));
    expect_equal("gs:8", read_gs(8), 0x33333333);
    expect_equal("gs:-4 wraps around", read_gs((uint32_t)-4 + 4), 0x11111111);
    sys0(SYS_sched_yield);
    __asm__ volatile("movl %%gs, %0" : "=r"(gs));
    expect_equal("gs after a system call", gs & 0xffff, selector);
    one.base = (uint32_t)(local + 1);
    expect_success("set_thread_area of the same entry", sys1(SYS_set_thread_area, (long)&one));
    __asm__ volatile("movw %w0, %%gs" ::"r"(selector));
    expect_equal("gs:0 after it moved", read_gs(0), 0x22222222);
    // A segment of 8 bytes.
    struct user_desc small = {1, (uint32_t)local, 7, DESC_32BIT | DESC_USEABLE};
    long result = sys3(SYS_modify_ldt, 0x11, (long)&small, sizeof small);
    if (result != -ENOSYS) { // CONFIG_MODIFY_LDT_SYSCALL
        expect_success("modify_ldt", result);
        __asm__ volatile("movw %w0, %%gs" ::"r"(1 << 3 | 7));
        expect_equal("gs:4 of the local table", read_gs(4), 0x22222222);
        uint32_t limit;
        __asm__ volatile("lsll %1, %0" : "=r"(limit) : "r"(1 << 3 | 7) : "cc");
        expect_equal("lsl", limit, 7);
        fault_catch(SIGSEGV);
        load_gs(5);
        if (fault_seen.count == 0)
            note("limit-segment-limits: an access beyond the limit of a segment does not fault");
        else
            expect_number("signal beyond the limit", fault_seen.signal, SIGSEGV);
    }
    static struct thread threads[3];
    for (int i = 0; i < 3; i++)
        thread_create(&threads[i], look_from_thread, nullptr);
    for (int i = 0; i < 3; i++) {
        thread_join(&threads[i]);
        expect_number("gs:0 of a thread is its own", (int64_t)threads[i].value, 1);
    }
    struct user_desc wrong = {200, 0, 0, DESC_32BIT};
    expect_error("set_thread_area of an entry that is none", sys1(SYS_set_thread_area, (long)&wrong), EINVAL);
}
#endif

#if defined(__i386__)
static volatile int traced;
static volatile uint32_t trap_code;
static void on_trap(int, struct siginfo *info, void *raw)
{
    struct ucontext *context = raw;
    trap_code = (uint32_t)info->code;
    if (++traced == 3)
        context->machine.flags &= ~0x100u;
}
#endif

PROBE_I386(
    "i386.flags",
    "PUSHF and POPF carry ID, DF and TF: CPUID is there, and single steps raise SIGTRAP until the handler ends them",
    "old programs take the processor for an 80386, debuggers do not step", "")
#if defined(__i386__)
{
    uint32_t before, after;
    __asm__ volatile("pushfl\n\tpopl %0\n\tmovl %0, %1\n\txorl $0x200000, %1\n\tpushl %1\n\tpopfl\n\tpushfl\n\tpopl %1"
                     : "=&r"(before), "=&r"(after)::"cc");
    expect_equal("flags that can be turned: ID", (before ^ after) & 0x200000, 0x200000);
    EXPECT(before & 0x200 && before & 2, "IF and bit 1 are set", "0x%x", before);
    __asm__ volatile("std\n\tpushfl\n\tcld\n\tpopl %0\n\tpushfl\n\tpopl %1" : "=&r"(before), "=&r"(after)::"cc");
    expect_equal("DF after STD, and after CLD", (before >> 10 & 1) << 1 | (after >> 10 & 1), 2);
    struct sigaction action = {.action = on_trap, .flags = SA_SIGINFO};
    expect_success("rt_sigaction", sys_sigaction(SIGTRAP, &action, nullptr));
    uint32_t sum = 0;
    __asm__ volatile("pushfl\n\torl $0x100, (%%esp)\n\tpopfl\n\tincl %0\n\tincl %0\n\tincl %0\n\tincl %0\n\tincl %0\n\t"
                     "pushfl\n\tandl $~0x100, (%%esp)\n\tpopfl"
                     : "+r"(sum)::"cc", "memory");
    expect_number("instructions that ran", sum, 5);
    expect_number("single steps, until the handler ends them", traced, 3);
    if (trap_code == TRAP_BRKPT)
        note("limit-single-step-code: si_code of a single step is TRAP_BRKPT (1), not TRAP_TRACE (2)");
    else
        expect_number("si_code", trap_code, 2 /* TRAP_TRACE */);
}
#endif

#if defined(__i386__)
static volatile struct {
    uint32_t ax, cx, ip, fpstate, trap, error, address, magic;
    uint64_t xmm;
} context_seen;

static void edit_context(int, struct siginfo *info, void *raw)
{
    struct ucontext *context = raw;
    struct machine_context *machine = &context->machine;
    context_seen.ax = machine->ax;
    context_seen.cx = machine->cx;
    context_seen.ip = machine->ip;
    context_seen.trap = machine->trap;
    context_seen.error = machine->error;
    context_seen.address = machine->cr2 == (uint32_t)(uintptr_t)info->address ? 1 : 0;
    context_seen.fpstate = machine->fpstate;
    uint8_t *state = (uint8_t *)machine->fpstate;
    if (state) { // struct _fpstate_32: 112 bytes of x87, then FXSAVE's
        uint32_t *magic = (uint32_t *)(void *)(state + 108);
        context_seen.magic = *magic & 0xffff0000; // 0: FXSAVE's bytes follow
        uint64_t *xmm = (uint64_t *)(void *)(state + 112 + 160 + 16);
        if (context_seen.magic == 0) {
            context_seen.xmm = *xmm;
            *xmm = 0x55;
        }
    }
    __asm__ volatile("pcmpeqb %%xmm1, %%xmm1" ::: "xmm1");
    machine->cx = 0x7700;
    machine->flags |= 1;
    machine->ip += 2; // the length of the load
}

[[gnu::naked]] static uint32_t fault_with_state(void)
{
    __asm__("movl $8, %eax\n\tmovl $0x1234, %ecx\n\tmovl $0x1100, %edx\n\tmovd %edx, %xmm1\n\tclc\n\t"
            "movl (%eax), %edx\n\tmovl $0, %eax\n\tadcl %ecx, %eax\n\tmovd %xmm1, %edx\n\taddl %edx, %eax\n\tret");
}
#endif

PROBE_I386(
    "i386.signal-frame",
    "the handler finds registers, flags, trap number and SSE state of the fault, and what it changes there comes into effect",
    "language runtimes and crash reporters of 32-bit programs read and write this structure", "")
#if defined(__i386__)
{
    struct sigaction action = {.action = edit_context, .flags = SA_SIGINFO};
    expect_success("rt_sigaction", sys_sigaction(SIGSEGV, &action, nullptr));
    uint32_t result = fault_with_state();
    expect_equal("eax in the context", context_seen.ax, 8);
    expect_equal("ecx in the context", context_seen.cx, 0x1234);
    expect_equal("eip in the context", context_seen.ip, (uintptr_t)fault_with_state + 20);
    if (context_seen.trap == ~0u)
        note("limit-trap-number: the frame's trap number is -1, not 14 of a page fault");
    else
        expect_equal("trap number: page fault", context_seen.trap, 14);
    expect_equal("error code: a read by a program", context_seen.error & 7, 4);
    expect_number("cr2 is si_addr", context_seen.address, 1);
    EXPECT(context_seen.fpstate != 0, "a pointer to the state of x87 and SSE", "0");
    if (context_seen.magic == 0xffff0000) { // of x87 alone
        note("limit-frame-sse: the frame has no state of SSE; it is kept all the same");
        expect_equal("carry, ecx and xmm1 afterwards", result, 0x7700 + 1 + 0x1100);
        return;
    }
    expect_equal("its magic number", context_seen.magic, 0);
    expect_equal("xmm1 in it", context_seen.xmm, 0x1100);
    expect_equal("carry, ecx and xmm1 afterwards", result, 0x7700 + 1 + 0x55);
}
#endif
