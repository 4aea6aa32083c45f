// Advanced SIMD: expected values follow from each instruction's definition in the Arm ARM.
#include "../vector.h"

#if defined(__aarch64__)
static uint64_t saturated(void) // FPSR.QC, and clears it
{
    uint64_t flags;
    __asm__ volatile("mrs %0, fpsr\n\tmsr fpsr, xzr" : "=r"(flags)::"memory");
    return flags >> 27 & 1;
}

static vector counting(unsigned first)
{
    vector result;
    for (unsigned i = 0; i < 16; i++)
        result.b[i] = (uint8_t)(first + i);
    return result;
}
#endif

PROBE_AARCH64("simd.table-lookup",
              "TBL and TBX with one to four registers: indices out of range give zero, or keep what was there",
              "base64, JSON and UTF-8 decoders produce garbage", "")
#if defined(__aarch64__)
{
    vector index = {.b = {0, 15, 16, 31, 32, 47, 48, 63, 64, 255, 1, 17, 33, 49, 128, 2}};
    vector kept = counting(0xa0), tables[4] = {counting(0x00), counting(0x10), counting(0x20), counting(0x30)};
    EXPECT_VECTOR("tbl of one register", VECTOR("tbl v16.16b, {v17.16b}, v18.16b", kept, tables[3], index),
                  .b = {0x30, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0, 0x31, 0, 0, 0, 0, 0x32});
    vector result = kept;
    __asm__ volatile("ld1 {v4.16b-v7.16b}, [%1]\n\ttbx %0.16b, {v4.16b-v7.16b}, %2.16b"
                     : "+w"(result.v)
                     : "r"(tables), "w"(index.v)
                     : "v4", "v5", "v6", "v7", "memory");
    EXPECT_VECTOR(
        "tbx of four registers", result,
        .b = {0x00, 0x0f, 0x10, 0x1f, 0x20, 0x2f, 0x30, 0x3f, 0xa8, 0xa9, 0x01, 0x11, 0x21, 0x31, 0xae, 0x02});
    __asm__ volatile(
        "ld1 {v31.16b}, [%1]\n\tld1 {v0.16b}, [%2]\n\ttbl %0.16b, {v31.16b, v0.16b}, %3.16b" // wraps from v31 to v0
        : "=&w"(result.v)
        : "r"(&tables[0]), "r"(&tables[1]), "w"(index.v)
        : "v31", "v0", "memory");
    EXPECT_VECTOR("tbl of v31 and v0", result,
                  .b = {0x00, 0x0f, 0x10, 0x1f, 0, 0, 0, 0, 0, 0, 0x01, 0x11, 0, 0, 0, 0x02});
}
#endif

PROBE_AARCH64(
    "simd.saturating",
    "saturating addition, subtraction, doubling multiply and narrowing clamp, and set FPSR.QC only when they do",
    "audio and video codecs click and smear", "")
#if defined(__aarch64__)
{
    saturated();
    vector a = {.b = {127, 128, 200, 1, 255, 0, 100, 156}}, b = {.b = {1, 255, 100, 1, 1, 1, 100, 100}},
           none = zero_vector();
    EXPECT_VECTOR("sqadd bytes", VECTOR("sqadd v16.16b, v17.16b, v18.16b", none, a, b),
                  .b = {127, 128, 44, 2, 0, 1, 127, 0});
    expect_equal("QC after sqadd", saturated(), 1);
    EXPECT_VECTOR("uqadd bytes", VECTOR("uqadd v16.16b, v17.16b, v18.16b", none, a, b),
                  .b = {128, 255, 255, 2, 255, 1, 200, 255});
    EXPECT_VECTOR("uqsub bytes", VECTOR("uqsub v16.16b, v17.16b, v18.16b", none, a, b),
                  .b = {126, 0, 100, 0, 254, 0, 0, 56});
    saturated();
    vector small = {.h = {1, 2, 3, 4, 5, 6, 7, 8}};
    VECTOR("sqadd v16.8h, v17.8h, v18.8h", none, small, small);
    expect_equal("QC where nothing saturated", saturated(), 0);
    vector x = {.h = {0x8000, 0x4000, 0x7fff, 0x0003, 0xffff, 0x8000, 1, 0}},
           y = {.h = {0x8000, 0x4000, 0x7fff, 0x2000, 0x4000, 0x7fff, 1, 0}};
    EXPECT_VECTOR("sqdmulh", VECTOR("sqdmulh v16.8h, v17.8h, v18.8h", none, x, y),
                  .h = {0x7fff, 0x2000, 0x7ffe, 0x0000, 0xffff, 0x8001, 0, 0});
    expect_equal("QC after 0x8000 * 0x8000", saturated(), 1);
    EXPECT_VECTOR("sqrdmulh rounds", VECTOR("sqrdmulh v16.8h, v17.8h, v18.8h", none, x, y),
                  .h = {0x7fff, 0x2000, 0x7ffe, 0x0001, 0x0000, 0x8001, 0, 0});
    vector wide = {.s = {0x00012345, 0xffffffff, 0xffff0000, 0x00007fff}};
    EXPECT_VECTOR("sqxtn", VECTOR("sqxtn v16.4h, v17.4s", none, wide, none), .h = {0x7fff, 0xffff, 0x8000, 0x7fff});
    EXPECT_VECTOR("sqxtun", VECTOR("sqxtun v16.4h, v17.4s", none, wide, none), .h = {0xffff, 0, 0, 0x7fff});
    EXPECT_VECTOR("uqxtn2 keeps the lower half", VECTOR("uqxtn2 v16.8h, v17.4s", small, wide, none),
                  .h = {1, 2, 3, 4, 0xffff, 0xffff, 0xffff, 0x7fff});
    vector counts = {.b = {7, 8, 0xf9, 0xf8, 1, 100, 0x80, 0}}, ones = {.b = {1, 1, 0x80, 0x80, 0xff, 1, 1, 0x55}};
    EXPECT_VECTOR("uqshl by signed counts", VECTOR("uqshl v16.16b, v17.16b, v18.16b", none, ones, counts),
                  .b = {128, 255, 1, 0, 255, 255, 0, 0x55});
}
#endif

PROBE_AARCH64("simd.widening", "widening multiplies and sums, narrowing high halves, and pairwise and across-lane sums",
              "checksums and pixel arithmetic overflow", "")
#if defined(__aarch64__)
{
    vector a = {.h = {0xffff, 0x8000, 3, 4, 5, 6, 7, 8}}, b = {.h = {0xffff, 0x8000, 10, 10, 10, 10, 10, 0xffff}},
           none = zero_vector();
    EXPECT_VECTOR("umull", VECTOR("umull v16.4s, v17.4h, v18.4h", none, a, b), .s = {0xfffe0001, 0x40000000, 30, 40});
    EXPECT_VECTOR("smull", VECTOR("smull v16.4s, v17.4h, v18.4h", none, a, b), .s = {1, 0x40000000, 30, 40});
    vector sum = {.s = {1, 1, 1, 0xffffffff}};
    EXPECT_VECTOR("umlal2", VECTOR("umlal2 v16.4s, v17.8h, v18.8h", sum, a, b), .s = {51, 61, 71, 8 * 0xffff - 1});
    EXPECT_VECTOR("smlsl2", VECTOR("smlsl2 v16.4s, v17.8h, v18.8h", sum, a, b),
                  .s = {(uint32_t)-49, (uint32_t)-59, (uint32_t)-69, 7});
    EXPECT_VECTOR("uaddlp", VECTOR("uaddlp v16.4s, v17.8h", none, a, none), .s = {0x17fff, 7, 11, 15});
    EXPECT_VECTOR("saddlv", VECTOR("saddlv s16, v17.8h", none, a, none), .s = {(uint32_t)(-1 - 32768 + 33)});
    EXPECT_VECTOR("addhn", VECTOR("addhn v16.8b, v17.8h, v18.8h", none, a, b), .b = {0xff, 0, 0, 0, 0, 0, 0, 0});
    EXPECT_VECTOR("raddhn rounds",
                  VECTOR("raddhn v16.8b, v17.8h, v18.8h", none, ((vector){.h = {0x007f, 0x0080, 0x017f}}),
                         ((vector){.h = {0, 0, 1}})),
                  .b = {0, 1, 2});
    EXPECT_VECTOR("uabdl", VECTOR("uabdl v16.4s, v17.4h, v18.4h", none, a, b), .s = {0, 0, 7, 6});
    EXPECT_VECTOR(
        "pmul bytes",
        VECTOR("pmul v16.16b, v17.16b, v18.16b", none, ((vector){.b = {3, 0x80, 0xff}}), ((vector){.b = {3, 2, 0xff}})),
        .b = {5, 0, 0x55});
}
#endif

PROBE_AARCH64("simd.permute", "ZIP, UZP, TRN, EXT, REV and INS move lanes where they should",
              "matrices are transposed wrongly", "")
#if defined(__aarch64__)
{
    vector a = counting(0), b = counting(16), none = zero_vector();
    EXPECT_VECTOR("zip2 halves", VECTOR("zip2 v16.8h, v17.8h, v18.8h", none, a, b),
                  .b = {8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31});
    EXPECT_VECTOR("uzp1 bytes", VECTOR("uzp1 v16.16b, v17.16b, v18.16b", none, a, b),
                  .b = {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30});
    EXPECT_VECTOR("trn2 words", VECTOR("trn2 v16.4s, v17.4s, v18.4s", none, a, b),
                  .b = {4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31});
    EXPECT_VECTOR("ext", VECTOR("ext v16.16b, v17.16b, v18.16b, #5", none, a, b),
                  .b = {5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20});
    EXPECT_VECTOR("rev32 halves", VECTOR("rev32 v16.8h, v17.8h", none, a, none),
                  .b = {2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13});
    EXPECT_VECTOR("ins", VECTOR("ins v16.s[3], v17.s[1]", a, b, none),
                  .b = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20, 21, 22, 23});
    EXPECT_VECTOR("a write of the lower half clears the upper", VECTOR("mov v16.8b, v17.8b", a, b, none),
                  .b = {16, 17, 18, 19, 20, 21, 22, 23});
    EXPECT_VECTOR(
        "bsl", VECTOR("bsl v16.16b, v17.16b, v18.16b", ((vector){.d = {0xffff0000ffff0000, 0x0f0f0f0f0f0f0f0f}}), a, b),
        .b = {16, 17, 2, 3, 20, 21, 6, 7, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f});
    EXPECT_VECTOR("cnt", VECTOR("cnt v16.16b, v17.16b", none, a, none),
                  .b = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4});
}
#endif

PROBE_AARCH64("simd.structures", "LD2, LD3, LD4, ST3 and LD1R interleave as defined, unaligned and across a page",
              "RGB pixels change their colours", "")
#if defined(__aarch64__)
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    uint8_t *at = area + page - 21;
    for (unsigned i = 0; i < 64; i++)
        at[i] = (uint8_t)i;
    vector out[4];
    const uint8_t *moved = at;
    __asm__ volatile("ld3 {v4.16b-v6.16b}, [%0], #48\n\tst1 {v4.16b-v6.16b}, [%1]"
                     : "+r"(moved)
                     : "r"(out)
                     : "v4", "v5", "v6", "memory");
    expect_number("address after post-increment", moved - at, 48);
    for (unsigned i = 0; i < 48; i++)
        expect_number("byte of ld3", out[i % 3].b[i / 3], i);
    __asm__ volatile("ld4 {v4.8h-v7.8h}, [%0]\n\tst1 {v4.16b-v7.16b}, [%1]" ::"r"(at), "r"(out)
                     : "v4", "v5", "v6", "v7", "memory");
    for (unsigned i = 0; i < 32; i++)
        expect_number("half of ld4", out[i % 4].h[i / 4], (2 * i + 1) << 8 | 2 * i);
    __asm__ volatile("ld2 {v4.s, v5.s}[2], [%0]\n\tld1r {v6.2d}, [%0]\n\tst1 {v4.16b-v6.16b}, [%1]" ::"r"(at + 1),
                     "r"(out)
                     : "v4", "v5", "v6", "memory");
    expect_equal("lane of ld2", (uint64_t)out[1].s[2] << 32 | out[0].s[2], 0x0807060504030201);
    expect_equal("ld1r", out[2].d[1], 0x0807060504030201);
    __asm__ volatile("ld1 {v4.16b-v6.16b}, [%0]\n\tst3 {v4.16b-v6.16b}, [%1]" ::"r"(at), "r"(out)
                     : "v4", "v5", "v6", "memory");
    const uint8_t *bytes = out[0].b;
    for (unsigned i = 0; i < 48; i++)
        expect_number("byte of st3", bytes[i], (i % 3) * 16 + i / 3);
}
#endif

PROBE_AARCH64(
    "simd.float",
    "vector floating point equals scalar arithmetic lane by lane; reciprocal steps, pairwise sums and conversions",
    "vectorised loops differ from scalar ones", "")
#if defined(__aarch64__)
{
    vector a = {.s = {0x3f800000, 0x40400000, 0x7f7fffff, 0x00000001}},
           b = {.s = {0x40400000, 0x40000000, 0x7f7fffff, 0x00000001}};
    vector none = zero_vector();
    EXPECT_VECTOR("fdiv", VECTOR("fdiv v16.4s, v17.4s, v18.4s", none, a, b),
                  .s = {0x3eaaaaab, 0x3fc00000, 0x3f800000, 0x3f800000});
    EXPECT_VECTOR("fadd", VECTOR("fadd v16.4s, v17.4s, v18.4s", none, a, b),
                  .s = {0x40800000, 0x40a00000, 0x7f800000, 2});
    EXPECT_VECTOR("faddp", VECTOR("faddp v16.4s, v17.4s, v18.4s", none, a, b),
                  .s = {0x40800000, 0x7f7fffff, 0x40a00000, 0x7f7fffff});
    EXPECT_VECTOR("frecps: 2 - a * b", VECTOR("frecps v16.4s, v17.4s, v18.4s", none, a, b),
                  .s = {0xbf800000, 0xc0800000, 0xff800000, 0x40000000});
    EXPECT_VECTOR("frsqrts: (3 - a * b) / 2", VECTOR("frsqrts v16.4s, v17.4s, v18.4s", none, a, b),
                  .s = {0x00000000, 0xbfc00000, 0xff800000, 0x3fc00000});
    EXPECT_VECTOR("fcmgt",
                  VECTOR("fcmgt v16.4s, v17.4s, v18.4s", none, a,
                         ((vector){.s = {0x7fc00000, 0x40000000, 0xff800000, 0x80000001}})),
                  .s = {0, ~0u, ~0u, ~0u});
    EXPECT_VECTOR("fcvtzs", VECTOR("fcvtzs v16.4s, v17.4s", none, a, none), .s = {1, 3, 0x7fffffff, 0});
    EXPECT_VECTOR("fcvtl", VECTOR("fcvtl v16.2d, v17.2s", none, a, none),
                  .d = {0x3ff0000000000000, 0x4008000000000000});
    EXPECT_VECTOR("fmla by element", VECTOR("fmla v16.4s, v17.4s, v18.s[1]", b, a, b),
                  .s = {0x40a00000, 0x41000000, 0x7f800000, 3});
    EXPECT_VECTOR("fmaxv", VECTOR("fmaxv s16, v17.4s", none, a, none), .s = {0x7f7fffff});
}
#endif
