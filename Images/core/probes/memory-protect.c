// Protection, sharing between processes, and code that is written at run time.
#include "../fault.h"

static constexpr int READ_WRITE = PROT_READ | PROT_WRITE;

PROBE("memory.protect", "mprotect(2) takes and gives rights page by page; a fault names the byte",
      "guard pages and write barriers of garbage collectors do not work", "")
{
    fault_catch(SIGSEGV);
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, 3 * page, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    area[page] = 0x5a;
    expect_success("mprotect(PROT_READ)", sys_mprotect(area + page, page, PROT_READ));
    expect_equal("a read-only byte", fault_load(area + page), 0x5a);
    fault_store(area + page - 1, 1);
    fault_store(area + 2 * page, 1);
    expect_number("faults so far", fault_seen.count, 0);
    fault_store(area + page, 0xff);
    expect_fault("store, PROT_READ", SIGSEGV, SEGV_ACCERR, (uintptr_t)area + page, (uintptr_t)fault_store);
    expect_success("mprotect(PROT_NONE)", sys_mprotect(area + page, page, PROT_NONE));
    fault_load(area + 2 * page - 1);
    expect_fault("load, PROT_NONE", SIGSEGV, SEGV_ACCERR, (uintptr_t)area + 2 * page - 1, (uintptr_t)fault_load);
    expect_success("mprotect back", sys_mprotect(area + page, page, READ_WRITE));
    expect_equal("the byte, kept throughout", area[page], 0x5a);
    expect_error("mprotect(PROT_GROWSDOWN) of memory that does not grow",
                 sys_mprotect(area, page, PROT_READ | 0x01000000), EINVAL);
    fault_store(area, 1);
    expect_number("faults after it was refused", fault_seen.count, 0);
}

PROBE("memory.fault-in-kernel", "system calls given memory that cannot be touched fail with EFAULT and raise no signal",
      "programs that probe pointers through the kernel (Go, sanitizers) crash the emulator instead", "")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, 2 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    expect_success("mprotect", sys_mprotect(area + page, page, PROT_NONE));
    int ends[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    expect_error("write from PROT_NONE", sys_write(ends[1], area + page, 8), EFAULT);
    expect_number("write from readable memory", sys_write(ends[1], area, 8), 8);
    expect_error("read into PROT_READ", sys_read(ends[0], area, 8), EFAULT);
    expect_error("open with a null path", sys_open(nullptr, O_RDONLY, 0), EFAULT);
    expect_error("clock_gettime to address 8", sys2(SYS_clock_gettime, CLOCK_MONOTONIC, 8), EFAULT);
    expect_error("uname across the end of a mapping", sys1(SYS_uname, (long)(area + page - 16)), EFAULT);
}

#if __SIZEOF_LONG__ == 8 // sys/words.c reads structures itself
struct bad_call {
    const char *name;
    int number;
    int64_t arguments[6];
};
enum { BAD_PAGE = 0x7e57'0001, GOOD, FILE, SOCKET, PIPE, EPOLL, CLOCK, LINK, DIRECTORY };
#define BAD(NAME, ...) {#NAME, SYS_##NAME, {__VA_ARGS__}}

// Each has everything right but for one pointer.
static const struct bad_call bad_calls[] = {
    BAD(read, PIPE, 0, 8),
    BAD(pread64, FILE, BAD_PAGE, 8),
    BAD(readv, PIPE, BAD_PAGE, 1),
    BAD(writev, FILE, BAD_PAGE, 1),
    BAD(pwrite64, FILE, BAD_PAGE, 8),
    BAD(fstat, FILE, BAD_PAGE),
    BAD(newfstatat, AT_FDCWD, GOOD, BAD_PAGE, 0),
    BAD(newfstatat, AT_FDCWD, BAD_PAGE, GOOD, 0),
    BAD(pipe2, BAD_PAGE, 0),
    BAD(socketpair, 1, 1, 0, BAD_PAGE),
    BAD(bind, SOCKET, BAD_PAGE, 16),
    BAD(connect, SOCKET, BAD_PAGE, 16),
    BAD(sendmsg, SOCKET, BAD_PAGE, 0),
    BAD(recvmsg, SOCKET, BAD_PAGE, 0),
    BAD(getsockname, SOCKET, GOOD, BAD_PAGE),
    BAD(getsockopt, SOCKET, 1, 3, GOOD, BAD_PAGE),
    BAD(setsockopt, SOCKET, 1, 2, BAD_PAGE, 4),
    BAD(gettimeofday, BAD_PAGE, 0),
    BAD(getitimer, 0, BAD_PAGE),
    BAD(setitimer, 0, BAD_PAGE, 0),
    BAD(clock_gettime, 1, BAD_PAGE),
    BAD(clock_nanosleep, 1, 0, BAD_PAGE, 0),
    BAD(timerfd_settime, CLOCK, 0, BAD_PAGE, 0),
    BAD(rt_sigaction, 10, BAD_PAGE, 0, 8),
    BAD(rt_sigaction, 10, 0, BAD_PAGE, 8),
    BAD(rt_sigprocmask, 0, BAD_PAGE, 0, 8),
    BAD(rt_sigprocmask, 0, 0, BAD_PAGE, 8),
    BAD(rt_sigpending, BAD_PAGE, 8),
    BAD(sigaltstack, BAD_PAGE, 0),
    BAD(sigaltstack, 0, BAD_PAGE),
    BAD(getrusage, 0, BAD_PAGE),
    BAD(prlimit64, 0, 7, BAD_PAGE, 0),
    BAD(prlimit64, 0, 7, 0, BAD_PAGE),
    BAD(uname, BAD_PAGE),
    BAD(sysinfo, BAD_PAGE),
    BAD(times, BAD_PAGE),
    BAD(getresuid, BAD_PAGE, GOOD, GOOD),
    BAD(sched_getaffinity, 0, 128, BAD_PAGE),
    BAD(sched_setaffinity, 0, 8, BAD_PAGE),
    BAD(getcpu, BAD_PAGE, 0, 0),
    BAD(getcpu, 0, BAD_PAGE, 0),
    BAD(epoll_ctl, EPOLL, 1, PIPE, BAD_PAGE),
    BAD(ppoll, BAD_PAGE, 1, 0, 0, 8),
    BAD(pselect6, 1, BAD_PAGE, 0, 0, 0, 0),
    BAD(futex, BAD_PAGE, 0, 0, 0),
    BAD(execve, BAD_PAGE, 0, 0),
    BAD(openat, AT_FDCWD, BAD_PAGE, 0, 0),
    BAD(mkdirat, AT_FDCWD, BAD_PAGE, 0),
    BAD(unlinkat, AT_FDCWD, BAD_PAGE, 0),
    BAD(linkat, AT_FDCWD, GOOD, AT_FDCWD, BAD_PAGE, 0),
    BAD(linkat, AT_FDCWD, BAD_PAGE, AT_FDCWD, GOOD, 0),
    BAD(symlinkat, GOOD, AT_FDCWD, BAD_PAGE),
    BAD(readlinkat, AT_FDCWD, BAD_PAGE, GOOD, 9),
    BAD(readlinkat, AT_FDCWD, LINK, BAD_PAGE, 9),
    BAD(fchmodat, AT_FDCWD, BAD_PAGE, 0),
    BAD(fchownat, AT_FDCWD, BAD_PAGE, -1, -1, 0),
    BAD(utimensat, AT_FDCWD, BAD_PAGE, 0, 0),
    BAD(utimensat, AT_FDCWD, GOOD, BAD_PAGE, 0),
    BAD(faccessat, AT_FDCWD, BAD_PAGE, 0),
    BAD(truncate, BAD_PAGE, 0),
    BAD(chdir, BAD_PAGE),
    BAD(statfs, BAD_PAGE, GOOD),
    BAD(statfs, GOOD, BAD_PAGE),
    BAD(getxattr, BAD_PAGE, GOOD, 0, 0),
    BAD(memfd_create, BAD_PAGE, 0),
    BAD(getrandom, BAD_PAGE, 8, 0),
    BAD(prctl, 15, BAD_PAGE),
    BAD(prctl, 16, BAD_PAGE),
    BAD(capget, BAD_PAGE, 0),
    BAD(ioctl, PIPE, FIONREAD, BAD_PAGE),
    BAD(fcntl, FILE, 5, BAD_PAGE),
    BAD(fcntl, FILE, 6, BAD_PAGE),
    BAD(getdents64, DIRECTORY, BAD_PAGE, 4096),
    BAD(signalfd4, -1, BAD_PAGE, 8, 0),
};
#endif

PROBE("memory.bad-pointers", "each system call that is given one pointer that cannot be used says EFAULT",
      "a program that probes memory, or has an error, goes on with what was never read", "")
{
#if __SIZEOF_LONG__ == 4
    skip("not written for machines of 32 bits");
#else
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *bad = sys_mmap(nullptr, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)bad);
    static uint8_t good[4096] = "/";
    int ends[2], sockets[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    expect_number("write", sys_write(ends[1], "some bytes", 10), 10);
    expect_success("socketpair", sys4(SYS_socketpair, 1, 1, 0, (long)sockets));
    int file = (int)expect_success("open", sys_open(scratch("file"), O_RDWR | O_CREAT, 0600));
    expect_number("write", sys_write(file, "some bytes", 10), 10);
    int epoll = (int)expect_success("epoll_create1", sys1(SYS_epoll_create1, 0));
    int clock = (int)expect_success("timerfd_create", sys2(SYS_timerfd_create, 1, 0));
    const char *link = scratch("link");
    expect_success("symlinkat", sys3(SYS_symlinkat, (long)"text", AT_FDCWD, (long)link));
    int directory = (int)expect_success("open(/)", sys_open("/", O_RDONLY | O_DIRECTORY, 0));
    for (const struct bad_call *call = bad_calls; call < bad_calls + sizeof bad_calls / sizeof *bad_calls; call++) {
        int64_t a[6];
        for (int i = 0; i < 6; i++)
            switch (a[i] = call->arguments[i]) {
            case BAD_PAGE: a[i] = (intptr_t)bad; break;
            case GOOD: a[i] = (intptr_t)good; break;
            case FILE: a[i] = file; break;
            case SOCKET: a[i] = sockets[0]; break;
            case PIPE: a[i] = ends[0]; break;
            case EPOLL: a[i] = epoll; break;
            case CLOCK: a[i] = clock; break;
            case DIRECTORY: a[i] = directory; break;
            case LINK: a[i] = (intptr_t)link; break;
            }
        good[0] = '/', good[1] = 0;
        char what[64];
        format(what, sizeof what, "%s (%d)", call->name, (int)(call - bad_calls));
        long result = sys6(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
        if (result != -ENOSYS) // a call that is missing is the matter of another probe
            expect_error(what, result, EFAULT);
    }
#endif
}

PROBE("memory.shared", "a shared mapping is one memory for parent and child, and futexes in it work between them",
      "postgres, python multiprocessing and make's job server lose messages", "")
{
    struct {
        uint32_t turn;
        uint32_t count;
        uint64_t text;
    } *shared = sys_mmap(nullptr, 4096, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)shared);
    int pid = (int)expect_success("fork", sys_fork());
    for (int i = 0; i < 20; i++) {
        while (__atomic_load_n(&shared->turn, __ATOMIC_ACQUIRE) != (uint32_t)(pid == 0))
            sys_futex(&shared->turn, FUTEX_WAIT, pid != 0, &(struct timespec){1, 0});
        expect_number("count", shared->count, 2 * i + (pid == 0));
        shared->count++;
        shared->text = 0x0101010101010101 * (uint64_t)i;
        __atomic_store_n(&shared->turn, pid != 0, __ATOMIC_RELEASE);
        sys_futex(&shared->turn, FUTEX_WAKE, 1, nullptr);
    }
    if (pid == 0)
        sys_exit(0);
    expect_exit("the child", wait_status(pid), 0);
    expect_number("count at the end", shared->count, 40);
    expect_equal("the last text", shared->text, 0x1313131313131313);
}

// Writes a function that returns `value`.
static void write_function(void *at, uint16_t value)
{
    synchronise_code(at, (char *)at + function_code(at, value));
}

static int call(const void *code)
{
    int (*function)(void);
    memcpy(&function, &code, sizeof function);
    return function();
}

PROBE("memory.jit",
      "code written at run time executes, and after it is rewritten and the caches are maintained, the new code does",
      "node, Java and LuaJIT crash at random places", "https://github.com/docker/setup-qemu-action/issues/188")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, 2 * page, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    for (uint16_t i = 1; i <= 8; i++) {
        write_function(area + page - 4, (uint16_t)(i * 1000)); // across a page
        expect_success("mprotect(RX)", sys_mprotect(area, 2 * page, PROT_READ | PROT_EXEC));
        expect_number("value of the new code", call(area + page - 4), i * 1000);
        expect_success("mprotect(RW)", sys_mprotect(area, 2 * page, READ_WRITE));
    }
    long result = sys_mprotect(area, 2 * page, READ_WRITE | PROT_EXEC);
    if (result == -EACCES || result == -EPERM) // a policy of the host
        return;
    expect_success("mprotect(RWX)", result);
    for (uint16_t i = 1; i <= 8; i++) {
        write_function(area, i);
        write_function(area + 64, (uint16_t)(i + 100));
        expect_number("value of the first function", call(area), i);
        expect_number("value of its neighbour", call(area + 64), i + 100);
    }
}

PROBE("memory.jit-alias",
      "code written through one mapping and executed through another is seen after cache maintenance",
      ".NET 7 and later write all code this way (W^X) and crash", "https://gitlab.com/qemu-project/qemu/-/issues/1034")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    int fd = (int)sys2(SYS_memfd_create, (long)"code", 1);
    expect_success("memfd_create", fd);
    expect_success("ftruncate", sys_ftruncate(fd, (int64_t)page));
    uint8_t *writable = sys_mmap(nullptr, page, READ_WRITE, MAP_SHARED, fd, 0);
    uint8_t *executable = sys_mmap(nullptr, page, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    expect_success("mmap(RW)", (long)writable);
    if ((long)executable == -EPERM || (long)executable == -EACCES)
        skip("the host forbids executable shared mappings");
    expect_success("mmap(RX)", (long)executable);
    for (uint16_t i = 1; i <= 4; i++) {
        write_function(writable, i);
        synchronise_code(executable,
                         executable + 16); // by the address that executes, as compilers' __clear_cache callers do
        int value = call(executable);
        if (i > 1 && value == i - 1) {
            note("limit-jit-alias: code rewritten through another mapping stays stale");
            return;
        }
        expect_number("value of the new code", value, i);
    }
}

PROBE("memory.no-execute", "jumping to memory without PROT_EXEC raises SIGSEGV at that address",
      "exploits and wild jumps run on instead of failing", "")
{
    fault_catch(SIGSEGV);
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, page, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    write_function(area, 1);
    call(area);
    if (fault_seen.count == 0) {
        note("limit-no-execute: memory without PROT_EXEC is executed");
        return;
    }
    expect_fault("jump into data", SIGSEGV, SEGV_ACCERR, (uintptr_t)area, (uintptr_t)area);
}
