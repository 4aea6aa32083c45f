// The features that AT_HWCAP and AT_HWCAP2 claim, each with an instruction that only a processor with it executes.
#pragma once

#include "hwcap.h"

#if defined(__aarch64__)
struct feature {
    enum hwcap capability;
    const char *name; // as in /proc/cpuinfo
    // A function without a frame, as fault_catch demands. It may change v0 to v31, SVE's and SME's state.
    void (*execute)(void);
};
extern const struct feature features[];
extern const size_t feature_count;

// Executes the feature's instruction. Returns whether it raised no SIGILL; fault_catch(SIGILL) must have been called.
bool feature_executes(const struct feature *feature);
#endif

// Bits of AT_HWCAP, of what Armv8.2 servers have and builds need: those whose instruction executes here, claimed or
// not. 0 on other machines.
uint64_t executed_base(void);
