// The base instruction set: corner cases that the Arm Architecture Reference Manual (DDI 0487) defines exactly.
#include "../probe.h"

#if defined(__aarch64__)
#define BINARY(INSTRUCTION, A, B)                                                               \
    ({                                                                                          \
        uint64_t result_;                                                                       \
        __asm__ volatile(INSTRUCTION : "=r"(result_) : "r"((uint64_t)(A)), "r"((uint64_t)(B))); \
        result_;                                                                                \
    })
#define UNARY(INSTRUCTION, A) BINARY(INSTRUCTION, A, 0)
#endif

PROBE_AARCH64("cpu.division",
              "division by zero gives 0, the most negative number by -1 gives itself, quotients truncate toward zero",
              "a translated division traps or saturates, and interpreters that rely on it miscompute", "")
#if defined(__aarch64__)
{
    static constexpr uint64_t least = 1ull << 63;
    expect_equal("udiv 7 / 0", BINARY("udiv %0, %1, %2", 7, 0), 0);
    expect_equal("sdiv -7 / 0", BINARY("sdiv %0, %1, %2", -7, 0), 0);
    expect_equal("sdiv 64 bits least / -1", BINARY("sdiv %0, %1, %2", least, -1), least);
    expect_equal("sdiv 32 bits least / -1", BINARY("sdiv %w0, %w1, %w2", 0x80000000, -1), 0x80000000);
    expect_equal("sdiv -7 / 2", BINARY("sdiv %0, %1, %2", -7, 2), (uint64_t)-3);
    expect_equal("udiv 2^64-1 / 3", BINARY("udiv %0, %1, %2", -1, 3), 0x5555555555555555);
    expect_equal("udiv of 32 bits ignores the upper half",
                 BINARY("udiv %w0, %w1, %w2", 0xdead'0000'0064, 0xbeef'0000'0007), 14);
}
#endif

PROBE_AARCH64("cpu.multiply", "128-bit products (UMULH, SMULH), widening and negated multiply-accumulate",
              "hashes and big-number arithmetic go wrong silently", "")
#if defined(__aarch64__)
{
    expect_equal("umulh", BINARY("umulh %0, %1, %2", -1, -1), 0xfffffffffffffffe);
    expect_equal("smulh -1 * -1", BINARY("smulh %0, %1, %2", -1, -1), 0);
    expect_equal("smulh least * least", BINARY("smulh %0, %1, %2", 1ull << 63, 1ull << 63), 0x4000000000000000);
    expect_equal("smulh least * 1", BINARY("smulh %0, %1, %2", 1ull << 63, 1), ~0ull);
    expect_equal("umulh", BINARY("umulh %0, %1, %2", 0x123456789abcdef0, 0xfedcba9876543210), 0x121fa00ad77d7422);
    expect_equal("umull", BINARY("umull %0, %w1, %w2", 0xffffffffffffffff, 0xffffffff), 0xfffffffe00000001);
    expect_equal("smull", BINARY("smull %0, %w1, %w2", 0x80000000, 0x80000000), 0x4000000000000000);
    expect_equal("mneg", BINARY("mneg %0, %1, %2", 3, 5), (uint64_t)-15);
    expect_equal("umsubl 0 - 7 * 9", BINARY("umsubl %0, %w1, %w2, xzr", 7, 9), (uint64_t)-63);
}
#endif

PROBE_AARCH64("cpu.bits", "counting, reversing and moving bits: CLZ, CLS, RBIT, REV, EXTR, BFI, UBFX, SBFX",
              "compressors and allocators that count leading zeros corrupt their tables", "")
#if defined(__aarch64__)
{
    expect_equal("clz of 0, 64 bits", UNARY("clz %0, %1", 0), 64);
    expect_equal("clz of 0, 32 bits", UNARY("clz %w0, %w1", 1ull << 40), 32);
    expect_equal("clz of 1", UNARY("clz %0, %1", 1), 63);
    expect_equal("cls of -1", UNARY("cls %0, %1", -1), 63);
    expect_equal("cls of least", UNARY("cls %0, %1", 1ull << 63), 0);
    expect_equal("rbit", UNARY("rbit %0, %1", 0x0123456789abcdef), 0xf7b3d591e6a2c480);
    expect_equal("rev", UNARY("rev %0, %1", 0x0123456789abcdef), 0xefcdab8967452301);
    expect_equal("rev16", UNARY("rev16 %0, %1", 0x0123456789abcdef), 0x23016745ab89efcd);
    expect_equal("rev32", UNARY("rev32 %0, %1", 0x0123456789abcdef), 0x67452301efcdab89);
    expect_equal("extr", BINARY("extr %0, %1, %2, #20", 0x0123456789abcdef, 0xfedcba9876543210), 0xbcdeffedcba98765);
    expect_equal("ubfx", UNARY("ubfx %0, %1, #12, #20", 0x0123456789abcdef), 0x89abc);
    expect_equal("sbfx", UNARY("sbfx %0, %1, #12, #20", 0x0123456789abcdef), 0xfffffffffff89abc);
    uint64_t field = 0xaaaaaaaaaaaaaaaa;
    __asm__ volatile("bfi %0, %1, #8, #16" : "+r"(field) : "r"(0x12345678ull));
    expect_equal("bfi", field, 0xaaaaaaaaaa5678aa);
    expect_equal("lsl by 65 is by 1", BINARY("lsl %0, %1, %2", 3, 65), 6);
    expect_equal("asr by 127 is by 63", BINARY("asr %0, %1, %2", 1ull << 63, 127), ~0ull);
    expect_equal("ror of 32 bits by 36 is by 4", BINARY("ror %w0, %w1, %w2", 0x12345678, 36), 0x81234567);
}
#endif

PROBE_AARCH64("cpu.flags", "N, Z, C and V after additions, subtractions with carry, and conditional compares",
              "comparisons at the edge of the number range branch the wrong way", "")
#if defined(__aarch64__)
{
    // N, Z, C, V as bits 3 to 0.
    static const struct {
        uint64_t a, b;
        unsigned after_adds, after_subs;
    } cases[] = {
        {0, 0, 0b0100, 0b0110},
        {~0ull, 1, 0b0110, 0b1010},
        {0x7fffffffffffffff, 1, 0b1001, 0b0010},
        {1ull << 63, 1ull << 63, 0b0111, 0b0110},
        {1ull << 63, 1, 0b1000, 0b0011},
        {1, 2, 0b0000, 0b1000},
        {0x7fffffffffffffff, ~0ull, 0b0010, 0b1001},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t flags;
        __asm__ volatile("adds xzr, %1, %2\n\tmrs %0, nzcv" : "=r"(flags) : "r"(cases[i].a), "r"(cases[i].b) : "cc");
        char what[80];
        format(what, sizeof what, "NZCV after 0x%lx + 0x%lx", cases[i].a, cases[i].b);
        expect_equal(what, flags >> 28, cases[i].after_adds);
        __asm__ volatile("subs xzr, %1, %2\n\tmrs %0, nzcv" : "=r"(flags) : "r"(cases[i].a), "r"(cases[i].b) : "cc");
        format(what, sizeof what, "NZCV after 0x%lx - 0x%lx", cases[i].a, cases[i].b);
        expect_equal(what, flags >> 28, cases[i].after_subs);
    }
    uint64_t low, high, flags;
    __asm__ volatile("adds %0, %3, %4\n\tadcs %1, %3, %4\n\tmrs %2, nzcv"
                     : "=&r"(low), "=&r"(high), "=&r"(flags)
                     : "r"(~0ull), "r"(1ull)
                     : "cc");
    expect_equal("sum of the low words", low, 0);
    expect_equal("adcs with carry", high, 1);
    expect_equal("NZCV after adcs", flags >> 28, 0b0010);
    __asm__ volatile("cmp %1, #5\n\tccmp %1, #9, #0b1101, ne\n\tmrs %0, nzcv" : "=r"(flags) : "r"(5ull) : "cc");
    expect_equal("NZCV of ccmp whose condition fails", flags >> 28, 0b1101);
    uint64_t chosen;
    __asm__ volatile("cmp %1, #6\n\tcsneg %0, %1, %1, hi" : "=r"(chosen) : "r"(5ull) : "cc");
    expect_equal("csneg", chosen, (uint64_t)-5);
}
#endif

#if defined(__arm__) // for 64 bits compilers take LDRD, which faults at odd addresses, unless they are told
typedef uint64_t unaligned [[gnu::aligned(1)]];
#else
typedef uint64_t unaligned;
#endif

PROBE("cpu.unaligned", "loads and stores of every size work at every alignment, also across pages",
      "parsers of packed formats crash with SIGBUS", "")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *base = sys_mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)base);
    for (int i = 0; i < 64; i++)
        base[page - 32 + (unsigned)i] = (uint8_t)(i + 1);
    for (unsigned offset = 0; offset < 33; offset++) {
        const uint8_t *at = base + page - 24 + offset - 8;
        uint64_t expected = 0, seen;
        for (int i = 7; i >= 0; i--)
            expected = expected << 8 | (uint8_t)(offset + (unsigned)i + 1);
        uint32_t half = (uint32_t)expected;
        uint16_t quarter = (uint16_t)expected;
        if (ELF_DATA == 2) { // big-endian: the first byte is the highest
            expected = __builtin_bswap64(expected);
            half = __builtin_bswap32(half);
            quarter = __builtin_bswap16(quarter);
        }
        seen = *(const volatile unaligned *)at;
        expect_equal("eight unaligned bytes", seen, expected);
        expect_equal("four unaligned bytes", *(const volatile uint32_t *)at, half);
        expect_equal("two unaligned bytes", *(const volatile uint16_t *)at, quarter);
    }
    *(volatile unaligned *)(base + page - 3) = 0x1122334455667788;
    expect_bytes("eight bytes stored across a page", base + page - 3,
                 ELF_DATA == 2 ? "\x11\x22\x33\x44\x55\x66\x77\x88" : "\x88\x77\x66\x55\x44\x33\x22\x11", 8);
    expect_equal("the byte after them", base[page + 5], 38);
}

PROBE_AARCH64("cpu.counter", "the virtual counter runs forward at the frequency that CNTFRQ_EL0 tells",
              "programs that time themselves with CNTVCT_EL0 measure nonsense or never finish waiting", "")
#if defined(__aarch64__)
{
    uint64_t frequency, first, second;
    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
    EXPECT(frequency >= 1'000'000 && frequency <= 10'000'000'000, "1 MHz <= CNTFRQ_EL0 <= 10 GHz", "%lu", frequency);
    uint64_t begun_outside = now_ns();
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(first)::"memory");
    uint64_t begun = now_ns(), now;
    do
        now = now_ns();
    while (now - begun < 300'000);
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(second)::"memory");
    uint64_t ended_outside = now_ns();
    EXPECT(second > first, "CNTVCT_EL0 runs forward", "%lu, then %lu", first, second);
    uint64_t measured = (second - first) * 1'000'000'000 / frequency;
    uint64_t least = (now - begun) * 9 / 10, most = (ended_outside - begun_outside) * 11 / 10 + 1000;
    EXPECT(measured >= least && measured <= most, "the counter and CLOCK_MONOTONIC agree within a tenth",
           "%lu ns against %lu to %lu", measured, least, most);
}
#endif

PROBE_AARCH64("cpu.dc-zva", "DC ZVA zeroes the block that DCZID_EL0 describes, and nothing else",
              "memset of a C library leaves bytes or clears too many", "")
#if defined(__aarch64__)
{
    uint64_t id;
    __asm__ volatile("mrs %0, dczid_el0" : "=r"(id));
    if (id & 16)
        skip("DCZID_EL0.DZP prohibits DC ZVA");
    size_t block = (size_t)4 << (id & 15);
    EXPECT(block >= 16 && block <= 2048, "a block of 16 to 2048 bytes", "%lu", block);
    alignas(2048) static uint8_t memory[3 * 2048];
    memset(memory, 0xa5, sizeof memory);
    __asm__ volatile("dc zva, %0" ::"r"(memory + 2048 + block / 2) : "memory"); // any address inside the block
    for (size_t i = 0; i < sizeof memory; i++) {
        uint8_t expected = i >= 2048 && i < 2048 + block ? 0 : 0xa5;
        EXPECT(memory[i] == expected, "the block is zero and its surroundings are kept", "byte %ld is 0x%02x",
               (int64_t)i - 2048, memory[i]);
    }
}
#endif
