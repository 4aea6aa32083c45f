// What differs on x86-64.
#pragma once

#include "numbers-x86_64.h"

#define MACHINE "x86_64"
#define ELF_MACHINE 62
#define ELF_FLAGS 0
#define PLATFORM MACHINE
#define CPUINFO "vendor_id\t:"

enum { O_DIRECTORY = 0200000, O_NOFOLLOW = 0400000, O_DIRECT = 040000 };

static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

// What enters a program: the stack as the kernel left it becomes the argument of a C function.
#define ENTER(FUNCTION) "xorl %ebp, %ebp\n\tmovq %rsp, %rdi\n\tandq $-16, %rsp\n\tcall " FUNCTION

// arch/x86/include/uapi/asm/stat.h
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
    int64_t unused[3];
};

// arch/x86/include/uapi/asm/sigcontext.h (struct sigcontext_64) and asm-generic/ucontext.h
struct machine_context {
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15, di, si, bp, bx, dx, ax, cx, sp, ip, flags, rest[14];
};

struct ucontext {
    uint64_t flags, link;
    struct signal_stack stack;
    struct machine_context machine;
    uint64_t mask;
};

static inline uint64_t context_pc(const struct ucontext *context) { return context->machine.ip; }
static inline void context_set_pc(struct ucontext *context, uint64_t pc) { context->machine.ip = pc; }
static inline uint64_t context_sp(const struct ucontext *context) { return context->machine.sp; }

static inline long clone_raw(uint64_t flags, void *stack, int *parent_id, int *child_id, void *tls)
{
    return sys_call(SYS_clone, (long)flags, (long)stack, (long)parent_id, (long)child_id, (long)tls, 0);
}

static inline void *thread_pointer(void)
{
    void *pointer;
    sys_call(SYS_arch_prctl, 0x1003 /* ARCH_GET_FS */, (long)&pointer, 0, 0, 0, 0);
    return pointer;
}

static inline void cpu_relax(void) { __asm__ volatile("pause" ::: "memory"); }

static inline void synchronise_code(void *start, void *end)
{
    (void)start;
    (void)end;
    __asm__ volatile("" ::: "memory");
}

// A function that returns a value from 0 to 32767: mov eax, value; ret.
static inline size_t function_code(void *at, uint16_t value)
{
    const uint8_t code[] = {0xb8, (uint8_t)value, (uint8_t)(value >> 8), 0, 0, 0xc3};
    __builtin_memcpy(at, code, sizeof code);
    return sizeof code;
}

#define UNDEFINED_CODE "ud2\n\tret"
static constexpr int ILLEGAL_CODE = 2; // ILL_ILLOPN

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

#define DIVISION_CODE "movl $1, %eax\n\tcvtsi2sdl %eax, %xmm0\n\txorps %xmm1, %xmm1\n\tdivsd %xmm1, %xmm0\n\tret"

static inline double fp_square_root(double x)
{
    double result;
    __asm__ volatile("sqrtsd %1, %0" : "=x"(result) : "x"(x));
    return result;
}
