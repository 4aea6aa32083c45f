// 32-bit x86: x87, MMX and SSE2 (SDM, volume 1, chapters 8 to 11).
#include "../fault.h"
#include "../vector.h"

#if defined(__i386__)
struct extended { // ten bytes
    uint64_t fraction;
    uint16_t exponent;
};

static uint16_t control(void)
{
    uint16_t word;
    __asm__ volatile("fnstcw %0" : "=m"(word));
    return word;
}
static void set_control(uint16_t word) { __asm__ volatile("fldcw %0" ::"m"(word)); }

static uint16_t status(void)
{
    uint16_t word;
    __asm__ volatile("fnstsw %0" : "=a"(word));
    return word;
}

// OPERATION works on st(0), which is a, and st(1), which is b, and leaves one number.
#define X87(OPERATION, A, B)                                                         \
    ({                                                                               \
        double a_ = A, b_ = B;                                                       \
        struct extended result_ = {};                                                \
        __asm__ volatile("fnclex\n\tfldl %2\n\tfldl %1\n\t" OPERATION "\n\tfstpt %0" \
                         : "=m"(result_)                                             \
                         : "m"(a_), "m"(b_)                                          \
                         : "st", "st(1)", "cc");                                     \
        result_;                                                                     \
    })

static void expect_extended(const char *what, struct extended seen, uint16_t exponent, uint64_t fraction)
{
    char text[96];
    format(text, sizeof text, "%s: sign and exponent", what);
    expect_equal(text, seen.exponent, exponent);
    format(text, sizeof text, "%s: fraction", what);
    expect_equal(text, seen.fraction, fraction);
}
#endif

PROBE_I386(
    "i386.x87",
    "x87 computes with 64 bits of fraction, rounds to what its control word asks, and keeps its status and stack",
    "long double, and all of floating point in older 32-bit programs, differ in the last digits", "")
#if defined(__i386__)
{
    __asm__ volatile("fninit");
    expect_equal("control word after FNINIT", control(), 0x37f);
    expect_extended("1/3", X87("fdivp %%st, %%st(1)", 1, 3), 0x3ffd, 0xaaaaaaaaaaaaaaab);
    expect_equal("status: precision", status() & 0x3f, 0x20);
    expect_extended("sqrt 2", X87("fsqrt\n\tfstp %%st(1)", 2, 0), 0x3fff, 0xb504f333f9de6484);
    expect_extended("1 + 2^-63", X87("faddp", 1, 0x1p-63), 0x3fff, 0x8000000000000001);
    expect_extended("2^1023 * 2^1023, beyond double", X87("fmulp", 0x1p1023, 0x1p1023), 0x3fff + 2046, 1ull << 63);
    expect_extended("pi", X87("fstp %%st\n\tfstp %%st\n\tfldpi", 0, 0), 0x4000, 0xc90fdaa22168c235);
    expect_extended("0/0: the indefinite number", X87("fdivp", 0, 0), 0xffff, 0xc000000000000000);
    expect_equal("status: invalid", status() & 0x7f, 1);
    expect_extended("1/0", X87("fdivp %%st, %%st(1)", 1, 0), 0x7fff, 1ull << 63);
    expect_equal("status: division by zero", status() & 0x7f, 4);
    // Rounding: up, down, toward zero; then to double and single precision.
    static const uint16_t words[] = {0x0b7f, 0x077f, 0x0f7f, 0x027f, 0x007f};
    static const uint64_t thirds[] = {0xaaaaaaaaaaaaaaab, 0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaa800,
                                      0xaaaaab0000000000};
    for (int i = 0; i < 5; i++) {
        set_control(words[i]);
        struct extended third = X87("fdivp %%st, %%st(1)", 1, 3);
        set_control(0x37f);
        expect_extended("1/3 by another control word", third, 0x3ffd, thirds[i]);
    }
    // Integers and decimals.
    int32_t whole[3];
    double numbers[] = {2.5, -3.5, 1e10};
    for (int i = 0; i < 3; i++)
        __asm__ volatile("fldl %1\n\tfistpl %0" : "=m"(whole[i]) : "m"(numbers[i]) : "st");
    expect_number("fistp of 2.5, a tie to even", whole[0], 2);
    expect_number("fistp of -3.5", whole[1], -4);
    expect_number("fistp of 10^10: the indefinite integer", whole[2], INT32_MIN);
    int64_t large = 0x7fffffffffffffff, back;
    __asm__ volatile("fildll %1\n\tfistpll %0" : "=m"(back) : "m"(large) : "st");
    expect_number("fild and fistp of 63 bits", back, large);
    uint8_t decimal[10];
    double value = -1234567890;
    __asm__ volatile("fldl %1\n\tfbstp %0" : "=m"(decimal) : "m"(value) : "st");
    expect_bytes("fbstp", decimal, "\x90\x78\x56\x34\x12\0\0\0\0\x80", 10);
    // Comparison, class, and the stack's top.
    uint8_t flags;
    __asm__ volatile("fldz\n\tfld1\n\tfucomip %%st(1), %%st\n\tseta %0\n\tfstp %%st(0)"
                     : "=q"(flags)::"cc", "st", "st(1)");
    expect_number("fucomip 1 > 0", flags, 1);
    uint16_t class;
    __asm__ volatile("fldz\n\tfchs\n\tfxam\n\tfnstsw %0\n\tfstp %%st(0)" : "=a"(class)::"st");
    expect_equal("fxam of -0: C3 and C1, top 7", class & 0x7f00, 0x4000 | 0x0200 | 7 << 11);
    __asm__ volatile("fnclex\n\tfninit\n\tfadd %%st(1), %%st\n\tfnstsw %0\n\tfninit" : "=a"(class)::"st");
    if ((class & 0x41) == 0)
        note("limit-x87-stack: an operation on empty registers of x87 is no stack fault");
    else
        expect_equal("an addition of empty registers: stack fault, underflow", class & 0x241, 0x41);
}
#endif

PROBE_I386("i386.x87-functions",
           "FPREM, FSCALE, FXTRACT, F2XM1, FYL2X, FPATAN, FSIN and FCOS give what they must, exactly or to 60 bits",
           "older C libraries compute logarithms and angles with them", "")
#if defined(__i386__)
{
    __asm__ volatile("fninit");
    expect_extended("fprem 17 by 5", X87("fprem\n\tfstp %%st(1)", 17, 5), 0x4000, 1ull << 63);
    expect_equal("its quotient's bits 2 and 1: C0 and C3", status() >> 8 & 0x41, 0x40);
    expect_extended("fprem1 17 by 6", X87("fprem1\n\tfstp %%st(1)", 17, 6), 0xbfff, 1ull << 63);
    expect_extended("fscale 3 by 10", X87("fscale\n\tfstp %%st(1)", 3, 10), 0x3fff + 11, 3ull << 62);
    expect_extended("fxtract 12: fraction", X87("fxtract\n\tfstp %%st(1)\n\tfstp %%st(1)", 12, 0), 0x3fff, 3ull << 62);
    expect_extended("f2xm1 of 1", X87("f2xm1\n\tfstp %%st(1)", 1, 0), 0x3fff, 1ull << 63);
    expect_extended("fyl2x 3 * log2 8", X87("fyl2x", 8, 3), 0x4002, 9ull << 60);
    expect_extended("frndint of 2.5", X87("frndint\n\tfstp %%st(1)", 2.5, 0), 0x4000, 1ull << 63);
    static const struct {
        const char *what;
        uint64_t fraction;
        uint16_t exponent;
    } known[] = {{"fpatan 1 / 1", 0xc90fdaa22168c235, 0x3ffe},
                 {"fsin of 1", 0xd76aa47848677021, 0x3ffe},
                 {"fcos of 1", 0x8a51407da8345c92, 0x3ffe},
                 {"fptan of 1", 0xc75922e5f71d2dc6, 0x3fff}};
    const struct extended seen[] = {X87("fpatan", 1, 1), X87("fsin\n\tfstp %%st(1)", 1, 0),
                                    X87("fcos\n\tfstp %%st(1)", 1, 0), X87("fptan\n\tfstp %%st\n\tfstp %%st(1)", 1, 0)};
    for (int i = 0; i < 4; i++) {
        expect_equal(known[i].what, seen[i].exponent, known[i].exponent);
        int64_t off = (int64_t)(seen[i].fraction - known[i].fraction);
        EXPECT(off < 1 << 11 && off > -(1 << 11), known[i].what, "0x%jx, not 0x%jx", seen[i].fraction,
               known[i].fraction);
        if (off > 16 || off < -16)
            note("limit-x87-functions: FSIN, FCOS and FPTAN have the 53 bits of double precision");
    }
}
#endif

#if defined(__i386__)
// INSTRUCTION works on xmm0, which is a, with xmm1, which is b.
#define SSE(INSTRUCTION, A, B)                                                                            \
    ({                                                                                                    \
        vector a_ = A, b_ = B;                                                                            \
        __asm__ volatile("movdqu %0, %%xmm0\n\tmovdqu %1, %%xmm1\n\t" INSTRUCTION "\n\tmovdqu %%xmm0, %0" \
                         : "+m"(a_)                                                                       \
                         : "m"(b_)                                                                        \
                         : "xmm0", "xmm1");                                                               \
        a_;                                                                                               \
    })
#endif

PROBE_I386("i386.sse2",
           "packed integers saturate, multiply, compare, shift, shuffle and pack as defined, in every lane",
           "video, JSON and hash code of 32-bit programs produces garbage", "")
#if defined(__i386__)
{
    vector a = {.b = {0, 1, 0x7f, 0x80, 0xff, 0xfe, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x81, 0x90, 0xa0}};
    vector b = {.b = {1, 0xff, 1, 0x80, 0xff, 3, 0xf0, 0xe0, 0xd0, 0xc0, 0xb0, 0xa0, 0x90, 0x81, 0x70, 0x60}};
    EXPECT_VECTOR("paddusb", SSE("paddusb %%xmm1, %%xmm0", a, b),
               .b = {1, 0xff, 0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
    EXPECT_VECTOR("psubsb", SSE("psubsb %%xmm1, %%xmm0", a, b),
               .b = {0xff, 2, 0x7e, 0, 0, 0xfb, 0x20, 0x40, 0x60, 0x7f, 0x7f, 0x7f, 0x7f, 0, 0x80, 0x80});
    EXPECT_VECTOR("pavgb", SSE("pavgb %%xmm1, %%xmm0", a, b),
               .b = {1, 0x80, 0x40, 0x80, 0xff, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81, 0x80, 0x80});
    EXPECT_VECTOR("pmaxub", SSE("pmaxub %%xmm1, %%xmm0", a, b),
               .b = {1, 0xff, 0x7f, 0x80, 0xff, 0xfe, 0xf0, 0xe0, 0xd0, 0xc0, 0xb0, 0xa0, 0x90, 0x81, 0x90, 0xa0});
    EXPECT_VECTOR("pcmpgtb", SSE("pcmpgtb %%xmm1, %%xmm0", a, b),
               .b = {0, 0xff, 0xff, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0});
    vector h = {.h = {0x7fff, 0x8000, 0xffff, 1, 300, (uint16_t)-300, 0x100, 0xff00}},
           k = {.h = {0x7fff, 0x8000, 0xffff, 0xffff, 300, 300, 0x100, 0x100}};
    EXPECT_VECTOR("pmulhw", SSE("pmulhw %%xmm1, %%xmm0", h, k), .h = {0x3fff, 0x4000, 0, 0xffff, 1, 0xfffe, 1, 0xffff});
    EXPECT_VECTOR("pmulhuw", SSE("pmulhuw %%xmm1, %%xmm0", h, k), .h = {0x3fff, 0x4000, 0xfffe, 0, 1, 298, 1, 0xff});
    EXPECT_VECTOR("pmaddwd", SSE("pmaddwd %%xmm1, %%xmm0", h, k), .s = {0x7fff * 0x7fff + 0x40000000u, 0, 0, 0});
    EXPECT_VECTOR("packsswb", SSE("packsswb %%xmm1, %%xmm0", h, k),
               .b = {0x7f, 0x80, 0xff, 1, 0x7f, 0x80, 0x7f, 0x80, 0x7f, 0x80, 0xff, 0xff, 0x7f, 0x7f, 0x7f, 0x7f});
    EXPECT_VECTOR("packuswb", SSE("packuswb %%xmm1, %%xmm0", h, k),
               .b = {0xff, 0, 0, 1, 0xff, 0, 0xff, 0, 0xff, 0, 0, 0, 0xff, 0xff, 0xff, 0xff});
    EXPECT_VECTOR("psadbw", SSE("psadbw %%xmm1, %%xmm0", a, b),
               .d = {1 + 0xfe + 0x7e + 0 + 0 + 0xfb + 0xe0 + 0xc0, 0xa0 + 0x80 + 0x60 + 0x40 + 0x20 + 0 + 0x20 + 0x40});
    vector w = {.s = {0x80000001, 2, 3, 4}}, n = {.d = {1, 0}};
    EXPECT_VECTOR("pslld", SSE("pslld %%xmm1, %%xmm0", w, n), .s = {2, 4, 6, 8});
    EXPECT_VECTOR("psrad", SSE("psrad $4, %%xmm0", w, n), .s = {0xf8000000, 0, 0, 0});
    n.d[0] = 64;
    EXPECT_VECTOR("psrlq by 64", SSE("psrlq %%xmm1, %%xmm0", w, n), .d = {0, 0});
    EXPECT_VECTOR("pshufd", SSE("pshufd $0x1b, %%xmm0, %%xmm0", w, n), .s = {4, 3, 2, 0x80000001});
    EXPECT_VECTOR("punpckhdq", SSE("punpckhdq %%xmm1, %%xmm0", w, w), .s = {3, 3, 4, 4});
    EXPECT_VECTOR("pslldq", SSE("pslldq $4, %%xmm0", w, n), .s = {0, 0x80000001, 2, 3});
    EXPECT_VECTOR("pmuludq", SSE("pmuludq %%xmm1, %%xmm0", w, w), .d = {0x4000000100000001, 9});
    uint32_t mask;
    __asm__ volatile("movdqu %1, %%xmm0\n\tpmovmskb %%xmm0, %0" : "=r"(mask) : "m"(a) : "xmm0");
    expect_equal("pmovmskb", mask, 0b1110'0000'0011'1000);
    static alignas(16) uint8_t bytes[48];
    fault_catch(SIGSEGV);
    __asm__ volatile("movdqu %%xmm0, (%0)" ::"r"(bytes + 3) : "memory");
    expect_number("faults of MOVDQU at an odd address", fault_seen.count, 0);
}
#endif

#if defined(__i386__)
[[gnu::naked, gnu::regparm(1)]] static void load_aligned(const void *) { __asm__("movaps (%eax), %xmm0\n\tret"); }
#endif

PROBE_I386(
    "i386.sse-float",
    "SSE converts, compares and takes minima as defined, invalid conversions give 0x80000000, MOVAPS faults where it is not aligned",
    "graphics, audio and JavaScript engines of 32-bit programs differ", "")
#if defined(__i386__)
{
    vector a = {.f = {1.5f, -2.5f, 3e9f, __builtin_nanf("")}}, b = {.f = {2, -2.5f, 1, 1}};
    EXPECT_VECTOR("cvtps2dq", SSE("cvtps2dq %%xmm0, %%xmm0", a, b), .s = {2, (uint32_t)-2, 0x80000000, 0x80000000});
    EXPECT_VECTOR("cvttps2dq", SSE("cvttps2dq %%xmm0, %%xmm0", a, b), .s = {1, (uint32_t)-2, 0x80000000, 0x80000000});
    EXPECT_VECTOR("cmpltps", SSE("cmpltps %%xmm1, %%xmm0", a, b), .s = {~0u, 0, 0, 0});
    EXPECT_VECTOR("cmpunordps", SSE("cmpunordps %%xmm1, %%xmm0", a, b), .s = {0, 0, 0, ~0u});
    EXPECT_VECTOR("minps takes the second of a NaN", SSE("minps %%xmm1, %%xmm0", a, b), .f = {1.5f, -2.5f, 1, 1});
    EXPECT_VECTOR("maxps takes the second of two zeros",
               SSE("maxps %%xmm1, %%xmm0", ((vector){.f = {0, 0, 0, 0}}), ((vector){.f = {-0.0f, 0, 0, 0}})),
               .f = {-0.0f, 0, 0, 0});
    EXPECT_VECTOR("shufps", SSE("shufps $0xe4, %%xmm1, %%xmm0", a, b), .f = {1.5f, -2.5f, 1, 1});
    EXPECT_VECTOR("sqrtps", SSE("sqrtps %%xmm1, %%xmm0", a, ((vector){.f = {4, 9, 2, 0}})),
               .s = {0x40000000, 0x40400000, 0x3fb504f3, 0});
    EXPECT_VECTOR("cvtps2pd", SSE("cvtps2pd %%xmm0, %%xmm0", a, b), .g = {1.5, -2.5});
    EXPECT_VECTOR("cvtdq2pd", SSE("cvtdq2pd %%xmm1, %%xmm0", a, ((vector){.s = {(uint32_t)-7, 0x7fffffff, 0, 0}})),
               .g = {-7, 2147483647.0});
    EXPECT_VECTOR("divpd", SSE("divpd %%xmm1, %%xmm0", ((vector){.g = {1, -1}}), ((vector){.g = {3, 0}})),
               .d = {0x3fd5555555555555, 0xfff0000000000000});
    EXPECT_VECTOR("addss keeps the upper lanes",
               SSE("addss %%xmm1, %%xmm0", ((vector){.f = {1, 2, 3, 4}}), ((vector){.f = {1, 1, 1, 1}})),
               .f = {2, 2, 3, 4});
    uint32_t flags;
    double nan = __builtin_nan("");
    __asm__ volatile("movsd %1, %%xmm0\n\tucomisd %%xmm0, %%xmm0\n\tpushfl\n\tpopl %0"
                     : "=r"(flags)
                     : "m"(nan)
                     : "xmm0", "cc");
    expect_equal("ucomisd of a NaN: CF, PF and ZF", flags & 0x45, 0x45);
    static alignas(16) uint8_t bytes[48];
    fault_catch(SIGSEGV);
    load_aligned(bytes);
    expect_number("faults of MOVAPS at a multiple of 16", fault_seen.count, 0);
    load_aligned(bytes + 4);
    expect_number("faults of MOVAPS at another address", fault_seen.count, 1);
    expect_equal("its pc", fault_seen.pc, (uintptr_t)load_aligned);
}
#endif

PROBE_I386("i386.mmx",
           "MMX works on the fractions of x87's registers, EMMS empties them, FXSAVE and FXRSTOR keep everything",
           "programs that mix both, and coroutines that switch stacks, lose numbers", "")
#if defined(__i386__)
{
    uint64_t a = 0x00ff'7fff'8000'0102, b = 0x0001'0001'ffff'0304, sum;
    __asm__ volatile("fninit\n\tmovq %1, %%mm3\n\tpaddsw %2, %%mm3\n\tmovq %%mm3, %0"
                     : "=m"(sum)
                     : "m"(a), "m"(b)
                     : "mm3");
    expect_equal("paddsw", sum, 0x0100'7fff'8000'0406);
    alignas(16) static uint8_t saved[512], again[512];
    __asm__ volatile("fxsave %0" : "=m"(saved));
    expect_equal("tags while MMX is in use: all", saved[4], 0xff);
    expect_bytes("mm3 in the area", saved + 32 + 3 * 16, &sum, 8);
    if (saved[32 + 3 * 16 + 8] == 0 && saved[32 + 3 * 16 + 9] == 0)
        note("limit-mmx-exponent: writing a register of MMX does not set the exponent of x87's to all ones");
    else
        expect_bytes("its exponent: all ones", saved + 32 + 3 * 16 + 8, "\xff\xff", 2);
    __asm__ volatile(
        "emms\n\tfld1\n\tpcmpeqb %%xmm5, %%xmm5\n\tfxsave %0\n\tfninit\n\tpxor %%xmm5, %%xmm5\n\tfxrstor %0\n\tfxsave %1\n\tfstp %%st(0)"
        : "=m"(saved), "=m"(again)::"xmm5", "st");
    expect_equal("tags after EMMS and FLD1: one", saved[4], 0x80);
    expect_bytes("x87's registers after FXRSTOR", again + 32, saved + 32, 128);
    expect_bytes("SSE's registers after FXRSTOR", again + 160, saved + 160, 128);
    expect_equal("xmm5 in the area", again[160 + 5 * 16 + 7], 0xff);
}
#endif
