// Files: what calls write into structures, and what their flags change.
#include "../probe.h"

static int make(const char *name, int flags)
{
    return (int)expect_success("open", sys_open(scratch(name), flags | O_CREAT | O_RDWR | O_CLOEXEC, 0644));
}

static struct stat look(const char *path, int flags)
{
    struct stat seen = {};
    expect_success("fstatat", sys4(SYS_newfstatat, AT_FDCWD, (long)path, (long)&seen, flags));
    return seen;
}

PROBE("file.fields", "every field of stat, statx and statfs: they agree with each other and with what was written",
      "du, tar, rsync and df print nonsense", "")
{
    int fd = make("fields", 0);
    static uint8_t bytes[70'000];
    expect_number("write", sys_write(fd, bytes, sizeof bytes), sizeof bytes);
    struct timespec times[2] = {{1'000'000'007, 123'456'789}, {1'111'111'111, 987'654'321}};
    expect_success("utimensat", sys4(SYS_utimensat, fd, 0, (long)times, 0));
    struct stat a = look(scratch("fields"), 0), b = {};
    expect_success("fstat", sys2(SYS_fstat, fd, (long)&b));
    expect_number("st_size", a.st_size, sizeof bytes);
    EXPECT(a.st_blksize >= 512 && a.st_blksize <= 64 << 20, "a size of blocks", "%jd", (int64_t)a.st_blksize);
    EXPECT(a.st_blocks * 512 >= 4096 && a.st_blocks * 512 < 16 << 20 && a.st_blocks != a.st_blksize,
           "st_blocks counts what holds 70,000 bytes", "%jd", a.st_blocks);
    expect_number("st_atime", a.st_atime, times[0].seconds);
    expect_number("its nanoseconds", (int64_t)a.st_atime_nsec, times[0].nanoseconds);
    expect_number("st_mtime", a.st_mtime, times[1].seconds);
    expect_number("its nanoseconds", (int64_t)a.st_mtime_nsec, times[1].nanoseconds);
    struct timespec now = {};
    read_clock(CLOCK_REALTIME, &now);
    EXPECT(a.st_ctime >= now.seconds - 60 && a.st_ctime <= now.seconds + 60, "st_ctime is now", "%jd", a.st_ctime);
    expect_number("st_nlink", a.st_nlink, 1);
    expect_number("st_uid", a.st_uid, sys0(SYS_geteuid));
    expect_number("st_ino of fstat", (int64_t)b.st_ino, (int64_t)a.st_ino);
    expect_number("st_dev of fstat", (int64_t)b.st_dev, (int64_t)a.st_dev);
    expect_number("st_blocks of fstat", b.st_blocks, a.st_blocks);
    expect_number("st_blksize of fstat", b.st_blksize, a.st_blksize);
    expect_number("st_ctime of fstat", b.st_ctime, a.st_ctime);
    expect_number("st_gid of fstat", b.st_gid, a.st_gid);
    expect_number("st_mode of fstat", b.st_mode, a.st_mode);
    struct statx x = {};
    long result = sys5(SYS_statx, AT_FDCWD, (long)scratch("fields"), 0, 0xfff, (long)&x);
    if (result != -ENOSYS) {
        expect_success("statx", result);
        expect_number("stx_size", (int64_t)x.size, a.st_size);
        expect_number("stx_blocks", (int64_t)x.blocks, a.st_blocks);
        expect_number("stx_blksize", x.blksize, a.st_blksize);
        expect_number("stx_mode", x.mode, a.st_mode);
        expect_number("stx_nlink", x.nlink, 1);
        expect_number("stx_uid", x.uid, a.st_uid);
        expect_number("stx_gid", x.gid, a.st_gid);
        expect_number("stx_ino", (int64_t)x.ino, (int64_t)a.st_ino);
        expect_number("stx_atime", x.atime.seconds, a.st_atime);
        expect_number("stx_mtime", x.mtime.seconds, a.st_mtime);
        expect_number("stx_mtime, nanoseconds", x.mtime.nanoseconds, (int64_t)a.st_mtime_nsec);
        expect_number("stx_ctime", x.ctime.seconds, a.st_ctime);
        expect_number("stx_ctime, nanoseconds", x.ctime.nanoseconds, (int64_t)a.st_ctime_nsec);
    }
#if defined(__s390x__) || __SIZEOF_LONG__ == 4 // arch/s390/include/uapi/asm/statfs.h
    typedef uint32_t word;
#else
    typedef int64_t word;
#endif
    struct {
        word type, bsize;
        uint64_t blocks, free, available, files, files_free;
        int32_t id[2];
        word name_length, fragment, flags, rest[5];
    } f = {}, g = {};
    expect_success("statfs", sys2(SYS_statfs, (long)scratch("fields"), (long)&f));
    expect_success("fstatfs", sys2(SYS_fstatfs, fd, (long)&g));
    EXPECT(f.bsize >= 512 && f.fragment >= 512 && f.fragment <= f.bsize << 12, "f_bsize and f_frsize", "%jd, %jd",
           (int64_t)f.bsize, (int64_t)f.fragment);
    EXPECT(f.name_length >= 100 && f.name_length <= 4096, "f_namelen", "%jd", (int64_t)f.name_length);
    EXPECT(f.free >= f.available && (f.blocks == 0 || f.blocks >= f.free), "f_blocks >= f_bfree >= f_bavail",
           "%ju, %ju, %ju", f.blocks, f.free, f.available);
    EXPECT(f.files >= f.files_free, "f_files >= f_ffree", "%ju, %ju", f.files, f.files_free);
    EXPECT(f.flags & 0x20, "f_flags with ST_VALID", "0x%jx", (int64_t)f.flags); // include/linux/statfs.h
    expect_number("f_type of fstatfs", g.type, f.type);
    expect_number("f_blocks of fstatfs", (int64_t)g.blocks, (int64_t)f.blocks);
    expect_number("f_frsize of fstatfs", g.fragment, f.fragment);
    expect_number("f_fsid of fstatfs", g.id[0], f.id[0]);
}

PROBE("file.modes",
      "chmod keeps set-id and sticky bits, umask takes bits away, and link flags reach the link or its target",
      "packages lose their set-user-id bits; archives change what links point to", "")
{
    int fd = make("modes", 0);
    static const uint32_t modes[] = {04755, 02711, 01644, 07777, 0, 0600};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        expect_success("fchmod", sys2(SYS_fchmod, fd, modes[i]));
        expect_equal("mode after fchmod", look(scratch("modes"), 0).st_mode, S_IFREG | modes[i]);
        expect_success("fchmodat", sys3(SYS_fchmodat, AT_FDCWD, (long)scratch("modes"), modes[i] ^ 02));
        expect_equal("mode after fchmodat", look(scratch("modes"), 0).st_mode, S_IFREG | (modes[i] ^ 02));
    }
    expect_success("mkdirat", sys3(SYS_mkdirat, AT_FDCWD, (long)scratch("d"), 0755));
    expect_success("fchmodat", sys3(SYS_fchmodat, AT_FDCWD, (long)scratch("d"), 03777));
    expect_equal("mode of a directory", look(scratch("d"), 0).st_mode, S_IFDIR | 03777);
    expect_number("umask", sys1(SYS_umask, 0137), 022);
    sys_close(make("masked", O_EXCL));
    expect_equal("mode under umask 0137", look(scratch("masked"), 0).st_mode, S_IFREG | 0640);
    expect_number("umask", sys1(SYS_umask, 022), 0137);

    expect_success("symlinkat", sys3(SYS_symlinkat, (long)"masked", AT_FDCWD, (long)scratch("link")));
    struct timespec times[2] = {{77, 1}, {88, 2}};
    expect_success("utimensat(AT_SYMLINK_NOFOLLOW)",
                   sys4(SYS_utimensat, AT_FDCWD, (long)scratch("link"), (long)times, AT_SYMLINK_NOFOLLOW));
    expect_number("st_mtime of the link", look(scratch("link"), AT_SYMLINK_NOFOLLOW).st_mtime, 88);
    EXPECT(look(scratch("masked"), 0).st_mtime != 88, "the target keeps its time", "it has the link's");
    times[1].seconds = 99;
    expect_success("utimensat", sys4(SYS_utimensat, AT_FDCWD, (long)scratch("link"), (long)times, 0));
    expect_number("st_mtime of the target", look(scratch("masked"), 0).st_mtime, 99);
    expect_number("st_mtime of the link", look(scratch("link"), AT_SYMLINK_NOFOLLOW).st_mtime, 88);
    uint32_t id = (uint32_t)sys0(SYS_geteuid);
    expect_success("fchownat(AT_SYMLINK_NOFOLLOW)",
                   sys5(SYS_fchownat, AT_FDCWD, (long)scratch("link"), id, -1, AT_SYMLINK_NOFOLLOW));
    expect_success("fchown", sys3(SYS_fchown, fd, id, -1));
    for (int i = 0; i < 2 && id == 0; i++) { // unless this user namespace has no other ids
        long changed = i ? sys3(SYS_fchown, fd, 65531, 65530)
                         : sys5(SYS_fchownat, AT_FDCWD, (long)scratch("modes"), 65533, 65532, 0);
        if (changed == -EINVAL || changed == -EPERM)
            break;
        expect_success("chown", changed);
        expect_number("owner", look(scratch("modes"), 0).st_uid, i ? 65531 : 65533);
        expect_number("group", look(scratch("modes"), 0).st_gid, i ? 65530 : 65532);
    }
    expect_success("linkat", sys5(SYS_linkat, AT_FDCWD, (long)scratch("link"), AT_FDCWD, (long)scratch("hard"), 0));
    expect_equal("linkat links the link", look(scratch("hard"), AT_SYMLINK_NOFOLLOW).st_mode & S_IFMT, S_IFLNK);
    expect_success("linkat(AT_SYMLINK_FOLLOW)", sys5(SYS_linkat, AT_FDCWD, (long)scratch("link"), AT_FDCWD,
                                                     (long)scratch("soft"), AT_SYMLINK_FOLLOW));
    expect_equal("or its target", look(scratch("soft"), AT_SYMLINK_NOFOLLOW).st_mode & S_IFMT, S_IFREG);
    expect_success("mknodat(S_IFIFO)", sys4(SYS_mknodat, AT_FDCWD, (long)scratch("fifo"), S_IFIFO | 0600, 0));
    expect_equal("a pipe with a name", look(scratch("fifo"), 0).st_mode, S_IFIFO | 0600);
    expect_success("mknodat(S_IFREG)", sys4(SYS_mknodat, AT_FDCWD, (long)scratch("node"), S_IFREG | 0640, 0));
    expect_equal("an ordinary file", look(scratch("node"), 0).st_mode, S_IFREG | 0640);
}

PROBE("file.errors", "calls on files fail with the errors that Linux gives",
      "tools take one failure for another, and give up", "")
{
    int fd = make("file", 0);
    expect_success("mkdirat", sys3(SYS_mkdirat, AT_FDCWD, (long)scratch("d"), 0755));
    expect_success("mkdirat", sys3(SYS_mkdirat, AT_FDCWD, (long)scratch("d/e"), 0755));
    expect_error("rmdir of a directory that is not empty",
                 sys3(SYS_unlinkat, AT_FDCWD, (long)scratch("d"), AT_REMOVEDIR), ENOTEMPTY);
    expect_error("mkdir where something is", sys3(SYS_mkdirat, AT_FDCWD, (long)scratch("d"), 0755), EEXIST);
    expect_error("rmdir of a file", sys3(SYS_unlinkat, AT_FDCWD, (long)scratch("file"), AT_REMOVEDIR), ENOTDIR);
    expect_error("unlink of a directory", sys3(SYS_unlinkat, AT_FDCWD, (long)scratch("d"), 0), EISDIR);
    expect_error("open of a directory to write", sys_open(scratch("d"), O_WRONLY, 0), EISDIR);
    expect_error("open of a file as a directory", sys_open(scratch("file"), O_RDONLY | O_DIRECTORY, 0), ENOTDIR);
    expect_error("open(O_EXCL) of what is there", sys_open(scratch("file"), O_CREAT | O_EXCL, 0600), EEXIST);
    expect_error("open below a file", sys_open(scratch("file/x"), O_RDONLY, 0), ENOTDIR);
    expect_error("readlink of a file", sys4(SYS_readlinkat, AT_FDCWD, (long)scratch("file"), (long)(char[9]){}, 9),
                 EINVAL);
    expect_error("rename of a directory over one that is not empty",
                 sys5(SYS_renameat2, AT_FDCWD, (long)scratch("d/e"), AT_FDCWD, (long)scratch("d"), 0), ENOTEMPTY);
    expect_error("rename of a directory into itself",
                 sys5(SYS_renameat2, AT_FDCWD, (long)scratch("d"), AT_FDCWD, (long)scratch("d/e/f"), 0), EINVAL);
    expect_error("rename of a directory over a file",
                 sys5(SYS_renameat2, AT_FDCWD, (long)scratch("d"), AT_FDCWD, (long)scratch("file"), 0), ENOTDIR);
    expect_error("truncate to a negative size", sys2(SYS_ftruncate, fd, -1), EINVAL);
    expect_error("truncate of a directory", sys2(SYS_truncate, (long)scratch("d"), 0), EISDIR);
    expect_success("truncate", sys2(SYS_truncate, (long)scratch("file"), 0x1'0000'0005));
    expect_number("size after truncate", look(scratch("file"), 0).st_size, 0x1'0000'0005);
    expect_success("truncate", sys2(SYS_truncate, (long)scratch("file"), 3));
    expect_error("lseek with a whence that does not exist", sys_lseek(fd, 0, 9), EINVAL);
    expect_error("lseek to a negative place", sys_lseek(fd, -1, SEEK_SET), EINVAL);
    expect_number("lseek beyond 4 GiB", sys_lseek(fd, 0x5'0000'0007, SEEK_SET), 0x5'0000'0007);
    expect_number("lseek back", sys_lseek(fd, -0x4'0000'0000, SEEK_CUR), 0x1'0000'0007);
    expect_number("lseek from the end", sys_lseek(fd, -2, SEEK_END), 1);
    char path[700];
    memset(path, 'a', sizeof path);
    path[600] = 0;
    expect_error("a name of 600 bytes", sys_open(path, O_RDONLY, 0), ENAMETOOLONG);
    static char here[4096];
    expect_success("chdir", sys1(SYS_chdir, (long)scratch("d/e")));
    long size = expect_success("getcwd", sys2(SYS_getcwd, (long)here, sizeof here));
    expect_number("getcwd counts its zero byte", size, (int64_t)strlen(here) + 1);
    EXPECT(size > 4 && same(here + size - 5, "/d/e"), "getcwd ends in /d/e", "%s", here);
    expect_error("getcwd into too few bytes", sys2(SYS_getcwd, (long)here, 3), ERANGE);
    expect_success("fchdir", sys1(SYS_fchdir, (int)sys_open("..", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)));
    expect_success("getcwd", sys2(SYS_getcwd, (long)here, sizeof here));
    EXPECT(same(here + strlen(here) - 2, "/d"), "getcwd ends in /d", "%s", here);
}

PROBE("file.bulk", "writes of a MiB, 1024 buffers at once, and offsets of vectors arrive whole",
      "archives lose their ends: a short write is not looked for", "")
{
    int fd = make("bulk", 0);
    enum { SIZE = 1 << 20, MOST = 1024 };
    uint8_t *bytes = sys_mmap(nullptr, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)bytes);
    for (size_t i = 0; i < SIZE; i += 64)
        memcpy(bytes + i, &i, sizeof i);
    expect_number("write of 1 MiB", sys_write(fd, bytes, SIZE), SIZE);
    expect_number("pwrite64 of 1 MiB", sys4(SYS_pwrite64, fd, (long)bytes, SIZE, SIZE), SIZE);
    expect_number("lseek", sys_lseek(fd, 0, SEEK_SET), 0);
    uint8_t *back = sys_mmap(nullptr, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_number("read of 1 MiB", sys_read(fd, back, SIZE), SIZE);
    EXPECT(memcmp(bytes, back, SIZE) == 0, "what was written", "other bytes");
    expect_number("pread64 of 1 MiB", sys4(SYS_pread64, fd, (long)back, SIZE, SIZE), SIZE);
    EXPECT(memcmp(bytes, back, SIZE) == 0, "what was written by pwrite64", "other bytes");
    static struct iovec vector[MOST + 1];
    for (size_t i = 0; i <= MOST; i++)
        vector[i] = (struct iovec){bytes + i * 64, 64};
    sys_lseek(fd, 0, SEEK_SET);
    expect_number("writev of 1024 buffers", sys3(SYS_writev, fd, (long)vector, MOST), MOST * 64);
    expect_error("writev of 1025", sys3(SYS_writev, fd, (long)vector, MOST + 1), EINVAL);
    for (size_t i = 0; i < MOST; i++)
        vector[i].base = back + (MOST - 1 - i) * 64;
    sys_lseek(fd, 0, SEEK_SET);
    expect_number("readv of 1024 buffers", sys3(SYS_readv, fd, (long)vector, MOST), MOST * 64);
    EXPECT(memcmp(back, bytes + (MOST - 1) * 64, 64) == 0, "readv fills each buffer", "other bytes");
    // The offset has two words on every machine; the second is for machines of 32 bits.
    expect_number("pwritev", sys5(SYS_pwritev, fd, (long)vector, 2, 0x1'0000'0040, 0), 128);
    expect_number("size after pwritev beyond 4 GiB", sys_lseek(fd, 0, SEEK_END), 0x1'0000'00c0);
    expect_number("preadv", sys5(SYS_preadv, fd, (long)vector, 2, 0x1'0000'0080, 0), 64);
    expect_number("fadvise64(POSIX_FADV_WILLNEED)", sys4(SYS_fadvise64, fd, 0, SIZE, 3), 0);
    expect_error("fadvise64 with an advice that does not exist", sys4(SYS_fadvise64, fd, 0, 4, 99), EINVAL);
    expect_error("fadvise64 with a negative length", sys4(SYS_fadvise64, fd, 0, -1, 3), EINVAL);
    expect_success("fsync", sys1(SYS_fsync, fd));
    expect_success("fdatasync", sys1(SYS_fdatasync, fd));
#if !defined(__powerpc64__) // it has sync_file_range2 instead
    expect_success("sync_file_range", sys4(SYS_sync_file_range, fd, 0, SIZE, 2));
    expect_error("sync_file_range with a flag that does not exist", sys4(SYS_sync_file_range, fd, 0, 4096, 0x100),
                 EINVAL);
#endif
}

PROBE("file.attributes-all",
      "each form of the xattr calls gets, lists and removes values whole, of links themselves too",
      "capabilities and labels get lost in archives", "")
{
    int fd = make("attributed", 0);
    const char *path = scratch("attributed");
    long set = sys5(SYS_fsetxattr, fd, (long)"user.a", (long)"first", 5, 0);
    if (set == -EOPNOTSUPP)
        skip("no attributes in this file system");
    expect_success("fsetxattr", set);
    expect_error("setxattr(XATTR_CREATE) of what is there",
                 sys5(SYS_setxattr, (long)path, (long)"user.a", (long)"x", 1, 1), EEXIST);
    expect_error("setxattr(XATTR_REPLACE) of what is not",
                 sys5(SYS_setxattr, (long)path, (long)"user.b", (long)"x", 1, 2), ENODATA);
    expect_success("lsetxattr", sys5(SYS_lsetxattr, (long)path, (long)"user.bb", (long)"second!", 7, 0));
    const struct {
        const char *name;
        long get, list;
        long file;
    } forms[] = {{"getxattr", SYS_getxattr, SYS_listxattr, (long)path},
                 {"lgetxattr", SYS_lgetxattr, SYS_llistxattr, (long)path},
                 {"fgetxattr", SYS_fgetxattr, SYS_flistxattr, fd}};
    for (size_t i = 0; i < 3; i++) {
        char value[64] = "................", names[128] = {};
        expect_number("size of user.a", sys4(forms[i].get, forms[i].file, (long)"user.a", 0, 0), 5);
        expect_number(forms[i].name, sys4(forms[i].get, forms[i].file, (long)"user.bb", (long)value, sizeof value), 7);
        expect_bytes(forms[i].name, value, "second!.", 8);
        expect_error("into too few bytes", sys4(forms[i].get, forms[i].file, (long)"user.bb", (long)value, 3), ERANGE);
        expect_error("of none", sys4(forms[i].get, forms[i].file, (long)"user.c", (long)value, 9), ENODATA);
        long size = expect_success("list", sys3(forms[i].list, forms[i].file, (long)names, sizeof names));
        bool a = false, b = false;
        for (long at = 0; at < size; at += (long)strlen(names + at) + 1)
            a |= same(names + at, "user.a"), b |= same(names + at, "user.bb");
        EXPECT(a && b, "both names in the list", "not both");
        expect_number("size of the list", sys3(forms[i].list, forms[i].file, 0, 0), size);
    }
    const char *link = scratch("alias");
    expect_success("symlinkat", sys3(SYS_symlinkat, (long)"attributed", AT_FDCWD, (long)link));
    char value[64] = {};
    expect_number("getxattr through a link", sys4(SYS_getxattr, (long)link, (long)"user.a", (long)value, 9), 5);
    expect_error("lgetxattr of a link", sys4(SYS_lgetxattr, (long)link, (long)"user.a", (long)value, 9), ENODATA);
    long listed = expect_success("llistxattr", sys3(SYS_llistxattr, (long)link, (long)value, sizeof value));
    for (long at = 0; at < listed; at += (long)strlen(value + at) + 1)
        EXPECT(!starts_with(value + at, "user."), "llistxattr of a link lists the link's own", "%s", value + at);
    expect_error("lremovexattr of a link", sys2(SYS_lremovexattr, (long)link, (long)"user.a"), EPERM);
    expect_success("fremovexattr", sys2(SYS_fremovexattr, fd, (long)"user.a"));
    expect_error("fgetxattr after it", sys4(SYS_fgetxattr, fd, (long)"user.a", (long)value, 9), ENODATA);
    expect_success("lremovexattr", sys2(SYS_lremovexattr, (long)path, (long)"user.bb"));
    expect_error("removexattr of none", sys2(SYS_removexattr, (long)path, (long)"user.bb"), ENODATA);
}

PROBE("file.open-flags", "open(2)'s flags in this machine's own numbers: each acts, and F_GETFL tells them",
      "O_DIRECTORY, O_NOFOLLOW and O_DIRECT have other numbers on x86-64: a mixed-up flag opens the wrong thing", "")
{
    sys_close(make("plain", 0));
    static const struct {
        int flags, told;
    } modes[] = {{O_RDONLY, 0},
                 {O_WRONLY | O_APPEND, 1 | O_APPEND},
                 {O_RDWR | O_NONBLOCK, 2 | O_NONBLOCK},
                 {O_RDONLY | O_NOFOLLOW, O_NOFOLLOW},
                 {O_RDWR | 010000, 2 | 010000},
                 {O_RDWR | 04010000, 2 | 04010000}};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        int fd = (int)expect_success("open", sys_open(scratch("plain"), modes[i].flags, 0));
        expect_equal("F_GETFL", (uint64_t)sys_fcntl(fd, F_GETFL, 0) & ~0100000u & ~0400000u,
                     (uint64_t)modes[i].told & ~0100000u & ~0400000u); // O_LARGEFILE, wherever it is
        expect_number("F_GETFD", sys_fcntl(fd, F_GETFD, 0), 0);
        sys_close(fd);
    }
    int fd = (int)expect_success("open", sys_open(scratch("plain"), O_RDWR | O_CLOEXEC, 0));
    expect_number("F_GETFD with O_CLOEXEC", sys_fcntl(fd, F_GETFD, 0), FD_CLOEXEC);
    expect_success("F_SETFL", sys_fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK));
    expect_equal("F_GETFL after F_SETFL", (uint64_t)sys_fcntl(fd, F_GETFL, 0) & (O_APPEND | O_NONBLOCK | 3),
                 O_APPEND | O_NONBLOCK | 2);
    expect_number("write", sys_write(fd, "abcdef", 6), 6);
    sys_close((int)expect_success("open(O_TRUNC)", sys_open(scratch("plain"), O_WRONLY | O_TRUNC, 0)));
    expect_number("size after O_TRUNC", look(scratch("plain"), 0).st_size, 0);
    expect_success("symlinkat", sys3(SYS_symlinkat, (long)"plain", AT_FDCWD, (long)scratch("link")));
    expect_error("open(O_NOFOLLOW) of a link", sys_open(scratch("link"), O_RDONLY | O_NOFOLLOW, 0), ELOOP);
    int path = (int)expect_success("open(O_PATH)", sys_open(scratch("link"), O_PATH | O_NOFOLLOW | O_CLOEXEC, 0));
    expect_error("read from O_PATH", sys_read(path, &fd, 1), EBADF);
    struct stat seen = {};
    expect_success("fstat of O_PATH", sys2(SYS_fstat, path, (long)&seen));
    expect_equal("it is the link", seen.st_mode & S_IFMT, S_IFLNK);
    int ends[2];
    expect_success("pipe2", sys_pipe(ends, O_NONBLOCK | O_CLOEXEC));
    expect_error("read of an empty pipe", sys_read(ends[0], &path, 1), EAGAIN);
    expect_number("F_GETFD of a pipe", sys_fcntl(ends[1], F_GETFD, 0), FD_CLOEXEC);
    long two = 2 * kernel_page();
    expect_number("F_SETPIPE_SZ", sys_fcntl(ends[0], 1031, two), two);
    expect_number("F_GETPIPE_SZ", sys_fcntl(ends[1], 1032, 0), two);
    int copy = (int)expect_success("F_DUPFD_CLOEXEC", sys_fcntl(ends[0], F_DUPFD_CLOEXEC, 40));
    EXPECT(copy >= 40, "a number of 40 or more", "%d", copy);
    expect_number("F_GETFD of it", sys_fcntl(copy, F_GETFD, 0), FD_CLOEXEC);
    expect_success("F_SETOWN", sys_fcntl(ends[0], 8, sys_getpid()));
    expect_number("F_GETOWN", sys_fcntl(ends[0], 9, 0), sys_getpid());
    expect_error("dup3 onto itself", sys_dup3(copy, copy, 0), EINVAL);
    expect_number("dup3(O_CLOEXEC)", sys_dup3(copy, copy + 1, O_CLOEXEC), copy + 1);
    expect_number("F_GETFD of that", sys_fcntl(copy + 1, F_GETFD, 0), FD_CLOEXEC);
    expect_error("a command that does not exist", sys_fcntl(copy, 0x7777, 0), EINVAL);
}
