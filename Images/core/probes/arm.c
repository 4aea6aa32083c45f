// 32-bit ARM: instructions as the Arm Architecture Reference Manual for Armv7-A (DDI 0406) defines them.
#include "../fault.h"
#include "../threads.h"

#if defined(__arm__)
enum {
    HWCAP_HALF = 1,
    HWCAP_THUMB = 2,
    HWCAP_FAST_MULT = 4,
    HWCAP_VFP = 6,
    HWCAP_EDSP = 7,
    HWCAP_NEON = 12,
    HWCAP_VFPv3 = 13,
    HWCAP_VFPv3D16 = 14,
    HWCAP_TLS = 15,
    HWCAP_VFPv4 = 16,
    HWCAP_IDIVA = 17,
    HWCAP_IDIVT = 18,
    HWCAP_VFPD32 = 19,
    HWCAP_LPAE = 20,
    HWCAP2_AES = 32,
    HWCAP2_PMULL,
    HWCAP2_SHA1,
    HWCAP2_SHA2,
    HWCAP2_CRC32,
};

static bool claims(unsigned bit) { return auxv_value(bit < 32 ? AT_HWCAP : AT_HWCAP2) >> bit % 32 & 1; }

#define EXECUTE(NAME, TEXT) \
    [[gnu::naked]] static void execute_##NAME(void) { __asm__(TEXT "\n\tbx lr"); }
EXECUTE(half, "sub r1, sp, #16\n\tldrh r0, [r1]")
EXECUTE(thumb, "adr r0, 1f + 1\n\tmov r1, lr\n\tblx r0\n\tbx r1\n\t.thumb\n1:\tbx lr\n\t.arm")
EXECUTE(multiply, "umull r0, r1, r2, r3")
EXECUTE(vfp, "vadd.f32 s0, s1, s2")
EXECUTE(edsp, "qadd r0, r1, r2")
EXECUTE(neon, ".inst 0xf2220844 @ vadd.i32 q0, q1, q2")
EXECUTE(vfpv3, "vmov.f64 d0, #1.0")
EXECUTE(tls, "mrc p15, 0, r0, c13, c0, 3")
EXECUTE(vfpv4, ".inst 0xeea10b02 @ vfma.f64 d0, d1, d2")
EXECUTE(divide_arm, "mov r1, #3\n\t.inst 0xe710f110 @ sdiv r0, r0, r1")
EXECUTE(
    divide_thumb,
    "adr r0, 1f + 1\n\tmov r2, lr\n\tblx r0\n\tbx r2\n\t.thumb\n1:\t.inst.w 0xfb90f0f1 @ sdiv r0, r0, r1\n\tbx lr\n\t.arm")
EXECUTE(thirty_two, ".inst 0xee710ba2 @ vadd.f64 d16, d17, d18")
EXECUTE(lpae, "sub r2, sp, #64\n\tbic r2, r2, #7\n\tldrd r0, r1, [r2]")
EXECUTE(aes, ".inst 0xf3b00302 @ aese.8 q0, q1")
EXECUTE(pmull, ".inst 0xf2a20e04 @ vmull.p64 q0, d2, d4")
EXECUTE(sha1, ".inst 0xf3b902c2 @ sha1h.32 q0, q1")
EXECUTE(sha2, ".inst 0xf3ba03c2 @ sha256su0.32 q0, q1")
EXECUTE(crc32, ".inst 0xe1010042 @ crc32b r0, r1, r2")
#endif

PROBE_ARM("arm.hwcap",
          "AT_HWCAP claims what armhf is built for (Thumb, VFPv3, TLS), and all that it and AT_HWCAP2 claim executes",
          "libraries pick NEON or a division at run time and die of SIGILL", "")
#if defined(__arm__)
{
    static const struct {
        const char *name;
        uint8_t bit;
        void (*execute)(void);
    } features[] = {
        {"half", HWCAP_HALF, execute_half},
        {"thumb", HWCAP_THUMB, execute_thumb},
        {"fastmult", HWCAP_FAST_MULT, execute_multiply},
        {"vfp", HWCAP_VFP, execute_vfp},
        {"edsp", HWCAP_EDSP, execute_edsp},
        {"neon", HWCAP_NEON, execute_neon},
        {"vfpv3", HWCAP_VFPv3, execute_vfpv3},
        {"tls", HWCAP_TLS, execute_tls},
        {"vfpv4", HWCAP_VFPv4, execute_vfpv4},
        {"idiva", HWCAP_IDIVA, execute_divide_arm},
        {"idivt", HWCAP_IDIVT, execute_divide_thumb},
        {"vfpd32", HWCAP_VFPD32, execute_thirty_two},
        {"lpae", HWCAP_LPAE, execute_lpae},
        {"aes", HWCAP2_AES, execute_aes},
        {"pmull", HWCAP2_PMULL, execute_pmull},
        {"sha1", HWCAP2_SHA1, execute_sha1},
        {"sha2", HWCAP2_SHA2, execute_sha2},
        {"crc32", HWCAP2_CRC32, execute_crc32},
    };
    static const uint8_t base[] = {HWCAP_THUMB, HWCAP_FAST_MULT, HWCAP_VFP, HWCAP_EDSP, HWCAP_TLS};
    for (size_t i = 0; i < sizeof base; i++)
        EXPECT(claims(base[i]), "half, thumb, fastmult, vfp, edsp and tls are claimed", "AT_HWCAP 0x%jx",
               auxv_value(AT_HWCAP));
    EXPECT(claims(HWCAP_VFPv3) || claims(HWCAP_VFPv3D16), "vfpv3 is claimed", "AT_HWCAP 0x%jx", auxv_value(AT_HWCAP));
    fault_catch(SIGILL);
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        if (!claims(features[i].bit))
            continue;
        features[i].execute();
        char what[64];
        format(what, sizeof what, "SIGILL of %s, which is claimed", features[i].name);
        expect_number(what, fault_seen.count, 0);
    }
}
#endif

#if defined(__arm__)
enum : uint32_t { N = 1u << 31, Z = 1u << 30, C = 1u << 29, V = 1u << 28, Q = 1u << 27, GE = 15u << 16 };

// INSTRUCTION computes %0, which is `a` before, from %2 and %3; APSR is clear before, and returned.
#define COMPUTE(INSTRUCTION, A, B, D)                                                           \
    ({                                                                                          \
        uint32_t a_ = A, flags_;                                                                \
        __asm__ volatile("mov %1, #0\n\tmsr apsr_nzcvqg, %1\n\t" INSTRUCTION "\n\tmrs %1, apsr" \
                         : "+&r"(a_), "=&r"(flags_)                                             \
                         : "r"((uint32_t)(B)), "r"((uint32_t)(D))                               \
                         : "cc", "r12");                                                        \
        (struct computed){a_, flags_};                                                          \
    })
struct computed {
    uint32_t value, flags;
};

static void expect_computed(const char *what, struct computed seen, uint32_t value, uint32_t flags)
{
    char text[96];
    format(text, sizeof text, "%s: value", what);
    expect_equal(text, seen.value, value);
    format(text, sizeof text, "%s: APSR", what);
    expect_equal(text, seen.flags & (N | Z | C | V | Q | GE), flags);
}
#endif

PROBE_ARM(
    "arm.arithmetic",
    "additions, shifts by registers, multiplications, saturation, packing and parallel sums leave their results and flags",
    "interpreters, codecs and big numbers compute nonsense", "")
#if defined(__arm__)
{
    expect_computed("adds 0x7fffffff + 1", COMPUTE("adds %0, %2, %3", 0, 0x7fffffff, 1), 0x80000000, N | V);
    expect_computed("adds -1 + 1", COMPUTE("adds %0, %2, %3", 0, -1, 1), 0, Z | C);
    expect_computed("subs 0 - 1", COMPUTE("subs %0, %2, %3", 0, 0, 1), ~0u, N);
    expect_computed("subs 1 - 1", COMPUTE("subs %0, %2, %3", 0, 1, 1), 0, Z | C);
    expect_computed("adcs with carry", COMPUTE("cmp %2, %2\n\tadcs %0, %2, %3", 0, 5, -6), 0, Z | C);
    expect_computed("rscs without carry", COMPUTE("rscs %0, %2, %3", 0, 5, 8), 2, C);
    expect_computed("movs by lsl of 32", COMPUTE("movs %0, %2, lsl %3", 7, 1, 32), 0, Z | C);
    expect_computed("movs by lsl of 33", COMPUTE("movs %0, %2, lsl %3", 7, 1, 33), 0, Z);
    expect_computed("movs by asr of 200", COMPUTE("movs %0, %2, asr %3", 7, 0x80000000, 200), ~0u, N | C);
    expect_computed("shift by 256: only a byte counts", COMPUTE("movs %0, %2, lsr %3", 7, 9, 256), 9, 0);
    expect_computed("movs by rrx", COMPUTE("cmp %2, %2\n\tmovs %0, %2, rrx", 7, 3, 0), 0x80000001, N | C);
    expect_computed("ror of 36", COMPUTE("movs %0, %2, ror %3", 7, 0x1234567f, 36), 0xf1234567, N | C);
    expect_computed("clz", COMPUTE("clz %0, %2", 0, 0x00a00000, 0), 8, 0);
    expect_computed("clz of 0", COMPUTE("clz %0, %2", 0, 0, 0), 32, 0);
    expect_computed("rbit", COMPUTE("rbit %0, %2", 0, 0x80000003, 0), 0xc0000001, 0);
    expect_computed("rev16", COMPUTE("rev16 %0, %2", 0, 0x01020304, 0), 0x02010403, 0);
    expect_computed("revsh", COMPUTE("revsh %0, %2", 0, 0x0180, 0), 0xffff8001, 0);
    expect_computed("bfi", COMPUTE("bfi %0, %2, #8, #12", 0xffffffff, 0xabc, 0), 0xfffabcff, 0);
    expect_computed("ubfx", COMPUTE("ubfx %0, %2, #4, #8", 0, 0x12345678, 0), 0x67, 0);
    expect_computed("sbfx", COMPUTE("sbfx %0, %2, #4, #4", 0, 0x80, 0), 0xfffffff8, 0);
    expect_computed("movw, movt", COMPUTE("movw %0, #0x5678\n\tmovt %0, #0x1234", 0, 0, 0), 0x12345678, 0);
    expect_computed("pkhbt", COMPUTE("pkhbt %0, %2, %3, lsl #16", 0, 0x11112222, 0x33334444), 0x44442222, 0);
    expect_computed("sxtab, rotated", COMPUTE("sxtab %0, %2, %3, ror #8", 0, 5, 0xfe00), 3, 0);
    expect_computed("qadd saturates", COMPUTE("qadd %0, %2, %3", 0, 0x7fffffff, 1), 0x7fffffff, Q);
    expect_computed("qdsub", COMPUTE("qdsub %0, %2, %3", 0, 10, 3), 4, 0);
    expect_computed("ssat", COMPUTE("ssat %0, #8, %2", 0, 1000, 0), 127, Q);
    expect_computed("usat of a negative number", COMPUTE("usat %0, #8, %2", 0, -5, 0), 0, Q);
    expect_computed("sadd8", COMPUTE("sadd8 %0, %2, %3", 0, 0x017f80ff, 0x01010101), 0x02808100, 13u << 16);
    expect_computed("usub16", COMPUTE("usub16 %0, %2, %3", 0, 0x00050001, 0x00030002), 0x0002ffff, 12u << 16);
    expect_computed("sel after usub8", COMPUTE("usub8 r12, %2, %3\n\tsel %0, %2, %3", 0, 0x05060708, 0x06050807),
                    0x06060808, 5u << 16);
    expect_computed("uqadd8", COMPUTE("uqadd8 %0, %2, %3", 0, 0xf0102030, 0x20304050), 0xff406080, 0);
    expect_computed("usad8", COMPUTE("usad8 %0, %2, %3", 0, 0x01ff0010, 0x02010020), 1 + 0xfe + 0 + 0x10, 0);
    expect_computed("mla", COMPUTE("mla %0, %2, %3, %0", 100, 7, -3), 79, 0);
    expect_computed("smulbt", COMPUTE("smulbt %0, %2, %3", 0, 0x1fffe, 0x0003ffff), (uint32_t)-6, 0);
    expect_computed("smlad that overflows", COMPUTE("smlad %0, %2, %3, %0", 0x7fffffff, 0x00010001, 0x00010001),
                    0x80000001, Q);
    expect_computed("smmul", COMPUTE("smmul %0, %2, %3", 0, 0x80000000, 0x80000000), 0x40000000, 0);
    uint32_t low = 5, high = 7;
    __asm__ volatile("umaal %0, %1, %2, %3" : "+r"(low), "+r"(high) : "r"(~0u), "r"(~0u));
    expect_equal("umaal", (uint64_t)high << 32 | low, 0xffffffffull * 0xffffffff + 12);
    low = 1, high = 0;
    __asm__ volatile("smlal %0, %1, %2, %3" : "+r"(low), "+r"(high) : "r"(-2), "r"(3));
    expect_equal("smlal", (uint64_t)high << 32 | low, (uint64_t)-5);
    if (claims(HWCAP_IDIVA)) {
        expect_computed("sdiv least / -1", COMPUTE(".arch_extension idiv\n\tsdiv %0, %2, %3", 1, 0x80000000, -1),
                        0x80000000, 0);
        expect_computed("udiv by zero", COMPUTE(".arch_extension idiv\n\tudiv %0, %2, %3", 1, 7, 0), 0, 0);
        expect_computed("sdiv -7 / 2", COMPUTE(".arch_extension idiv\n\tsdiv %0, %2, %3", 1, -7, 2), (uint32_t)-3, 0);
    }
}
#endif

PROBE_ARM("arm.conditions",
          "each of the fourteen conditions is judged by the flags, and skipped instructions leave nothing",
          "branches go the wrong way", "")
#if defined(__arm__)
{
    // What the flags N Z C V, as four bits, say of each condition (DDI 0406, A8.3).
    for (uint32_t flags = 0; flags < 16; flags++) {
        bool n = flags >> 3 & 1, z = flags >> 2 & 1, c = flags >> 1 & 1, v = flags & 1;
        const bool expected[14] = {z,  !z,      c,       !c,     n,      !n,           v,
                                   !v, c && !z, !c || z, n == v, n != v, !z && n == v, z || n != v};
        uint32_t taken = 0;
        __asm__ volatile("msr apsr_nzcvq, %1\n\t"
                         "orreq %0, %0, #1\n\torrne %0, %0, #2\n\torrcs %0, %0, #4\n\torrcc %0, %0, #8\n\t"
                         "orrmi %0, %0, #16\n\torrpl %0, %0, #32\n\torrvs %0, %0, #64\n\torrvc %0, %0, #128\n\t"
                         "orrhi %0, %0, #256\n\torrls %0, %0, #512\n\torrge %0, %0, #1024\n\torrlt %0, %0, #2048\n\t"
                         "orrgt %0, %0, #4096\n\torrle %0, %0, #8192"
                         : "+r"(taken)
                         : "r"(flags << 28)
                         : "cc");
        for (int i = 0; i < 14; i++) {
            char what[48];
            format(what, sizeof what, "condition %d with NZCV %x", i, flags);
            expect_number(what, taken >> i & 1, expected[i]);
        }
    }
    // Multiple loads and stores in the four directions, with the base changed.
    uint32_t memory[8] = {1, 2, 3, 4, 5, 6, 7, 8}, sum[4], *base = memory + 4, *after;
    __asm__ volatile(
        "mov r12, %5\n\tldmia r12!, {r4, r6}\n\tadd %0, r6, r4, lsl #4\n\tldmdb r12!, {r4, r6}\n\tadd %1, r6, r4, lsl #4\n\t"
        "ldmib r12!, {r4, r6}\n\tadd %2, r6, r4, lsl #4\n\tldmda r12!, {r4, r6}\n\tadd %3, r6, r4, lsl #4\n\tmov %4, r12"
        : "=&r"(sum[0]), "=&r"(sum[1]), "=&r"(sum[2]), "=&r"(sum[3]), "=&r"(after)
        : "r"(base)
        : "r4", "r6", "r12", "memory");
    static const uint32_t wanted[] = {0x56, 0x56, 0x67, 0x67};
    for (int i = 0; i < 4; i++)
        expect_equal("ldm: after, before, before upwards, after downwards", sum[i], wanted[i]);
    expect_number("the base, where it was", after - memory, 4);
    uint32_t value = 0;
    base = memory;
    __asm__ volatile("ldr %0, [%1, #8]!" : "=r"(value), "+r"(base)::"memory");
    expect_equal("ldr before, and its base", value << 8 | (uint32_t)(base - memory), 0x302);
    __asm__ volatile("ldr %0, [%1], #-4" : "=r"(value), "+r"(base)::"memory");
    expect_equal("ldr after, and its base", value << 8 | (uint32_t)(base - memory), 0x301);
    __asm__ volatile("ldr %0, [%1, %2, lsl #2]" : "=r"(value) : "r"(base), "r"(3) : "memory");
    expect_equal("ldr with a shifted offset", value, 5);
    int32_t small;
    memory[0] = 0x8180;
    __asm__ volatile("ldrsb %0, [%1]" : "=r"(small) : "r"(memory) : "memory");
    expect_number("ldrsb", small, -128);
    __asm__ volatile("ldrsh %0, [%1]" : "=r"(small) : "r"(memory) : "memory");
    expect_number("ldrsh", small, (int16_t)0x8180);
}
#endif

#if defined(__arm__)
// r0 + 1 in Thumb; IT, CBZ, TBB and a call back into ARM state.
[[gnu::naked, gnu::noinline]] static uint32_t through_thumb(uint32_t, uint32_t)
{
    __asm__(
        "push {r4, lr}\n\tadr r12, 1f + 1\n\tblx r12\n\tpop {r4, pc}\n\t.thumb\n"
        "1:\tmov r4, lr\n\tadds r0, #1\n\tcbz r1, 2f\n\tcmp r1, #5\n\titte gt\n\taddgt r0, #16\n\taddgt r0, #32\n\taddle r0, #64\n\t"
        "cmp r1, #3\n\tbhs 3f\n\ttbb [pc, r1]\n"
        "4:\t.byte (2f - 4b) / 2, (5f - 4b) / 2, (6f - 4b) / 2, 0\n"
        "5:\taddw r0, r0, #0x100\n\tb 2f\n6:\taddw r0, r0, #0x200\n"
        "2:\tadr r3, 7f\n\tblx r3\n"
        "3:\tbx r4\n\t.balign 4\n\t.arm\n7:\tadd r0, r0, #0x1000\n\tbx lr");
}

static volatile uint32_t thumb_pc, thumb_state;
static void in_thumb(int, struct siginfo *, void *raw)
{
    struct ucontext *context = raw;
    thumb_pc = context->machine.pc;
    thumb_state = context->machine.cpsr >> 5 & 1;
    context->machine.pc += 2;
    context->machine.r[0] = 77;
}
[[gnu::naked, gnu::noinline]] static uint32_t fault_in_thumb(void)
{
    __asm__(
        "mov r1, lr\n\tadr r12, 1f + 1\n\tblx r12\n\tbx r1\n\t.thumb\n1:\tmovs r0, #8\n\tldrb r0, [r0, #0]\n\tadds r0, #1\n\tbx lr\n\t.balign 4\n\t.arm");
}
#endif

PROBE_ARM(
    "arm.thumb",
    "Thumb and ARM state call each other; IT, CBZ and TBB do what they say; a signal in Thumb state returns to it",
    "armhf, which is built in Thumb, crashes at its first call into another library", "")
#if defined(__arm__)
{
    expect_equal("CBZ", through_thumb(0x20000, 0), 0x20001 + 0x1000);
    expect_equal("IT: else, and TBB's second entry", through_thumb(0, 1), 1 + 64 + 0x100 + 0x1000);
    expect_equal("IT: else, and TBB's third entry", through_thumb(0, 2), 1 + 64 + 0x200 + 0x1000);
    expect_equal("IT: then", through_thumb(0, 9), 1 + 16 + 32);
    struct sigaction action = {.action = in_thumb, .flags = SA_SIGINFO};
    expect_success("rt_sigaction", sys_sigaction(SIGSEGV, &action, nullptr));
    expect_equal("what the handler left, and one", fault_in_thumb(), 78);
    expect_equal("pc in the context, without the lowest bit", thumb_pc, (uintptr_t)fault_in_thumb + 18);
    expect_equal("T in the context's CPSR", thumb_state, 1);
}
#endif
