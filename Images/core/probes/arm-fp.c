// 32-bit ARM: VFP and Advanced SIMD (DDI 0406, A2.6 and A7).
#include "../vector.h"

#if defined(__arm__)
static bool claims(unsigned bit) { return auxv_value(AT_HWCAP) >> bit & 1; }
enum { HWCAP_NEON = 12, HWCAP_VFPv4 = 16 };

// INSTRUCTION computes %P0 from %P1 and %P2, which are doubles.
#define DOUBLE(INSTRUCTION, A, B)                                         \
    ({                                                                    \
        double result_ = 0, a_ = A, b_ = B;                               \
        __asm__ volatile(INSTRUCTION : "+w"(result_) : "w"(a_), "w"(b_)); \
        uint64_t bits_;                                                   \
        memcpy(&bits_, &result_, sizeof bits_);                           \
        bits_;                                                            \
    })
// From a double to an integer or a single in s0.
#define CONVERT(INSTRUCTION, A)                                                                 \
    ({                                                                                          \
        uint32_t bits_;                                                                         \
        double a_ = A;                                                                          \
        __asm__ volatile(INSTRUCTION " s0, %P1\n\tvmov %0, s0" : "=r"(bits_) : "w"(a_) : "s0"); \
        bits_;                                                                                  \
    })
#endif

PROBE_ARM(
    "arm.vfp",
    "VFP converts with saturation, compares with NaN, flushes and makes default NaN where FPSCR asks for it, and fuses",
    "hard-float programs differ in the last digits or in their branches", "")
#if defined(__arm__)
{
    uint32_t control = fp_control();
    expect_equal("vcvt.s32 of 1.9", CONVERT("vcvt.s32.f64", 1.9), 1);
    expect_equal("vcvt.s32 of -1e10", CONVERT("vcvt.s32.f64", -1e10), 0x80000000);
    expect_equal("vcvt.u32 of 1e10", CONVERT("vcvt.u32.f64", 1e10), 0xffffffff);
    expect_equal("vcvt.u32 of -1", CONVERT("vcvt.u32.f64", -1.0), 0);
    expect_equal("vcvt.s32 of a NaN", CONVERT("vcvt.s32.f64", __builtin_nan("")), 0);
    expect_equal("vcvtr.s32 of 2.5, a tie to even", CONVERT("vcvtr.s32.f64", 2.5), 2);
    expect_equal("vcvt.f32 of 0.1", CONVERT("vcvt.f32.f64", 0.1), 0x3dcccccd);
    expect_equal("vnmla: -(1 + 2 * 3)", DOUBLE("vmov.f64 %P0, #1.0\n\tvnmla.f64 %P0, %P1, %P2", 2, 3),
                 0xc01c000000000000);
    expect_equal("vnmul", DOUBLE("vnmul.f64 %P0, %P1, %P2", 2, 3), 0xc018000000000000);
    expect_equal("vmla rounds twice", DOUBLE("vmov.f64 %P0, #-1.0\n\tvmla.f64 %P0, %P1, %P2", 1 + 0x1p-30, 1 - 0x1p-30),
                 0);
    expect_equal("vabs of -0", DOUBLE("vabs.f64 %P0, %P1", -0.0, 0), 0);
    if (claims(HWCAP_VFPv4))
        expect_equal("vfma rounds once",
                     DOUBLE(".fpu vfpv4\n\tvmov.f64 %P0, #-1.0\n\tvfma.f64 %P0, %P1, %P2\n\t.fpu vfpv3-d16",
                            1 + 0x1p-30, 1 - 0x1p-30),
                     0xbc30000000000000);
    static const struct {
        double a, b;
        uint32_t flags;
        const char *what;
    } compared[] = {{1, 1, 6, "1 = 1"}, {1, 2, 8, "1 < 2"}, {2, 1, 2, "2 > 1"}, {__builtin_nan(""), 1, 3, "NaN and 1"}};
    for (size_t i = 0; i < 4; i++) {
        uint32_t flags;
        __asm__ volatile("vcmp.f64 %P1, %P2\n\tvmrs apsr_nzcv, fpscr\n\tmrs %0, apsr"
                         : "=r"(flags)
                         : "w"(compared[i].a), "w"(compared[i].b)
                         : "cc");
        expect_equal(compared[i].what, flags >> 28, compared[i].flags);
    }
    fp_set_control(control | 1u << 24); // FZ
    uint64_t flushed = DOUBLE("vmul.f64 %P0, %P1, %P2", 0x1p-1022, 0.5);
    fp_set_control(control | 1u << 25); // DN
    uint64_t nan = DOUBLE("vadd.f64 %P0, %P1, %P2", -__builtin_nan("0x123"), 1);
    fp_set_control(control);
    expect_equal("with FPSCR.FZ a subnormal result is zero", flushed, 0);
    expect_equal("with FPSCR.DN a NaN is the default one", nan, 0x7ff8000000000000);
    expect_equal("without, it is kept", DOUBLE("vadd.f64 %P0, %P1, %P2", -__builtin_nan("0x123"), 1),
                 0xfff8000000000123);
    uint64_t moved[2] = {0x1122334455667788, 0x99aabbccddeeff00}, back[2];
    __asm__ volatile("vldmia %1, {d0-d1}\n\tvmov r0, s1\n\tvmov s2, r0\n\tvstmia %0, {d0-d1}" ::"r"(back), "r"(moved)
                     : "d0", "d1", "r0", "memory");
    expect_equal("s1 is the upper half of d0, and s2 the lower of d1", back[1], 0x99aabbcc11223344);
}
#endif

#if defined(__arm__)
// INSTRUCTION computes q0, from q1 and q2; q0 holds INTO before.
#define NEON(INSTRUCTION, INTO, A, B)                                                                           \
    ({                                                                                                          \
        vector result_ = INTO, a_ = A, b_ = B;                                                                  \
        __asm__ volatile(                                                                                       \
            ".fpu neon\n\tvld1.8 {d0-d1}, [%0]\n\tvld1.8 {d2-d3}, [%1]\n\tvld1.8 {d4-d5}, [%2]\n\t" INSTRUCTION \
            "\n\tvst1.8 {d0-d1}, [%0]\n\t.fpu vfpv3-d16" ::"r"(&result_),                                       \
            "r"(&a_), "r"(&b_)                                                                                  \
            : "d0", "d1", "d2", "d3", "d4", "d5", "memory");                                                    \
        result_;                                                                                                \
    })
#endif

PROBE_ARM(
    "arm.neon",
    "Advanced SIMD: saturation and its flag, widening and narrowing, tables, permutations, structures, shifts and estimates in every lane",
    "codecs, hashes and image libraries that find NEON produce garbage", "")
#if defined(__arm__)
{
    if (!claims(HWCAP_NEON))
        skip("hwcap not claimed");
    vector zero = {},
           a = {.b = {0, 1, 0x7f, 0x80, 0xff, 0xfe, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x81, 0x90, 0xa0}};
    vector b = {.b = {1, 0xff, 1, 0x80, 0xff, 3, 0xf0, 0xe0, 0xd0, 0xc0, 0xb0, 0xa0, 0x90, 0x81, 0x70, 0x60}};
    fp_set_control(fp_control() & ~(1u << 27));
    EXPECT_VECTOR("vadd.i8", NEON("vadd.i8 q0, q1, q2", zero, a, b),
                .b = {1, 0, 0x80, 0, 0xfe, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0});
    expect_equal("FPSCR.QC before saturation", fp_control() >> 27 & 1, 0);
    EXPECT_VECTOR("vqadd.s8", NEON("vqadd.s8 q0, q1, q2", zero, a, b),
                .b = {1, 0, 0x7f, 0x80, 0xfe, 1, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0});
    expect_equal("FPSCR.QC after it", fp_control() >> 27 & 1, 1);
    EXPECT_VECTOR("vmull.u8", NEON("vmull.u8 q0, d2, d4", zero, a, b),
                .h = {0, 0xff, 0x7f, 0x4000, 0xfe01, 0x2fa, 0xf00, 0x1c00});
    EXPECT_VECTOR("vmlal.s16",
                NEON("vmlal.s16 q0, d2, d4", ((vector){.s = {1, 2, 3, 4}}), ((vector){.h = {3, 0xffff, 0x8000, 5}}),
                     ((vector){.h = {4, 5, 0x8000, 0xfffe}})),
                .s = {13, (uint32_t)-3, 0x40000003, (uint32_t)-6});
    EXPECT_VECTOR("vqmovun.s16",
                NEON("vqmovun.s16 d0, q1", zero, ((vector){.h = {0xffff, 255, 256, 5, 0x7fff, 0x8000, 0, 1}}), zero),
                .b = {0, 255, 255, 5, 255, 0, 0, 1});
    EXPECT_VECTOR("vqdmulh.s16",
                NEON("vqdmulh.s16 q0, q1, q2", zero, ((vector){.h = {0x8000, 0x4000, 0x7fff, 0}}),
                     ((vector){.h = {0x8000, 0x4000, 2, 0}})),
                .h = {0x7fff, 0x2000, 1, 0});
    EXPECT_VECTOR("vtbl of two registers",
                NEON("vtbl.8 d0, {d2-d3}, d4", zero, a, ((vector){.b = {0, 15, 16, 8, 255, 2, 7, 13}})),
                .b = {0, 0xa0, 0, 0x30, 0, 0x7f, 0x20, 0x81});
    EXPECT_VECTOR("vtbx keeps what was there",
                NEON("vtbx.8 d0, {d2}, d4", ((vector){.d = {0x1111111111111111, 0}}), a,
                     ((vector){.b = {3, 8, 255, 4, 9, 1, 0, 7}})),
                .b = {0x80, 0x11, 0x11, 0xff, 0x11, 1, 0, 0x20});
    EXPECT_VECTOR("vext", NEON("vext.8 q0, q1, q2, #14", zero, a, b),
                .b = {0x90, 0xa0, 1, 0xff, 1, 0x80, 0xff, 3, 0xf0, 0xe0, 0xd0, 0xc0, 0xb0, 0xa0, 0x90, 0x81});
    EXPECT_VECTOR("vzip.16",
                NEON("vmov q0, q1\n\tvzip.16 q0, q2", zero, ((vector){.h = {0, 1, 2, 3, 4, 5, 6, 7}}),
                     ((vector){.h = {8, 9, 10, 11, 12, 13, 14, 15}})),
                .h = {0, 8, 1, 9, 2, 10, 3, 11});
    EXPECT_VECTOR("vuzp.8",
                NEON("vmov q0, q1\n\tvuzp.8 q0, q2", zero,
                     ((vector){.b = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}}),
                     ((vector){.b = {16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}})),
                .b = {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30});
    EXPECT_VECTOR("vrev32.8", NEON("vrev32.8 q0, q1", zero, ((vector){.s = {0x01020304, 5, 6, 7}}), zero),
                .s = {0x04030201, 5u << 24, 6u << 24, 7u << 24});
    EXPECT_VECTOR("vshl.s32 by registers",
                NEON("vshl.s32 q0, q1, q2", zero, ((vector){.s = {1, 0x80000000, 7, 5}}),
                     ((vector){.s = {4, (uint32_t)-31 & 0xff, 32, 0xfe}})),
                .s = {16, ~0u, 0, 1});
    EXPECT_VECTOR("vqrshrn.s32",
                NEON("vqrshrn.s32 d0, q1, #4", zero, ((vector){.s = {0x18, 0x7fffffff, 0x80000000, 0x17}}), zero),
                .h = {2, 0x7fff, 0x8000, 1});
    EXPECT_VECTOR("vpaddl.u8", NEON("vpaddl.u8 q0, q1", zero, a, zero),
                .h = {1, 0xff, 0x1fd, 0x30, 0x70, 0xb0, 0xf1, 0x130});
    EXPECT_VECTOR("vcnt.8", NEON("vcnt.8 q0, q1", zero, a, zero), .b = {0, 1, 7, 1, 8, 7, 1, 1, 2, 1, 2, 2, 3, 2, 2, 2});
    EXPECT_VECTOR("vceq.i16",
                NEON("vceq.i16 q0, q1, q2", zero, ((vector){.h = {1, 2, 3, 4}}), ((vector){.h = {1, 0, 3, 0}})),
                .h = {0xffff, 0, 0xffff, 0, 0xffff, 0xffff, 0xffff, 0xffff});
    EXPECT_VECTOR("vbsl",
                NEON("vbsl q0, q1, q2", ((vector){.s = {~0u, 0, 0xffff0000, 0}}),
                     ((vector){.s = {1, 2, 0x33333333, 4}}), ((vector){.s = {5, 6, 0x77777777, 8}})),
                .s = {1, 6, 0x33337777, 8});
    // NEON's floating point flushes subnormal numbers, whatever FPSCR says.
    EXPECT_VECTOR("vmul.f32",
                NEON("vmul.f32 q0, q1, q2", zero, ((vector){.s = {0x3fc00000, 0x00800000, 0x7f800000, 0x40000000}}),
                     ((vector){.s = {0x40000000, 0x3f000000, 0, 0xc0400000}})),
                .s = {0x40400000, 0, 0x7fc00000, 0xc0c00000});
    EXPECT_VECTOR(
        "vcvt.s32.f32",
        NEON("vcvt.s32.f32 q0, q1", zero, ((vector){.s = {0x3fe66666, 0xc0200000, 0x7fc00000, 0x50000000}}), zero),
        .s = {1, (uint32_t)-2, 0, 0x7fffffff});
    EXPECT_VECTOR("vrecpe.f32 of 1 and of infinity",
                NEON("vrecpe.f32 q0, q1", zero, ((vector){.s = {0x3f800000, 0x7f800000, 0, 0x40000000}}), zero),
                .s = {0x3f7f8000, 0, 0x7f800000, 0x3eff8000});
    EXPECT_VECTOR("vmax.f32 of zeros and NaN",
                NEON("vmax.f32 q0, q1, q2", zero, ((vector){.s = {0x80000000, 0, 0x7fc00000, 1}}),
                     ((vector){.s = {0, 0x80000000, 0x3f800000, 0x3f800000}})),
                .s = {0, 0, 0x7fc00000, 0x3f800000});
    // Structures, at an odd address.
    uint8_t bytes[64], split[48], *from = bytes + 1, *to = split;
    for (unsigned i = 0; i < 64; i++)
        bytes[i] = (uint8_t)i;
    __asm__ volatile(
        ".fpu neon\n\tvld3.8 {d0, d2, d4}, [%1]!\n\tvld3.8 {d1, d3, d5}, [%1]\n\tvst1.8 {d0-d3}, [%0]!\n\tvst1.8 {d4-d5}, [%0]\n\t.fpu vfpv3-d16"
        : "+&r"(to), "+&r"(from)::"d0", "d1", "d2", "d3", "d4", "d5", "memory");
    for (unsigned i = 0; i < 48; i++)
        expect_number("a byte of vld3", split[i], (int64_t)(1 + i / 16 + i % 16 * 3));
}
#endif
