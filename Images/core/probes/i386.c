// 32-bit x86: instructions as the Intel 64 and IA-32 Architectures Software Developer's Manual (SDM) defines them.
#include "../fault.h"
#include "../threads.h"

#if defined(__i386__)
struct cpuid {
    uint32_t a, b, c, d;
};

static struct cpuid cpuid(uint32_t leaf, uint32_t part)
{
    struct cpuid seen;
    __asm__ volatile("cpuid" : "=a"(seen.a), "=b"(seen.b), "=c"(seen.c), "=d"(seen.d) : "a"(leaf), "c"(part));
    return seen;
}

// Each is a whole function: a fault returns from it.
#define EXECUTE(NAME, TEXT) \
    [[gnu::naked]] static void execute_##NAME(void) { __asm__(TEXT "\n\tret"); }
EXECUTE(fpu, "fninit")
EXECUTE(tsc, "rdtsc")
EXECUTE(cx8, "movl %ebx, %ecx\n\tcmpxchg8b -64(%esp)")
EXECUTE(cmov, "cmovcl %ecx, %eax")
EXECUTE(mmx, "paddb %mm0, %mm0\n\temms")
EXECUTE(fxsr, "subl $640, %esp\n\tmovl %esp, %eax\n\tandl $-16, %eax\n\tfxsave (%eax)\n\taddl $640, %esp")
EXECUTE(sse, "addps %xmm0, %xmm0")
EXECUTE(sse2, "paddq %xmm0, %xmm0")
EXECUTE(sse3, "haddps %xmm0, %xmm0")
EXECUTE(ssse3, "pshufb %xmm0, %xmm0")
EXECUTE(sse41, "pmulld %xmm0, %xmm0")
EXECUTE(sse42, "pcmpgtq %xmm0, %xmm0")
EXECUTE(popcnt, "popcnt %eax, %eax")
EXECUTE(aes, "aesenc %xmm0, %xmm0")
EXECUTE(pclmul, "pclmulqdq $0, %xmm0, %xmm0")
EXECUTE(movbe, "movbe -8(%esp), %eax")
EXECUTE(avx, "vaddps %xmm0, %xmm0, %xmm0")
EXECUTE(rdrand, "rdrand %eax")
#endif

PROBE_I386(
    "i386.cpuid",
    "CPUID has what Debian and Go ask for (CX8, CMOV, SSE2), AT_HWCAP is its leaf 1, and what it claims executes",
    "libraries pick an instruction at run time and die of SIGILL", "")
#if defined(__i386__)
{
    static const struct {
        const char *name;
        uint8_t bit; // of EDX, from 32 on of ECX
        void (*execute)(void);
    } features[] = {
        {"fpu", 0, execute_fpu},        {"tsc", 4, execute_tsc},      {"cx8", 8, execute_cx8},
        {"cmov", 15, execute_cmov},     {"mmx", 23, execute_mmx},     {"fxsr", 24, execute_fxsr},
        {"sse", 25, execute_sse},       {"sse2", 26, execute_sse2},   {"sse3", 32, execute_sse3},
        {"pclmul", 33, execute_pclmul}, {"ssse3", 41, execute_ssse3}, {"sse4.1", 51, execute_sse41},
        {"sse4.2", 52, execute_sse42},  {"movbe", 54, execute_movbe}, {"popcnt", 55, execute_popcnt},
        {"aes", 57, execute_aes},       {"avx", 60, execute_avx},     {"rdrand", 62, execute_rdrand},
    };
    struct cpuid zero = cpuid(0, 0), one = cpuid(1, 0), again = cpuid(1, 0);
    EXPECT(zero.a >= 1 && zero.a < 0x100, "a highest leaf", "0x%x", zero.a);
    static const uint32_t base = 1 << 0 | 1 << 4 | 1 << 8 | 1 << 15 | 1 << 24 | 1 << 25 | 1 << 26;
    expect_equal("fpu, tsc, cx8, cmov, fxsr, sse and sse2 of leaf 1", one.d & base, base);
    expect_equal("AT_HWCAP", auxv_value(AT_HWCAP), one.d);
    expect_equal("leaf 1 again: signature", again.a, one.a);
    EXPECT((one.a >> 8 & 15) >= 6, "family 6 or later, as AT_PLATFORM i686 says", "%u", one.a >> 8 & 15);
    bool saves = one.c >> 27 & 1; // OSXSAVE: without it AVX is not enabled
    fault_catch(SIGILL);
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        uint8_t bit = features[i].bit;
        if (!((bit < 32 ? one.d >> bit : one.c >> (bit - 32)) & 1) || (bit == 60 && !saves))
            continue;
        features[i].execute();
        char what[64];
        format(what, sizeof what, "SIGILL of %s, which is claimed", features[i].name);
        expect_number(what, fault_seen.count, 0);
    }
}
#endif

#if defined(__i386__)
enum { CF = 1, PF = 4, AF = 16, ZF = 64, SF = 128, OF = 2048 };

// INSTRUCTION changes eax, with ecx as its second operand and edx as its third; returns eax and the flags.
#define COMPUTE(INSTRUCTION, A, C, D)                                                \
    ({                                                                               \
        uint32_t a_ = A, c_ = C, d_ = D, flags_;                                     \
        __asm__ volatile("pushl $2\n\tpopfl\n\t" INSTRUCTION "\n\tpushfl\n\tpopl %1" \
                         : "+a"(a_), "=r"(flags_), "+c"(c_), "+d"(d_)                \
                         :                                                           \
                         : "cc");                                                    \
        (struct computed){a_, d_, flags_ & (CF | PF | AF | ZF | SF | OF)};           \
    })
struct computed {
    uint32_t a, d, flags;
};

static void expect_computed(const char *what, struct computed seen, uint32_t a, uint32_t flags, uint32_t defined)
{
    char text[96];
    format(text, sizeof text, "%s: eax", what);
    expect_equal(text, seen.a, a);
    format(text, sizeof text, "%s: flags", what);
    expect_equal(text, seen.flags & defined, flags);
}
#endif

PROBE_I386(
    "i386.arithmetic",
    "additions, shifts, multiplications, divisions, bit scans and decimal adjustments leave their results and flags",
    "interpreters, compressors and big numbers compute nonsense", "")
#if defined(__i386__)
{
    static constexpr uint32_t all = CF | PF | AF | ZF | SF | OF, some = CF | PF | ZF | SF | OF;
    expect_computed("add 0x7fffffff + 1", COMPUTE("addl %%ecx, %%eax", 0x7fffffff, 1, 0), 0x80000000, OF | SF | AF | PF,
                    all);
    expect_computed("add -1 + 1", COMPUTE("addl %%ecx, %%eax", -1, 1, 0), 0, CF | ZF | AF | PF, all);
    expect_computed("sub 0 - 1", COMPUTE("subl %%ecx, %%eax", 0, 1, 0), ~0u, CF | SF | AF | PF, all);
    expect_computed("stc, adc", COMPUTE("stc\n\tadcl %%ecx, %%eax", 0xffffffff, 0, 0), 0, CF | ZF | AF | PF, all);
    expect_computed("stc, sbb", COMPUTE("stc\n\tsbbl %%ecx, %%eax", 0x80000000, 0, 0), 0x7fffffff, OF | AF | PF, all);
    expect_computed("stc, inc keeps the carry", COMPUTE("stc\n\tincl %%eax", 0x7fffffff, 0, 0), 0x80000000,
                    CF | OF | SF | AF | PF, all);
    expect_computed("neg of the least number", COMPUTE("negl %%eax", 0x80000000, 0, 0), 0x80000000, CF | OF | SF | PF,
                    all);
    expect_computed("shl by 1", COMPUTE("shll $1, %%eax", 0xc0000001, 0, 0), 0x80000002, CF | SF, some);
    expect_computed("sar by cl", COMPUTE("sarl %%cl, %%eax", 0x80000010, 5, 0), 0xfc000000, CF | SF | PF,
                    CF | PF | ZF | SF);
    expect_computed("shl by 32 changes nothing", COMPUTE("stc\n\tshll %%cl, %%eax", 7, 32, 0), 7, CF, CF);
    expect_computed("shld", COMPUTE("shldl $8, %%edx, %%eax", 0x12345678, 0, 0xabcdef01), 0x345678ab, 0, CF | ZF);
    expect_computed("shrd", COMPUTE("shrdl %%cl, %%edx, %%eax", 0x12345678, 12, 0xabcdef01), 0xf0112345, SF, ZF | SF);
    expect_computed("stc, rcl", COMPUTE("stc\n\trcll $1, %%eax", 0x80000000, 0, 0), 1, CF | OF, CF | OF);
    expect_computed("ror", COMPUTE("rorl $4, %%eax", 0x1234567f, 0, 0), 0xf1234567, CF, CF);
    expect_computed("bswap", COMPUTE("bswapl %%eax", 0x01020304, 0, 0), 0x04030201, 0, 0);
    expect_computed("bsf", COMPUTE("bsfl %%ecx, %%eax", 0, 0x00a00000, 0), 21, 0, ZF);
    expect_computed("bsr", COMPUTE("bsrl %%ecx, %%eax", 0, 0x00a00000, 0), 23, 0, ZF);
    expect_computed("bsf of nothing", COMPUTE("bsfl %%ecx, %%eax\n\tmovl $5, %%eax", 0, 0, 0), 5, ZF, ZF);
    expect_computed("bt", COMPUTE("btl %%ecx, %%eax", 0x80000000, 63, 0), 0x80000000, CF, CF);
    expect_computed("imul that overflows", COMPUTE("imull %%ecx, %%eax", 0x10000, 0x10000, 0), 0, CF | OF, CF | OF);
    expect_computed("imul", COMPUTE("imull $-3, %%ecx, %%eax", 0, 7, 0), (uint32_t)-21, 0, CF | OF);
    struct computed wide = COMPUTE("mull %%ecx", 0xffffffff, 0xffffffff, 0);
    expect_equal("mul: edx:eax", (uint64_t)wide.d << 32 | wide.a, 0xfffffffe00000001);
    wide = COMPUTE("imull %%ecx", 0x80000000, 0x80000000, 0);
    expect_equal("imul: edx:eax", (uint64_t)wide.d << 32 | wide.a, 0x4000000000000000);
    wide = COMPUTE("divl %%ecx", 0xffffffff, 0x80000000, 0x7fffffff);
    expect_equal("div: rest and quotient", (uint64_t)wide.d << 32 | wide.a, 0x7fffffff'ffffffff);
    wide = COMPUTE("cltd\n\tidivl %%ecx", (uint32_t)-7, 2, 0);
    expect_equal("idiv: rest and quotient", (uint64_t)wide.d << 32 | wide.a, 0xffffffff'fffffffd);
    expect_computed("daa", COMPUTE("addb %%cl, %%al\n\tdaa", 0x79, 0x35, 0), 0x14, CF | AF | PF,
                    CF | AF | PF | ZF | SF);
    expect_computed("das", COMPUTE("subb %%cl, %%al\n\tdas", 0x35, 0x47, 0), 0x88, CF | AF | SF | PF,
                    CF | AF | PF | ZF | SF);
    expect_computed("aam", COMPUTE("aam", 63, 0, 0), 0x603, PF, PF | ZF | SF);
    expect_computed("aad", COMPUTE("aad", 0x603, 0, 0), 63, PF, PF | ZF | SF);
    expect_computed("aaa", COMPUTE("aaa", 0x0b, 0, 0), 0x101, CF | AF, CF | AF);
    expect_computed("lahf after sahf", COMPUTE("sahf\n\tmovl $0, %%eax\n\tlahf", 0xd500, 0, 0), 0xd700, 0, 0);
    expect_computed("cmpxchg that fits", COMPUTE("cmpxchgl %%edx, %%ecx\n\tmovl %%ecx, %%eax", 5, 5, 9), 9, ZF | PF,
                    all);
    expect_computed("xadd", COMPUTE("xaddl %%eax, %%edx", 0xfffffff0, 0, 0x20), 0x20, CF, all);
}
#endif

#if defined(__i386__)
[[gnu::naked]] static void divide_by_zero(void) { __asm__("xorl %ecx, %ecx\n\tdivl %ecx\n\tret"); }
[[gnu::naked]] static void divide_too_much(void) { __asm__("movl $2, %edx\n\tmovl $1, %ecx\n\tdivl %ecx\n\tret"); }
[[gnu::naked]] static void breakpoint(void) { __asm__("int3\n\tret"); }
[[gnu::naked]] static void halt(void) { __asm__("hlt\n\tret"); }
[[gnu::naked]] static void read_port(void) { __asm__("inb $0x80, %al\n\tret"); }
[[gnu::naked]] static void other_interrupt(void) { __asm__("int $0x7f\n\tret"); }
#endif

PROBE_I386(
    "i386.exceptions",
    "division by zero or with too large a quotient is SIGFPE, INT3 SIGTRAP behind it, privileged instructions SIGSEGV",
    "debuggers, sanitizers and interpreters that catch a division end instead", "")
#if defined(__i386__)
{
    static const int caught[] = {SIGFPE, SIGTRAP, SIGSEGV};
    for (size_t i = 0; i < 3; i++)
        fault_catch(caught[i]);
    divide_by_zero();
    expect_fault("div by zero", SIGFPE, FPE_INTDIV, (uintptr_t)divide_by_zero + 2, (uintptr_t)divide_by_zero + 2);
    divide_too_much();
    expect_fault("div with too large a quotient", SIGFPE, FPE_INTDIV, (uintptr_t)divide_too_much + 10,
                 (uintptr_t)divide_too_much + 10);
    breakpoint();
    expect_number("signal of INT3", fault_seen.signal, SIGTRAP);
    expect_equal("pc behind INT3", fault_seen.pc, (uintptr_t)breakpoint + 1);
    fault_seen.count = 0;
    static void (*const privileged[])(void) = {halt, read_port, other_interrupt};
    static const char *const names[] = {"HLT", "IN", "INT 0x7f"};
    for (size_t i = 0; i < 3; i++) {
        privileged[i]();
        expect_number(names[i], fault_seen.count, 1);
        expect_number(names[i], fault_seen.signal, SIGSEGV);
        expect_equal(names[i], fault_seen.pc, (uintptr_t)privileged[i]);
        fault_seen.count = 0;
    }
}
#endif

PROBE_I386("i386.strings", "MOVS, STOS, LODS, SCAS and CMPS with their prefixes, forwards and backwards",
           "memcpy and strlen of older C libraries go wrong", "")
#if defined(__i386__)
{
    uint8_t from[32], to[32];
    for (unsigned i = 0; i < 32; i++)
        from[i] = (uint8_t)(i + 1), to[i] = 0xee;
    void *source = from + 1, *target = to + 3;
    uint32_t count = 5;
    __asm__ volatile("cld\n\trep movsl" : "+S"(source), "+D"(target), "+c"(count)::"memory");
    expect_bytes("rep movsl", to + 3, from + 1, 20);
    expect_equal("the byte behind it", to[23], 0xee);
    expect_equal("esi, edi and ecx after it",
                 (uint32_t)((uint8_t *)source - from) << 16 | (uint32_t)((uint8_t *)target - to) << 8 | count,
                 21 << 16 | 23 << 8);
    source = from + 9, target = from + 10, count = 8; // overlapping, and so from the end
    __asm__ volatile("std\n\trep movsb\n\tcld" : "+S"(source), "+D"(target), "+c"(count)::"memory");
    expect_bytes("rep movsb backwards", from, "\1\2\3\3\4\5\6\7\10\11\12\14", 12);
    target = to, count = 3;
    __asm__ volatile("cld\n\trep stosw" : "+D"(target), "+c"(count) : "a"(0x3412) : "memory");
    expect_bytes("rep stosw", to, "\x12\x34\x12\x34\x12\x34", 6);
    static const char text[] = "some text\0more";
    const void *at = text;
    count = ~0u;
    __asm__ volatile("cld\n\trepne scasb" : "+D"(at), "+c"(count) : "a"(0) : "memory", "cc");
    expect_number("strlen by scasb", ~count - 1, 9);
    const void *left = text, *right = "some tune";
    count = 9;
    bool above;
    __asm__ volatile("cld\n\trepe cmpsb\n\tseta %3"
                     : "+S"(left), "+D"(right), "+c"(count), "=q"(above)::"memory", "cc");
    expect_number("cmpsb stops behind the first difference", 9 - (int64_t)count, 7);
    expect_number("and it is below", above, 0);
    count = 0;
    __asm__ volatile("cld\n\trep stosb" : "+D"(target), "+c"(count) : "a"(0) : "memory");
    expect_equal("rep with ecx = 0 does nothing", to[6], from[4] == 4 ? 0x05 : 0);
    uint32_t word;
    source = from;
    __asm__ volatile("lodsl" : "=a"(word), "+S"(source)::"memory");
    expect_equal("lodsl", word, 0x03030201);
}
#endif

#if defined(__i386__)
static struct {
    alignas(64) uint8_t bytes[128];
    alignas(8) uint64_t pair;
} shared;
enum { ROUNDS = 4096 };

static void add_pair(int)
{
    uint64_t old = shared.pair;
    bool swapped;
    do {
        uint64_t next = old + 0x1'0000'0001 * 3;
        __asm__ volatile("lock cmpxchg8b %1\n\tsete %0"
                         : "=q"(swapped), "+m"(shared.pair), "+A"(old)
                         : "b"((uint32_t)next), "c"((uint32_t)(next >> 32))
                         : "memory", "cc");
    } while (!swapped);
    __asm__ volatile("lock incl %0" : "+m"(*(uint32_t *)(void *)(shared.bytes + 21))::"cc"); // unaligned, in one line
}
#endif

PROBE_I386("i386.compare-exchange",
           "LOCK CMPXCHG8B and LOCK INC at an odd address lose nothing between two threads, XCHG swaps whole",
           "64-bit counters of 32-bit programs lose their halves", "")
#if defined(__i386__)
{
    in_step(add_pair, add_pair, ROUNDS, 16);
    expect_equal("the pair", shared.pair, 0x1'0000'0001 * 3 * 2 * ROUNDS);
    uint32_t odd, next = 0xcafe;
    memcpy(&odd, shared.bytes + 21, 4);
    expect_number("the word at an odd address", odd, 2 * ROUNDS);
    __asm__ volatile(
        "xchgl %0, %1"
        : "+r"(next),
          "+m"(*(uint32_t *)(void *)(shared.bytes + 33))::"memory"); // across two lines it would stop all processors
    expect_equal("xchg at an odd address", next, 0);
    memcpy(&odd, shared.bytes + 33, 4);
    expect_equal("what it left", odd, 0xcafe);
    uint64_t old = 1, kept = shared.pair;
    __asm__ volatile("cmpxchg8b %0" : "+m"(shared.pair), "+A"(old) : "b"(7), "c"(7) : "memory", "cc");
    expect_equal("cmpxchg8b that does not fit loads what is there", old, kept);
}
#endif
