// Linux as the probes see it: no libc. Wrappers return what the kernel returns: a value, or a negated error number.
#pragma once

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

struct signal_stack {
    void *base;
    int32_t flags;
    size_t size;
};

// Sets of signals: words of the kernel, which are aligned like one.
typedef uint64_t word_aligned [[gnu::aligned(sizeof(long))]];

#if defined(__aarch64__)
#include "aarch64.h"
#elif defined(__x86_64__)
#include "x86_64.h"
#elif defined(__i386__)
#include "i386.h"
#include "words.h"
#elif defined(__arm__)
#include "arm.h"
#include "words.h"
#elif defined(__riscv) && __riscv_xlen == 64
#include "riscv64.h"
#elif defined(__s390x__)
#include "s390x.h"
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#include "powerpc64le.h"
#else
#error "no architecture layer for this machine"
#endif

#include "errors.h"
#include "kernel.h"

// What a system call is given. On machines of 32 bits values of 64 travel in two registers, which sys_words arranges.
#if __SIZEOF_LONG__ == 8
typedef long argument;
#define sys_any sys_call
#else
typedef int64_t argument;
#define sys_any sys_words
#endif

static inline long sys0(long n) { return sys_any(n, 0, 0, 0, 0, 0, 0); }
static inline long sys1(long n, argument a) { return sys_any(n, a, 0, 0, 0, 0, 0); }
static inline long sys2(long n, argument a, argument b) { return sys_any(n, a, b, 0, 0, 0, 0); }
static inline long sys3(long n, argument a, argument b, argument c) { return sys_any(n, a, b, c, 0, 0, 0); }
static inline long sys4(long n, argument a, argument b, argument c, argument d) { return sys_any(n, a, b, c, d, 0, 0); }
static inline long sys5(long n, argument a, argument b, argument c, argument d, argument e)
{
    return sys_any(n, a, b, c, d, e, 0);
}
static inline long sys6(long n, argument a, argument b, argument c, argument d, argument e, argument f)
{
    return sys_any(n, a, b, c, d, e, f);
}

static inline long sys_read(int fd, void *to, size_t size) { return sys3(SYS_read, fd, (long)to, (long)size); }
static inline long sys_write(int fd, const void *from, size_t size)
{
    return sys3(SYS_write, fd, (long)from, (long)size);
}
static inline long sys_close(int fd) { return sys1(SYS_close, fd); }
static inline long sys_openat(int dir, const char *path, int flags, uint32_t mode)
{
    return sys4(SYS_openat, dir, (long)path, flags, mode);
}
static inline long sys_open(const char *path, int flags, uint32_t mode)
{
    return sys_openat(AT_FDCWD, path, flags, mode);
}
static inline long sys_unlink(const char *path) { return sys3(SYS_unlinkat, AT_FDCWD, (long)path, 0); }
static inline long sys_pipe(int ends[2], int flags) { return sys2(SYS_pipe2, (long)ends, flags); }
static inline long sys_dup3(int from, int to, int flags) { return sys3(SYS_dup3, from, to, flags); }
static inline long sys_fcntl(int fd, int command, long argument) { return sys3(SYS_fcntl, fd, command, argument); }
static inline long sys_ftruncate(int fd, int64_t size) { return sys2(SYS_ftruncate, fd, size); }
static inline int64_t sys_lseek(int fd, int64_t offset, int from)
{
#if __SIZEOF_LONG__ == 8
    return sys3(SYS_lseek, fd, offset, from);
#else
    return lseek_words(fd, offset, from);
#endif
}

static inline void *sys_mmap(void *at, size_t size, int protection, int flags, int fd, int64_t offset)
{
#if defined(__s390x__)
    return (void *)mmap_raw((long)at, (long)size, protection, flags, fd, offset);
#else
    return (void *)sys6(SYS_mmap, (long)at, (long)size, protection, flags, fd, offset);
#endif
}
static inline long sys_munmap(void *at, size_t size) { return sys2(SYS_munmap, (long)at, (long)size); }
static inline long sys_mprotect(void *at, size_t size, int protection)
{
    return sys3(SYS_mprotect, (long)at, (long)size, protection);
}
// Whether a pointer that a system call returned is an error.
static inline bool is_error(const void *pointer) { return (uintptr_t)pointer >= (uintptr_t)-4095; }

static inline long sys_fork(void) { return clone_raw(SIGCHLD, nullptr, nullptr, nullptr, nullptr); }
static inline long sys_wait(int pid, int *status, int options)
{
    return sys4(SYS_wait4, pid, (long)status, options, 0);
}
static inline long sys_kill(int pid, int signal) { return sys2(SYS_kill, pid, signal); }
static inline long sys_getpid(void) { return sys0(SYS_getpid); }
static inline long sys_gettid(void) { return sys0(SYS_gettid); }
static inline long sys_execve(const char *path, const char *const argv[], const char *const envp[])
{
    return sys3(SYS_execve, (long)path, (long)argv, (long)envp);
}
[[noreturn]] static inline void sys_exit(int status)
{
    for (;;)
        sys1(SYS_exit_group, status);
}

long sys_sigaction(int signal, const struct sigaction *action, struct sigaction *old);
static inline long sys_sigmask(int how, const uint64_t *set, uint64_t *old)
{
    return sys4(SYS_rt_sigprocmask, how, (long)set, (long)old, sizeof *set);
}
static inline long sys_poll(struct pollfd *set, size_t count, const struct timespec *limit)
{
    struct timespec copy = limit ? *limit : (struct timespec){}; // the kernel writes back what is left
    return sys5(SYS_ppoll, (long)set, (long)count, limit ? (long)&copy : 0, 0, 0);
}
static inline long sys_futex(uint32_t *word, int operation, uint32_t value, const struct timespec *limit)
{
    return sys4(SYS_futex, (long)word, operation, value, (long)limit);
}
static inline long sys_clock(int clock, struct timespec *now) { return sys2(SYS_clock_gettime, clock, (long)now); }

uint64_t now_ns(void); // CLOCK_MONOTONIC
void sleep_us(uint64_t us);
int lowest_free(int from); // the first descriptor from there on that is not open
bool write_all(int fd, const void *bytes, size_t size);
long read_all(int fd, void *bytes, size_t size); // until `size` or end of file; bytes read, or an error

// In MACHINE.S: see there.
long thread_clone(unsigned long flags, void *stack, int *parent_id, int *child_id, void *tls, void (*run)(void *),
                  void *argument);
FAULT_CALL uint8_t fault_load(const void *at);
FAULT_CALL void fault_store(void *at, uint8_t value);
extern const char fault_resume[];
