// What differs on 32-bit ARM (Armv7-A, EABI, hard float, ARM state).
#pragma once

#include "numbers-arm.h"

#define MACHINE "armv7l"
#define ELF_MACHINE 40
#define ELF_FLAGS 0x5000400 // EF_ARM_EABI_VER5, EF_ARM_ABI_FLOAT_HARD
#define CPUINFO "CPU implementer"
#define IPC_64 0x100 // its calls of System V are as old as the small structures

enum { O_DIRECTORY = 040000, O_NOFOLLOW = 0100000, O_DIRECT = 0200000, O_LARGEFILE = 0400000 };

static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
    register long r7 __asm__("r7") = number;
    register long r0 __asm__("r0") = a;
    register long r1 __asm__("r1") = b;
    register long r2 __asm__("r2") = c;
    register long r3 __asm__("r3") = d;
    register long r4 __asm__("r4") = e;
    register long r5 __asm__("r5") = f;
    __asm__ volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5) : "memory", "cc");
    return r0;
}

// What enters a program: the stack as the kernel left it becomes the argument of a C function.
#define ENTER(FUNCTION) "mov fp, #0\n\tmov lr, #0\n\tmov r0, sp\n\tb " FUNCTION

// arch/arm/include/uapi/asm/sigcontext.h and arch/arm/include/asm/ucontext.h
struct machine_context {
    uint32_t trap, error, old_mask, r[13], sp, lr, pc, cpsr, fault_address;
};

struct ucontext {
    unsigned long flags, link;
    struct signal_stack stack;
    struct machine_context machine;
    word_aligned mask;
    uint32_t unused[30];
    alignas(8) uint32_t registers[128];
};

static inline uint64_t context_pc(const struct ucontext *context) { return context->machine.pc; }
static inline void context_set_pc(struct ucontext *context, uint64_t pc) { context->machine.pc = (uint32_t)pc; }
static inline uint64_t context_sp(const struct ucontext *context) { return context->machine.sp; }

static inline long clone_raw(unsigned long flags, void *stack, int *parent_id, int *child_id, void *tls)
{
    return sys_call(SYS_clone, (long)flags, (long)stack, (long)parent_id, (long)tls, (long)child_id, 0);
}

static inline void *thread_pointer(void)
{
    void *pointer;
    __asm__ volatile("mrc p15, 0, %0, c13, c0, 3" : "=r"(pointer)); // TPIDRURO
    return pointer;
}

static inline void cpu_relax(void) { __asm__ volatile("yield" ::: "memory"); }

// Programs may not clean caches, so Linux has a call for it.
enum { ARM_cacheflush = 0xf0002, ARM_set_tls = 0xf0005, ARM_get_tls = 0xf0006 };
static inline void synchronise_code(void *start, void *end)
{
    sys_call(ARM_cacheflush, (long)start, (long)end, 0, 0, 0, 0);
}

// A function that returns a value from 0 to 32767: movw r0, value; bx lr.
static inline size_t function_code(void *at, uint16_t value)
{
    const uint32_t code[] = {0xe3000000 | (value & 0xf000u) << 4 | (value & 0xfffu), 0xe12fff1e};
    __builtin_memcpy(at, code, sizeof code);
    return sizeof code;
}

#define UNDEFINED_CODE "udf #0\n\tbx lr"
static constexpr int ILLEGAL_CODE = 1; // ILL_ILLOPC

enum rounding { ROUND_NEAREST, ROUND_UP, ROUND_DOWN, ROUND_ZERO };

static inline uint32_t fp_control(void)
{
    uint32_t value;
    __asm__ volatile("vmrs %0, fpscr" : "=r"(value)::"memory");
    return value;
}

static inline void fp_set_control(uint32_t value) { __asm__ volatile("vmsr fpscr, %0" ::"r"(value) : "memory"); }

// FPSCR.RMode, bits 23:22: RN, RP, RM, RZ.
static inline void fp_set_rounding(enum rounding mode)
{
    fp_set_control((fp_control() & ~(3u << 22)) | (uint32_t)mode << 22);
}

// The sticky exception flags in FPSCR's own places.
enum { FP_INVALID = 1, FP_DIVIDE = 2, FP_OVERFLOW = 4, FP_UNDERFLOW = 8, FP_INEXACT = 16 };

static inline unsigned fp_flags(void) { return fp_control() & 31; }

static inline void fp_clear_flags(void) { fp_set_control(fp_control() & ~31u); }

// Whether a division by zero traps from now on: the bit of FPSCR stays zero where the processor has no traps.
static inline bool fp_trap_division(void)
{
    fp_set_control(fp_control() | 1u << 9);
    return fp_control() >> 9 & 1;
}

#define DIVISION_CODE "vmov.f64 d0, #1.0\n\tmov r0, #0\n\tvmov d1, r0, r0\n\tvdiv.f64 d0, d0, d1\n\tbx lr"

static inline double fp_square_root(double x)
{
    double result;
    __asm__ volatile("vsqrt.f64 %P0, %P1" : "=w"(result) : "w"(x));
    return result;
}
