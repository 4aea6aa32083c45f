// Instructions by rule: each row of isa/ draws encodings and operands, edge values among them, and compares everything
// that the instruction left (registers, flags, FPSR, every lane, memory) with a model in plain C. ci/vixl holds the
// models against an implementation that shares nothing with QEMU.
#include "../hwcap.h"
#include "../threads.h"

#if defined(__aarch64__)
#include "../isa/check.h"

execute_function execute;

static void check(const struct instruction_class *class)
{
    enum { ROW = WORDS * SLOT_WORDS * 4 };
    size_t size = class->count * ROW;
    uint8_t *code = sys_mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)code);
    for (size_t i = 0; i < class->count; i++)
        write_words(class, i, (uint32_t *)(code + i * ROW));
    expect_success("mprotect(PROT_EXEC)", sys_mprotect(code, size, PROT_READ | PROT_EXEC));
    synchronise_code(code, code + size);
    fp_halves = has_hwcap(HWCAP_FPHP);
    uint64_t begun = now_ns();
    for (size_t i = 0; i < class->count; i++) {
        const struct row *row = &class->rows[i];
        if (row->feature != ALWAYS && !has_hwcap((enum hwcap)row->feature))
            continue;
        struct mismatch found;
        bool late = now_ns() - begun > patience_ns() / 2; // then each encoding only once
        if (check_row(class, i, late ? WORDS : TRIES * started.scale, (uint32_t *)(code + i * ROW), execute, &found))
            continue;
        if (starts_with(row->name, "limit-")) {
            note("%s", row->name);
            continue;
        }
        char expected[200];
        format(expected, sizeof expected, "%s, as 0x%08x: %s%u = 0x%lx", row->name, found.word, found.what,
               found.number, found.expected);
        fail(expected, "0x%lx", found.seen);
    }
}
#endif

PROBE_AARCH64("cpu.integer",
              "arithmetic, logic, bit fields, shifts, multiplication, division, selects and flags, by rule",
              "any program computes something else than on hardware, silently", "")
#if defined(__aarch64__)
{
    check(&integer_class);
}
#endif

PROBE_AARCH64(
    "cpu.branches",
    "branches on conditions, on zero, on a bit and with link go where they should; RMIF and SETF set their flags",
    "loops end early or never", "")
#if defined(__aarch64__)
{
    check(&branch_class);
}
#endif

PROBE_AARCH64("cpu.loads",
              "loads and stores of each size, sign and addressing form, pairs, literals and structures, by rule",
              "data is read from beside its place, or with wrong upper bits", "")
#if defined(__aarch64__)
{
    check(&memory_class);
}
#endif

#if defined(__aarch64__)
static void wait_for_ever(struct thread *)
{
    for (;;)
        sys_poll(nullptr, 0, nullptr);
}

// Until the process ends. An emulator may translate atomic instructions in another way from then on.
static void begin_second_thread(void)
{
    static struct thread thread;
    thread_create(&thread, wait_for_ever, nullptr);
}
#endif

PROBE_AARCH64("cpu.atomic-instructions",
              "ordered loads and stores, atomic updates, CAS and CASP of each size and order, alone: result and memory",
              "locks and counters go wrong without any race", "")
#if defined(__aarch64__)
{
    check(&atomic_class);
    begin_second_thread();
    check(&atomic_class);
}
#endif

#if defined(__aarch64__)
static struct {
    volatile int count, signal;
    uint64_t pc, address, next;
} trap;

static void pass_over(int signal, struct siginfo *info, void *context)
{
    trap.count++;
    trap.signal = signal;
    trap.pc = context_pc(context);
    trap.address = (uintptr_t)info->address;
    context_set_pc(context, trap.next);
}

// Each encoding on memory that cannot be touched: where it faults, the place is told, and nothing has changed.
static unsigned check_faults(const struct instruction_class *class, uint8_t *area, size_t size, uint32_t *code)
{
    for (size_t i = 0; i < class->count; i++)
        for (unsigned number = 0; number < WORDS; number += 3) {
            uint32_t *at = code + i * WORDS + number;
            at[0] = 0xd503201f; // nop: where an emulator does not know better, it tells this one's place
            at[1] = draw_word(&class->rows[i], number);
            at[2] = 0xd61f0380; // br x28
        }
    synchronise_code(code, code + class->count * WORDS);
    static struct state before, seen;
    unsigned faults = 0;
    for (size_t i = 0; i < class->count; i++) {
        const struct row *row = &class->rows[i];
        if (row->feature != ALWAYS && !has_hwcap((enum hwcap)row->feature))
            continue;
        for (unsigned number = 0; number < WORDS; number += 3) {
            const uint32_t *at = code + i * WORDS + number;
            draw_state(&before, ADDRESSES, row, number);
            place(&before, ADDRESSES, (uintptr_t)area + size / 2, (uintptr_t)(at + 1));
            before.x[6] = number;
            seen = before;
            trap.count = 0;
            trap.next = (uintptr_t)(at + 2);
            execute(&seen, at);
            if (trap.count == 0 || trap.signal == SIGILL) // of registers alone, or not allocated
                continue;
            faults++;
            char what[160];
            format(what, sizeof what, "%s, as 0x%08x, on memory that cannot be touched", row->name, at[1]);
            expect_number(what, trap.count, 1);
            expect_equal(what, trap.pc, (uintptr_t)(at + 1));
            EXPECT(trap.address - (uintptr_t)area < size, "an address of that memory", "0x%lx", trap.address);
            expect_bytes(what, &seen, &before, offsetof(struct state, fpcr));
        }
    }
    return faults;
}
#endif

PROBE_AARCH64("cpu.faults",
              "loads, stores and atomic updates of each kind that fault tell their place and have changed no register",
              "garbage collectors and Go, which mend a fault and go on, continue with other registers or elsewhere", "")
#if defined(__aarch64__)
{
    static uint8_t memory[65536];
    struct signal_stack stack = {memory, 0, sizeof memory};
    expect_success("sigaltstack", sys2(SYS_sigaltstack, (long)&stack, 0));
    struct sigaction action = {.action = pass_over, .flags = SA_SIGINFO | SA_ONSTACK};
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL};
    for (int i = 0; i < 3; i++)
        expect_success("rt_sigaction", sys_sigaction(signals[i], &action, nullptr));
    enum { SIZE = 1 << 20 };
    uint8_t *area = sys_mmap(nullptr, SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    uint32_t *code = sys_mmap(nullptr, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)code);
    unsigned faults = check_faults(&memory_class, area, SIZE, code);
    faults += check_faults(&atomic_class, area, SIZE, code + 4096);
    begin_second_thread();
    faults += check_faults(&atomic_class, area, SIZE, code + 8192);
    EXPECT(faults >= 50, "50 or more faults, where there are no LSE atomics, too", "%u", faults);
}
#endif

PROBE_AARCH64("simd.integer",
              "vector instructions on integers in each arrangement, scalar forms too: every lane and FPSR.QC",
              "codecs, compressors and string functions of C libraries go wrong", "")
#if defined(__aarch64__)
{
    check(&vector_class);
}
#endif

PROBE_AARCH64("simd.unary",
              "vector instructions of one operand, comparisons with zero, narrowing, and sums across lanes",
              "string functions of C libraries find the wrong byte", "")
#if defined(__aarch64__)
{
    check(&two_class);
}
#endif

PROBE_AARCH64("simd.shift",
              "vector shifts by immediates, permutations, copies, table lookups and immediates, every lane",
              "ciphers, codecs and string functions go wrong", "")
#if defined(__aarch64__)
{
    check(&shift_class);
}
#endif

PROBE_AARCH64("simd.element", "vector multiplications by one element of another vector, every lane and FPSR.QC",
              "matrix and filter code goes wrong", "")
#if defined(__aarch64__)
{
    check(&element_class);
}
#endif

PROBE_AARCH64("fp.scalar",
              "floating point in half, single and double, in each rounding mode, with FZ and DN: value, NaN, flags",
              "numbers differ from those of hardware in the last bit, or in more", "")
#if defined(__aarch64__)
{
    check(&fp_class);
}
#endif

PROBE_AARCH64("fp.vector", "floating point on vectors in each arrangement and mode: every lane, NaN and flag",
              "numeric libraries, which are vectorised, differ from hardware", "")
#if defined(__aarch64__)
{
    check(&fp_vector_class);
    check(&complex_class);
}
#endif

#if defined(__aarch64__)
// Whose result is wider than its operands (Arm ARM, C4.1.96: three different registers, by element, pairwise, shifts,
// FCVTL), and REV32 and REV64.
static bool may_keep(uint32_t word)
{
    return (word & 0x9f200c00) == 0x0e200000 || (word & 0x9f002400) == 0x0f002000 ||
           (word & 0xdf002400) == 0x5f002000 || (word & 0x9f80fc00) == 0x0f00a400 ||
           (word & 0xbf3ffc00) == 0x2e213800 || (word & 0x9f3fbc00) == 0x0e202800 ||
           (word & 0xbfbffc00) == 0x0e217800 || (word & 0x9f3ffc00) == 0x0e200800;
}

// A word for each row: what it writes below bit 128 of a vector register makes the bits above zero. First all code is
// written, then it is executed.
static bool check_upper(const struct instruction_class *class, uint32_t *code, uint8_t *seen, uint64_t length)
{
    static struct state state;
    bool limit = false;
    for (size_t i = 0; i < 2 * class->count; i++) {
        const struct row *row = &class->rows[i % class->count];
        if (row->feature != ALWAYS && !has_hwcap((enum hwcap)row->feature))
            continue;
        uint32_t *at = code + i % class->count * 4;
        if (i < class->count) {
            bool allocated = false;
            for (unsigned again = 0; again < 8 && !allocated; again++) {
                at[1] = draw_word(row, again);
                draw_state(&state, class->operands, row, again);
                allocated = row->model(&state, at[1]);
            }
            at[0] = 0x2538dfe0 | (at[1] & 31);          // mov z.b, #-1
            at[2] = 0xe5804000 | 5 << 5 | (at[1] & 31); // str z, [x5]
            at[3] = 0xd61f0380;                         // br x28
            if (!allocated)
                at[1] = 0xd503201f; // nop
            synchronise_code(at, at + 4);
            continue;
        }
        draw_state(&state, class->operands, row, 0);
        state.x[5] = (uintptr_t)seen;
        state.fpcr = 0;
        execute(&state, at);
        bool written = false, left = false;
        for (unsigned j = 0; j < 16; j++)
            written |= seen[j] != 0xff;
        for (uint64_t j = 16; j < length; j++)
            left |= seen[j] != 0;
        if (written && left && may_keep(at[1]))
            limit = true;
        else
            EXPECT(!written || !left, "zero above bit 128 of what was written", "%s, as 0x%08x: something else",
                   row->name, at[1]);
    }
    return limit;
}
#endif

PROBE_AARCH64("cpu.sve-upper", "what Advanced SIMD and floating point write makes the rest of an SVE register zero",
              "programs that mix both find old data in their vectors", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_SVE);
    uint64_t length;
    __asm__ volatile(".arch armv8.2-a+sve\n\trdvl %0, #1\n\t.arch armv8-a" : "=r"(length));
    static uint8_t seen[256];
    uint32_t *code = sys_mmap(nullptr, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)code);
    fp_halves = has_hwcap(HWCAP_FPHP);
    static const struct instruction_class *const classes[] = {&vector_class, &two_class, &shift_class, &element_class,
                                                              &fp_class,     &fp_vector_class, &complex_class};
    bool limit = false;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        limit |= check_upper(classes[i], code + i * 2048, seen, length);
    if (limit)
        note("limit-sve-upper: widening instructions and REV keep what is above 128 bits");
}
#endif
