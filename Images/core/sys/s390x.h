// What differs on z/Architecture, the one big-endian machine.
#pragma once

#include "numbers-s390x.h"

#define MACHINE "s390x"
#define ELF_MACHINE 22
#define ELF_FLAGS 0
#define CPUINFO "IBM/S390"

enum { O_DIRECTORY = 0200000, O_NOFOLLOW = 0400000, O_DIRECT = 040000 };

static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
    register long r1 __asm__("r1") = number;
    register long r2 __asm__("r2") = a;
    register long r3 __asm__("r3") = b;
    register long r4 __asm__("r4") = c;
    register long r5 __asm__("r5") = d;
    register long r6 __asm__("r6") = e;
    register long r7 __asm__("r7") = f;
    __asm__ volatile("svc 0" : "+r"(r2) : "r"(r1), "r"(r3), "r"(r4), "r"(r5), "r"(r6), "r"(r7) : "memory", "cc");
    return r2;
}

// mmap(2) takes its arguments in memory (sys_old_mmap).
static inline long mmap_raw(long at, long size, long protection, long flags, long fd, long offset)
{
    const long arguments[] = {at, size, protection, flags, fd, offset};
    return sys_call(SYS_mmap, (long)arguments, 0, 0, 0, 0, 0);
}

// What enters a program: the stack as the kernel left it becomes the argument of a C function.
#define ENTER(FUNCTION) "lgr %r2, %r15\n\taghi %r15, -160\n\tbrasl %r14, " FUNCTION

// arch/s390/include/uapi/asm/stat.h
struct stat {
    uint64_t st_dev, st_ino, st_nlink;
    uint32_t st_mode, st_uid, st_gid, pad;
    uint64_t st_rdev;
    int64_t st_size, st_atime;
    uint64_t st_atime_nsec;
    int64_t st_mtime;
    uint64_t st_mtime_nsec;
    int64_t st_ctime;
    uint64_t st_ctime_nsec;
    int64_t st_blksize, st_blocks, unused[3];
};

// arch/s390/include/uapi/asm/sigcontext.h and ucontext.h
struct machine_context {
    uint64_t psw_mask, pc, registers[16];
    uint32_t access[16];
    uint64_t floating[17];
};

struct ucontext {
    uint64_t flags, link;
    struct signal_stack stack;
    struct machine_context machine;
    uint64_t mask;
};

static inline uint64_t context_pc(const struct ucontext *context) { return context->machine.pc; }
static inline void context_set_pc(struct ucontext *context, uint64_t pc) { context->machine.pc = pc; }
static inline uint64_t context_sp(const struct ucontext *context) { return context->machine.registers[15]; }

static inline long clone_raw(unsigned long flags, void *stack, int *parent_id, int *child_id, void *tls)
{
    return sys_call(SYS_clone, (long)stack, (long)flags, (long)parent_id, (long)child_id, (long)tls, 0);
}

static inline void *thread_pointer(void)
{
    uint64_t pointer;
    __asm__ volatile("ear %0, %%a0\n\tsllg %0, %0, 32\n\tear %0, %%a1" : "=r"(pointer));
    return (void *)pointer;
}

static inline void cpu_relax(void) { __asm__ volatile("" ::: "memory"); }

// Stores are seen by instruction fetches after a serialising branch (Principles of Operation, 5-99).
static inline void synchronise_code(void *, void *) { __asm__ volatile("bcr 15, 0" ::: "memory"); }

// A function that returns a value from 0 to 32767: lghi %r2, value; br %r14.
static inline size_t function_code(void *at, uint16_t value)
{
    const uint16_t code[] = {0xa729, value, 0x07fe};
    __builtin_memcpy(at, code, sizeof code);
    return sizeof code;
}

#define UNDEFINED_CODE ".2byte 0\n\tbr %r14"
static constexpr int ILLEGAL_CODE = 1; // ILL_ILLOPC
// The PSW has the address after an undefined instruction (Principles of Operation, "Suppression").
#define UNDEFINED_LENGTH 2
// The processor tells the page only (arch/s390/mm/fault.c).
#define FAULT_ADDRESS_MASK ~4095ull

// f_flags of struct statfs, in which s390x has 32-bit fields (arch/s390/include/uapi/asm/statfs.h).
static inline uint64_t file_system_flags(const uint64_t *words) { return ((const uint32_t *)words)[16]; }
#define file_system_flags file_system_flags

enum rounding { ROUND_NEAREST, ROUND_UP, ROUND_DOWN, ROUND_ZERO };

static inline uint32_t fp_control(void)
{
    uint32_t value;
    __asm__ volatile("efpc %0" : "=d"(value)::"memory");
    return value;
}

static inline void fp_set_control(uint32_t value) { __asm__ volatile("sfpc %0" ::"d"(value) : "memory"); }

// FPC, bits 2:0: nearest, zero, up, down.
static inline void fp_set_rounding(enum rounding mode)
{
    static const uint8_t field[] = {0, 2, 3, 1};
    fp_set_control((fp_control() & ~7u) | field[mode]);
}

// The sticky exception flags in the places that FPC's byte 1 gives them.
enum { FP_INEXACT = 8, FP_UNDERFLOW = 16, FP_OVERFLOW = 32, FP_DIVIDE = 64, FP_INVALID = 128 };

static inline unsigned fp_flags(void) { return fp_control() >> 16 & 0xf8; }

static inline void fp_clear_flags(void) { fp_set_control(fp_control() & ~0xf80000u); }

static inline bool fp_trap_division(void)
{
    fp_set_control(fp_control() | 0x40000000);
    return true;
}

#define DIVISION_CODE "lghi %r1, 1\n\tcdgbr %f0, %r1\n\tlzdr %f2\n\tddbr %f0, %f2\n\tbr %r14"

static inline double fp_square_root(double x)
{
    double result;
    __asm__ volatile("sqdbr %0, %1" : "=f"(result) : "f"(x));
    return result;
}
