// What differs on 32-bit x86 (i686 with SSE2, which Go and Debian 13 ask for).
#pragma once

#include "numbers-i386.h"

#define MACHINE "i686"
#define ELF_MACHINE 3
#define ELF_FLAGS 0
#define PLATFORM MACHINE
#define CPUINFO "vendor_id\t:"

enum { O_DIRECTORY = 0200000, O_NOFOLLOW = 0400000, O_DIRECT = 040000, O_LARGEFILE = 0100000 };

// The sixth argument travels in ebp, which the compiler may be using to find the others.
static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
    long result;
    __asm__ volatile(
        "pushl %[sixth]\n\tpushl %%ebp\n\tmovl 4(%%esp), %%ebp\n\tint $0x80\n\tpopl %%ebp\n\taddl $4, %%esp"
        : "=a"(result)
        : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e), [sixth] "g"(f)
        : "memory", "cc");
    return result;
}

// What enters a program: the stack as the kernel left it becomes the argument of a C function.
#define ENTER(FUNCTION) \
    "xorl %ebp, %ebp\n\tmovl %esp, %eax\n\tandl $-16, %esp\n\tsubl $12, %esp\n\tpushl %eax\n\tcall " FUNCTION

// arch/x86/include/uapi/asm/sigcontext.h (struct sigcontext_32) and asm-generic/ucontext.h
struct machine_context {
    uint32_t gs, fs, es, ds, di, si, bp, sp, bx, dx, cx, ax, trap, error, ip, cs, flags, sp_at_signal, ss, fpstate,
        old_mask, cr2;
};

struct ucontext {
    unsigned long flags, link;
    struct signal_stack stack;
    struct machine_context machine;
    word_aligned mask;
};

static inline uint64_t context_pc(const struct ucontext *context) { return context->machine.ip; }
static inline void context_set_pc(struct ucontext *context, uint64_t pc) { context->machine.ip = (uint32_t)pc; }
static inline uint64_t context_sp(const struct ucontext *context) { return context->machine.sp; }

// A segment of a thread (arch/x86/include/uapi/asm/ldt.h).
struct user_desc {
    uint32_t entry, base, limit, bits;
};
enum { DESC_32BIT = 1, DESC_LIMIT_IN_PAGES = 16, DESC_USEABLE = 64 };

static inline long clone_raw(unsigned long flags, void *stack, int *parent_id, int *child_id, void *tls)
{
    return sys_call(SYS_clone, (long)flags, (long)stack, (long)parent_id, (long)tls, (long)child_id, 0);
}

// As C libraries have it: the first word of a thread's segment is its own address.
#define TLS_NAMES_ITSELF true
static inline void *thread_pointer(void)
{
    void *pointer;
    __asm__ volatile("movl %%gs:0, %0" : "=r"(pointer));
    return pointer;
}

// Arguments in eax and edx, so that the access is the first instruction.
#define FAULT_CALL [[gnu::regparm(2)]]

static inline void cpu_relax(void) { __asm__ volatile("pause" ::: "memory"); }

static inline void synchronise_code(void *, void *) { __asm__ volatile("" ::: "memory"); }

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
