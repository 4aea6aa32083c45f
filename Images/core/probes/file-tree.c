// Names, directories and what hangs on them.
#include "../probe.h"

static void make(const char *name, const char *text)
{
    int fd = (int)expect_success("open", sys_open(scratch(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    EXPECT(write_all(fd, text, strlen(text)), "a file can be written", "write failed");
    sys_close(fd);
}

static void expect_text_in(const char *name, const char *text)
{
    char bytes[64] = {};
    int fd = (int)expect_success("open", sys_open(scratch(name), O_RDONLY | O_CLOEXEC, 0));
    long size = expect_success("read", read_all(fd, bytes, sizeof bytes - 1));
    sys_close(fd);
    bytes[size] = 0;
    expect_text(name, bytes, text);
}

PROBE("file.directory",
      "getdents64(2) lists 1,000 entries once each, with type and inode, and its offsets can be returned to",
      "readdir: Value too large for defined data type", "https://github.com/rust-lang/cargo/issues/7451")
{
    static bool listed[1000 * MOST_SCALE];
    const int entries = 1000 * (int)started.scale;
    static alignas(8) char buffer[16384];
    const char *path = scratch("many");
    expect_success("mkdirat", sys3(SYS_mkdirat, AT_FDCWD, (long)path, 0700));
    int fd = (int)expect_success("open", sys_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0));
    make("original", "");
    int original = (int)expect_success("open", sys_open(scratch("original"), O_RDONLY | O_CLOEXEC, 0));
    struct stat status;
    expect_success("fstat", sys2(SYS_fstat, original, (long)&status));
    char name[32];
    for (int i = 0; i < entries; i++) {
        format(name, sizeof name, "entry-%05d", i);
        expect_success("linkat", sys5(SYS_linkat, AT_FDCWD, (long)scratch("original"), fd, (long)name, 0));
    }
    int count = 0, dots = 0, again = -1;
    int64_t place = 0;
    for (long size; (size = expect_success("getdents64", sys3(SYS_getdents64, fd, (long)buffer, sizeof buffer))) > 0;)
        for (long at = 0; at < size;) {
            const struct dirent64 *entry = (void *)(buffer + at);
            EXPECT(entry->size >= 24 && entry->size % 8 == 0 && at + entry->size <= size, "d_reclen is sound", "%u",
                   entry->size);
            at += entry->size;
            if (entry->name[0] == '.') {
                dots++;
                continue;
            }
            const char *digits = entry->name + 6;
            uint64_t index = parse_decimal(&digits);
            EXPECT(index < (uint64_t)entries && !listed[index], "every entry is listed once", "'%s'", entry->name);
            listed[index] = true;
            if (again == -2)
                again = (int)index; // what follows the remembered place
            if (count++ == entries / 2) {
                place = entry->offset;
                again = -2;
            }
            expect_equal("d_ino", entry->ino, status.st_ino);
            EXPECT(entry->type == 8 || entry->type == 0, "d_type is DT_REG, or unknown", "%u", entry->type);
        }
    expect_number("entries listed", count, entries);
    expect_number(". and ..", dots, 2);
    expect_number("lseek to a remembered d_off", sys_lseek(fd, place, SEEK_SET), place);
    expect_success("getdents64", sys3(SYS_getdents64, fd, (long)buffer, sizeof buffer));
    format(name, sizeof name, "entry-%05d", again);
    expect_text("the entry there", ((struct dirent64 *)(void *)buffer)->name, name);
    for (int i = 0; i < entries; i++) {
        format(name, sizeof name, "entry-%05d", i);
        expect_success("unlinkat", sys3(SYS_unlinkat, fd, (long)name, 0));
    }
}

PROBE("file.rename", "renameat2(2): plain replaces, RENAME_NOREPLACE refuses, RENAME_EXCHANGE swaps",
      "atomic updates of package databases lose a version", "")
{
    make("a", "A");
    make("b", "B");
    const char *a = scratch("a"), *b = scratch("b");
    long result = sys5(SYS_renameat2, AT_FDCWD, (long)a, AT_FDCWD, (long)b, 1);
    if (result == -EINVAL || result == -ENOSYS)
        note("limit-renameat2: flags are refused (%s)", error_name(result));
    else {
        expect_error("RENAME_NOREPLACE onto a name that exists", result, EEXIST);
        expect_success("RENAME_EXCHANGE", sys5(SYS_renameat2, AT_FDCWD, (long)a, AT_FDCWD, (long)b, 2));
        expect_text_in("a", "B");
        expect_text_in("b", "A");
        expect_success("RENAME_EXCHANGE", sys5(SYS_renameat2, AT_FDCWD, (long)a, AT_FDCWD, (long)b, 2));
    }
    expect_success("rename", sys5(SYS_renameat2, AT_FDCWD, (long)a, AT_FDCWD, (long)b, 0));
    expect_text_in("b", "A");
    expect_error("open of the old name", sys_open(scratch("a"), O_RDONLY, 0), ENOENT);
}

PROBE("file.unnamed", "O_TMPFILE makes a file without a name, which linkat(2) can give it later",
      "tools that write atomically leave half files", "")
{
    int fd = (int)sys_open(scratch("."), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd == -EOPNOTSUPP || fd == -EISDIR)
        skip("this file system has no O_TMPFILE");
    expect_success("open(O_TMPFILE)", fd);
    sys_write(fd, "unnamed", 7);
    struct stat status;
    expect_success("fstat", sys2(SYS_fstat, fd, (long)&status));
    expect_number("st_nlink", (int64_t)status.st_nlink, 0);
    expect_number("st_size", status.st_size, 7);
    long result = sys5(SYS_linkat, fd, (long)"", AT_FDCWD, (long)scratch("named"), AT_EMPTY_PATH);
    if (result == -ENOENT || result == -EPERM) { // needs CAP_DAC_READ_SEARCH; or else the way through /proc
        char path[64];
        format(path, sizeof path, "/proc/self/fd/%d", fd);
        result = sys5(SYS_linkat, AT_FDCWD, (long)path, AT_FDCWD, (long)scratch("named"), AT_SYMLINK_FOLLOW);
        if (result == -ENOENT)
            return; // no /proc here
    }
    expect_success("linkat of an unnamed file", result);
    expect_text_in("named", "unnamed");
}

PROBE("file.links", "symbolic links keep their text, loops end in ELOOP, O_NOFOLLOW refuses, hard links share an inode",
      "archives unpack wrongly", "")
{
    make("target", "T");
    char text[64] = {};
    expect_success("symlinkat", sys3(SYS_symlinkat, (long)"target", AT_FDCWD, (long)scratch("link")));
    expect_success("symlinkat", sys3(SYS_symlinkat, (long)"loop", AT_FDCWD, (long)scratch("loop")));
    expect_number("readlinkat", sys4(SYS_readlinkat, AT_FDCWD, (long)scratch("link"), (long)text, sizeof text), 6);
    expect_text("its text", text, "target");
    expect_text_in("link", "T");
    expect_error("open of a loop", sys_open(scratch("loop"), O_RDONLY, 0), ELOOP);
    expect_error("open(O_NOFOLLOW) of a link", sys_open(scratch("link"), O_RDONLY | O_NOFOLLOW, 0), ELOOP);
    expect_error("open(O_DIRECTORY) of a file", sys_open(scratch("target"), O_RDONLY | O_DIRECTORY, 0), ENOTDIR);
    struct stat status;
    expect_success("newfstatat",
                   sys4(SYS_newfstatat, AT_FDCWD, (long)scratch("link"), (long)&status, AT_SYMLINK_NOFOLLOW));
    expect_equal("type of the link", status.st_mode & S_IFMT, S_IFLNK);
    expect_number("its size", status.st_size, 6);
}

PROBE("file.times", "utimensat(2) keeps nanoseconds, times before 1970 and after 2038, UTIME_NOW and UTIME_OMIT",
      "builds rebuild everything, or nothing", "")
{
    make("timed", "");
    static const int64_t moments[] = {0, -86'400, 0x7fffffff, 0x80000000, 0x1'0000'0001};
    struct stat status;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        const struct timespec times[2] = {{1, 2}, {moments[i], 123'456'789}};
        expect_success("utimensat", sys4(SYS_utimensat, AT_FDCWD, (long)scratch("timed"), (long)times, 0));
        expect_success("newfstatat", sys4(SYS_newfstatat, AT_FDCWD, (long)scratch("timed"), (long)&status, 0));
        if (moments[i] > 0x7fffffff && status.st_mtime == 0x7fffffff)
            skip("this file system's times end in 2038");
        expect_number("st_mtime", status.st_mtime, moments[i]);
        EXPECT(status.st_mtime_nsec <= 123'456'789 && 123'456'789 - status.st_mtime_nsec < 1000,
               "nanoseconds of st_mtime, or microseconds", "%ju", status.st_mtime_nsec);
    }
    const struct timespec special[2] = {{0, (1 << 30) - 1 /* UTIME_NOW */}, {0, (1 << 30) - 2 /* UTIME_OMIT */}};
    struct timespec now;
    expect_success("utimensat", sys4(SYS_utimensat, AT_FDCWD, (long)scratch("timed"), (long)special, 0));
    expect_success("newfstatat", sys4(SYS_newfstatat, AT_FDCWD, (long)scratch("timed"), (long)&status, 0));
    read_clock(CLOCK_REALTIME, &now);
    EXPECT(status.st_atime <= now.seconds + 60 && status.st_atime >= now.seconds - 60, "UTIME_NOW is now", "%jd, not %jd",
           status.st_atime, now.seconds);
    expect_number("st_mtime after UTIME_OMIT", status.st_mtime, 0x1'0000'0001);
}

PROBE("file.attributes",
      "user extended attributes can be set, listed, read and removed, or are refused with EOPNOTSUPP",
      "tar --xattrs and package tools lose capabilities", "")
{
    make("attributes", "");
    const char *path = scratch("attributes");
    long result = sys5(SYS_setxattr, (long)path, (long)"user.assay", (long)"va\0lue", 6, 0);
    if (result == -EOPNOTSUPP || result == -EPERM)
        skip("this file system has no user attributes");
    expect_success("setxattr", result);
    char text[64] = {};
    expect_number("getxattr of the size", sys4(SYS_getxattr, (long)path, (long)"user.assay", 0, 0), 6);
    expect_error("getxattr into too little", sys4(SYS_getxattr, (long)path, (long)"user.assay", (long)text, 3), ERANGE);
    expect_number("getxattr", sys4(SYS_getxattr, (long)path, (long)"user.assay", (long)text, sizeof text), 6);
    expect_bytes("its value", text, "va\0lue", 6);
    long size = expect_success("listxattr", sys3(SYS_listxattr, (long)path, (long)text, sizeof text));
    bool found = false;
    for (long at = 0; at < size; at += (long)strlen(text + at) + 1)
        found |= same(text + at, "user.assay");
    EXPECT(found, "listxattr names it", "'%s'", text);
    expect_error("setxattr(XATTR_CREATE) again", sys5(SYS_setxattr, (long)path, (long)"user.assay", (long)"x", 1, 1),
                 EEXIST);
    expect_success("removexattr", sys2(SYS_removexattr, (long)path, (long)"user.assay"));
    expect_error("getxattr after removal", sys4(SYS_getxattr, (long)path, (long)"user.assay", 0, 0), ENODATA);
}

PROBE("file.access", "faccessat2(2) works or says ENOSYS, faccessat(2) judges by the real id, and umask applies",
      "bash's test -x and dpkg fail with EPERM under an old seccomp profile",
      "https://github.com/moby/moby/issues/43595")
{
    expect_number("umask", sys1(SYS_umask, 027) & ~0777, 0);
    int fd = (int)expect_success("open", sys_open(scratch("masked"), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    struct stat status;
    expect_success("fstat", sys2(SYS_fstat, fd, (long)&status));
    expect_equal("mode after umask 027", status.st_mode, S_IFREG | 0640);
    expect_success("faccessat(R_OK | W_OK)", sys3(SYS_faccessat, AT_FDCWD, (long)scratch("masked"), 6));
    expect_error("faccessat(X_OK)", sys3(SYS_faccessat, AT_FDCWD, (long)scratch("masked"), 1), EACCES);
    expect_error("faccessat of what is not there", sys3(SYS_faccessat, AT_FDCWD, (long)scratch("missing"), 0), ENOENT);
    long result = sys4(SYS_faccessat2, AT_FDCWD, (long)scratch("masked"), 1, AT_EACCESS);
    if (result == -ENOSYS) {
        note("limit-faccessat2: faccessat2 is not implemented (ENOSYS); C libraries fall back");
        return;
    }
    expect_error("faccessat2(X_OK, AT_EACCESS)", result, EACCES);
    expect_success("faccessat2(R_OK)", sys4(SYS_faccessat2, AT_FDCWD, (long)scratch("masked"), 4, AT_EACCESS));
}

PROBE("file.openat2", "openat2(2) keeps lookups below a directory, or says ENOSYS",
      "container runtimes and archive tools lose their protection, or refuse to work", "")
{
    expect_success("symlinkat", sys3(SYS_symlinkat, (long)"/", AT_FDCWD, (long)scratch("escape")));
    make("inside", "I");
    int dir = (int)expect_success("open", sys_open(scratch("."), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0));
    struct {
        uint64_t flags, mode, resolve;
    } how = {.flags = O_RDONLY | O_CLOEXEC, .resolve = 8 /* RESOLVE_BENEATH */};
    long fd = sys4(SYS_openat2, dir, (long)"inside", (long)&how, sizeof how);
    if (fd == -ENOSYS) {
        note("limit-openat2: openat2 is not implemented (ENOSYS); programs fall back to openat");
        return;
    }
    expect_success("openat2(RESOLVE_BENEATH)", fd);
    expect_error("openat2 of a link that leads out", sys4(SYS_openat2, dir, (long)"escape", (long)&how, sizeof how),
                 EXDEV);
    expect_error("openat2 of ..", sys4(SYS_openat2, dir, (long)"..", (long)&how, sizeof how), EXDEV);
    how.resolve = 0x10; // RESOLVE_IN_ROOT
    how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    fd = expect_success("openat2(RESOLVE_IN_ROOT) of a link to /",
                        sys4(SYS_openat2, dir, (long)"escape", (long)&how, sizeof how));
    struct stat there, here;
    expect_success("fstat", sys2(SYS_fstat, fd, (long)&there));
    expect_success("fstat", sys2(SYS_fstat, dir, (long)&here));
    expect_equal("/ below the directory is the directory", there.st_ino, here.st_ino);
}

PROBE("file.inotify", "inotify(7) reports creation, writing and renaming with names and matching cookies",
      "file watchers (webpack, tail -f) see nothing", "")
{
    int fd = (int)expect_success("inotify_init1", sys1(SYS_inotify_init1, O_NONBLOCK | O_CLOEXEC));
    int watch = (int)expect_success("inotify_add_watch",
                                    sys3(SYS_inotify_add_watch, fd, (long)scratch("."), 0x100 | 8 | 0x40 | 0x80));
    make("watched", "x");
    expect_success("rename",
                   sys5(SYS_renameat2, AT_FDCWD, (long)scratch("watched"), AT_FDCWD, (long)scratch("renamed"), 0));
    static const struct {
        uint32_t mask;
        const char *name;
    } expected[] = {{0x100, "watched"},
                    {8, "watched"},
                    {0x40, "watched"},
                    {0x80, "renamed"}}; // create, close after write, from, to
    alignas(8) char buffer[1024];
    long size = expect_success("read", sys_read(fd, buffer, sizeof buffer));
    uint32_t cookie = 0;
    int count = 0;
    for (long at = 0; at < size && count < 4; count++) {
        struct {
            int32_t watch;
            uint32_t mask, cookie, size;
            char name[];
        } *event = (void *)(buffer + at);
        at += 16 + event->size;
        expect_number("wd", event->watch, watch);
        expect_equal("mask", event->mask, expected[count].mask);
        expect_text("name", event->name, expected[count].name);
        if (count == 3)
            expect_equal("cookie of both halves of the rename", event->cookie, cookie);
        cookie = event->cookie;
    }
    expect_number("events", count, 4);
    EXPECT(cookie != 0, "a rename has a cookie", "0");
}
