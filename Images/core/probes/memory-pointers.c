// Which memory system calls touch: all that they use, to its last byte, and nothing else.
#include "../probe.h"

#if __SIZEOF_LONG__ == 8 // sys/words.c reads structures itself
enum : int32_t {
    BAD = 0x7e57'0001, // a page that cannot be touched; most of the others are what is right in this place
    GOOD,
    LENGTH,
    AREA,
    ROOT,
    EXE,
    LINK,
    FILE,
    DIRECTORY,
    SOCKET,
    PIPE,
    WRITER,
    EPOLL,
    CLOCK,
    END_0 = 0x7e58'0000,
    MSG_DONTWAIT = 0x40,
#if defined(__s390x__) // arch/s390/include/uapi/asm/statfs.h
    STATFS = 88,
#else
    STATFS = 120,
#endif
};
#define END(SIZE) (END_0 + (int32_t)(SIZE)) // so many bytes before that page

struct row {
    const char *name;
    int16_t number;
    bool exact; // one byte less is EFAULT
    int32_t arguments[6];
};
#define ROW(NAME, BYTE, ...) {#NAME, SYS_##NAME, BYTE, {__VA_ARGS__}}
#define CALL(NAME, ...) ROW(NAME, false, __VA_ARGS__)
#define EXACT(NAME, ...) ROW(NAME, true, __VA_ARGS__)

// Each has everything right but for one pointer. QEMU does not look at what nanosleep and clock_getres are given.
static const struct row bad_pointers[] = {
    CALL(read, PIPE, 0, 8),
    CALL(pread64, FILE, BAD, 8),
    CALL(readv, PIPE, BAD, 1),
    CALL(writev, FILE, BAD, 1),
    CALL(pwrite64, FILE, BAD, 8),
    CALL(fstat, FILE, BAD),
    CALL(newfstatat, AT_FDCWD, ROOT, BAD, 0),
    CALL(newfstatat, AT_FDCWD, BAD, GOOD, 0),
    CALL(pipe2, BAD, 0),
    CALL(socketpair, 1, 1, 0, BAD),
    CALL(bind, SOCKET, BAD, 16),
    CALL(connect, SOCKET, BAD, 16),
    CALL(sendmsg, SOCKET, BAD, 0),
    CALL(recvmsg, SOCKET, BAD, 0),
    CALL(getsockname, SOCKET, GOOD, BAD),
    CALL(getsockopt, SOCKET, 1, 3, GOOD, BAD),
    CALL(setsockopt, SOCKET, 1, 2, BAD, 4),
    CALL(gettimeofday, BAD, 0),
    CALL(getitimer, 0, BAD),
    CALL(setitimer, 0, BAD, 0),
    CALL(clock_gettime, 1, BAD),
    CALL(clock_nanosleep, 1, 0, BAD, 0),
    CALL(timerfd_settime, CLOCK, 0, BAD, 0),
    CALL(rt_sigaction, 10, BAD, 0, 8),
    CALL(rt_sigaction, 10, 0, BAD, 8),
    CALL(rt_sigprocmask, 0, BAD, 0, 8),
    CALL(rt_sigprocmask, 0, 0, BAD, 8),
    CALL(rt_sigpending, BAD, 8),
    CALL(sigaltstack, BAD, 0),
    CALL(sigaltstack, 0, BAD),
    CALL(getrusage, 0, BAD),
    CALL(prlimit64, 0, 7, BAD, 0),
    CALL(prlimit64, 0, 7, 0, BAD),
    CALL(uname, BAD),
    CALL(sysinfo, BAD),
    CALL(times, BAD),
    CALL(getresuid, BAD, GOOD, GOOD),
    CALL(sched_getaffinity, 0, 128, BAD),
    CALL(sched_setaffinity, 0, 8, BAD),
    CALL(getcpu, BAD, 0, 0),
    CALL(getcpu, 0, BAD, 0),
    CALL(epoll_ctl, EPOLL, 1, PIPE, BAD),
    CALL(ppoll, BAD, 1, 0, 0, 8),
    CALL(pselect6, 1, BAD, 0, 0, 0, 0),
    CALL(futex, BAD, 0, 0, 0),
    CALL(execve, BAD, 0, 0),
    CALL(openat, AT_FDCWD, BAD, 0, 0),
    CALL(mkdirat, AT_FDCWD, BAD, 0),
    CALL(unlinkat, AT_FDCWD, BAD, 0),
    CALL(linkat, AT_FDCWD, ROOT, AT_FDCWD, BAD, 0),
    CALL(linkat, AT_FDCWD, BAD, AT_FDCWD, ROOT, 0),
    CALL(symlinkat, ROOT, AT_FDCWD, BAD),
    CALL(readlinkat, AT_FDCWD, BAD, GOOD, 9),
    CALL(readlinkat, AT_FDCWD, LINK, BAD, 9),
    CALL(fchmodat, AT_FDCWD, BAD, 0),
    CALL(fchownat, AT_FDCWD, BAD, -1, -1, 0),
    CALL(utimensat, AT_FDCWD, BAD, 0, 0),
    CALL(utimensat, AT_FDCWD, ROOT, BAD, 0),
    CALL(faccessat, AT_FDCWD, BAD, 0),
    CALL(truncate, BAD, 0),
    CALL(chdir, BAD),
    CALL(statfs, BAD, GOOD),
    CALL(statfs, ROOT, BAD),
    CALL(getxattr, BAD, ROOT, 0, 0),
    CALL(memfd_create, BAD, 0),
    CALL(getrandom, BAD, 8, 0),
    CALL(prctl, 15, BAD),
    CALL(prctl, 16, BAD),
    CALL(capget, BAD, 0),
    CALL(ioctl, PIPE, FIONREAD, BAD),
    CALL(fcntl, FILE, 5, BAD),
    CALL(fcntl, FILE, 6, BAD),
    CALL(getdents64, DIRECTORY, BAD, 4096),
    CALL(signalfd4, -1, BAD, 8, 0),
    CALL(readlinkat, AT_FDCWD, EXE, BAD, 9),
    CALL(write, FILE, BAD, 8),
    CALL(preadv, FILE, BAD, 1, 0, 0),
    CALL(pwritev, FILE, BAD, 1, 0, 0),
    CALL(sendto, SOCKET, BAD, 8, 0, 0, 0),
    CALL(sendmmsg, SOCKET, BAD, 1, 0),
    CALL(recvmmsg, SOCKET, BAD, 1, 0, 0),
    CALL(getpeername, SOCKET, GOOD, BAD),
    CALL(getsockname, SOCKET, BAD, LENGTH),
    CALL(getsockopt, SOCKET, 1, 3, BAD, LENGTH),
    CALL(setsockopt, SOCKET, 1, SO_RCVTIMEO, BAD, 16),
    CALL(statx, AT_FDCWD, ROOT, 0, 0xfff, BAD),
    CALL(statx, AT_FDCWD, BAD, 0, 0xfff, GOOD),
    CALL(fstatfs, FILE, BAD),
    CALL(getcwd, BAD, 256),
    CALL(renameat2, AT_FDCWD, BAD, AT_FDCWD, ROOT, 0),
    CALL(mknodat, AT_FDCWD, BAD, 0010600, 0),
    CALL(setxattr, BAD, ROOT, GOOD, 1, 0),
    CALL(fsetxattr, FILE, BAD, GOOD, 1, 0), // of a path, kernels of old look first whether its file system may be written
    CALL(removexattr, BAD, ROOT),
    CALL(execveat, AT_FDCWD, BAD, 0, 0, 0),
    CALL(timer_create, 1, BAD, GOOD),
    CALL(timer_create, 1, 0, BAD),
    CALL(timerfd_gettime, CLOCK, BAD),
    CALL(timerfd_settime, CLOCK, 0, GOOD, BAD),
    CALL(getresuid, GOOD, GOOD, BAD),
    CALL(getresgid, BAD, GOOD, GOOD),
    CALL(mincore, AREA, 4096, BAD),
    CALL(rt_sigtimedwait, BAD, 0, GOOD, 8),
    CALL(rt_sigsuspend, BAD, 8),
    CALL(sendfile, WRITER, FILE, BAD, 4),
    CALL(chroot, BAD),
};

// Each has one buffer, which ends where memory does.
static const struct row last_bytes[] = {
    EXACT(fstat, FILE, END(sizeof(struct stat))),
    EXACT(newfstatat, AT_FDCWD, ROOT, END(sizeof(struct stat)), 0),
    EXACT(statx, AT_FDCWD, ROOT, 0, 0xfff, END(256)),
    EXACT(statfs, ROOT, END(STATFS)),
    EXACT(fstatfs, FILE, END(STATFS)),
    EXACT(uname, END(6 * 65)),
    EXACT(sysinfo, END(112)),
    EXACT(times, END(32)),
    EXACT(getrusage, 0, END(144)),
    EXACT(gettimeofday, END(16), 0),
    EXACT(clock_gettime, 1, END(16)),
    CALL(clock_getres, 1, END(16)),
    CALL(nanosleep, END(16), 0),
    EXACT(clock_nanosleep, 1, 0, END(16), 0),
    EXACT(getitimer, 0, END(32)),
    EXACT(setitimer, 0, END(32), 0),
    EXACT(setitimer, 0, GOOD, END(32)),
    EXACT(timerfd_gettime, CLOCK, END(32)),
    EXACT(timerfd_settime, CLOCK, 0, END(32), 0),
    EXACT(timerfd_settime, CLOCK, 0, GOOD, END(32)),
    EXACT(timer_create, 1, END(64), GOOD),
    EXACT(timer_create, 1, 0, END(4)),
    EXACT(utimensat, FILE, 0, END(32), 0),
    EXACT(prlimit64, 0, 4, END(16), 0),
    EXACT(prlimit64, 0, 4, 0, END(16)),
    EXACT(getresuid, END(4), GOOD, GOOD),
    EXACT(getresuid, GOOD, END(4), GOOD),
    EXACT(getresgid, GOOD, GOOD, END(4)),
    EXACT(getcpu, END(4), 0, 0),
    EXACT(getcpu, 0, END(4), 0),
    EXACT(sched_setaffinity, 0, 8, END(8)),
    CALL(prctl, 15, END(16)),
    EXACT(prctl, 16, END(16)),
    EXACT(fcntl, FILE, 5, END(32)),
    EXACT(ioctl, PIPE, FIONREAD, END(4)),
    EXACT(pipe2, END(8), 0),
    EXACT(socketpair, 1, 1, 0, END(8)),
    EXACT(getsockname, SOCKET, GOOD, END(4)),
    EXACT(getpeername, SOCKET, GOOD, END(4)),
    CALL(getsockopt, SOCKET, 1, 3, END(4), LENGTH),
    CALL(getsockopt, SOCKET, 1, SO_RCVTIMEO, END(16), LENGTH),
    EXACT(setsockopt, SOCKET, 1, 2, END(4), 4),
    EXACT(setsockopt, SOCKET, 1, SO_RCVTIMEO, END(16), 16),
    EXACT(sendmsg, SOCKET, END(56), 0),
    EXACT(recvmsg, SOCKET, END(56), MSG_DONTWAIT),
    EXACT(readv, PIPE, END(16), 1),
    EXACT(writev, FILE, END(16), 1),
    EXACT(preadv, FILE, END(16), 1, 0, 0),
    EXACT(sendfile, WRITER, FILE, END(8), 4),
    EXACT(epoll_ctl, EPOLL, 1, PIPE, END(sizeof(struct epoll_event))),
    EXACT(ppoll, END(8), 1, GOOD, 0, 8),
    EXACT(ppoll, 0, 0, END(16), 0, 8),
    EXACT(ppoll, 0, 0, GOOD, END(8), 8),
    EXACT(pselect6, 64, END(8), 0, 0, GOOD, 0),
    EXACT(pselect6, 0, 0, 0, 0, GOOD, END(16)),
    EXACT(rt_sigaction, 10, END(sizeof(struct sigaction)), 0, 8),
    EXACT(rt_sigaction, 10, 0, END(sizeof(struct sigaction)), 8),
    EXACT(rt_sigprocmask, 0, END(8), 0, 8),
    EXACT(rt_sigprocmask, 0, 0, END(8), 8),
    EXACT(rt_sigpending, END(8), 8),
    EXACT(rt_sigtimedwait, END(8), 0, GOOD, 8),
    EXACT(sigaltstack, 0, END(24)),
    EXACT(sigaltstack, END(24), 0),
    EXACT(signalfd4, -1, END(8), 8, 0),
    EXACT(readlinkat, AT_FDCWD, LINK, END(4), 4),
    EXACT(mincore, AREA, 4096, END(1)),
    // What it reads or writes may be less than what it is given.
    CALL(pread64, FILE, END(10), 10, 0),
    CALL(pwrite64, FILE, END(10), 10, 0),
    CALL(write, FILE, END(10), 10),
    CALL(sendto, SOCKET, END(10), 10, MSG_DONTWAIT, 0, 0),
    CALL(recvfrom, SOCKET, END(10), 10, MSG_DONTWAIT, 0, 0),
    CALL(getrandom, END(16), 16, 0),
    CALL(getcwd, END(256), 256),
    CALL(getdents64, DIRECTORY, END(4096), 4096),
    CALL(getsockname, SOCKET, END(47), LENGTH),
    CALL(getpeername, SOCKET, END(47), LENGTH),
    CALL(sched_getaffinity, 0, 128, END(128)),
    CALL(epoll_pwait, EPOLL, END(sizeof(struct epoll_event)), 1, 0, 0, 8),
    CALL(futex, END(4), FUTEX_WAKE, 1),
    CALL(flistxattr, FILE, END(64), 64),
    CALL(listxattr, ROOT, END(64), 64),
    CALL(getxattr, ROOT, ROOT, END(64), 64),
    CALL(capget, END(8), 0),
    CALL(openat, AT_FDCWD, END(2), 0, 0),
    CALL(mkdirat, AT_FDCWD, END(2), 0),
    CALL(unlinkat, AT_FDCWD, END(2), 0),
    CALL(linkat, AT_FDCWD, END(2), AT_FDCWD, ROOT, 0),
    CALL(symlinkat, ROOT, AT_FDCWD, END(2)),
    CALL(readlinkat, AT_FDCWD, END(2), GOOD, 9),
    CALL(faccessat, AT_FDCWD, END(2), 0),
    CALL(truncate, END(2), 0),
    CALL(chdir, END(2)),
    CALL(statfs, END(2), GOOD),
    CALL(newfstatat, AT_FDCWD, END(2), GOOD, 0),
    CALL(execve, END(2), 0, 0),
};

// Each has a pointer that the other arguments make of no use.
static const struct row unused_pointers[] = {
    CALL(read, FILE, BAD, 0),
    CALL(write, FILE, BAD, 0),
    CALL(pread64, FILE, BAD, 0, 0),
    CALL(pwrite64, FILE, BAD, 0, 0),
    CALL(readv, FILE, BAD, 0),
    CALL(writev, FILE, BAD, 0),
    CALL(getgroups, 0, BAD),
    CALL(getrandom, BAD, 0, 0),
    CALL(getdents64, DIRECTORY, BAD, 0),
    CALL(getxattr, ROOT, ROOT, BAD, 0),
    CALL(listxattr, ROOT, BAD, 0),
    CALL(flistxattr, FILE, BAD, 0),
    CALL(nanosleep, GOOD, BAD),
    CALL(clock_nanosleep, 1, 0, GOOD, BAD),
    CALL(clock_nanosleep, 1, 1, GOOD, BAD),
    CALL(futex, GOOD, FUTEX_WAKE, 1, BAD, BAD),
    CALL(futex, GOOD, FUTEX_WAKE_BITSET, 1, BAD, BAD, -1),
    CALL(futex, GOOD, 8, 0, BAD, BAD),
    CALL(futex, GOOD, 7, 0, BAD, BAD),
    CALL(epoll_ctl, EPOLL, 2, PIPE, BAD),
    CALL(fcntl, FILE, 1, BAD),
    CALL(fcntl, FILE, 3, BAD),
    CALL(sendto, SOCKET, BAD, 0, MSG_DONTWAIT, 0, 0),
    CALL(recvfrom, SOCKET, GOOD, 1, MSG_DONTWAIT, 0, BAD),
    CALL(sendmmsg, SOCKET, BAD, 0, 0),
    CALL(recvmmsg, SOCKET, BAD, 0, MSG_DONTWAIT, 0),
    CALL(mremap, AREA, 4096, 4096, 0, BAD),
    CALL(prctl, 3, BAD, BAD, BAD, BAD),
    CALL(openat, AT_FDCWD, ROOT, 0, BAD),
    CALL(ppoll, BAD, 0, GOOD, 0, 8),
    CALL(pselect6, 0, BAD, BAD, BAD, GOOD, 0),
    CALL(wait4, -1, BAD, WNOHANG, BAD),
    CALL(waitid, P_ALL, 0, 0, WNOHANG | WEXITED, BAD),
};

static int64_t values[CLOCK - BAD + 1];

static void prepare(void)
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    expect_success("mprotect", sys_mprotect(area + 2 * page, page, PROT_NONE));
    static uint8_t good[4096];
    static uint32_t length;
    static char path[2][256];
    int ends[2], sockets[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    expect_number("write", sys_write(ends[1], "some bytes", 10), 10);
    expect_success("socketpair", sys4(SYS_socketpair, 1, 1, 0, (long)sockets));
    format(path[0], sizeof path[0], "%s", scratch("file"));
    format(path[1], sizeof path[1], "%s", scratch("link"));
    int file = (int)expect_success("open", sys_open(path[0], O_RDWR | O_CREAT, 0600));
    expect_number("write", sys_write(file, "some bytes", 10), 10);
    expect_success("symlinkat", sys3(SYS_symlinkat, (long)"text", AT_FDCWD, (long)path[1]));
    const int64_t found[] = {
        (intptr_t)(area + 2 * page),
        (intptr_t)good,
        (intptr_t)&length,
        (intptr_t)area,
        (intptr_t)"/",
        (intptr_t)"/proc/self/exe",
        (intptr_t)path[1],
        file,
        expect_success("open(/)", sys_open("/", O_RDONLY | O_DIRECTORY, 0)),
        sockets[0],
        ends[0],
        ends[1],
        expect_success("epoll_create1", sys1(SYS_epoll_create1, 0)),
        expect_success("timerfd_create", sys2(SYS_timerfd_create, 1, 0)),
    };
    static_assert(sizeof found == sizeof values);
    memcpy(values, found, sizeof found);
}

// What the call returns with its buffer so many bytes nearer to the end.
static long result(const struct row *row, int nearer)
{
    uint8_t *end = (uint8_t *)values[0];
    memset(end - 4096, 0, 4096);
    memset((void *)values[GOOD - BAD], 0, 4096);
    *(uint32_t *)values[LENGTH - BAD] = 47;
    int64_t a[6];
    for (int i = 0; i < 6; i++) {
        int32_t word = row->arguments[i];
        a[i] = word;
        if (word >= BAD && word <= CLOCK)
            a[i] = values[word - BAD];
        if (word > END_0 && word <= END(4096))
            a[i] = (intptr_t)(end - (word - END_0) + nearer);
        if (word == END(2)) // the name of a file
            end[-2] = '/';
    }
    return sys6(row->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

// Expects EFAULT of each, or of none. A call that is missing is the matter of another probe.
static void try(const struct row *rows, size_t size, bool faults)
{
    prepare();
    for (const struct row *row = rows; row < rows + size / sizeof *rows; row++) {
        char what[64];
        format(what, sizeof what, "%s (%d)", row->name, (int)(row - rows));
        long seen = result(row, 0);
        if (seen == -ENOSYS)
            continue;
        if (faults)
            expect_error(what, seen, EFAULT);
        else if (seen == -EFAULT)
            fail("memory that is there is enough", "%s: EFAULT", what);
        if (row->exact)
            expect_error(what, result(row, 1), EFAULT);
    }
}
#else
#define try(...) skip("not written for machines of 32 bits")
#endif

PROBE("memory.bad-pointers", "each system call that is given one pointer that cannot be used says EFAULT",
      "a program that probes memory, or has an error, goes on with what was never read", "")
{
    try(bad_pointers, sizeof bad_pointers, true);
}

PROBE("memory.last-bytes", "each system call takes a buffer that ends where memory does, and none that is shorter",
      "a program whose buffer lies at the end of a mapping gets an error", "")
{
    try(last_bytes, sizeof last_bytes, false);
}

PROBE("memory.unused-pointers", "no system call touches what its other arguments make of no use",
      "programs that leave such a pointer as it was fail with EFAULT, or find their memory changed", "")
{
    try(unused_pointers, sizeof unused_pointers, false);
}
