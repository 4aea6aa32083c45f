#include "features.h"

#include "fault.h"

#if defined(__aarch64__)
#define FEATURE(NAME, EXTENSION, TEXT)                                                           \
    [[gnu::naked]] static void try_##NAME(void)                                                  \
    {                                                                                            \
        __asm__(".arch armv8.5-a+" EXTENSION "\n\t" TEXT "\n\tret\n\t.arch armv8-a");            \
    }
// Within streaming mode and with ZA, which the instruction needs. A signal handler begins outside of both.
#define STREAMING(NAME, EXTENSION, TEXT) FEATURE(NAME, EXTENSION, "smstart\n\t" TEXT "\n\tsmstop")

FEATURE(fp, "fp", "fadd d0, d1, d2")
FEATURE(asimd, "simd", "add v0.4s, v1.4s, v2.4s")
FEATURE(aes, "crypto", "aese v0.16b, v1.16b")
FEATURE(pmull, "crypto", "pmull v0.1q, v1.1d, v2.1d")
FEATURE(sha1, "crypto", "sha1h s0, s1")
FEATURE(sha2, "crypto", "sha256su0 v0.4s, v1.4s")
FEATURE(crc32, "crc", "crc32cb w0, w1, w2")
FEATURE(atomics, "lse", "sub x2, sp, #64\n\tswp x0, x1, [x2]") // below the stack pointer, which a fault must not move
FEATURE(fphp, "fp16", "fadd h0, h1, h2")
FEATURE(asimdhp, "fp16", "fadd v0.8h, v1.8h, v2.8h")
FEATURE(cpuid, "fp", "mrs x0, midr_el1")
FEATURE(asimdrdm, "rdm", "sqrdmlah v0.4s, v1.4s, v2.4s")
FEATURE(jscvt, "fp", "fjcvtzs w0, d0")
FEATURE(fcma, "simd", "fcadd v0.4s, v1.4s, v2.4s, #90")
FEATURE(lrcpc, "rcpc", "ldapr x0, [sp]")
FEATURE(dcpop, "fp", "mov x0, sp\n\tdc cvap, x0")
FEATURE(sha3, "sha3", "eor3 v0.16b, v1.16b, v2.16b, v3.16b")
FEATURE(sm3, "sm4", "sm3partw1 v0.4s, v1.4s, v2.4s")
FEATURE(sm4, "sm4", "sm4e v0.4s, v1.4s")
FEATURE(asimddp, "dotprod", "udot v0.4s, v1.16b, v2.16b")
FEATURE(sha512, "sha3", "sha512su0 v0.2d, v1.2d")
FEATURE(sve, "sve", "rdvl x0, #1")
FEATURE(asimdfhm, "fp16fml", "fmlal v0.4s, v1.4h, v2.4h")
FEATURE(dit, "fp", "mrs x0, dit")
FEATURE(ilrcpc, "rcpc", "ldapur x0, [sp]")
FEATURE(flagm, "flagm", "cfinv")
FEATURE(ssbs, "ssbs", "mrs x0, ssbs")
FEATURE(sb, "sb", "sb")
FEATURE(paca, "pauth", "pacia x0, x1")
FEATURE(pacg, "pauth", "pacga x0, x1, x2")
FEATURE(cmpbr, "cmpbr", "cbeq x0, x1, 1f\n1:")
FEATURE(fprcvt, "fprcvt", "fcvtns s0, d1")
FEATURE(f8mm8, "f8f32mm", "fmmla v0.4s, v1.16b, v2.16b")
FEATURE(f8mm4, "f8f16mm", "fmmla v0.8h, v1.16b, v2.16b")
FEATURE(sve_f16mm, "sve2+sve-f16f32mm", "fmmla z0.s, z1.h, z2.h")
FEATURE(sve_aes2, "sve2+sve-aes+sve-aes2", "pmull {z0.q-z1.q}, z2.d, z3.d")
FEATURE(dcpodp, "fp", "mov x0, sp\n\tdc cvadp, x0")
FEATURE(sve2, "sve2", "sqabs z0.s, p0/m, z1.s")
FEATURE(sveaes, "sve2-aes", "aese z0.b, z0.b, z1.b")
FEATURE(svepmull, "sve2-aes", "pmullb z0.q, z1.d, z2.d")
FEATURE(svebitperm, "sve2-bitperm", "bext z0.s, z1.s, z2.s")
FEATURE(svesha3, "sve2-sha3", "rax1 z0.d, z1.d, z2.d")
FEATURE(svesm4, "sve2-sm4", "sm4e z0.s, z0.s, z1.s")
FEATURE(flagm2, "fp", "axflag")
FEATURE(frint, "fp", "frint32z d0, d1")
FEATURE(svei8mm, "sve+i8mm", "ummla z0.s, z1.b, z2.b")
FEATURE(svef32mm, "sve+f32mm", "fmmla z0.s, z1.s, z2.s")
// FMMLA of double precision needs vectors of 32 bytes, TRN1 of 128-bit elements too: both may raise SIGILL with less.
FEATURE(svebf16, "sve+bf16", "bfdot z0.s, z1.h, z2.h")
FEATURE(i8mm, "i8mm", "ummla v0.4s, v1.16b, v2.16b")
FEATURE(bf16, "bf16", "bfdot v0.4s, v1.8h, v2.8h")
FEATURE(rng, "rng", "mrs x0, rndr")
FEATURE(bti, "fp", "bti c")
FEATURE(mte, "memtag", "irg x0, x0")
FEATURE(ecv, "fp", "mrs x0, s3_3_c14_c0_6") // CNTVCTSS_EL0
FEATURE(sme, "sme", "rdsvl x0, #1")
STREAMING(sme_i16i64, "sme-i16i64", "smopa za0.d, p0/m, p0/m, z0.h, z1.h")
STREAMING(sme_f64f64, "sme-f64f64", "fmopa za0.d, p0/m, p0/m, z0.d, z1.d")
STREAMING(sme_i8i32, "sme", "smopa za0.s, p0/m, p0/m, z0.b, z1.b")
STREAMING(sme_f16f32, "sme", "fmopa za0.s, p0/m, p0/m, z0.h, z1.h")
STREAMING(sme_b16f32, "sme", "bfmopa za0.s, p0/m, p0/m, z0.h, z1.h")
STREAMING(sme_f32f32, "sme", "fmopa za0.s, p0/m, p0/m, z0.s, z1.s")
STREAMING(sme_fa64, "sme+aes", "aese v0.16b, v1.16b")
FEATURE(wfxt, "fp", "mov x0, #0\n\t.inst 0xd5031000") // WFET: the time given has passed
FEATURE(cssc, "cssc", "abs x0, x1")
FEATURE(sve2p1, "sve2p1", "uclamp z0.s, z1.s, z2.s")
STREAMING(sme2, "sme2", "zero {zt0}")
STREAMING(sme2p1, "sme2p1", "mov w8, #0\n\tzero za.d[w8, 0, vgx2]")
STREAMING(sme_i16i32, "sme2", "smopa za0.s, p0/m, p0/m, z0.h, z1.h")
STREAMING(sme_bi32i32, "sme2", "bmopa za0.s, p0/m, p0/m, z0.s, z1.s")
STREAMING(sme_b16b16, "sme-b16b16", "bfmopa za0.h, p0/m, p0/m, z0.h, z1.h")
STREAMING(sme_f16f16, "sme-f16f16", "fmopa za0.h, p0/m, p0/m, z0.h, z1.h")
FEATURE(fpmr, "fp", "mrs x0, s3_3_c4_c4_2") // FPMR
FEATURE(lut, "lut", "luti2 v0.16b, {v1.16b}, v2[0]")
FEATURE(faminmax, "faminmax", "famax v0.4s, v1.4s, v2.4s")
FEATURE(f8cvt, "fp8", "f1cvtl v0.8h, v1.8b")
FEATURE(f8fma, "fp8fma", "fmlalb v0.8h, v1.16b, v2.16b")
FEATURE(f8dp4, "fp8dot4", "fdot v0.4s, v1.16b, v2.16b")
FEATURE(f8dp2, "fp8dot2", "fdot v0.8h, v1.16b, v2.16b")
FEATURE(mops, "mops", "mov x0, sp\n\tmov x1, sp\n\tmov x2, #0\n\tcpyfp [x0]!, [x1]!, x2!\n\tcpyfm [x0]!, [x1]!, x2!\n\tcpyfe [x0]!, [x1]!, x2!")
FEATURE(hbc, "hbc", "bc.eq 1f\n1:")
FEATURE(sveb16b16, "sve2+sve-b16b16", "bfadd z0.h, z1.h, z2.h")
FEATURE(lrcpc3, "rcpc3", "ldiapp x0, x1, [sp]")
FEATURE(lse128, "lse128", "sub x2, sp, #64\n\tmov x0, #0\n\tmov x1, #0\n\tldsetp x0, x1, [x2]")

// Left out: what has no instruction of its own (evtstrm, uscat, dgh, afp, rpres, mte3, ebf16, sveebf16, rprfm, the formats
// of 8-bit floating point), what the kernel must enable first (gcs, poe), and SME's newest (sme2p2, lutv2, sf8…).
const struct feature features[] = {
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
    {HWCAP_CMPBR, "cmpbr", try_cmpbr},
    {HWCAP_FPRCVT, "fprcvt", try_fprcvt},
    {HWCAP_F8MM8, "f8mm8", try_f8mm8},
    {HWCAP_F8MM4, "f8mm4", try_f8mm4},
    {HWCAP_SVE_F16MM, "svef16mm", try_sve_f16mm},
    {HWCAP_SVE_AES2, "sveaes2", try_sve_aes2},
    {HWCAP2_DCPODP, "dcpodp", try_dcpodp},
    {HWCAP2_SVE2, "sve2", try_sve2},
    {HWCAP2_SVEAES, "sveaes", try_sveaes},
    {HWCAP2_SVEPMULL, "svepmull", try_svepmull},
    {HWCAP2_SVEBITPERM, "svebitperm", try_svebitperm},
    {HWCAP2_SVESHA3, "svesha3", try_svesha3},
    {HWCAP2_SVESM4, "svesm4", try_svesm4},
    {HWCAP2_FLAGM2, "flagm2", try_flagm2},
    {HWCAP2_FRINT, "frint", try_frint},
    {HWCAP2_SVEI8MM, "svei8mm", try_svei8mm},
    {HWCAP2_SVEF32MM, "svef32mm", try_svef32mm},
    {HWCAP2_SVEBF16, "svebf16", try_svebf16},
    {HWCAP2_I8MM, "i8mm", try_i8mm},
    {HWCAP2_BF16, "bf16", try_bf16},
    {HWCAP2_RNG, "rng", try_rng},
    {HWCAP2_BTI, "bti", try_bti},
    {HWCAP2_MTE, "mte", try_mte},
    {HWCAP2_ECV, "ecv", try_ecv},
    {HWCAP2_SME, "sme", try_sme},
    {HWCAP2_SME_I16I64, "smei16i64", try_sme_i16i64},
    {HWCAP2_SME_F64F64, "smef64f64", try_sme_f64f64},
    {HWCAP2_SME_I8I32, "smei8i32", try_sme_i8i32},
    {HWCAP2_SME_F16F32, "smef16f32", try_sme_f16f32},
    {HWCAP2_SME_B16F32, "smeb16f32", try_sme_b16f32},
    {HWCAP2_SME_F32F32, "smef32f32", try_sme_f32f32},
    {HWCAP2_SME_FA64, "smefa64", try_sme_fa64},
    {HWCAP2_WFXT, "wfxt", try_wfxt},
    {HWCAP2_CSSC, "cssc", try_cssc},
    {HWCAP2_SVE2P1, "sve2p1", try_sve2p1},
    {HWCAP2_SME2, "sme2", try_sme2},
    {HWCAP2_SME2P1, "sme2p1", try_sme2p1},
    {HWCAP2_SME_I16I32, "smei16i32", try_sme_i16i32},
    {HWCAP2_SME_BI32I32, "smebi32i32", try_sme_bi32i32},
    {HWCAP2_SME_B16B16, "smeb16b16", try_sme_b16b16},
    {HWCAP2_SME_F16F16, "smef16f16", try_sme_f16f16},
    {HWCAP2_MOPS, "mops", try_mops},
    {HWCAP2_HBC, "hbc", try_hbc},
    {HWCAP2_SVE_B16B16, "sveb16b16", try_sveb16b16},
    {HWCAP2_LRCPC3, "lrcpc3", try_lrcpc3},
    {HWCAP2_LSE128, "lse128", try_lse128},
    {HWCAP2_FPMR, "fpmr", try_fpmr},
    {HWCAP2_LUT, "lut", try_lut},
    {HWCAP2_FAMINMAX, "faminmax", try_faminmax},
    {HWCAP2_F8CVT, "f8cvt", try_f8cvt},
    {HWCAP2_F8FMA, "f8fma", try_f8fma},
    {HWCAP2_F8DP4, "f8dp4", try_f8dp4},
    {HWCAP2_F8DP2, "f8dp2", try_f8dp2},
};
const size_t feature_count = sizeof features / sizeof *features;

bool feature_executes(const struct feature *feature)
{
    int before = fault_seen.count;
    feature->execute();
    // A fault in streaming mode comes back in it, where the compiler's own instructions may be undefined.
    if (fault_seen.count != before && has_hwcap(HWCAP2_SME))
        __asm__ volatile(".arch armv8.5-a+sme\n\tsmstop\n\t.arch armv8-a");
    __asm__ volatile("" ::: "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15"); // smstart clears them
    return fault_seen.count == before;
}
#endif

uint64_t executed_base(void)
{
    uint64_t executed = 0;
#if defined(__aarch64__)
    static const enum hwcap base[] = {HWCAP_FP,      HWCAP_ASIMD,    HWCAP_CRC32,   HWCAP_ATOMICS, HWCAP_FPHP,
                                      HWCAP_ASIMDHP, HWCAP_ASIMDRDM, HWCAP_ASIMDDP};
    fault_catch(SIGILL);
    for (size_t i = 0, at = 0; i < sizeof base / sizeof *base; i++) {
        while (features[at].capability != base[i])
            at++;
        if (feature_executes(&features[at]))
            executed |= 1ull << base[i];
    }
    struct sigaction standard = {};
    sys_sigaction(SIGILL, &standard, nullptr);
    fault_seen.count = 0;
#endif
    return executed;
}
