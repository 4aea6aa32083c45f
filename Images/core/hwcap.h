// Bits of AT_HWCAP and AT_HWCAP2 on AArch64 (arch/arm64/include/uapi/asm/hwcap.h).
#pragma once

#include "probe.h"

enum hwcap {
    HWCAP_FP, HWCAP_ASIMD, HWCAP_EVTSTRM, HWCAP_AES, HWCAP_PMULL, HWCAP_SHA1, HWCAP_SHA2, HWCAP_CRC32, HWCAP_ATOMICS,
    HWCAP_FPHP, HWCAP_ASIMDHP, HWCAP_CPUID, HWCAP_ASIMDRDM, HWCAP_JSCVT, HWCAP_FCMA, HWCAP_LRCPC, HWCAP_DCPOP, HWCAP_SHA3,
    HWCAP_SM3, HWCAP_SM4, HWCAP_ASIMDDP, HWCAP_SHA512, HWCAP_SVE, HWCAP_ASIMDFHM, HWCAP_DIT, HWCAP_USCAT, HWCAP_ILRCPC,
    HWCAP_FLAGM, HWCAP_SSBS, HWCAP_SB, HWCAP_PACA, HWCAP_PACG,
    HWCAP2_DCPODP = 64, HWCAP2_SVE2, HWCAP2_FLAGM2 = 71, HWCAP2_FRINT, HWCAP2_I8MM = 77, HWCAP2_BF16, HWCAP2_DGH, HWCAP2_RNG,
    HWCAP2_BTI, HWCAP2_ECV = 64 + 19, HWCAP2_WFXT = 64 + 31, HWCAP2_CSSC = 64 + 34,
};

static inline bool has_hwcap(enum hwcap capability)
{
    return auxv_value(capability < 64 ? AT_HWCAP : AT_HWCAP2) >> capability % 64 & 1;
}

static inline void require_hwcap(enum hwcap capability)
{
    if (!has_hwcap(capability))
        skip("hwcap not claimed");
}
