// A 128-bit vector and what is expected of it; on AArch64 instructions on chosen bytes, with nothing that a compiler could fold.
#pragma once

#include "probe.h"

typedef union vector {
    uint8_t b[16];
    uint16_t h[8];
    uint32_t s[4];
    uint64_t d[2];
    float f[4];
    double g[2];
    __attribute__((vector_size(16))) uint8_t v;
} vector;

#define EXPECT_VECTOR(WHAT, SEEN, ...)                        \
    do {                                                      \
        vector seen_ = SEEN, expected_ = {__VA_ARGS__};       \
        expect_bytes(WHAT, &seen_, &expected_, sizeof seen_); \
    } while (0)

#if defined(__aarch64__)
#define ARCH ".arch armv8.4-a+crypto+sha3+sm4\n\t"
#define ARCH_END "\n\t.arch armv8-a"

// INSTRUCTION names its result v16 and its operands v17 and v18; v16 holds INTO before.
#define VECTOR(INSTRUCTION, INTO, A, B)                                                                       \
    ({                                                                                                        \
        vector result_ = INTO, a_ = A, b_ = B;                                                                \
        __asm__ volatile(                                                                                     \
            "mov v16.16b, %0.16b\n\tmov v17.16b, %1.16b\n\tmov v18.16b, %2.16b\n\t" ARCH INSTRUCTION ARCH_END \
            "\n\tmov %0.16b, v16.16b"                                                                         \
            : "+w"(result_.v)                                                                                 \
            : "w"(a_.v), "w"(b_.v)                                                                            \
            : "v16", "v17", "v18");                                                                           \
        result_;                                                                                              \
    })

static inline vector zero_vector(void) { return (vector){.d = {0, 0}}; }
#endif
