// What the machine claims to be able to do, held against what it does.
#include "../fault.h"
#include "../features.h"

PROBE_AARCH64("cpu.hwcap",
              "every feature that AT_HWCAP and AT_HWCAP2 claim executes, and AArch64's base (FP, ASIMD) is claimed",
              "libraries pick an instruction at run time and die of SIGILL", "")
#if defined(__aarch64__)
{
    EXPECT(has_hwcap(HWCAP_FP) && has_hwcap(HWCAP_ASIMD), "fp and asimd are claimed", "AT_HWCAP 0x%lx",
           auxv_value(AT_HWCAP));
    fault_catch(SIGILL);
    for (size_t i = 0; i < feature_count; i++) {
        enum hwcap claimed = features[i].capability;
        if (!has_hwcap(claimed) || feature_executes(&features[i]))
            continue;
        if (claimed != HWCAP_DCPOP && claimed != HWCAP2_DCPODP)
            fail("every claimed feature executes", "%s is claimed, and raises SIGILL", features[i].name);
        note("limit-dc-cvap: %s is claimed, and DC CVA(D)P raises SIGILL (QEMU user mode before 8.1)",
             features[i].name);
    }
}
#endif

#if defined(__aarch64__)
// The ID registers with fields that Linux shows, in the order of `fields` below.
enum { PFR0, PFR1, ZFR0, SMFR0, ISAR0, ISAR1, ISAR2, MMFR0, MMFR2, REGISTERS };
#define READ(NAME, REGISTER) \
    [[gnu::naked]] static uint64_t read_##NAME(void) { __asm__("mov x0, #0\n\tmrs x0, " REGISTER "\n\tret"); }
READ(pfr0, "s3_0_c0_c4_0")
READ(pfr1, "s3_0_c0_c4_1")
READ(zfr0, "s3_0_c0_c4_4")
READ(smfr0, "s3_0_c0_c4_5")
READ(isar0, "s3_0_c0_c6_0")
READ(isar1, "s3_0_c0_c6_1")
READ(isar2, "s3_0_c0_c6_2")
READ(mmfr0, "s3_0_c0_c7_0")
READ(mmfr2, "s3_0_c0_c7_2")
READ(reserved, "s3_0_c0_c7_7")
#endif

PROBE_AARCH64("cpu.id-registers",
              "the ID registers that Linux lets programs read agree with AT_HWCAP; unused ones read as zero",
              "SIGILL on mrs ID_AA64MMFR2_EL1 in programs that look before they leap",
              "https://github.com/DynamoRIO/dynamorio/issues/7315")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_CPUID);
    static const struct {
        const char *name;
        uint64_t (*read)(void);
    } registers[REGISTERS] = {
        {"PFR0", read_pfr0},   {"PFR1", read_pfr1},   {"ZFR0", read_zfr0},   {"SMFR0", read_smfr0}, {"ISAR0", read_isar0},
        {"ISAR1", read_isar1}, {"ISAR2", read_isar2}, {"MMFR0", read_mmfr0}, {"MMFR2", read_mmfr2},
    };
    // Documentation/arch/arm64/elf_hwcaps.rst: the field, of four bits, is at least `value` exactly when the hwcap is
    // claimed. Two fields stand for pointer authentication, each for other algorithms: see below.
    static const struct {
        enum hwcap capability;
        uint8_t of, shift, value;
    } fields[] = {
        {HWCAP_DIT, PFR0, 48, 1},          {HWCAP_SVE, PFR0, 32, 1},         {HWCAP2_BTI, PFR1, 0, 1},
        {HWCAP_SSBS, PFR1, 4, 2},          {HWCAP2_MTE, PFR1, 8, 2},         {HWCAP2_MTE3, PFR1, 8, 3},
        {HWCAP2_SME, PFR1, 24, 1},         {HWCAP2_SVE2, ZFR0, 0, 1},        {HWCAP2_SVE2P1, ZFR0, 0, 2},
        {HWCAP2_SVEAES, ZFR0, 4, 1},       {HWCAP2_SVEPMULL, ZFR0, 4, 2},    {HWCAP2_SVEBITPERM, ZFR0, 16, 1},
        {HWCAP2_SVEBF16, ZFR0, 20, 1},     {HWCAP2_SVE_B16B16, ZFR0, 24, 1}, {HWCAP2_SVESHA3, ZFR0, 32, 1},
        {HWCAP2_SVESM4, ZFR0, 40, 1},      {HWCAP2_SVEI8MM, ZFR0, 44, 1},    {HWCAP2_SVEF32MM, ZFR0, 52, 1},
        {HWCAP2_SVEF64MM, ZFR0, 56, 1},    {HWCAP2_SME_B16F32, SMFR0, 34, 1}, {HWCAP2_SME_I8I32, SMFR0, 36, 15},
        {HWCAP2_SME_I16I64, SMFR0, 52, 15}, {HWCAP2_SME2, SMFR0, 56, 1},     {HWCAP_AES, ISAR0, 4, 1},
        {HWCAP_PMULL, ISAR0, 4, 2},        {HWCAP_SHA1, ISAR0, 8, 1},        {HWCAP_SHA2, ISAR0, 12, 1},
        {HWCAP_SHA512, ISAR0, 12, 2},      {HWCAP_CRC32, ISAR0, 16, 1},      {HWCAP_ATOMICS, ISAR0, 20, 2},
        {HWCAP2_LSE128, ISAR0, 20, 3},     {HWCAP_ASIMDRDM, ISAR0, 28, 1},   {HWCAP_SHA3, ISAR0, 32, 1},
        {HWCAP_SM3, ISAR0, 36, 1},         {HWCAP_SM4, ISAR0, 40, 1},        {HWCAP_ASIMDDP, ISAR0, 44, 1},
        {HWCAP_ASIMDFHM, ISAR0, 48, 1},    {HWCAP_FLAGM, ISAR0, 52, 1},      {HWCAP2_FLAGM2, ISAR0, 52, 2},
        {HWCAP2_RNG, ISAR0, 60, 1},        {HWCAP_DCPOP, ISAR1, 0, 1},       {HWCAP2_DCPODP, ISAR1, 0, 2},
        {HWCAP_JSCVT, ISAR1, 12, 1},       {HWCAP_FCMA, ISAR1, 16, 1},       {HWCAP_LRCPC, ISAR1, 20, 1},
        {HWCAP_ILRCPC, ISAR1, 20, 2},      {HWCAP2_LRCPC3, ISAR1, 20, 3},    {HWCAP2_FRINT, ISAR1, 32, 1},
        {HWCAP_SB, ISAR1, 36, 1},          {HWCAP2_BF16, ISAR1, 44, 1},      {HWCAP2_EBF16, ISAR1, 44, 2},
        {HWCAP2_DGH, ISAR1, 48, 1},        {HWCAP2_I8MM, ISAR1, 52, 1},      {HWCAP2_WFXT, ISAR2, 0, 2},
        {HWCAP2_RPRES, ISAR2, 4, 1},       {HWCAP2_MOPS, ISAR2, 16, 1},      {HWCAP2_HBC, ISAR2, 20, 1},
        {HWCAP2_CSSC, ISAR2, 52, 1},       {HWCAP2_ECV, MMFR0, 60, 1},       {HWCAP_USCAT, MMFR2, 32, 1},
    };
    fault_catch(SIGILL);
    uint64_t values[REGISTERS];
    bool readable[REGISTERS];
    for (int i = 0; i < REGISTERS; i++) {
        int before = fault_seen.count;
        values[i] = registers[i].read();
        readable[i] = fault_seen.count == before;
        if (!readable[i] && i != MMFR2)
            fail("the ID registers of table C5-6 are readable", "SIGILL on ID_AA64%s_EL1", registers[i].name);
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!readable[fields[i].of])
            continue;
        bool present = (values[fields[i].of] >> fields[i].shift & 15) >= fields[i].value;
        enum hwcap capability = fields[i].capability;
        if (present == has_hwcap(capability))
            continue;
        char seen[160];
        format(seen, sizeof seen, "AT_HWCAP%s %s bit %u, ID_AA64%s_EL1 is 0x%lx", capability < 64 ? "" : "2",
               present ? "leaves out" : "claims", (unsigned)capability % 64, registers[fields[i].of].name,
               values[fields[i].of]);
        const struct feature *feature = features;
        while (feature < features + feature_count && feature->capability != capability)
            feature++;
        bool is_undefined = feature < features + feature_count && !feature_executes(feature);
        EXPECT(present && !is_undefined, "hwcap and ID register field agree", "%s%s", seen,
               is_undefined ? "; it raises SIGILL" : "");
        // Programs that ask AT_HWCAP only do without.
        note("limit-hwcap: %s", seen);
    }
    EXPECT(((values[ISAR1] & 0xff0) != 0) == has_hwcap(HWCAP_PACA), "paca and ID_AA64ISAR1_EL1.APA or API agree",
           "ID_AA64ISAR1_EL1 0x%lx", values[ISAR1]);
    expect_equal("ID_AA64PFR0_EL1.FP is 0 or 1, and the same as AdvSIMD", values[PFR0] >> 16 & 15,
                 values[PFR0] >> 20 & 15);
    EXPECT((values[PFR0] >> 16 & 15) == has_hwcap(HWCAP_FPHP), "fphp and ID_AA64PFR0_EL1.FP agree",
           "ID_AA64PFR0_EL1 0x%lx", values[PFR0]);
    int before = fault_seen.count;
    uint64_t reserved = read_reserved();
    expect_number("SIGILL on an unallocated ID register", fault_seen.count, before);
    expect_equal("an unallocated ID register", reserved, 0);
    if (!readable[MMFR2])
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
    // Counts of elements, and addresses by the length: patterns, multipliers and the ends of the immediates.
    uint64_t seen[12], base = 0x123456789abcdef0, power = 16, words = length / 4;
    while (power * 2 <= length)
        power *= 2;
    __asm__ volatile(
        ".arch armv8.2-a+sve\n\tcntb x9, all, mul #3\n\tcnth x10, vl3, mul #16\n\tstp x9, x10, [%0]\n\t"
        "cntw x9, pow2, mul #5\n\tcntd x10, mul4\n\tstp x9, x10, [%0, #16]\n\tcntw x9, mul3\n\tcntb x10, vl256\n\t"
        "stp x9, x10, [%0, #32]\n\taddvl x9, %1, #31\n\taddvl x10, %1, #-32\n\tstp x9, x10, [%0, #48]\n\t"
        "addpl x9, %1, #-32\n\trdvl x10, #-31\n\tstp x9, x10, [%0, #64]\n\tmov x9, %1\n\tmov x10, %1\n\t"
        "inch x9, all, mul #7\n\tdecd x10, all, mul #2\n\tstp x9, x10, [%0, #80]\n\t.arch armv8-a"
        :
        : "r"(seen), "r"(base)
        : "x9", "x10", "memory");
    const uint64_t expected[12] = {length * 3,
                                   3 * 16,
                                   power / 4 * 5,
                                   length / 8 & ~3ull,
                                   words - words % 3,
                                   length >= 256 ? 256 : 0,
                                   base + 31 * length,
                                   base - 32 * length,
                                   base - 4 * length,
                                   -31 * length,
                                   base + length / 2 * 7,
                                   base - length / 8 * 2};
    char text[64];
    for (unsigned i = 0; i < 12; i++) {
        format(text, sizeof text, "count or address %u by the vector length", i);
        expect_equal(text, seen[i], expected[i]);
    }
    // NZCV of a predicate, here bytes below `end` of those below `all`: the first is set, any is, the last is not.
    for (uint64_t all = 0; all <= 20; all += 4)
        for (uint64_t end = 0; end <= 24; end += 3) {
            uint64_t nzcv, whole = all < length ? all : length, part = end < whole ? end : whole;
            __asm__ volatile(".arch armv8.2-a+sve\n\twhilelo p1.b, xzr, %1\n\twhilelo p2.b, xzr, %2\n\t"
                             "and p2.b, p1/z, p2.b, p2.b\n\tptest p1, p2.b\n\tmrs %0, nzcv\n\t.arch armv8-a"
                             : "=r"(nzcv)
                             : "r"(all), "r"(end)
                             : "cc");
            format(text, sizeof text, "NZCV of ptest of %lu in %lu bytes", part, whole);
            expect_equal(text, nzcv >> 28, (part ? 8 : 4) | (whole && part == whole ? 0 : 2));
        }
    // Loads and stores of part of a vector, which must not touch what is behind.
    static uint8_t from[256], to[272];
    for (unsigned i = 0; i < 256; i++)
        from[i] = (uint8_t)(i * 7 + 1);
    for (uint64_t bytes = 0; bytes <= length; bytes += 5) {
        memset(to, 0xee, sizeof to);
        __asm__ volatile(".arch armv8.2-a+sve\n\twhilelo p1.b, xzr, %2\n\tld1b {z0.b}, p1/z, [%0]\n\t"
                         "ptrue p2.b\n\tadd z0.b, p2/m, z0.b, z0.b\n\tst1b {z0.b}, p1, [%1]\n\t.arch armv8-a"
                         :
                         : "r"(from), "r"(to), "r"(bytes)
                         : "v0", "memory", "cc");
        for (unsigned i = 0; i < sizeof to; i++)
            expect_equal("a byte of part of a vector", to[i], i < bytes ? (uint8_t)(from[i] * 2) : 0xee);
    }
}
#endif
