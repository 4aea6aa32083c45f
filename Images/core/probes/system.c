// What a program can learn about the system and itself, and the known limits of emulation by user-mode QEMU.
#include "../probe.h"

PROBE("system.auxv", "the auxiliary vector: platform, ids, clock tick, 16 random bytes, no secure mode",
      "C libraries choose the wrong variant of themselves, or a predictable canary", "")
{
    expect_number("AT_CLKTCK", (int64_t)auxv_value(AT_CLKTCK), 100);
    expect_number("AT_SECURE", (int64_t)auxv_value(AT_SECURE), 0);
    expect_number("AT_UID", (int64_t)auxv_value(AT_UID), sys0(SYS_getuid));
    expect_number("AT_EGID", (int64_t)auxv_value(AT_EGID), sys0(SYS_getegid));
    const char *platform = (const char *)auxv_value(AT_PLATFORM);
    if (PLATFORM)
        expect_text("AT_PLATFORM", platform ? platform : "", PLATFORM);
    const uint64_t *random = (const uint64_t *)auxv_value(AT_RANDOM);
    EXPECT(random && random[0] != random[1] && random[0] != 0, "16 random bytes", "none");
}

PROBE("system.sysinfo", "sysinfo(2) in its own layout: memory, uptime, processes",
      "tools that size themselves by memory take none or too much", "")
{
    struct {
        long uptime;
        unsigned long loads[3], total, free, shared, buffers, swap, swap_free;
        uint16_t processes, pad;
        unsigned long total_high, free_high;
        uint32_t unit;
    } info = {};
    expect_success("sysinfo", sys1(SYS_sysinfo, (long)&info));
    struct timespec up = {};
    read_clock(CLOCK_BOOTTIME, &up);
    EXPECT(info.uptime >= up.seconds - 60 && info.uptime <= up.seconds + 60, "uptime is CLOCK_BOOTTIME", "%ld, not %jd",
           info.uptime, up.seconds);
    bool possible = info.unit >= 1 && (uint64_t)info.total * info.unit >= 16 << 20 && info.free <= info.total;
    if (!possible && sizeof(long) == 4 && info.unit == 1)
        note("limit-sysinfo: sysinfo cuts sizes of memory to 32 bits, where Linux has a larger unit");
    else
        EXPECT(possible, "16 MiB or more of memory, and no more free than there is", "%lu of %lu units of %u",
               info.free, info.total, info.unit);
    EXPECT(info.processes > 0, "at least one process", "0");
}

PROBE("system.limits", "prlimit64(2) and getrlimit(2) agree, new limits hold, and 64-bit values stay whole",
      "ulimit shows nonsense; programs run out of descriptors", "")
{
    uint64_t first[2] = {}, second[2] = {}, lower[2];
    expect_success("prlimit64(RLIMIT_NOFILE)", sys4(SYS_prlimit64, 0, 7, 0, (long)first));
    unsigned long words[2] = {}; // what does not fit in a word is all ones
    expect_success("getrlimit(RLIMIT_NOFILE)", sys2(SYS_getrlimit, 7, (long)words));
    expect_equal("rlim_cur of both", words[0], first[0] < ~0ul ? first[0] : ~0ul);
    EXPECT(first[0] <= first[1] && first[0] >= 16, "16 <= rlim_cur <= rlim_max", "%ju, %ju", first[0], first[1]);
    lower[0] = 64 < first[0] ? 64 : first[0];
    lower[1] = first[1];
    expect_success("prlimit64", sys4(SYS_prlimit64, 0, 7, (long)lower, (long)second));
    expect_number("the old limit", (int64_t)second[0], (int64_t)first[0]);
    expect_error("dup above the limit", sys_fcntl(1, F_DUPFD, (long)lower[0]), EINVAL);
    expect_success("prlimit64(RLIMIT_FSIZE)", sys4(SYS_prlimit64, 0, 1, 0, (long)first));
    uint64_t large[2] = {0x1'0000'0000 < first[1] ? 0x1'0000'0000 : first[1], first[1]};
    expect_success("prlimit64(RLIMIT_FSIZE)", sys4(SYS_prlimit64, 0, 1, (long)large, 0));
    expect_success("prlimit64(RLIMIT_FSIZE)", sys4(SYS_prlimit64, 0, 1, 0, (long)second));
    expect_equal("a limit of 4 GiB", second[0], large[0]);
}

PROBE("system.random", "getrandom(2) fills what it is asked for, differently every time",
      "key generation hangs or repeats itself", "")
{
    uint64_t words[64] = {};
    expect_number("getrandom", sys3(SYS_getrandom, (long)words, sizeof words, 0), sizeof words);
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < i; j++)
            EXPECT(words[i] != words[j], "64 different words", "0x%jx twice", words[i]);
    expect_number("getrandom(GRND_NONBLOCK)", sys3(SYS_getrandom, (long)words, 7, 1), 7);
    expect_error("getrandom with a flag that does not exist", sys3(SYS_getrandom, (long)words, 8, 0x100), EINVAL);
}

PROBE("system.names", "prctl(2) sets the name of a thread, and no_new_privs stays set", "sandboxes refuse to start", "")
{
    char name[17] = {};
    expect_success("prctl(PR_SET_NAME)", sys2(SYS_prctl, PR_SET_NAME, (long)"assay-name-too-long"));
    expect_success("prctl(PR_GET_NAME)", sys2(SYS_prctl, PR_GET_NAME, (long)name));
    expect_text("the name, cut to 15 bytes", name, "assay-name-too-");
    expect_success("prctl(PR_SET_NO_NEW_PRIVS)", sys5(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    expect_number("prctl(PR_GET_NO_NEW_PRIVS)", sys5(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
    expect_error("prctl(PR_SET_NO_NEW_PRIVS, 0)", sys5(SYS_prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL);
    expect_error("prctl of an option that does not exist", sys2(SYS_prctl, 0x7fff, 0), EINVAL);
}

PROBE("system.affinity", "the affinity mask names processors that exist, can be narrowed, and getcpu(2) obeys it",
      "nproc prints 1, or make -j starts none", "")
{
    uint64_t mask[128] = {}, one[128] = {}, seen[128] = {};
    long size = expect_success("sched_getaffinity", sys3(SYS_sched_getaffinity, 0, sizeof mask, (long)mask));
    EXPECT(size >= 4 && size % (long)sizeof(long) == 0, "its size in bytes", "%ld", size);
    uint32_t first = 0;
    while (first < 8192 && !(mask[first / 64] >> first % 64 & 1))
        first++;
    EXPECT(first < 8192, "at least one processor", "none");
    one[first / 64] = 1ull << first % 64;
    expect_success("sched_setaffinity", sys3(SYS_sched_setaffinity, 0, size, (long)one));
    expect_success("sched_getaffinity", sys3(SYS_sched_getaffinity, 0, sizeof seen, (long)seen));
    expect_bytes("the narrowed mask", seen, one, (size_t)size);
    for (long wrong = 1; wrong < (long)sizeof(long); wrong++)
        expect_error("sched_getaffinity with a size of no whole words",
                     sys3(SYS_sched_getaffinity, 0, size + wrong, (long)seen), EINVAL);
    expect_error("sched_getaffinity without room", sys3(SYS_sched_getaffinity, 0, 0, (long)seen), EINVAL);
    uint32_t processor = ~0u;
    expect_success("getcpu", sys3(SYS_getcpu, (long)&processor, 0, 0));
    expect_number("processor", processor, first);
    uint64_t none[128] = {}, all[128];
    memset(all, 0xff, sizeof all);
    expect_success("sched_setaffinity to all that there may be", sys3(SYS_sched_setaffinity, 0, size, (long)all));
    expect_number("sched_getaffinity", sys3(SYS_sched_getaffinity, 0, sizeof seen, (long)seen), size);
    for (size_t i = 0; i < 128; i++)
        EXPECT((mask[i] & ~seen[i]) == 0, "every processor from before", "0x%jx of 0x%jx", seen[i], mask[i]);
    expect_error("sched_setaffinity to none", sys3(SYS_sched_setaffinity, 0, size, (long)none), EINVAL);
}

PROBE("system.barrier", "membarrier(2) works or says ENOSYS", "Java and liburcu fall back, or abort", "")
{
    long commands = sys3(SYS_membarrier, 0, 0, 0);
    if (commands == -ENOSYS) {
        note("limit-membarrier: membarrier is not implemented (ENOSYS)");
        return;
    }
    expect_success("membarrier(QUERY)", commands);
    if (commands & 8) // registering first would take a grace period of the kernel, 10 ms and more
        expect_error("PRIVATE_EXPEDITED before registration", sys3(SYS_membarrier, 8, 0, 0), EPERM);
    expect_error("a command that does not exist", sys3(SYS_membarrier, 1 << 30, 0, 0), EINVAL);
}

static bool contains(const char *text, size_t size, const char *part)
{
    for (size_t at = 0; at < size; at++)
        if (starts_with(text + at, part))
            return true;
    return false;
}

PROBE("system.cpuinfo", "/proc/cpuinfo describes the processor that programs see",
      "tools that parse it pick the host's architecture", "https://github.com/rust-lang/rustup/issues/2700")
{
    static char text[65537];
    int fd = (int)sys_open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC, 0);
    if (fd == -ENOENT)
        skip("no /proc here");
    expect_success("open(/proc/cpuinfo)", fd);
    long size = expect_success("read", read_all(fd, text, sizeof text - 1));
    bool right = contains(text, (size_t)size, CPUINFO);
    if (!right && (contains(text, (size_t)size, "CPU implementer") || contains(text, (size_t)size, "vendor_id"))) {
        note("limit-cpuinfo: /proc/cpuinfo describes the host's processor");
        return;
    }
    EXPECT(right, "a processor of this machine", "%ld bytes without '" CPUINFO "'", size);
}

PROBE("system.self-maps",
      "/proc/self/maps and /proc/self/stat show the program's own addresses and name, not the emulator's",
      "garbage collectors and sanitizers look for their stack there", "")
{
    static char text[65537];
    int fd = (int)sys_open("/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);
    if (fd == -ENOENT)
        skip("no /proc here");
    expect_success("open(/proc/self/maps)", fd);
    long size = expect_success("read", read_all(fd, text, sizeof text - 1));
    if (size == 0) // an emulator makes this file up from the host's
        skip("no /proc here");
    bool stack = false, code = false;
    uintptr_t local = (uintptr_t)&size, function = (uintptr_t)fault_load;
    for (const char *at = text; *at;) {
        uint64_t ends[2] = {};
        for (int i = 0; i < 2; i++, at += *at == '-')
            for (; (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'f'); at++)
                ends[i] = ends[i] << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
        EXPECT(ends[0] < ends[1], "lines begin with a range", "0x%jx-0x%jx", ends[0], ends[1]);
        stack |= local >= ends[0] && local < ends[1] && starts_with(at, " rw");
        code |= function >= ends[0] && function < ends[1] && starts_with(at, " r-xp");
        while (*at && *at++ != '\n')
            ;
    }
    EXPECT(stack && code, "the stack and the code of this program are in the list", "stack %d, code %d", stack, code);
}

PROBE("system.ptrace", "ptrace(2) works, or is known not to", "strace, gdb and py-spy cannot work under emulation",
      "https://github.com/benfred/py-spy/issues/530")
{
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        long result = sys4(SYS_ptrace, 0 /* PTRACE_TRACEME */, 0, 0, 0);
        if (result < 0)
            sys_exit((int)-result);
        sys_kill((int)sys_getpid(), SIGSTOP);
        sys_exit(100);
    }
    int status = 0;
    sys_wait(pid, &status, 0);
    if (status == ENOSYS << 8) {
        note("limit-ptrace: ptrace is not implemented (ENOSYS): no strace, gdb or py-spy inside");
        return;
    }
    if (status == EPERM << 8)
        skip("the host forbids ptrace");
    expect_equal("status of the traced child", (uint64_t)status, SIGSTOP << 8 | 0x7f);
    expect_success("PTRACE_CONT", sys4(SYS_ptrace, 7, pid, 0, 0));
    expect_exit("the traced child", wait_status(pid), 100);
}

PROBE("system.io-uring", "io_uring works, or is refused with ENOSYS or EPERM so that programs fall back",
      "libuv and databases hang where it half works", "")
{
    uint32_t parameters[30] = {};
    long fd = sys2(SYS_io_uring_setup, 4, (long)parameters);
    if (fd == -ENOSYS || fd == -EPERM) {
        note("limit-io-uring: io_uring is refused (%s); programs fall back", error_name(fd));
        return;
    }
    expect_success("io_uring_setup", fd);
    expect_number("entries of the submission queue", parameters[0], 4);
    expect_number("entries of the completion queue", parameters[1], 8);
}

PROBE("system.seccomp", "a seccomp filter takes effect, or installing one is refused",
      "sandboxes believe in a filter that does nothing", "")
{
    struct {
        uint16_t code;
        uint8_t yes, no;
        uint32_t value;
    } filter[] = {
        {0x20, 0, 0, 0},                  // load the number of the system call
        {0x15, 0, 1, SYS_getppid},        // getppid?
        {0x06, 0, 0, 0x00050000 | EXDEV}, // an error that getppid never gives
        {0x06, 0, 0, 0x7fff0000},         // all others are allowed
    };
    struct {
        uint16_t size;
        const void *filter;
    } program = {4, filter};
    expect_success("prctl(PR_SET_NO_NEW_PRIVS)", sys5(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    long result = sys3(SYS_seccomp, 1 /* SET_MODE_FILTER */, 0, (long)&program);
    long by_prctl = result < 0 ? sys3(SYS_prctl, 22 /* PR_SET_SECCOMP */, 2, (long)&program) : result;
    if (by_prctl < 0) {
        note("limit-seccomp: filters are refused (%s)", error_name(by_prctl));
        return;
    }
    expect_error("getppid under the filter", sys0(SYS_getppid), EXDEV);
    EXPECT(sys_getpid() > 0, "other system calls go on", "getpid failed");
}

PROBE("system.unknown-call", "a system call that does not exist gives ENOSYS and does no harm",
      "programs that try new system calls die instead of falling back", "https://github.com/moby/moby/issues/42680")
{
    expect_error("system call 1023", sys6(1023, 1, 2, 3, 4, 5, 6), ENOSYS);
    expect_error("system call 100000", sys6(100'000, 0, 0, 0, 0, 0, 0), ENOSYS);
#if !defined(__arm__) // a number of the machine's own calls, for which it has SIGILL (arch/arm/kernel/traps.c)
    expect_error("system call -1", sys6(-1, 0, 0, 0, 0, 0, 0), ENOSYS);
#endif
}

PROBE("system.asynchronous-io", "Linux AIO works, or is refused with ENOSYS so that databases fall back",
      "io_setup fails: mysqld does not start", "https://github.com/multiarch/qemu-user-static/issues/114")
{
    unsigned long context = 0;
    long result = sys2(SYS_io_setup, 4, (long)&context);
    if (result == -ENOSYS) {
        note("limit-aio: io_setup is not implemented (ENOSYS)");
        return;
    }
    if (result == -EAGAIN)
        skip("the host has no more contexts (fs.aio-max-nr)");
    expect_success("io_setup", result);
    expect_success("io_destroy", sys1(SYS_io_destroy, (long)context));
}
