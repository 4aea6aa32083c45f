#include "sys.h"

#if defined(__x86_64__) || __SIZEOF_LONG__ == 4
void signal_restorer(void), plain_signal_restorer(void);
#endif

long sys_sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
#if defined(__riscv)
    struct sigaction copy;
    if (action) {
        copy = *action;
        copy.misplaced_mask = copy.mask;
        action = &copy;
    }
#elif defined(__x86_64__) || __SIZEOF_LONG__ == 4
    enum { SA_RESTORER = 0x04000000 };
    struct sigaction copy;
    if (action) { // x86-64 has no trampoline of the kernel's own; on the others C libraries bring theirs, too
        copy = *action;
        copy.flags |= SA_RESTORER;
        copy.restorer = signal_restorer;
#if __SIZEOF_LONG__ == 4
        if (!(copy.flags & SA_SIGINFO))
            copy.restorer = plain_signal_restorer;
#endif
        action = &copy;
    }
#endif
    return sys4(SYS_rt_sigaction, signal, (long)action, (long)old, sizeof(uint64_t));
}

uint64_t now_ns(void)
{
    struct timespec now = {};
    sys_clock(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.seconds * 1'000'000'000 + (uint64_t)now.nanoseconds;
}

void sleep_us(uint64_t us)
{
    struct timespec time = {(int64_t)(us / 1'000'000), (int64_t)(us % 1'000'000) * 1000};
    while (sys2(SYS_nanosleep, (long)&time, (long)&time) == -EINTR)
        ;
}

int lowest_free(int from)
{
    while (sys_fcntl(from, F_GETFD, 0) != -EBADF)
        from++;
    return from;
}

bool write_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        long written = sys_write(fd, at, size);
        if (written == -EINTR)
            continue;
        if (written <= 0)
            return false;
        at += written;
        size -= (size_t)written;
    }
    return true;
}

long read_all(int fd, void *bytes, size_t size)
{
    size_t done = 0;
    while (done < size) {
        long got = sys_read(fd, (char *)bytes + done, size - done);
        if (got == -EINTR)
            continue;
        if (got < 0)
            return got;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (long)done;
}
