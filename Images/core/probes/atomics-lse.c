// The Large System Extensions of ARMv8.1 (FEAT_LSE): one instruction per atomic update.
#include "../hwcap.h"
#include "../threads.h"

#if defined(__aarch64__)
#define LSE ".arch armv8.1-a\n\t"
#define BASE "\n\t.arch armv8-a"

// Memory operations that take one operand and return the old value, in the four sizes.
#define OPERATION(NAME)                                                                                            \
    static uint64_t NAME(size_t size, void *at, uint64_t operand)                                                  \
    {                                                                                                              \
        uint64_t old;                                                                                              \
        if (size == 1)                                                                                             \
            __asm__ volatile(LSE #NAME "alb %w1, %w0, [%2]" BASE : "=&r"(old) : "r"(operand), "r"(at) : "memory"); \
        else if (size == 2)                                                                                        \
            __asm__ volatile(LSE #NAME "alh %w1, %w0, [%2]" BASE : "=&r"(old) : "r"(operand), "r"(at) : "memory"); \
        else if (size == 4)                                                                                        \
            __asm__ volatile(LSE #NAME "al %w1, %w0, [%2]" BASE : "=&r"(old) : "r"(operand), "r"(at) : "memory");  \
        else                                                                                                       \
            __asm__ volatile(LSE #NAME "al %1, %0, [%2]" BASE : "=&r"(old) : "r"(operand), "r"(at) : "memory");    \
        return old;                                                                                                \
    }
OPERATION(ldadd)
OPERATION(ldclr)
OPERATION(ldeor)
OPERATION(ldset)
OPERATION(ldsmax)
OPERATION(ldsmin)
OPERATION(ldumax)
OPERATION(ldumin)
OPERATION(swp)

// What the operation leaves in memory, by its definition; numbers of `bits` bits.
static uint64_t model(char operation, uint64_t old, uint64_t operand, unsigned bits)
{
    int64_t a = (int64_t)(old << (64 - bits)), b = (int64_t)(operand << (64 - bits));
    switch (operation) {
    case '+': return old + operand;
    case '&': return old & ~operand;
    case '^': return old ^ operand;
    case '|': return old | operand;
    case 'X': return a > b ? old : operand;
    case 'N': return a < b ? old : operand;
    case 'x': return (uint64_t)a > (uint64_t)b ? old : operand;
    case 'n': return (uint64_t)a < (uint64_t)b ? old : operand;
    default: return operand;
    }
}
#endif

PROBE_AARCH64(
    "atomics.lse-arithmetic",
    "LDADD, LDCLR, LDEOR, LDSET, LDSMAX, LDSMIN, LDUMAX, LDUMIN and SWP in four sizes: result, old value, neighbours",
    "glibc, Go and Java switch to LSE where it is claimed", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_ATOMICS);
    static const struct {
        const char *name;
        uint64_t (*run)(size_t, void *, uint64_t);
        char operation;
    } operations[] = {{"ldadd", ldadd, '+'},   {"ldclr", ldclr, '&'},   {"ldeor", ldeor, '^'},
                      {"ldset", ldset, '|'},   {"ldsmax", ldsmax, 'X'}, {"ldsmin", ldsmin, 'N'},
                      {"ldumax", ldumax, 'x'}, {"ldumin", ldumin, 'n'}, {"swp", swp, '='}};
    static const uint64_t operands[] = {
        0, 1, 0x7f7f7f7f7f7f7f7f, 0x8080808080808080, 0xffffffffffffffff, 0x123456789abcdef0};
    enum { COUNT = sizeof operands / sizeof *operands };
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        for (size_t size = 1; size <= 8; size *= 2)
            for (size_t j = 0; j < COUNT * COUNT; j++) {
                uint64_t old = operands[j / COUNT], operand = operands[j % COUNT];
                uint64_t mask = size == 8 ? ~0ull : (1ull << size * 8) - 1;
                uint64_t memory = old;
                uint64_t got = operations[i].run(size, &memory, operand);
                uint64_t expected =
                    (model(operations[i].operation, old & mask, operand & mask, (unsigned)size * 8) & mask) |
                    (old & ~mask);
                char what[96];
                format(what, sizeof what, "%s of %lu bytes, 0x%lx with 0x%lx: old value", operations[i].name, size,
                       old & mask, operand & mask);
                expect_equal(what, got, old & mask);
                format(what, sizeof what, "%s of %lu bytes, 0x%lx with 0x%lx: memory", operations[i].name, size,
                       old & mask, operand & mask);
                expect_equal(what, memory, expected);
            }
}
#endif

#if defined(__aarch64__)
enum { ROUNDS = 4096, STEP = 16 };
static alignas(16) uint64_t pair[2];
static uint64_t word;

static void update(int)
{
    uint64_t old = __atomic_load_n(&word, __ATOMIC_RELAXED), seen;
    for (;; old = seen) {
        seen = old;
        __asm__ volatile(LSE "casal %0, %1, [%2]" BASE : "+r"(seen) : "r"(old + 5), "r"(&word) : "memory");
        if (seen == old)
            break;
    }
    register uint64_t low __asm__("x0") = pair[0], high __asm__("x1") = pair[1];
    for (;;) {
        register uint64_t new_low __asm__("x2") = low + 1, new_high __asm__("x3") = high - 1;
        uint64_t was_low = low, was_high = high;
        __asm__ volatile(LSE "caspal x0, x1, x2, x3, [%4]" BASE
                         : "+r"(low), "+r"(high)
                         : "r"(new_low), "r"(new_high), "r"(pair)
                         : "memory");
        if (low == was_low && high == was_high)
            break;
    }
}
#endif

PROBE_AARCH64(
    "atomics.compare-and-swap",
    "CAS and the 128-bit CASP succeed only on equality, return what was there, and lose nothing under contention",
    "lock-free queues of Java, Go and Rust corrupt themselves", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_ATOMICS);
    uint64_t memory = 0x1122334455667788, seen = 0xff;
    __asm__ volatile(LSE "casb %w0, %w1, [%2]" BASE : "+r"(seen) : "r"(0x99), "r"(&memory) : "memory");
    expect_equal("old byte of a CASB that does not match", seen, 0x88);
    expect_equal("memory after it", memory, 0x1122334455667788);
    seen = 0xabcd7788; // a comparison of two bytes ignores what is above
    __asm__ volatile(LSE "cash %w0, %w1, [%2]" BASE : "+r"(seen) : "r"(0x99aa), "r"(&memory) : "memory");
    expect_equal("old value of a CASH that matches", seen, 0x7788);
    expect_equal("memory after it", memory, 0x11223344556699aa);
    in_step(update, update, ROUNDS, STEP);
    expect_number("sum by CAS", (int64_t)word, 2 * 5 * ROUNDS);
    expect_number("CASP, low word", (int64_t)pair[0], 2 * ROUNDS);
    expect_number("CASP, high word", (int64_t)pair[1], -2 * ROUNDS);
}
#endif
