// Machines of 32 bits: calls with values and times of 64 bits, and those of 32 that they replace.
#include "../probe.h"

#if __SIZEOF_LONG__ == 4
struct old_timespec {
    int32_t seconds, nanoseconds;
};
#endif

PROBE_WORDS("words.time",
            "the calls with 64-bit times and those with 32-bit times tell and wait the same, for sockets too",
            "programs built before and after the change to 64-bit time disagree in one image", "")
#if __SIZEOF_LONG__ == 4
{
    static const int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME};
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        struct timespec before = {}, after = {};
        struct old_timespec old = {-1, -1}, step = {-1, -1};
        expect_success("clock_gettime64", sys_clock(clocks[i], &before));
        expect_success("clock_gettime", sys_call(SYS_old_clock_gettime, clocks[i], (long)&old, 0, 0, 0, 0));
        expect_success("clock_gettime64", sys_clock(clocks[i], &after));
        int64_t between = old.seconds * 1'000'000'000ll + old.nanoseconds;
        EXPECT(between >= before.seconds * 1'000'000'000 + before.nanoseconds &&
                   between <= after.seconds * 1'000'000'000 + after.nanoseconds,
               "clock_gettime lies between two clock_gettime64", "%jd", between);
        expect_success("clock_getres", sys_call(SYS_old_clock_getres, clocks[i], (long)&step, 0, 0, 0, 0));
        expect_success("clock_getres_time64", sys2(SYS_clock_getres, clocks[i], (long)&before));
        expect_number("resolution of both", step.nanoseconds, before.nanoseconds);
    }
    struct old_timespec wait = {0, 2'000'000};
    struct timespec wide = {0, 2'000'000};
    uint32_t word = 1;
    for (int i = 0; i < 6; i++) {
        uint64_t begun = now_ns();
        long result = i == 0   ? sys_call(SYS_old_clock_nanosleep, CLOCK_MONOTONIC, 0, (long)&wait, 0, 0, 0)
                      : i == 1 ? sys4(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, (long)&wide, 0)
                      : i == 2 ? sys_call(SYS_old_futex, (long)&word, FUTEX_WAIT, 1, (long)&wait, 0, 0)
                      : i == 3 ? sys_futex(&word, FUTEX_WAIT, 1, &wide)
                      : i == 4 ? sys_call(SYS_old_ppoll, 0, 0, (long)&wait, 0, 0, 0)
                               : sys5(SYS_ppoll, 0, 0, (long)&wide, 0, 0);
        wait = (struct old_timespec){0, 2'000'000};
        wide = (struct timespec){0, 2'000'000};
        static const char *const names[] = {
            "clock_nanosleep", "clock_nanosleep_time64", "futex", "futex_time64", "ppoll", "ppoll_time64"};
        expect_number(names[i], result, i == 2 || i == 3 ? -ETIMEDOUT : 0);
        EXPECT(now_ns() - begun >= 1'900'000, names[i], "%ju ns, not 2 ms", now_ns() - begun);
    }
    const char *path = scratch("times");
    sys_close((int)expect_success("open", sys_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)));
    const struct old_timespec old[2] = {{1'000'000'001, 5000}, {-86'400, 7000}};
    expect_success("utimensat", sys_call(SYS_old_utimensat, AT_FDCWD, (long)path, (long)old, 0, 0, 0));
    struct stat seen = {};
    expect_success("fstatat64", sys4(SYS_newfstatat, AT_FDCWD, (long)path, (long)&seen, 0));
    expect_number("st_atime", seen.st_atime, 1'000'000'001);
    expect_number("st_mtime before 1970", seen.st_mtime, -86'400);
    // Sockets: SO_RCVTIMEO has a form for each size.
    int pair[2];
    int64_t long_time[2] = {3, 500'000}, told_long[2] = {};
    int32_t told[2] = {};
    uint32_t size = sizeof told;
    expect_success("socketpair", sys4(SYS_socketpair, 1, 2 | O_CLOEXEC, 0, (long)pair));
    long result = sys5(SYS_setsockopt, pair[0], 1, 66 /* SO_RCVTIMEO_NEW */, (long)long_time, sizeof long_time);
    long other = sys5(SYS_getsockopt, pair[0], 1, SO_RCVTIMEO, (long)told, (long)&size);
    size = sizeof told_long;
    long wider = sys5(SYS_getsockopt, pair[0], 1, 66, (long)told_long, (long)&size);
    if (result < 0 || wider < 0 || other < 0 || told_long[0] == 0) {
        note("limit-socket-time64: SO_RCVTIMEO_NEW %s, is told as %jd s, and as %s of 32 bits",
             result < 0 ? error_name(result) : "is set", told_long[0], other < 0 ? error_name(other) : "a time");
        return;
    }
    expect_number("seconds of SO_RCVTIMEO_NEW", told_long[0], 3);
    expect_number("its microseconds", told_long[1], 500'000);
    expect_number("seconds of SO_RCVTIMEO_OLD", told[0], 3);
    expect_number("its microseconds", told[1], 500'000);
}
#endif

PROBE_WORDS(
    "words.files",
    "sizes and offsets beyond 32 bits arrive whole, statx agrees, and open without O_LARGEFILE refuses such files",
    "Value too large for defined data type; files cut or overwritten at 2 GiB", "")
#if __SIZEOF_LONG__ == 4
{
    static constexpr int64_t far = 0x1'4000'3000; // 5 GiB and three pages
    const char *path = scratch("large");
    int fd = (int)expect_success("open", sys_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    long written = sys4(SYS_pwrite64, fd, (long)"far away", 8, far);
    if (written == -EFBIG)
        skip("this file system, or a limit, has no files of 5 GiB");
    expect_number("pwrite64 at 5 GiB", written, 8);
    struct stat64 narrow = {};
    struct statx wide = {};
    expect_success("fstat64", sys_call(SYS_fstat, fd, (long)&narrow, 0, 0, 0, 0));
    expect_number("st_size of fstat64", (int64_t)narrow.size, far + 8);
    long extended = sys5(SYS_statx, fd, (long)"", AT_EMPTY_PATH, 0x7ff, (long)&wide);
    if (extended != -ENOSYS) {
        expect_success("statx", extended);
        expect_number("stx_size", (int64_t)wide.size, (int64_t)narrow.size);
        expect_number("stx_blocks", (int64_t)wide.blocks, (int64_t)narrow.blocks);
        expect_number("stx_ino", (int64_t)wide.ino, (int64_t)narrow.ino);
        expect_number("st_ino of 32 bits", narrow.short_ino, (uint32_t)wide.ino);
        expect_number("stx_mtime, low half", (int32_t)wide.mtime.seconds, (int32_t)narrow.mtime);
        expect_number("its nanoseconds", wide.mtime.nanoseconds, narrow.mtime_nsec);
        expect_number("stx_mode", wide.mode, narrow.mode);
    }
    expect_number("_llseek to 5 GiB", sys_lseek(fd, far, SEEK_SET), far);
    long opened = sys_call(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (opened >= 0)
        note("limit-large-files: open without O_LARGEFILE is not refused for a file of 5 GiB");
    else
        expect_error("open without O_LARGEFILE", opened, EOVERFLOW);
    const char *mapped = sys_mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd, far);
    expect_success("mmap2 of a page at 5 GiB", (long)mapped);
    if (mapped[0] == 0)
        note("limit-mmap-offset: mmap2 cuts the offset to 32 bits: another part of a large file is mapped");
    else
        expect_bytes("what is there", mapped, "far away", 8);
    uint32_t id = (uint32_t)sys0(SYS_getuid);
    expect_number("getuid of 16 bits", sys_call(SYS_old_getuid, 0, 0, 0, 0, 0, 0), id <= 0xffff ? id : 65534);
}
#endif
