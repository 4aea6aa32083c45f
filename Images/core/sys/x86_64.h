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

static inline long clone_raw(unsigned long flags, void *stack, int *parent_id, int *child_id, void *tls)
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

#define DIVISION_CODE "movl $1, %eax\n\tcvtsi2sdl %eax, %xmm0\n\txorps %xmm1, %xmm1\n\tdivsd %xmm1, %xmm0\n\tret"

#include "sse.h"
