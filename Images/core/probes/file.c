#include "../probe.h"

// A hole: nothing is stored, but every size and offset needs more than 32 bits.
static constexpr int64_t LARGE = 0x1'2345'6789;

PROBE("file.stat-layout",
      "fstat, newfstatat and statx agree on type, mode, size above 4 GiB, links, inode and time of a new file",
      "Value too large for defined data type; builds that always or never rebuild",
      "https://github.com/rust-lang/cargo/issues/7451")
{
    const char *path = scratch("stat");
    int fd = (int)expect_success("open", sys_open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
    expect_success("fchmod", sys2(SYS_fchmod, fd, 0640)); // whatever the umask
    expect_success("ftruncate", sys_ftruncate(fd, LARGE));
    expect_success("linkat", sys5(SYS_linkat, AT_FDCWD, (long)path, AT_FDCWD, (long)scratch("link"), 0));
    const struct timespec times[2] = {{1'000'000'001, 123'456'789}, {1'700'000'000, 987'654'321}};
    expect_success("utimensat", sys4(SYS_utimensat, fd, 0, (long)times, 0));

    struct stat by_fd = {}, by_path = {};
    struct statx extended = {};
    expect_success("fstat", sys2(SYS_fstat, fd, (long)&by_fd));
    expect_success("newfstatat", sys4(SYS_newfstatat, AT_FDCWD, (long)path, (long)&by_path, AT_SYMLINK_NOFOLLOW));
    long result = sys5(SYS_statx, AT_FDCWD, (long)path, AT_SYMLINK_NOFOLLOW, 0x7ff, (long)&extended);

    const struct stat *const both[] = {&by_fd, &by_path};
    for (int i = 0; i < 2; i++) {
        expect_equal("st_mode", both[i]->st_mode, S_IFREG | 0640);
        expect_number("st_size", both[i]->st_size, LARGE);
        expect_number("st_nlink", (int64_t)both[i]->st_nlink, 2);
        expect_number("st_uid", both[i]->st_uid, sys0(SYS_geteuid));
        expect_number("st_mtime", both[i]->st_mtime, 1'700'000'000);
#if defined(__s390x__)
        if (both[i]->st_mtime_nsec == 0)
            note("limit-stat-nanoseconds: fstat and newfstatat tell no nanoseconds");
        else
#endif
            expect_number("st_mtime_nsec", (int64_t)both[i]->st_mtime_nsec, 987'654'321);
        expect_number("st_atime", both[i]->st_atime, 1'000'000'001);
        EXPECT(both[i]->st_blksize > 0 && both[i]->st_blocks >= 0 && both[i]->st_blocks < LARGE / 512,
               "a sparse file's st_blocks", "%jd", (int64_t)both[i]->st_blocks);
    }
    expect_equal("st_ino of both", by_path.st_ino, by_fd.st_ino);
    expect_equal("st_dev of both", by_path.st_dev, by_fd.st_dev);
    if (result == -ENOSYS) {
        note("limit-statx: statx is not implemented (ENOSYS); C libraries fall back");
        return;
    }
    expect_success("statx", result);
    expect_equal("stx_mode", extended.mode, S_IFREG | 0640);
    expect_number("stx_size", (int64_t)extended.size, LARGE);
    expect_number("stx_nlink", extended.nlink, 2);
    expect_equal("stx_ino", extended.ino, by_fd.st_ino);
    expect_number("stx_mtime", extended.mtime.seconds, 1'700'000'000);
    expect_number("stx_mtime nanoseconds", extended.mtime.nanoseconds, 987'654'321);
}
