// What differs on AArch64: the system call instruction, structures whose layout each architecture chose, barriers.
#pragma once

#include "generic.h"

#define MACHINE "aarch64"
#define ELF_MACHINE 183
#define ELF_FLAGS 0
#define PLATFORM MACHINE
#define CPUINFO "CPU implementer"

enum { O_DIRECTORY = 040000, O_NOFOLLOW = 0100000, O_DIRECT = 0200000 };

static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
    return x0;
}

// What enters a program: the stack as the kernel left it becomes the argument of a C function.
#define ENTER(FUNCTION) "mov x29, #0\n\tmov x30, #0\n\tmov x0, sp\n\tb " FUNCTION

// arch/arm64/include/uapi/asm/sigcontext.h and ucontext.h
struct machine_context {
    uint64_t fault_address, regs[31], sp, pc, pstate;
    alignas(16) uint8_t reserved[4096];
};

#include "generic-context.h"

static inline void *thread_pointer(void)
{
    void *pointer;
    __asm__ volatile("mrs %0, tpidr_el0" : "=r"(pointer));
    return pointer;
}

static inline void cpu_relax(void) { __asm__ volatile("yield" ::: "memory"); }

// Makes instructions that were just written at [start, end) visible to this processor (Arm ARM, B2.4.4).
static inline void synchronise_code(void *start, void *end)
{
    uint64_t ctr;
    __asm__ volatile("mrs %0, ctr_el0" : "=r"(ctr));
    uintptr_t data_line = 4u << ((ctr >> 16) & 15), code_line = 4u << (ctr & 15);
    for (uintptr_t at = (uintptr_t)start & ~(data_line - 1); at < (uintptr_t)end; at += data_line)
        __asm__ volatile("dc cvau, %0" ::"r"(at) : "memory");
    __asm__ volatile("dsb ish" ::: "memory");
    for (uintptr_t at = (uintptr_t)start & ~(code_line - 1); at < (uintptr_t)end; at += code_line)
        __asm__ volatile("ic ivau, %0" ::"r"(at) : "memory");
    __asm__ volatile("dsb ish\n\tisb" ::: "memory");
}

// A function that returns a value from 0 to 32767: mov w0, #value; ret.
static inline size_t function_code(void *at, uint16_t value)
{
    const uint32_t code[] = {0x52800000 | (uint32_t)value << 5, 0xd65f03c0};
    __builtin_memcpy(at, code, sizeof code);
    return sizeof code;
}

#define UNDEFINED_CODE "udf #0\n\tret"
static constexpr int ILLEGAL_CODE = 1; // ILL_ILLOPC

enum rounding { ROUND_NEAREST, ROUND_UP, ROUND_DOWN, ROUND_ZERO };

static inline uint64_t fp_control(void)
{
    uint64_t value;
    __asm__ volatile("mrs %0, fpcr" : "=r"(value));
    return value;
}

static inline void fp_set_control(uint64_t value) { __asm__ volatile("msr fpcr, %0" ::"r"(value) : "memory"); }

// FPCR.RMode, bits 23:22: RN, RP, RM, RZ.
static inline void fp_set_rounding(enum rounding mode)
{
    fp_set_control((fp_control() & ~(3ull << 22)) | (uint64_t)mode << 22);
}

// The sticky exception flags: invalid, division by zero, overflow, underflow, inexact as bits 0 to 4 (FPSR's own
// places).
enum { FP_INVALID = 1, FP_DIVIDE = 2, FP_OVERFLOW = 4, FP_UNDERFLOW = 8, FP_INEXACT = 16 };

static inline unsigned fp_flags(void)
{
    uint64_t value;
    __asm__ volatile("mrs %0, fpsr" : "=r"(value));
    return value & 31;
}

static inline void fp_clear_flags(void) { __asm__ volatile("msr fpsr, xzr" ::: "memory"); }

// Whether a division by zero traps from now on: the bit of FPCR stays zero where the processor has no traps.
static inline bool fp_trap_division(void)
{
    fp_set_control(fp_control() | 1 << 9);
    return fp_control() >> 9 & 1;
}

#define DIVISION_CODE "fmov d16, #1.0\n\tmovi d17, #0\n\tfdiv d16, d16, d17\n\tret"

static inline double fp_square_root(double x)
{
    double result;
    __asm__ volatile("fsqrt %d0, %d1" : "=w"(result) : "w"(x));
    return result;
}
