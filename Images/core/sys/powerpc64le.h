// What differs on 64-bit Power, little-endian (ELFv2).
#pragma once

#include "numbers-powerpc64le.h"

#define MACHINE "ppc64le"
#define ELF_MACHINE 21
#define ELF_FLAGS 2 // ELFv2
#define CPUINFO "POWER"

enum { O_DIRECTORY = 040000, O_NOFOLLOW = 0100000, O_DIRECT = 0400000 };

// The summary overflow bit of cr0 tells an error, whose number is positive.
static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
    register long r0 __asm__("r0") = number;
    register long r3 __asm__("r3") = a;
    register long r4 __asm__("r4") = b;
    register long r5 __asm__("r5") = c;
    register long r6 __asm__("r6") = d;
    register long r7 __asm__("r7") = e;
    register long r8 __asm__("r8") = f;
    __asm__ volatile("sc\n\tbns+ 0f\n\tneg 3, 3\n0:"
                     : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
                     :
                     : "memory", "cr0", "ctr", "r9", "r10", "r11", "r12");
    return r3;
}

// What enters a program: the stack as the kernel left it becomes the argument of a C function. r12 has this address.
#define ENTER(FUNCTION)                                                                                             \
    "bcl 20, 31, 1f\n1:\tmflr 12\n\taddis 2, 12, .TOC.-1b@ha\n\taddi 2, 2, .TOC.-1b@l\n\tmr 3, 1\n\tli 0, 0\n\t"   \
    "stdu 0, -32(1)\n\tmtlr 0\n\tbl " FUNCTION "\n\tnop"

// arch/powerpc/include/uapi/asm/stat.h
struct stat {
    uint64_t st_dev, st_ino, st_nlink;
    uint32_t st_mode, st_uid, st_gid, pad;
    uint64_t st_rdev;
    int64_t st_size, st_blksize, st_blocks, st_atime;
    uint64_t st_atime_nsec;
    int64_t st_mtime;
    uint64_t st_mtime_nsec;
    int64_t st_ctime;
    uint64_t st_ctime_nsec;
    uint64_t unused[3];
};

// arch/powerpc/include/uapi/asm/sigcontext.h and ucontext.h; gp_regs as ptrace.h has them
struct machine_context {
    uint64_t unused[4];
    int32_t signal, pad;
    uint64_t handler, old_mask, registers;
    uint64_t gpr[32], pc, rest[15];
};

struct ucontext {
    uint64_t flags, link;
    struct signal_stack stack;
    uint64_t mask, unused[15];
    struct machine_context machine;
};

static inline uint64_t context_pc(const struct ucontext *context) { return context->machine.pc; }
static inline void context_set_pc(struct ucontext *context, uint64_t pc) { context->machine.pc = pc; }
static inline uint64_t context_sp(const struct ucontext *context) { return context->machine.gpr[1]; }

static inline long clone_raw(unsigned long flags, void *stack, int *parent_id, int *child_id, void *tls)
{
    return sys_call(SYS_clone, (long)flags, (long)stack, (long)parent_id, (long)tls, (long)child_id, 0);
}

static inline void *thread_pointer(void)
{
    void *pointer;
    __asm__ volatile("mr %0, 13" : "=r"(pointer));
    return pointer;
}

static inline void cpu_relax(void) { __asm__ volatile("or 27, 27, 27" ::: "memory"); }

// Power ISA, book II, 1.8: each block to memory, then out of the instruction cache. No block is smaller than 16 bytes.
static inline void synchronise_code(void *start, void *end)
{
    for (uintptr_t at = (uintptr_t)start & ~15ul; at < (uintptr_t)end; at += 16)
        __asm__ volatile("dcbst 0, %0" ::"r"(at) : "memory");
    __asm__ volatile("sync" ::: "memory");
    for (uintptr_t at = (uintptr_t)start & ~15ul; at < (uintptr_t)end; at += 16)
        __asm__ volatile("icbi 0, %0" ::"r"(at) : "memory");
    __asm__ volatile("sync\n\tisync" ::: "memory");
}

// A function that returns a value from 0 to 32767: li 3, value; blr.
static inline size_t function_code(void *at, uint16_t value)
{
    const uint32_t code[] = {0x38600000 | value, 0x4e800020};
    __builtin_memcpy(at, code, sizeof code);
    return sizeof code;
}

#define UNDEFINED_CODE ".4byte 0\n\tblr"
static constexpr int ILLEGAL_CODE = 1; // ILL_ILLOPC

enum rounding { ROUND_NEAREST, ROUND_UP, ROUND_DOWN, ROUND_ZERO };

static inline uint64_t fp_control(void)
{
    union {
        double number;
        uint64_t word;
    } value;
    __asm__ volatile("mffs %0" : "=f"(value.number)::"memory");
    return value.word;
}

static inline void fp_set_control(uint64_t word)
{
    union {
        uint64_t word;
        double number;
    } value = {word};
    __asm__ volatile("mtfsf 255, %0" ::"f"(value.number) : "memory");
}

// FPSCR.RN, bits 1:0: nearest, zero, up, down.
static inline void fp_set_rounding(enum rounding mode)
{
    static const uint8_t field[] = {0, 2, 3, 1};
    fp_set_control((fp_control() & ~3ull) | field[mode]);
}

// The sticky exception flags as FPSCR's bits 29 to 25 have them; the first of them sums up several causes.
enum { FP_INEXACT = 1, FP_DIVIDE = 2, FP_UNDERFLOW = 4, FP_OVERFLOW = 8, FP_INVALID = 16 };

static inline unsigned fp_flags(void) { return fp_control() >> 25 & 31; }

static inline void fp_clear_flags(void) { fp_set_control(fp_control() & 0xff); }

static inline bool fp_trap_division(void)
{
    fp_set_control(fp_control() | 1 << 4);
    return true;
}

#define DIVISION_CODE                                                                                                 \
    "li 3, 1\n\tstd 3, -16(1)\n\tlfd 0, -16(1)\n\tfcfid 0, 0\n\tfsub 2, 0, 0\n\tfdiv 0, 0, 2\n\tblr"

static inline double fp_square_root(double x)
{
    double result;
    __asm__ volatile("fsqrt %0, %1" : "=f"(result) : "f"(x));
    return result;
}
