// Reading, writing and locking files.
#include "../probe.h"

static int create(const char *name, int flags)
{
    return (int)expect_success("open", sys_open(scratch(name), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | flags, 0600));
}

static void expect_content(int fd, const char *what, int64_t offset, const char *text)
{
    char bytes[64] = {};
    size_t size = strlen(text);
    expect_number(what, sys4(SYS_pread64, fd, (long)bytes, (long)size, offset), (int64_t)size);
    expect_bytes(what, bytes, text, size);
}

PROBE("file.large-offsets", "offsets beyond 4 GiB are kept in pread, pwrite, lseek, preadv, pwritev and ftruncate",
      "files above 4 GiB are overwritten at their start", "https://github.com/rust-lang/cargo/issues/8719")
{
    static constexpr int64_t far = 0x1'8000'0001;
    int fd = create("large", 0);
    expect_number("pwrite64 at 6 GiB", sys4(SYS_pwrite64, fd, (long)"far", 3, far), 3);
    expect_number("lseek to the end", sys_lseek(fd, 0, SEEK_END), far + 3);
    expect_number("write there", sys_write(fd, "ther", 4), 4);
    expect_content(fd, "pread64 at 6 GiB", far, "farther");
    struct iovec parts[2] = {{(void *)"AB", 2}, {(void *)"CDE", 3}};
    expect_number("pwritev", sys5(SYS_pwritev, fd, (long)parts, 2, far + 100, 0), 5);
    char one[4] = {}, two[4] = {};
    struct iovec into[2] = {{one, 3}, {two, 2}};
    expect_number("preadv", sys5(SYS_preadv, fd, (long)into, 2, far + 100, 0), 5);
    expect_bytes("first part", one, "ABC", 3);
    expect_bytes("second part", two, "DE", 2);
    expect_number("position, which none of these moves", sys_lseek(fd, 0, SEEK_CUR), far + 7);
    expect_number("pread64 at the start", sys4(SYS_pread64, fd, (long)one, 2, 0), 2);
    expect_bytes("a hole", one, "\0\0", 2);
    expect_success("ftruncate", sys_ftruncate(fd, far - 1));
    expect_number("lseek to the end", sys_lseek(fd, 0, SEEK_END), far - 1);
    expect_error("lseek before the start", sys_lseek(fd, -1, SEEK_SET), EINVAL);
}

PROBE("file.append", "O_APPEND writes at the end whatever the position, also through two descriptors",
      "logs of parallel jobs overwrite each other", "")
{
    int first = create("log", O_APPEND),
        second = (int)expect_success("open", sys_open(scratch("log"), O_WRONLY | O_APPEND | O_CLOEXEC, 0));
    sys_write(first, "one ", 4);
    sys_write(second, "two ", 4);
    sys_lseek(first, 0, SEEK_SET);
    sys_write(first, "three", 5);
    expect_content(first, "the log", 0, "one two three");
    expect_equal("F_GETFL",
                 (uint64_t)sys_fcntl(second, F_GETFL, 0) & (O_APPEND | O_WRONLY | O_NONBLOCK | O_DIRECTORY | O_DIRECT),
                 O_APPEND | O_WRONLY);
}

PROBE("file.holes", "fallocate(2) reserves and punches, SEEK_DATA and SEEK_HOLE find what is there",
      "sparse images and databases grow or lose data", "")
{
    int fd = create("holes", 0);
    enum { BLOCK = 65536 };
    static char full[BLOCK];
    memset(full, 'x', BLOCK);
    for (int64_t i = 0; i < 3; i++)
        expect_number("pwrite64", sys4(SYS_pwrite64, fd, (long)full, BLOCK, i * BLOCK), BLOCK);
    long result = sys4(SYS_fallocate, fd, 3 /* PUNCH_HOLE | KEEP_SIZE */, BLOCK, BLOCK);
    if (result == -EOPNOTSUPP)
        skip("this file system punches no holes");
    expect_success("fallocate(PUNCH_HOLE)", result);
    char byte = 'y';
    expect_number("pread64", sys4(SYS_pread64, fd, (long)&byte, 1, BLOCK + 5), 1);
    expect_equal("a byte in the hole", (uint8_t)byte, 0);
    expect_content(fd, "the byte after it", 2l * BLOCK, "x");
    long hole = sys_lseek(fd, 0, SEEK_HOLE);
    EXPECT(hole == BLOCK || hole == 3l * BLOCK, "SEEK_HOLE finds the hole, or the end", "%ld",
           hole); // POSIX allows to know none
    if (hole == BLOCK)
        expect_number("SEEK_DATA after it", sys_lseek(fd, BLOCK, SEEK_DATA), 2l * BLOCK);
    expect_error("SEEK_DATA beyond the end", sys_lseek(fd, 4l * BLOCK, SEEK_DATA), ENXIO);
    result = sys4(SYS_fallocate, fd, 0, 0, 5l * BLOCK);
    if (result != -EOPNOTSUPP && result != -ENOSPC) {
        expect_success("fallocate", result);
        expect_number("size afterwards", sys_lseek(fd, 0, SEEK_END), 5l * BLOCK);
    }
}

PROBE("file.copy", "sendfile(2), splice(2) and copy_file_range(2) copy the right bytes and move the right offsets",
      "cp, install and package tools write truncated files", "")
{
    int from = create("from", 0), to = create("to", 0), ends[2];
    sys_write(from, "0123456789abcdef", 16);
    int64_t offset = 2;
    expect_number("sendfile", sys4(SYS_sendfile, to, from, (long)&offset, 4), 4);
    expect_number("its offset", offset, 6);
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    expect_number("splice from a file", sys6(SYS_splice, from, (long)&offset, ends[1], 0, 5, 0), 5);
    expect_number("its offset", offset, 11);
    expect_number("splice to a file", sys6(SYS_splice, ends[0], 0, to, 0, 5, 0), 5);
    expect_content(to, "the copy", 0, "23456789a");
    int64_t in = 10, out = 20;
    long copied = sys6(SYS_copy_file_range, from, (long)&in, to, (long)&out, 100, 0);
    if (copied == -ENOSYS || copied == -EXDEV || copied == -EOPNOTSUPP) {
        note("limit-copy-file-range: %s; tools fall back to read and write", error_name(copied));
        return;
    }
    expect_number("copy_file_range", copied, 6);
    expect_number("offset of the source", in, 16);
    expect_number("offset of the target", out, 26);
    expect_content(to, "the copy", 20, "abcdef");
}

struct flock {
    int16_t type, whence;
    int64_t start, length;
    int32_t pid;
};

PROBE(
    "file.locks",
    "POSIX locks belong to processes, open-file locks to descriptors; both report conflicts with range and owner, beyond 4 GiB too",
    "dpkg, apt and sqlite think a lock is free, or held for ever", "")
{
    int fd = create("locked", 0);
    struct flock lock = {.type = F_WRLCK, .start = 0x1'0000'0000, .length = 100}, query;
    expect_success("F_SETLK", sys_fcntl(fd, F_SETLK, (long)&lock));
    int parent = (int)sys_getpid(), pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        int own = (int)expect_success("open", sys_open(scratch("locked"), O_RDWR | O_CLOEXEC, 0));
        query = (struct flock){.type = F_RDLCK, .start = 0x1'0000'0000 + 99, .length = 1};
        expect_success("F_GETLK", sys_fcntl(own, F_GETLK, (long)&query));
        expect_number("type of the conflict", query.type, F_WRLCK);
        expect_number("its start", query.start, 0x1'0000'0000);
        expect_number("its length", query.length, 100);
        expect_number("its owner", query.pid, parent);
        lock.start += 50;
        expect_error("F_SETLK against it", sys_fcntl(own, F_SETLK, (long)&lock), EAGAIN);
        lock.start = 0;
        expect_success("F_SETLK beside it", sys_fcntl(own, F_SETLK, (long)&lock));
        sys_exit(5);
    }
    expect_exit("the other process", wait_status(pid), 5);

    int other = (int)expect_success("open", sys_open(scratch("locked"), O_RDWR | O_CLOEXEC, 0));
    struct flock open_file = {.type = F_WRLCK, .start = 10, .length = 10};
    long result = sys_fcntl(other, F_OFD_SETLK, (long)&open_file);
    if (result == -EINVAL) {
        note("limit-ofd-locks: open file description locks are refused (EINVAL)");
        return;
    }
    expect_success("F_OFD_SETLK", result);
    expect_error("F_OFD_SETLK through another descriptor of this process", sys_fcntl(fd, F_OFD_SETLK, (long)&open_file),
                 EAGAIN);
    query = (struct flock){.type = F_WRLCK, .start = 15, .length = 1};
    expect_success("F_OFD_GETLK", sys_fcntl(fd, F_OFD_GETLK, (long)&query));
    expect_number("owner of an open-file lock", query.pid, -1);
}

PROBE("file.flock", "flock(2) locks belong to the open file: shared by fork, in conflict with a second open",
      "make -j's output lock and cargo's build lock do not work", "")
{
    int fd = create("flock", 0), other = (int)expect_success("open", sys_open(scratch("flock"), O_RDWR | O_CLOEXEC, 0));
    static constexpr int LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8;
    expect_success("flock(LOCK_EX)", sys2(SYS_flock, fd, LOCK_EX | LOCK_NB));
    expect_error("flock of a second open", sys2(SYS_flock, other, LOCK_SH | LOCK_NB), EAGAIN);
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) // the same open file: this releases the lock for both
        sys_exit(sys2(SYS_flock, fd, LOCK_UN) == 0 ? 6 : 7);
    expect_exit("the child", wait_status(pid), 6);
    expect_success("flock after the child unlocked", sys2(SYS_flock, other, LOCK_SH | LOCK_NB));
}

PROBE("file.seals", "memfd_create(2) makes anonymous files whose seals hold",
      "container runtimes and Wayland programs refuse to start", "")
{
    int fd =
        (int)expect_success("memfd_create", sys2(SYS_memfd_create, (long)"sealed", 3 /* CLOEXEC | ALLOW_SEALING */));
    expect_number("write", sys_write(fd, "abc", 3), 3);
    expect_success("F_ADD_SEALS", sys_fcntl(fd, F_ADD_SEALS, 2 | 4 | 8)); // shrink, grow, write
    expect_number("F_GET_SEALS", sys_fcntl(fd, F_GET_SEALS, 0), 2 | 4 | 8);
    expect_error("write to a sealed file", sys4(SYS_pwrite64, fd, (long)"x", 1, 0), EPERM);
    expect_error("ftruncate of a sealed file", sys_ftruncate(fd, 1), EPERM);
    expect_content(fd, "its content", 0, "abc");
}

PROBE(
    "file.descriptors",
    "the lowest free descriptor is used, F_DUPFD starts where it is told, and close_range(2) closes a range or says ENOSYS",
    "python subprocess exits with 127; descriptors leak", "https://github.com/python/cpython/issues/129204")
{
    int base = create("fd", 0), first = lowest_free(base + 10), second = lowest_free(first + 1);
    expect_number("F_DUPFD_CLOEXEC from a higher one", sys_fcntl(base, F_DUPFD_CLOEXEC, first), first);
    expect_number("its flags", sys_fcntl(first, F_GETFD, 0), FD_CLOEXEC);
    expect_number("F_DUPFD from the same", sys_fcntl(base, F_DUPFD, first), second);
    int next = lowest_free(0);
    expect_number("dup", sys1(SYS_dup, base), next);
    sys_close(base);
    expect_number("dup when a lower one is free", sys1(SYS_dup, second), base);
    expect_error("dup3 onto itself", sys_dup3(first, first, 0), EINVAL);
    expect_error("close of what is not open", sys_close(lowest_free(second)), EBADF);
    long result = sys3(SYS_close_range, first, second, 0);
    if (result == -ENOSYS) {
        note("limit-close-range: close_range is not implemented (ENOSYS); programs close one by one");
        return;
    }
    expect_success("close_range", result);
    expect_error("fcntl of a closed one", sys_fcntl(first, F_GETFD, 0), EBADF);
    expect_error("fcntl of another", sys_fcntl(second, F_GETFD, 0), EBADF);
    expect_number("fcntl of one outside", sys_fcntl(base, F_GETFD, 0), 0);
    expect_error("close_range upside down", sys3(SYS_close_range, 5, 3, 0), EINVAL);
}
