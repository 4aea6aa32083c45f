// What the machine claims to be able to do, held against what it does.
#include "../fault.h"
#include "../hwcap.h"

#if defined(__aarch64__)
#define INSTRUCTION(NAME, TEXT)                                                                               \
    [[gnu::naked]] static void NAME(void)                                                                     \
    {                                                                                                         \
        __asm__(".arch armv8.5-a+crypto+sha3+sm4+fp16+fp16fml+sve2+i8mm+bf16+rng+ssbs\n\t" TEXT "\n\tret\n\t" \
                ".arch armv8-a");                                                                             \
    }
INSTRUCTION(try_fp, "fadd d0, d1, d2")
INSTRUCTION(try_asimd, "add v0.4s, v1.4s, v2.4s")
INSTRUCTION(try_aes, "aese v0.16b, v1.16b")
INSTRUCTION(try_pmull, "pmull v0.1q, v1.1d, v2.1d")
INSTRUCTION(try_sha1, "sha1h s0, s1")
INSTRUCTION(try_sha2, "sha256su0 v0.4s, v1.4s")
INSTRUCTION(try_crc32, "crc32cb w0, w1, w2")
INSTRUCTION(try_atomics, "sub sp, sp, #16\n\tswp x0, x1, [sp]\n\tadd sp, sp, #16")
INSTRUCTION(try_fphp, "fadd h0, h1, h2")
INSTRUCTION(try_asimdhp, "fadd v0.8h, v1.8h, v2.8h")
INSTRUCTION(try_cpuid, "mrs x0, midr_el1")
INSTRUCTION(try_asimdrdm, "sqrdmlah v0.4s, v1.4s, v2.4s")
INSTRUCTION(try_jscvt, "fjcvtzs w0, d0")
INSTRUCTION(try_fcma, "fcadd v0.4s, v1.4s, v2.4s, #90")
INSTRUCTION(try_lrcpc, "ldapr x0, [sp]")
INSTRUCTION(try_dcpop, "mov x0, sp\n\tdc cvap, x0")
INSTRUCTION(try_sha3, "eor3 v0.16b, v1.16b, v2.16b, v3.16b")
INSTRUCTION(try_sm3, "sm3partw1 v0.4s, v1.4s, v2.4s")
INSTRUCTION(try_sm4, "sm4e v0.4s, v1.4s")
INSTRUCTION(try_asimddp, "udot v0.4s, v1.16b, v2.16b")
INSTRUCTION(try_sha512, "sha512su0 v0.2d, v1.2d")
INSTRUCTION(try_sve, "rdvl x0, #1")
INSTRUCTION(try_asimdfhm, "fmlal v0.4s, v1.4h, v2.4h")
INSTRUCTION(try_dit, "mrs x0, dit")
INSTRUCTION(try_ilrcpc, "ldapur x0, [sp]")
INSTRUCTION(try_flagm, "cfinv")
INSTRUCTION(try_ssbs, "mrs x0, ssbs")
INSTRUCTION(try_sb, "sb")
INSTRUCTION(try_paca, "pacia x0, x1")
INSTRUCTION(try_pacg, "pacga x0, x1, x2")
INSTRUCTION(try_dcpodp, "mov x0, sp\n\tdc cvadp, x0")
INSTRUCTION(try_sve2, "sqabs z0.s, p0/m, z1.s")
INSTRUCTION(try_flagm2, "axflag")
INSTRUCTION(try_frint, "frint32z d0, d1")
INSTRUCTION(try_i8mm, "ummla v0.4s, v1.16b, v2.16b")
INSTRUCTION(try_bf16, "bfdot v0.4s, v1.8h, v2.8h")
INSTRUCTION(try_rng, "mrs x0, rndr")
INSTRUCTION(try_bti, "bti c")
INSTRUCTION(try_ecv, "mrs x0, s3_3_c14_c0_6")           // CNTVCTSS_EL0
INSTRUCTION(try_wfxt, "mov x0, #0\n\t.inst 0xd5031000") // WFET X0
INSTRUCTION(try_cssc, ".inst 0xdac02020")               // ABS X0, X1
#endif

PROBE_AARCH64("cpu.hwcap",
              "every feature that AT_HWCAP and AT_HWCAP2 claim executes, and AArch64's base (FP, ASIMD) is claimed",
              "libraries pick an instruction at run time and die of SIGILL", "")
#if defined(__aarch64__)
{
    static const struct {
        enum hwcap capability;
        const char *name;
        void (*execute)(void);
    } features[] = {
        {HWCAP_FP, "fp", try_fp},
        {HWCAP_ASIMD, "asimd", try_asimd},
        {HWCAP_AES, "aes", try_aes},
        {HWCAP_PMULL, "pmull", try_pmull},
        {HWCAP_SHA1, "sha1", try_sha1},
        {HWCAP_SHA2, "sha2", try_sha2},
        {HWCAP_CRC32, "crc32", try_crc32},
        {HWCAP_ATOMICS, "atomics", try_atomics},
        {HWCAP_FPHP, "fphp", try_fphp},
        {HWCAP_ASIMDHP, "asimdhp", try_asimdhp},
        {HWCAP_CPUID, "cpuid", try_cpuid},
        {HWCAP_ASIMDRDM, "asimdrdm", try_asimdrdm},
        {HWCAP_JSCVT, "jscvt", try_jscvt},
        {HWCAP_FCMA, "fcma", try_fcma},
        {HWCAP_LRCPC, "lrcpc", try_lrcpc},
        {HWCAP_DCPOP, "dcpop", try_dcpop},
        {HWCAP_SHA3, "sha3", try_sha3},
        {HWCAP_SM3, "sm3", try_sm3},
        {HWCAP_SM4, "sm4", try_sm4},
        {HWCAP_ASIMDDP, "asimddp", try_asimddp},
        {HWCAP_SHA512, "sha512", try_sha512},
        {HWCAP_SVE, "sve", try_sve},
        {HWCAP_ASIMDFHM, "asimdfhm", try_asimdfhm},
        {HWCAP_DIT, "dit", try_dit},
        {HWCAP_ILRCPC, "ilrcpc", try_ilrcpc},
        {HWCAP_FLAGM, "flagm", try_flagm},
        {HWCAP_SSBS, "ssbs", try_ssbs},
        {HWCAP_SB, "sb", try_sb},
        {HWCAP_PACA, "paca", try_paca},
        {HWCAP_PACG, "pacg", try_pacg},
        {HWCAP2_DCPODP, "dcpodp", try_dcpodp},
        {HWCAP2_SVE2, "sve2", try_sve2},
        {HWCAP2_FLAGM2, "flagm2", try_flagm2},
        {HWCAP2_FRINT, "frint", try_frint},
        {HWCAP2_I8MM, "i8mm", try_i8mm},
        {HWCAP2_BF16, "bf16", try_bf16},
        {HWCAP2_RNG, "rng", try_rng},
        {HWCAP2_BTI, "bti", try_bti},
        {HWCAP2_ECV, "ecv", try_ecv},
        {HWCAP2_WFXT, "wfxt", try_wfxt},
        {HWCAP2_CSSC, "cssc", try_cssc},
    };
    EXPECT(has_hwcap(HWCAP_FP) && has_hwcap(HWCAP_ASIMD), "fp and asimd are claimed", "AT_HWCAP 0x%lx",
           auxv_value(AT_HWCAP));
    fault_catch(SIGILL);
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        if (!has_hwcap(features[i].capability))
            continue;
        features[i].execute();
        if (fault_seen.count > 0 &&
            (features[i].capability == HWCAP_DCPOP || features[i].capability == HWCAP2_DCPODP)) {
            note("limit-dc-cvap: %s is claimed, and DC CVA(D)P raises SIGILL (QEMU user mode before 8.1)",
                 features[i].name);
            fault_seen.count = 0;
        }
        EXPECT(fault_seen.count == 0, "every claimed feature executes", "%s is claimed, and raises SIGILL",
               features[i].name);
    }
}
#endif

#if defined(__aarch64__)
[[gnu::naked]] static uint64_t read_isar0(void) { __asm__("mrs x0, id_aa64isar0_el1\n\tret"); }
[[gnu::naked]] static uint64_t read_pfr0(void) { __asm__("mrs x0, id_aa64pfr0_el1\n\tret"); }
[[gnu::naked]] static uint64_t read_mmfr2(void) { __asm__("mrs x0, s3_0_c0_c7_2\n\tret"); }
[[gnu::naked]] static uint64_t read_reserved(void) { __asm__("mrs x0, s3_0_c0_c7_7\n\tret"); }
#endif

PROBE_AARCH64("cpu.id-registers",
              "the ID registers that Linux lets programs read agree with AT_HWCAP; unused ones read as zero",
              "SIGILL on mrs ID_AA64MMFR2_EL1 in programs that look before they leap",
              "https://github.com/DynamoRIO/dynamorio/issues/7315")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_CPUID);
    // Documentation/arch/arm64/cpu-feature-registers.rst: the field is at least `value` exactly when the hwcap is
    // claimed.
    static const struct {
        enum hwcap capability;
        bool pfr0;
        uint8_t shift, value;
    } fields[] = {
        {HWCAP_AES, false, 4, 1},       {HWCAP_PMULL, false, 4, 2},     {HWCAP_SHA1, false, 8, 1},
        {HWCAP_SHA2, false, 12, 1},     {HWCAP_SHA512, false, 12, 2},   {HWCAP_CRC32, false, 16, 1},
        {HWCAP_ATOMICS, false, 20, 2},  {HWCAP_ASIMDRDM, false, 28, 1}, {HWCAP_SHA3, false, 32, 1},
        {HWCAP_SM3, false, 36, 1},      {HWCAP_SM4, false, 40, 1},      {HWCAP_ASIMDDP, false, 44, 1},
        {HWCAP_ASIMDFHM, false, 48, 1}, {HWCAP_FLAGM, false, 52, 1},    {HWCAP2_FLAGM2, false, 52, 2},
        {HWCAP2_RNG, false, 60, 1},     {HWCAP_SVE, true, 32, 1},
    };
    fault_catch(SIGILL);
    uint64_t isar0 = read_isar0(), pfr0 = read_pfr0();
    expect_number("SIGILL on ID_AA64ISAR0_EL1 and ID_AA64PFR0_EL1", fault_seen.count, 0);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        bool present = ((fields[i].pfr0 ? pfr0 : isar0) >> fields[i].shift & 15) >= fields[i].value;
        EXPECT(present == has_hwcap(fields[i].capability), "hwcap and ID register field agree",
               "hwcap bit %u, ISAR0 0x%lx, PFR0 0x%lx", (unsigned)fields[i].capability, isar0, pfr0);
    }
    expect_equal("ID_AA64PFR0_EL1.FP is 0 or 1, and the same as AdvSIMD", pfr0 >> 16 & 15, pfr0 >> 20 & 15);
    uint64_t reserved = read_reserved();
    expect_number("SIGILL on an unallocated ID register", fault_seen.count, 0);
    expect_equal("an unallocated ID register", reserved, 0);
    read_mmfr2();
    if (fault_seen.count > 0)
        note("limit-id-mmfr2: reading ID_AA64MMFR2_EL1 raises SIGILL (QEMU before 8.0)");
}
#endif

#if defined(__aarch64__)
// With FEAT_FPAC a wrong code raises SIGILL, and what comes back is the pointer as it was; else a pointer that faults.
[[gnu::naked]] static uint64_t authenticate(uint64_t, uint64_t)
{
    __asm__(".arch armv8.3-a\n\tautia x0, x1\n\t.arch armv8-a\n\tret");
}
#endif

PROBE_AARCH64("cpu.pointer-authentication",
              "a signed pointer authenticates with its own key and modifier only, and XPAC strips it",
              "programs built with -mbranch-protection die when they return", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_PACA);
    fault_catch(SIGILL);
    uint64_t plain = (uintptr_t)&fault_seen;
    int told = 0, refused = 0; // a code of few bits is empty, or fits a wrong modifier, now and then
    for (uint64_t modifier = 1; modifier <= 64; modifier++) {
        uint64_t sealed = plain, opened, stripped, hint = plain;
        __asm__ volatile(".arch armv8.3-a\n\tpacia %0, %1\n\t.arch armv8-a" : "+r"(sealed) : "r"(modifier));
        opened = stripped = sealed;
        __asm__ volatile(".arch armv8.3-a\n\txpaci %0\n\t.arch armv8-a" : "+r"(stripped));
        expect_equal("xpaci", stripped, plain);
        __asm__ volatile(".arch armv8.3-a\n\tautia %0, %1\n\t.arch armv8-a" : "+r"(opened) : "r"(modifier));
        expect_equal("autia with the same modifier", opened, plain);
        __asm__ volatile("mov x17, %0\n\tmov x16, %1\n\thint #8\n\tmov %0, x17"
                         : "+r"(hint)
                         : "r"(modifier)
                         : "x16", "x17");
        expect_equal("pacia1716 in the hint space", hint, sealed);
        told += sealed != plain;
        refused += authenticate(sealed, modifier + 1) != plain;
    }
    EXPECT(told >= 32, "32 or more of 64 signed pointers differ from the plain one", "%d", told);
    EXPECT(refused >= 32, "32 or more of 64 wrong modifiers leave no usable pointer", "%d", refused);
}
#endif

PROBE_AARCH64(
    "cpu.sve",
    "the vector length is a power of two that prctl(PR_SVE_GET_VL) confirms, and predicated addition obeys it",
    "a Java machine dies at start: SVE is claimed, prctl refuses it",
    "https://github.com/adoptium/adoptium-support/issues/1223")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_SVE);
    uint64_t length;
    __asm__ volatile(".arch armv8.2-a+sve\n\trdvl %0, #1\n\t.arch armv8-a" : "=r"(length));
    EXPECT(length >= 16 && length <= 256 && length % 16 == 0, "16 <= VL <= 256, a multiple of 16 bytes", "%lu", length);
    long told = expect_success("prctl(PR_SVE_GET_VL)", sys1(SYS_prctl, 51));
    expect_number("vector length told by prctl", told & 0xffff, (int64_t)length);
    static uint32_t a[64], b[64], sum[64];
    for (unsigned i = 0; i < 64; i++)
        a[i] = i, b[i] = 1000 * i;
    uint64_t count;
    __asm__ volatile(
        ".arch armv8.2-a+sve\n\tmov x9, #0\n\tmov x10, #7\n\twhilelt p0.s, x9, x10\n\tld1w {z0.s}, p0/z, [%1]\n\t"
        "ld1w {z1.s}, p0/z, [%2]\n\tadd z0.s, p0/m, z0.s, z1.s\n\tst1w {z0.s}, p0, [%3]\n\tcntp %0, p0, p0.s\n\t"
        ".arch armv8-a"
        : "=&r"(count)
        : "r"(a), "r"(b), "r"(sum)
        : "x9", "x10", "v0", "v1", "memory", "cc");
    uint64_t lanes = length / 4 < 7 ? length / 4 : 7;
    expect_number("active lanes of whilelt 0, 7", (int64_t)count, (int64_t)lanes);
    for (unsigned i = 0; i < 64; i++)
        expect_number("sum in a lane", sum[i], i < lanes ? 1001 * i : 0);
}
#endif
