// Exclusives in each size and order: what the monitor must refuse, alignment, and updates between processes.
#include "../fault.h"
#include "../hwcap.h"
#include "../threads.h"

#if defined(__aarch64__)
#include "../isa/check.h"

execute_function execute;

static uint32_t *code;

// Instructions, and the return that execute.S expects.
static void write_code(const uint32_t *words, size_t count)
{
    if (!code) {
        code = sys_mmap(nullptr, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        expect_success("mmap", (long)code);
    }
    memcpy(code, words, count * 4);
    code[count] = 0xd61f0380; // br x28
    synchronise_code(code, code + count + 1);
    code += 16;
}

enum { NOP = (int)0xd503201f, CLREX = (int)0xd503305f };

// LDXR x1 (and x2), [x5]; STXR w0, x3 (and x4), [x5]. `order`: bit 0 acquires, bit 1 releases.
static uint32_t load_exclusive(unsigned size, bool pair, unsigned order)
{
    return size << 30 | 0x08400000 | (pair ? 0x00200800 : 0x7c00) | 31 << 16 | (order & 1) << 15 | 5 << 5 | 1;
}
static uint32_t store_exclusive(unsigned size, bool pair, unsigned order, unsigned status)
{
    return size << 30 | 0x08000000 | (pair ? 0x00201000 : 0x7c00) | status << 16 | (order >> 1) << 15 | 5 << 5 | 3;
}
#endif

PROBE_AARCH64(
    "atomics.monitor",
    "exclusives of each size, order and pair: the first store succeeds; after CLREX, a store or a system call none does",
    "compare-and-swap loops built for ARMv8.0 store over what others wrote", "")
#if defined(__aarch64__)
{
    static struct state before, after;
    for (unsigned form = 0; form < 6 * 4; form++) {
        unsigned size = form / 4 < 4 ? form / 4 : form / 4 - 2, order = form % 4,
                 bytes = (form / 4 < 4 ? 1u : 2u) << size;
        bool pair = form / 4 >= 4;
        uint32_t load = load_exclusive(size, pair, order), store = store_exclusive(size, pair, order, 0),
                 again = store_exclusive(size, pair, order, 6);
        char what[64];
        // Alone, a second store, CLREX, a system call, two stores of what is there.
        for (unsigned kind = 0; kind < 5; kind++) {
            memset(&before, 0x5a, sizeof before);
            for (unsigned i = 0; i < 8; i++)
                before.x[i] = 0x0123456789abcdef * (i + 3);
            before.x[5] = (uint64_t)(after.memory + MIDDLE);
            before.fpcr = before.fpsr = 0;
            before.nzcv = 5;
            if (kind == 4)
                before.x[3] = before.x[4] = 0x5a5a5a5a5a5a5a5a;
            format(what, sizeof what, "exclusives 0x%08x and 0x%08x, kind %u", load, store, kind);
            const uint32_t *start = code;
            uint32_t words[] = {load, kind == 2 ? (uint32_t)CLREX : (uint32_t)NOP, store,
                                kind == 1 || kind == 4 ? again : (uint32_t)NOP};
            write_code(words, 4);
            start = code - 16;
            const uint32_t *only_load = nullptr, *only_store = nullptr;
            if (kind == 3) {
                write_code((uint32_t[]){load}, 1);
                only_load = code - 16;
                write_code((uint32_t[]){store}, 1);
                only_store = code - 16;
            }
            bool expected = kind < 2 || kind == 4;
            for (int tries = 0; tries < 1000; tries++) { // a store may also fail for no reason
                after = before;
                if (kind == 3) {
                    execute(&after, only_load);
                    sys0(SYS_getppid);
                    execute(&after, only_store);
                } else {
                    execute(&after, start);
                }
                if (!expected || after.x[0] == 0)
                    break;
            }
            expect_number(what, (int64_t)after.x[0], expected ? 0 : 1);
            if (kind == 1 || kind == 4)
                expect_number(what, (int64_t)after.x[6], 1);
            uint64_t part = 0x5a5a5a5a5a5a5a5a & mask(8u << size);
            expect_equal(what, after.x[1], part);
            expect_equal(what, after.x[2], pair ? part : before.x[2]);
            uint8_t memory[32];
            memset(memory, 0x5a, sizeof memory);
            if (expected) {
                memcpy(memory, &before.x[3], 1u << size);
                if (pair)
                    memcpy(memory + bytes / 2, &before.x[4], bytes / 2);
            }
            expect_bytes(what, after.memory + MIDDLE, memory, sizeof memory);
            if ((size_t)(code - start) > 12'000)
                code = nullptr;
        }
    }
}

static struct {
    alignas(16) uint64_t pair[2];
    uint32_t asked, answered;
} lost;
static int which;

static void interfere(struct thread *)
{
    while (!__atomic_load_n(&lost.asked, __ATOMIC_ACQUIRE))
        sys0(SYS_sched_yield);
    switch (which) {
    case 0: __atomic_fetch_add((uint8_t *)lost.pair, 1, __ATOMIC_SEQ_CST); break;
    case 1: __atomic_fetch_add((uint16_t *)lost.pair, 0x100, __ATOMIC_SEQ_CST); break;
    case 2: __atomic_fetch_add((uint32_t *)lost.pair, 0x1000000, __ATOMIC_SEQ_CST); break;
    case 3: __atomic_fetch_add(&lost.pair[0], 1ull << 40, __ATOMIC_SEQ_CST); break;
    case 4: __atomic_fetch_add((uint32_t *)lost.pair, 1, __ATOMIC_SEQ_CST); break;
    case 5: __atomic_fetch_add((uint32_t *)lost.pair + 1, 1, __ATOMIC_SEQ_CST); break;
    case 6: __atomic_fetch_add(&lost.pair[0], 1ull << 40, __ATOMIC_SEQ_CST); break;
    default: __atomic_fetch_add(&lost.pair[1], 1ull << 40, __ATOMIC_SEQ_CST); break;
    }
    __atomic_store_n(&lost.answered, 1, __ATOMIC_RELEASE);
}

// Loads, lets the other thread store, and tells what the store says then.
#define LOST(LOAD, STORE)                                                                              \
    __asm__ volatile(LOAD "\n\tmov w9, #1\n\tstlr w9, [%2]\n1:\tldar w9, [%3]\n\tcbz w9, 1b\n\t" STORE \
                     : "=&r"(failed)                                                                   \
                     : "r"(lost.pair), "r"(&lost.asked), "r"(&lost.answered), "r"(7ull)                \
                     : "x9", "x10", "x11", "memory")
#endif

PROBE_AARCH64("atomics.lost-race",
              "an exclusive store fails where another thread stored in between, to whichever part of a pair",
              "updates get lost: half of a 128-bit pointer and counter is compared", "")
#if defined(__aarch64__)
{
    static struct thread other;
    uint64_t begun = now_ns();
    for (which = 0; which < 8; which++) {
        if (now_ns() - begun > patience_ns() / 2) { // on a busy host each takes the scheduler's time
            note("few-races: %d of 8 lost races", which);
            return;
        }
        uint32_t failed = 9;
        lost.asked = lost.answered = 0;
        thread_create(&other, interfere, nullptr);
        switch (which) {
        case 0: LOST("ldxrb w10, [%1]", "stxrb %w0, %w4, [%1]"); break;
        case 1: LOST("ldaxrh w10, [%1]", "stlxrh %w0, %w4, [%1]"); break;
        case 2: LOST("ldxr w10, [%1]", "stxr %w0, %w4, [%1]"); break;
        case 3: LOST("ldaxr x10, [%1]", "stlxr %w0, %4, [%1]"); break;
        case 4:
        case 5: LOST("ldxp w10, w11, [%1]", "stxp %w0, %w4, %w4, [%1]"); break;
        default: LOST("ldaxp x10, x11, [%1]", "stlxp %w0, %4, %4, [%1]"); break;
        }
        thread_join(&other);
        char what[64];
        format(what, sizeof what, "status of the store that lost race %d", which);
        expect_number(what, failed, 1);
    }
}
#endif

enum { TIMES = 20'000 };

PROBE("atomics.processes", "atomic updates by two processes in shared memory are all counted, in each size",
      "locks of parallel builds and databases, which lie in shared memory, let two processes in", "")
{
    struct {
        alignas(8) uint64_t words[2];
        uint32_t half;
        uint16_t quarter;
        uint8_t byte;
    } *shared = sys_mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)shared);
    int pid = (int)expect_success("fork", sys_fork());
    for (int i = 0; i < TIMES; i++) {
        __atomic_fetch_add(&shared->words[0], 3, __ATOMIC_RELAXED);
        __atomic_fetch_add(&shared->half, 1, __ATOMIC_SEQ_CST);
        __atomic_fetch_xor(&shared->quarter, 1, __ATOMIC_RELAXED);
        uint64_t old = __atomic_load_n(&shared->words[1], __ATOMIC_RELAXED);
        while (
            !__atomic_compare_exchange_n(&shared->words[1], &old, old + 5, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
            ;
        __atomic_fetch_sub(&shared->byte, 1, __ATOMIC_RELAXED);
    }
    if (pid == 0)
        sys_exit(0);
    expect_exit("the other process", wait_status(pid), 0);
    expect_number("8 bytes", (int64_t)shared->words[0], 2 * 3 * TIMES);
    expect_number("8 bytes by compare-and-swap", (int64_t)shared->words[1], 2 * 5 * TIMES);
    expect_number("4 bytes", shared->half, 2 * TIMES);
    expect_number("2 bytes", shared->quarter, 0);
    expect_number("1 byte", shared->byte, (uint8_t)(-2 * TIMES));
}

#if defined(__aarch64__)
#define FAULT(NAME, TEXT) \
    [[gnu::naked]] static void NAME(void *) { __asm__(".arch armv8.1-a\n\t" TEXT "\n\tret\n\t.arch armv8-a"); }
FAULT(fault_ldxr, "ldxr x9, [x0]")
FAULT(fault_ldxrh, "ldxrh w9, [x0]")
FAULT(fault_ldaxp, "ldaxp x9, x10, [x0]")
FAULT(fault_ldar, "ldar x9, [x0]")
FAULT(fault_stlr, "stlr w9, [x0]")
FAULT(fault_ldadd, "ldadd x9, x10, [x0]")
FAULT(fault_casa, "casa w9, w10, [x0]")
FAULT(fault_casp, "casp x10, x11, x12, x13, [x0]")
FAULT(fault_swph, "swph w9, w10, [x0]")
#endif

PROBE_AARCH64("atomics.alignment", "atomic accesses across 16 bytes raise SIGBUS with BUS_ADRALN",
              "a wrong pointer is not noticed under emulation, and crashes on hardware", "")
#if defined(__aarch64__)
{
    alignas(64) static uint8_t memory[128];
    static const struct {
        const char *name;
        void (*run)(void *);
        bool extension;
    } accesses[] = {{"LDXR", fault_ldxr, false}, {"LDXRH", fault_ldxrh, false}, {"LDAXP", fault_ldaxp, false},
                    {"LDAR", fault_ldar, false}, {"STLR", fault_stlr, false},   {"LDADD", fault_ldadd, true},
                    {"CASA", fault_casa, true},  {"CASP", fault_casp, true},    {"SWPH", fault_swph, true}};
    fault_catch(SIGBUS);
    char missing[128] = "";
    size_t length = 0;
    for (size_t i = 0; i < sizeof accesses / sizeof *accesses; i++) {
        if (accesses[i].extension && !has_hwcap(HWCAP_ATOMICS))
            continue;
        int count = fault_seen.count;
        accesses[i].run(memory + 15);
        if (fault_seen.count == count)
            length += format(missing + length, sizeof missing - length, " %s", accesses[i].name);
        else
            expect_number(accesses[i].name, fault_seen.code, BUS_ADRALN);
    }
    if (length > 0)
        note("limit-alignment: no SIGBUS for unaligned%s", missing);
}
#endif
