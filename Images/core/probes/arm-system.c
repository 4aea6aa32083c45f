// 32-bit ARM: exclusives, the thread register, the kernel's helpers, and signal frames.
#include "../fault.h"
#include "../threads.h"

#if defined(__arm__)
enum { ROUNDS = 4096 };

static struct {
    alignas(8) uint64_t pair;
    uint32_t word;
    uint16_t half;
    uint8_t byte, neighbour;
} shared;

#define ADD(LOAD, STORE, TO)                                                                                        \
    ({                                                                                                              \
        uint32_t value_, failed_;                                                                                   \
        __asm__ volatile("1: " LOAD " %0, [%2]\n\tadd %0, %0, #1\n\t" STORE " %1, %0, [%2]\n\tcmp %1, #0\n\tbne 1b" \
                         : "=&r"(value_), "=&r"(failed_)                                                            \
                         : "r"(TO)                                                                                  \
                         : "memory", "cc");                                                                         \
    })

static void add_exclusively(int)
{
    ADD("ldrex", "strex", &shared.word);
    ADD("ldrexh", "strexh", &shared.half);
    ADD("ldrexb", "strexb", &shared.byte);
    uint32_t failed; // the carry must never be lost between the halves
    __asm__ volatile(
        "1: ldrexd r4, r5, [%1]\n\tadds r4, r4, #0x40000000\n\tadc r5, r5, #0\n\tstrexd %0, r4, r5, [%1]\n\tcmp %0, #0\n\tbne 1b"
        : "=&r"(failed)
        : "r"(&shared.pair)
        : "r4", "r5", "memory", "cc");
}
#endif

PROBE_ARM("arm.exclusives",
          "LDREX and STREX of each size lose nothing between two threads, and CLREX makes a store fail",
          "reference counts drift; 64-bit counters lose their halves", "")
#if defined(__arm__)
{
    in_step(add_exclusively, add_exclusively, ROUNDS, 16);
    expect_equal("4 bytes", shared.word, 2 * ROUNDS);
    expect_equal("2 bytes", shared.half, 2 * ROUNDS);
    expect_equal("1 byte", shared.byte, (uint8_t)(2 * ROUNDS));
    expect_equal("its neighbour, which nobody wrote", shared.neighbour, 0);
    expect_equal("8 bytes", shared.pair, 0x40000000ull * 2 * ROUNDS);
    uint32_t failed, value;
    __asm__ volatile("ldrex %1, [%2]\n\tclrex\n\tstrex %0, %1, [%2]"
                     : "=&r"(failed), "=&r"(value)
                     : "r"(&shared.word)
                     : "memory");
    expect_number("strex after clrex fails", failed, 1);
    uint32_t again;
    __asm__ volatile("ldrex %1, [%3]\n\tstrex %0, %1, [%3]\n\tstrex %2, %1, [%3]"
                     : "=&r"(failed), "=&r"(value), "=&r"(again)
                     : "r"(&shared.word)
                     : "memory");
    expect_number("strex after ldrex", failed, 0);
    expect_number("a second strex fails", again, 1);
}
#endif

#if defined(__arm__)
static void look_at_registers(struct thread *thread)
{
    uint32_t mine = (uint32_t)(uintptr_t)thread, seen;
    __asm__ volatile("mcr p15, 0, %0, c13, c0, 2" ::"r"(mine)); // TPIDRURW, which programs may write
    for (int i = 0; i < 50; i++) {
        sys0(SYS_sched_yield);
        __asm__ volatile("mrc p15, 0, %0, c13, c0, 2" : "=r"(seen));
        thread->value += seen != mine || thread_pointer() != thread->tls;
    }
    long result = sys_call(ARM_set_tls, (long)&thread->value, 0, 0, 0, 0, 0);
    thread->value += result != 0 || thread_pointer() != &thread->value;
}
[[gnu::naked]] static void write_read_only(void) { __asm__("mcr p15, 0, r0, c13, c0, 3\n\tbx lr"); }
#endif

PROBE_ARM("arm.thread-registers",
          "set_tls sets TPIDRURO, which programs only read, TPIDRURW keeps what they write, each thread has its own",
          "errno and thread-local variables belong to another thread", "")
#if defined(__arm__)
{
    static struct thread threads[3];
    for (int i = 0; i < 3; i++)
        thread_create(&threads[i], look_at_registers, nullptr);
    for (int i = 0; i < 3; i++) {
        thread_join(&threads[i]);
        expect_number("wrong registers seen by a thread", (int64_t)threads[i].value, 0);
    }
    static uint32_t own;
    expect_success("set_tls", sys_call(ARM_set_tls, (long)&own, 0, 0, 0, 0, 0));
    expect_equal("TPIDRURO after it", (uintptr_t)thread_pointer(), (uintptr_t)&own);
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0)
        sys_exit(thread_pointer() == &own ? 3 : 4);
    expect_exit("a child, which inherits it", wait_status(pid), 3);
    fault_catch(SIGILL);
    write_read_only();
    expect_number("SIGILL of a write to TPIDRURO", fault_seen.count, 1);
}
#endif

#if defined(__arm__)
static uint32_t helper_word;
static uint64_t helper_pair;
static void add_by_helper(int)
{
    int (*compare_exchange)(uint32_t, uint32_t, volatile uint32_t *) = (void *)0xffff0fc0;
    int (*compare_exchange64)(const int64_t *, const int64_t *, volatile uint64_t *) = (void *)0xffff0f60;
    uint32_t old;
    do
        old = *(volatile uint32_t *)&helper_word;
    while (compare_exchange(old, old + 1, &helper_word) != 0);
    int64_t before, after;
    do {
        before = (int64_t)*(volatile uint64_t *)&helper_pair;
        after = before + 0x1'0000'0001;
    } while (compare_exchange64(&before, &after, &helper_pair) != 0);
}
#endif

PROBE_ARM(
    "arm.kernel-helpers",
    "the helpers that the kernel maps at 0xffff0f60 to 0xffff0fff: version, compare and exchange, barrier, thread pointer",
    "armel programs, which may not have instructions for it, crash or lose updates", "")
#if defined(__arm__)
{
    fault_catch(SIGSEGV);
    fault_load((const void *)0xffff0ffc);
    if (fault_seen.count > 0)
        skip("this kernel has no such helpers (CONFIG_KUSER_HELPERS)");
    int32_t version = *(const volatile int32_t *)0xffff0ffc;
    EXPECT(version >= 5 && version < 100, "version 5 or later", "%d", version);
    static uint32_t own;
    expect_success("set_tls", sys_call(ARM_set_tls, (long)&own, 0, 0, 0, 0, 0));
    void *(*get_tls)(void) = (void *)0xffff0fe0;
    void (*barrier)(void) = (void *)0xffff0fa0;
    expect_equal("kuser_get_tls", (uintptr_t)get_tls(), (uintptr_t)&own);
    barrier();
    in_step(add_by_helper, add_by_helper, 1024, 16);
    expect_number("kuser_cmpxchg", helper_word, 2 * 1024);
    expect_equal("kuser_cmpxchg64", helper_pair, 0x1'0000'0001 * 2 * 1024);
}
#endif

#if defined(__arm__)
[[gnu::naked]] static void breakpoint(void) { __asm__("bkpt #0\n\tbx lr"); }
[[gnu::naked]] static void load_pair(const void *) { __asm__("ldrd r2, r3, [r0]\n\tbx lr"); }
[[gnu::naked]] static void load_exclusive(const void *) { __asm__("ldrex r2, [r0]\n\tbx lr"); }
#endif

PROBE_ARM(
    "arm.alignment",
    "LDR, LDRH, STR and STRH work at odd addresses; LDRD and LDREX raise SIGBUS there, or the kernel makes LDRD good",
    "parsers of packed formats get other bytes, and bugs that real processors show stay hidden", "")
#if defined(__arm__)
{
    static alignas(8) uint8_t bytes[16] = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18};
    uint32_t word, half;
    __asm__ volatile("ldr %0, [%2, #1]\n\tldrh %1, [%2, #3]" : "=&r"(word), "=&r"(half) : "r"(bytes) : "memory");
    expect_equal("ldr at an odd address", word, 0x14131211);
    expect_equal("ldrh at an odd address", half, 0x1413);
    __asm__ volatile("str %0, [%1, #5]\n\tstrh %0, [%1, #11]" ::"r"(0xa4a3a2a1), "r"(bytes) : "memory");
    expect_bytes("str and strh at odd addresses", bytes + 4, "\x14\xa1\xa2\xa3\xa4\0\0\xa1\xa2", 9);
    fault_catch(SIGBUS);
    load_pair(bytes + 1);
    if (fault_seen.count > 0) {
        expect_number("si_code of LDRD at an odd address", fault_seen.code, BUS_ADRALN);
        expect_equal("its address", fault_seen.address, (uintptr_t)bytes + 1);
        fault_seen.count = 0;
    }
    load_exclusive(bytes + 1);
    if (fault_seen.count == 0)
        note("limit-alignment: no SIGBUS for LDREX at an odd address");
    else
        expect_fault("LDREX at an odd address", SIGBUS, BUS_ADRALN, (uintptr_t)bytes + 1, (uintptr_t)load_exclusive);
}
#endif

#if defined(__arm__)
static volatile struct {
    uint32_t r4, pc, cpsr, magic, size, address, fpscr;
    uint64_t d8;
} context_seen;

static void edit_context(int, struct siginfo *info, void *raw)
{
    struct ucontext *context = raw;
    context_seen.r4 = context->machine.r[4];
    context_seen.pc = context->machine.pc;
    context_seen.cpsr = context->machine.cpsr;
    context_seen.address = context->machine.fault_address;
    EXPECT((uintptr_t)info->address == 8, "si_addr = 8", "0x%zx", (uintptr_t)info->address);
    struct {
        uint32_t magic, size;
        uint64_t d[32];
        uint32_t fpscr;
    } *vfp = (void *)context->registers;
    uint32_t *area = context->registers;
    if (area[0] == 0x5065cf03 || area[0] == 0x12ef842a) // of iWMMXt, or empty: the next one
        vfp = (void *)(area + area[1] / 4);
    context_seen.magic = vfp->magic;
    context_seen.size = vfp->size;
    if (vfp->magic == 0x56465001) {
        context_seen.d8 = vfp->d[8];
        context_seen.fpscr = vfp->fpscr;
        vfp->d[9] = 0x55;
    }
    __asm__ volatile("vmov d8, %0, %0\n\tvmov d9, %0, %0" ::"r"(0) : "d8", "d9");
    context->machine.r[5] = 0x77;
    context->machine.cpsr |= 1u << 30; // Z
    context->machine.pc += 4;
}

// r5 + d8 + (d9 << 16) + (Z << 28), after a fault in the middle.
[[gnu::naked]] static uint32_t fault_in_the_middle(void)
{
    __asm__(
        "push {r4, r5}\n\tvpush {d8, d9}\n\tmovw r4, #0x1234\n\tmov r5, #0\n\tmovw r1, #0x1100\n\tvmov d8, r1, r5\n\tvmov d9, r5, r5\n\t"
        "mov r0, #8\n\tcmp r0, #9\n\tldr r1, [r0]\n\tmoveq r0, #0x10000000\n\tmovne r0, #0\n\tadd r0, r0, r5\n\t"
        "vmov r1, r2, d8\n\tadd r0, r0, r1\n\tvmov r1, r2, d9\n\tadd r0, r0, r1, lsl #16\n\tvpop {d8, d9}\n\tpop {r4, r5}\n\tbx lr");
}
#endif

PROBE_ARM(
    "arm.signal-frame",
    "the handler finds registers, flags and VFP's registers of the fault in its ucontext, and what it changes there comes into effect; BKPT is SIGTRAP",
    "language runtimes, debuggers and crash reporters read and write this structure", "")
#if defined(__arm__)
{
    fault_catch(SIGTRAP);
    breakpoint();
    expect_fault("bkpt", SIGTRAP, TRAP_BRKPT, (uintptr_t)breakpoint, (uintptr_t)breakpoint);
    struct sigaction action = {.action = edit_context, .flags = SA_SIGINFO};
    expect_success("rt_sigaction", sys_sigaction(SIGSEGV, &action, nullptr));
    uint32_t result = fault_in_the_middle();
    expect_equal("r4 in the context", context_seen.r4, 0x1234);
    expect_equal("pc in the context", context_seen.pc, (uintptr_t)fault_in_the_middle + 36);
    expect_equal("N, Z, C, V and T in its CPSR", context_seen.cpsr & 0xf0000020, 0x80000000);
    if (context_seen.address == 0)
        note("limit-fault-address: fault_address in the context is 0; si_addr is right");
    else
        expect_equal("fault_address in the context", context_seen.address, 8);
    expect_equal("VFP_MAGIC", context_seen.magic, 0x56465001);
    expect_number("size of its record", context_seen.size, 8 + 32 * 8 + 4 + 20);
    expect_equal("d8 in it", context_seen.d8, 0x1100);
    expect_equal("Z, d9, d8 and r5 afterwards", result, 0x10000000 + (0x55 << 16) + 0x1100 + 0x77);
}
#endif
