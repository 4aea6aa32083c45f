// Floating point where AArch64 leaves no freedom that IEEE 754 leaves (Arm ARM, A1.5 and the instructions' pseudocode).
#include "../hwcap.h"

#if defined(__aarch64__)
static constexpr uint64_t DEFAULT_NAN = 0x7ff8000000000000, INFINITY_BITS = 0x7ff0000000000000;

// A double instruction on bit patterns: no conversion and no constant folding in between.
#define FP2(NAME, INSTRUCTION)                                                                           \
    static uint64_t NAME(uint64_t a, uint64_t b)                                                         \
    {                                                                                                    \
        uint64_t result;                                                                                 \
        __asm__ volatile("fmov d16, %1\n\tfmov d17, %2\n\t" INSTRUCTION " d16, d16, d17\n\tfmov %0, d16" \
                         : "=r"(result)                                                                  \
                         : "r"(a), "r"(b)                                                                \
                         : "v16", "v17");                                                                \
        return result;                                                                                   \
    }
#define FP1(NAME, INSTRUCTION)                                                                               \
    static uint64_t NAME(uint64_t a)                                                                         \
    {                                                                                                        \
        uint64_t result;                                                                                     \
        __asm__ volatile("fmov d16, %1\n\t" INSTRUCTION "\n\tfmov %0, d16" : "=r"(result) : "r"(a) : "v16"); \
        return result;                                                                                       \
    }
#define TO_INTEGER(NAME, INSTRUCTION)                                                      \
    static uint64_t NAME(uint64_t a)                                                       \
    {                                                                                      \
        uint64_t result;                                                                   \
        __asm__ volatile("fmov d16, %1\n\t" INSTRUCTION : "=&r"(result) : "r"(a) : "v16"); \
        return result;                                                                     \
    }
FP2(fadd, "fadd")
FP2(fmul, "fmul")
FP2(fdiv, "fdiv")
FP2(fmin, "fmin")
FP2(fmax, "fmax")
FP2(fminnm, "fminnm")
FP2(fmaxnm, "fmaxnm")
FP2(fmulx, "fmulx")
FP1(frinta, "frinta d16, d16")
FP1(frintn, "frintn d16, d16")
FP1(frintp, "frintp d16, d16")
FP1(frintm, "frintm d16, d16")
FP1(frintz, "frintz d16, d16")
FP1(single_and_back, "fcvt s16, d16\n\tfcvt d16, s16")
TO_INTEGER(fcvtzs64, "fcvtzs %0, d16")
TO_INTEGER(fcvtzs32, "fcvtzs %w0, d16")
TO_INTEGER(fcvtzu64, "fcvtzu %0, d16")
TO_INTEGER(fcvtzu32, "fcvtzu %w0, d16")
TO_INTEGER(fcvtns64, "fcvtns %0, d16")
TO_INTEGER(fcvtas64, "fcvtas %0, d16")
TO_INTEGER(fcvtps64, "fcvtps %0, d16")
TO_INTEGER(fcvtmu64, "fcvtmu %0, d16")

static uint64_t bits(double value)
{
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    return word;
}
#endif

PROBE_AARCH64(
    "fp.nan",
    "which NaN comes out: signalling before quiet, first before second, quieted with its payload; +default where none came in",
    "JavaScript engines box pointers in NaNs; a changed payload or sign is a wild pointer",
    "https://github.com/AbsInt/CompCert/issues/341")
#if defined(__aarch64__)
{
    static constexpr uint64_t quiet1 = 0x7ff8000000000111, quiet2 = 0xfff8000000000222, signalling = 0x7ff0000000000333;
    expect_equal("quiet + 1", fadd(quiet1, bits(1)), quiet1);
    expect_equal("1 + quiet", fadd(bits(1), quiet2), quiet2);
    expect_equal("quiet + quiet: the first", fadd(quiet2, quiet1), quiet2);
    expect_equal("quiet + signalling: the signalling one, quieted", fadd(quiet1, signalling), signalling | 1ull << 51);
    expect_equal("0 / 0", fdiv(0, 0), DEFAULT_NAN);
    expect_equal("inf * 0", fmul(INFINITY_BITS, 0), DEFAULT_NAN);
    expect_equal("inf - inf", fadd(INFINITY_BITS, INFINITY_BITS | 1ull << 63), DEFAULT_NAN);
    expect_equal("FCVT to single and back keeps the payload's upper bits", single_and_back(0x7ff9234560000000),
                 0x7ff9234560000000);
}
#endif

PROBE_AARCH64("fp.default-nan", "with FPCR.DN every NaN result is the default NaN",
              "code that switches DN on and off keeps the wrong payloads", "")
#if defined(__aarch64__)
{
    uint64_t control = fp_control();
    fp_set_control(control | 1 << 25);
    uint64_t with = fadd(0xfff8000000000222, bits(1));
    fp_set_control(control);
    uint64_t without = fadd(0xfff8000000000222, bits(1));
    expect_equal("with DN", with, DEFAULT_NAN);
    expect_equal("without", without, 0xfff8000000000222);
}
#endif

PROBE_AARCH64("fp.flush-to-zero",
              "with FPCR.FZ subnormal operands and results become zero of the same sign, and IDC and UFC tell",
              "audio and machine-learning code that sets FZ differs, or never leaves it", "")
#if defined(__aarch64__)
{
    uint64_t control = fp_control(), flags;
    fp_set_control(control | 1 << 24);
    fp_clear_flags();
    uint64_t operand = fadd(1, 0x8000000000000000 | 5); // two subnormals: +0 + -0
    uint64_t negative = fmul(0x8000000000000001, bits(1));
    __asm__ volatile("mrs %0, fpsr" : "=r"(flags));
    fp_clear_flags();
    uint64_t result = fmul(bits(0x1p-1022), bits(0.5)), result_flags;
    __asm__ volatile("mrs %0, fpsr" : "=r"(result_flags));
    fp_set_control(control);
    expect_equal("subnormal + -subnormal", operand, 0);
    expect_equal("-subnormal * 1", negative, 0x8000000000000000);
    expect_equal("FPSR after subnormal operands: IDC only", flags & 0x9f, 0x80);
    expect_equal("2^-1022 * 0.5", result, 0);
    expect_equal("FPSR after a flushed result: UFC only", result_flags & 0x9f, 0x08);
    expect_equal("2^-1022 * 0.5 with FZ off again", fmul(bits(0x1p-1022), bits(0.5)), 0x0008000000000000);
}
#endif

PROBE_AARCH64("fp.fused-multiply-add", "FMADD and its kin round once, and treat inf * 0 + NaN and signs as specified",
              "results drift from real hardware: an emulator that multiplies, rounds and adds",
              "https://github.com/golang/go/issues/29657")
#if defined(__aarch64__)
{
    double result, a = 1 + 0x1p-27, c = -1;
    __asm__ volatile("fmadd %d0, %d1, %d1, %d2" : "=w"(result) : "w"(a), "w"(c));
    expect_equal("(1+2^-27)^2 - 1", bits(result),
                 bits(0x1p-26 + 0x1p-54)); // rounding the square first would lose 2^-54
    __asm__ volatile("fnmadd %d0, %d1, %d1, %d2" : "=w"(result) : "w"(a), "w"(c));
    expect_equal("-(1+2^-27)^2 + 1", bits(result), bits(-0x1p-26 - 0x1p-54));
    __asm__ volatile("fmsub %d0, %d1, %d1, %d2" : "=w"(result) : "w"(a), "w"(c));
    expect_equal("-1 - (1+2^-27)^2", bits(result), bits(-2 - 0x1p-26));
    a = 0x1.fffffffffffffp1023, c = -a;
    double two = 2;
    __asm__ volatile("fmadd %d0, %d1, %d2, %d3" : "=w"(result) : "w"(a), "w"(two), "w"(c));
    expect_equal("max * 2 - max: the product does not overflow", bits(result), bits(a));
    double infinity = __builtin_inf(), zero = 0;
    uint64_t quiet = 0x7ff8000000000456, word;
    __asm__ volatile("fmov d16, %3\n\tfmadd d16, %d1, %d2, d16\n\tfmov %0, d16"
                     : "=r"(word)
                     : "w"(infinity), "w"(zero), "r"(quiet)
                     : "v16");
    expect_equal("inf * 0 + quiet NaN is the default NaN", word, DEFAULT_NAN);
    float single, x = 1 + 0x1p-12f, y = -1;
    __asm__ volatile("fmadd %s0, %s1, %s1, %s2" : "=w"(single) : "w"(x), "w"(y));
    uint32_t word32;
    memcpy(&word32, &single, sizeof word32);
    expect_equal("single precision (1+2^-12)^2 - 1", word32, 0x3a000400);
}
#endif

PROBE_AARCH64("fp.convert", "conversions to integers saturate, take NaN to 0, and round as their names say",
              "casts of out-of-range values differ between emulator and hardware: infinite loops and wrong array sizes",
              "")
#if defined(__aarch64__)
{
    expect_equal("fcvtzs 2^63", fcvtzs64(bits(0x1p63)), 0x7fffffffffffffff);
    expect_equal("fcvtzs -2^64", fcvtzs64(bits(-0x1p64)), 1ull << 63);
    expect_equal("fcvtzs of NaN", fcvtzs64(DEFAULT_NAN), 0);
    expect_equal("fcvtzs -inf to 32 bits", fcvtzs32(INFINITY_BITS | 1ull << 63), 0x80000000);
    expect_equal("fcvtzs 2^31 to 32 bits", fcvtzs32(bits(0x1p31)), 0x7fffffff);
    expect_equal("fcvtzu -1", fcvtzu64(bits(-1)), 0);
    expect_equal("fcvtzu 2^64", fcvtzu64(bits(0x1p64)), ~0ull);
    expect_equal("fcvtzu 2^32 to 32 bits", fcvtzu32(bits(0x1p32)), 0xffffffff);
    expect_equal("fcvtzu 2^63 + 2^11", fcvtzu64(bits(0x1p63 + 0x1p11)), 0x8000000000000800);
    expect_equal("fcvtns 2.5", fcvtns64(bits(2.5)), 2);
    expect_equal("fcvtas -2.5", fcvtas64(bits(-2.5)), (uint64_t)-3);
    expect_equal("fcvtps 2.1", fcvtps64(bits(2.1)), 3);
    expect_equal("fcvtmu 2.9", fcvtmu64(bits(2.9)), 2);
    fp_clear_flags();
    fcvtzs64(bits(0x1p63));
    expect_equal("flags after saturation", fp_flags(), FP_INVALID);
    double from;
    __asm__ volatile("ucvtf %d0, %1" : "=w"(from) : "r"(0xfffffffffffffbff));
    expect_equal("ucvtf rounds to nearest", bits(from), bits(0x1.fffffffffffffp63));
    __asm__ volatile("scvtf %d0, %1, #16" : "=w"(from) : "r"(-0x18000ull));
    expect_equal("scvtf of fixed point", bits(from), bits(-1.5));
}
#endif

PROBE_AARCH64("fp.half",
              "half precision: rounding, overflow to infinity, subnormals, NaN payloads, and the alternative format",
              "models and image codecs with 16-bit weights decode noise", "")
#if defined(__aarch64__)
{
    static const struct {
        uint32_t single;
        uint16_t half;
    } cases[] =
        {
            {0x3f800000, 0x3c00}, {0x477fe000, 0x7bff}, {0x477fefff, 0x7bff},
            {0x477ff000, 0x7c00}, // 65504; just below, and at the tie to inf
            {0x38800000, 0x0400}, {0x33800000, 0x0001}, {0x33000000, 0x0000},
            {0x33000001, 0x0001}, // 2^-14, 2^-24, a tie to 0, and above it
            {0xbf801000, 0xbc00}, {0xbf803000, 0xbc02}, {0x7f800000, 0x7c00},
            {0x7fc02000, 0x7e01}, {0x7f802000, 0x7e01},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t half;
        __asm__ volatile("fmov s16, %w1\n\tfcvt h16, s16\n\tumov %w0, v16.h[0]"
                         : "=r"(half)
                         : "r"(cases[i].single)
                         : "v16");
        char what[64];
        format(what, sizeof what, "half of single 0x%08x", cases[i].single);
        expect_equal(what, half, cases[i].half);
    }
    uint32_t wide;
    __asm__ volatile("fmov s16, %w1\n\tfcvt s16, h16\n\tfmov %w0, s16" : "=r"(wide) : "r"(0x03ff) : "v16");
    expect_equal("single of the largest subnormal half", wide, 0x387fc000);
    uint64_t control = fp_control();
    fp_set_control(control | 1 << 26); // AHP: no infinities, a larger range
    __asm__ volatile("fmov s16, %w1\n\tfcvt h16, s16\n\tumov %w0, v16.h[0]" : "=r"(wide) : "r"(0x47800000) : "v16");
    fp_set_control(control);
    expect_equal("65536 in the alternative format", wide, 0x7c00);
    if (!has_hwcap(HWCAP_FPHP))
        return;
    __asm__ volatile(
        ".arch armv8.2-a+fp16\n\tfmov h16, %w1\n\tfmov h17, %w2\n\tfadd h16, h16, h17\n\tfmov %w0, h16\n\t.arch armv8-a"
        : "=r"(wide)
        : "r"(0x6800), "r"(0x3c00)
        : "v16", "v17");
    expect_equal("2048 + 1 in half precision, a tie to even", wide & 0xffff, 0x6800);
}
#endif

PROBE_AARCH64("fp.compare", "comparison flags with NaN, and minimum and maximum with zeros and NaN",
              "sorting loops never end or drop elements", "")
#if defined(__aarch64__)
{
    uint64_t flags;
    double one = 1, two = 2, nan = __builtin_nan("");
#define COMPARE(A, B) __asm__ volatile("fcmp %d1, %d2\n\tmrs %0, nzcv" : "=r"(flags) : "w"(A), "w"(B) : "cc")
    COMPARE(one, two);
    expect_equal("NZCV of 1 < 2", flags >> 28, 0b1000);
    COMPARE(two, two);
    expect_equal("NZCV of equality", flags >> 28, 0b0110);
    COMPARE(two, one);
    expect_equal("NZCV of 2 > 1", flags >> 28, 0b0010);
    COMPARE(nan, one);
    expect_equal("NZCV of unordered", flags >> 28, 0b0011);
#undef COMPARE
    fp_clear_flags();
    __asm__ volatile("fcmp %d0, %d1" ::"w"(nan), "w"(one) : "cc");
    expect_equal("flags after fcmp with a quiet NaN", fp_flags(), 0);
    __asm__ volatile("fcmpe %d0, %d1" ::"w"(nan), "w"(one) : "cc");
    expect_equal("flags after fcmpe with it", fp_flags(), FP_INVALID);
    static constexpr uint64_t minus_zero = 1ull << 63, quiet = 0x7ff8000000000111;
    expect_equal("fmin(0, -0)", fmin(0, minus_zero), minus_zero);
    expect_equal("fmax(-0, 0)", fmax(minus_zero, 0), 0);
    expect_equal("fmax(1, NaN)", fmax(bits(1), quiet), quiet);
    expect_equal("fmaxnm(1, NaN)", fmaxnm(bits(1), quiet), bits(1));
    expect_equal("fminnm(NaN, NaN)", fminnm(quiet, quiet), quiet);
    expect_equal("fmulx(0, -inf)", fmulx(0, 0xfff0000000000000), bits(-2));
}
#endif

PROBE_AARCH64("fp.round-to-integral", "FRINTA, FRINTN, FRINTP, FRINTM and FRINTZ on ties, signs and huge values",
              "floor and round go wrong by one", "")
#if defined(__aarch64__)
{
    static const struct {
        double a, away, even, up, down, zero;
    } cases[] = {
        {2.5, 3, 2, 3, 2, 2},
        {-2.5, -3, -2, -2, -3, -2},
        {0.5, 1, 0, 1, 0, 0},
        {-0.25, -0.0, -0.0, -0.0, -1, -0.0},
        {0x1.fffffffffffffp-2, 0, 0, 1, 0, 0},
        {0x1p52 + 1, 0x1p52 + 1, 0x1p52 + 1, 0x1p52 + 1, 0x1p52 + 1, 0x1p52 + 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t a = bits(cases[i].a);
        expect_equal("frinta", frinta(a), bits(cases[i].away));
        expect_equal("frintn", frintn(a), bits(cases[i].even));
        expect_equal("frintp", frintp(a), bits(cases[i].up));
        expect_equal("frintm", frintm(a), bits(cases[i].down));
        expect_equal("frintz", frintz(a), bits(cases[i].zero));
    }
}
#endif
