// Floating point by SSE2, which x86-64 has and 32-bit x86 is asked to have: MXCSR and square roots.
#pragma once

enum rounding { ROUND_NEAREST, ROUND_UP, ROUND_DOWN, ROUND_ZERO };

static inline uint64_t fp_control(void)
{
    uint32_t value;
    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value;
}

static inline void fp_set_control(uint64_t value)
{
    uint32_t word = (uint32_t)value;
    __asm__ volatile("ldmxcsr %0" ::"m"(word) : "memory");
}

// MXCSR.RC, bits 14:13: nearest, down, up, zero.
static inline void fp_set_rounding(enum rounding mode)
{
    static const uint8_t field[] = {0, 2, 1, 3};
    fp_set_control((fp_control() & ~(3ull << 13)) | (uint64_t)field[mode] << 13);
}

// The sticky exception flags in the places that AArch64's FPSR gives them; MXCSR has one more, for subnormal operands,
// at bit 1.
enum { FP_INVALID = 1, FP_DIVIDE = 2, FP_OVERFLOW = 4, FP_UNDERFLOW = 8, FP_INEXACT = 16 };

static inline unsigned fp_flags(void)
{
    unsigned word = (unsigned)fp_control();
    return (word & 1) | (word >> 1 & 30);
}

static inline void fp_clear_flags(void) { fp_set_control(fp_control() & ~63ull); }

static inline bool fp_trap_division(void)
{
    fp_set_control(fp_control() & ~(1ull << 9));
    return true;
}

static inline double fp_square_root(double x)
{
    double result;
    __asm__ volatile("sqrtsd %1, %0" : "=x"(result) : "x"(x));
    return result;
}
