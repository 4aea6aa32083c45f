// What differs on RISC-V (RV64GC).
#pragma once

#include "generic.h"

#define MACHINE "riscv64"
#define ELF_MACHINE 243
#define ELF_FLAGS 5 // EF_RISCV_RVC, EF_RISCV_FLOAT_ABI_DOUBLE
#define CPUINFO "isa\t\t: rv64"

enum { O_DIRECTORY = 0200000, O_NOFOLLOW = 0400000, O_DIRECT = 040000 };

static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    register long a5 __asm__("a5") = f;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory");
    return a0;
}

// What enters a program: the stack as the kernel left it becomes the argument of a C function.
#define ENTER(FUNCTION) "li ra, 0\n\tmv a0, sp\n\ttail " FUNCTION

// arch/riscv/include/uapi/asm/ptrace.h, sigcontext.h and ucontext.h
struct machine_context {
    uint64_t pc, ra, sp, rest[29];
};

#include "generic-context.h"

static inline void *thread_pointer(void)
{
    void *pointer;
    __asm__ volatile("mv %0, tp" : "=r"(pointer));
    return pointer;
}

static inline void cpu_relax(void) { __asm__ volatile(".4byte 0x0100000f" ::: "memory"); } // PAUSE

// FENCE.I is for one processor only, so Linux has a call for all (riscv_flush_icache).
static inline void synchronise_code(void *start, void *end) { sys_call(259, (long)start, (long)end, 0, 0, 0, 0); }

// A function that returns a value from 0 to 32767: lui a0, upper; addiw a0, a0, lower; ret.
static inline size_t function_code(void *at, uint16_t value)
{
    uint32_t upper = (value + 0x800u) & ~0xfffu;
    const uint32_t code[] = {0x00000537 | upper, 0x0005051b | ((uint32_t)value - upper) << 20, 0x00008067};
    __builtin_memcpy(at, code, sizeof code);
    return sizeof code;
}

#define UNDEFINED_CODE ".4byte 0\n\tret"
static constexpr int ILLEGAL_CODE = 1; // ILL_ILLOPC

enum rounding { ROUND_NEAREST, ROUND_UP, ROUND_DOWN, ROUND_ZERO };

// fcsr.frm, bits 7:5: RNE, RTZ, RDN, RUP.
static inline void fp_set_rounding(enum rounding mode)
{
    static const uint8_t field[] = {0, 3, 2, 1};
    __asm__ volatile("fsrm %0" ::"r"((uint64_t)field[mode]) : "memory");
}

// The sticky exception flags in fflags' own places.
enum { FP_INEXACT = 1, FP_UNDERFLOW = 2, FP_OVERFLOW = 4, FP_DIVIDE = 8, FP_INVALID = 16 };

static inline unsigned fp_flags(void)
{
    uint64_t value;
    __asm__ volatile("frflags %0" : "=r"(value)::"memory");
    return (unsigned)value;
}

static inline void fp_clear_flags(void) { __asm__ volatile("fsflags zero" ::: "memory"); }

static inline bool fp_trap_division(void) { return false; } // RISC-V has no such traps

#define DIVISION_CODE "li a0, 1\n\tfcvt.d.w ft0, a0\n\tfcvt.d.w ft1, zero\n\tfdiv.d ft0, ft0, ft1\n\tret"

static inline double fp_square_root(double x)
{
    double result;
    __asm__ volatile("fsqrt.d %0, %1" : "=f"(result) : "f"(x));
    return result;
}
