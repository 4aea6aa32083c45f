// Executing by descriptor, by /proc, with much, with little, and what must not work.
#include "../probe.h"

static bool exists(const char *path)
{
    struct stat status;
    return sys4(SYS_newfstatat, AT_FDCWD, (long)path, (long)&status, 0) == 0;
}

static void copy_self(int to)
{
    static char buffer[65536];
    int from = (int)expect_success("open(this program)", sys_open(started.self, O_RDONLY | O_CLOEXEC, 0));
    for (long size; (size = expect_success("read", read_all(from, buffer, sizeof buffer))) > 0;)
        EXPECT(write_all(to, buffer, (size_t)size), "a copy of this program can be written", "write failed");
    sys_close(from);
}

CHILD_PROGRAM(answer) { return argc == 3 ? 91 : 90; }

static const char *const answer_arguments[] = {"answer", "a", "b", nullptr};

PROBE("exec.errors", "execve(2) fails with ENOENT, EACCES, ENOTDIR and ENOEXEC where it should",
      "shells report the wrong reason, or fall through PATH", "https://github.com/docker/buildx/issues/499")
{
    const char *path = scratch("file");
    int fd = (int)expect_success("open", sys_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    write_all(fd, "no program at all\n", 18);
    sys_close(fd);
    const char *const arguments[] = {"x", nullptr}, *const environment[] = {nullptr};
    expect_error("execve of a name that does not exist", sys_execve(scratch("missing"), arguments, environment),
                 ENOENT);
    expect_error("execve of a directory", sys_execve("/", arguments, environment), EACCES);
    expect_error("execve of a file without x", sys_execve(path, arguments, environment), EACCES);
    expect_error("execve below a file", sys_execve(scratch("file/below"), arguments, environment), ENOTDIR);
    expect_error("execve of an empty name", sys_execve("", arguments, environment), ENOENT);
    expect_success("fchmodat", sys3(SYS_fchmodat, AT_FDCWD, (long)path, 0700));
    long result = sys_execve(path, arguments, environment);
    if (result == -EACCES)
        skip("the scratch directory forbids execution");
    expect_error("execve of a text without #!", result, ENOEXEC);
}

PROBE("exec.close-on-exec", "a new program keeps the descriptors without FD_CLOEXEC and loses the others",
      "lock files, pipes and sockets leak into children: builds hang at the end",
      "https://github.com/python/cpython/issues/129204")
{
    int ends[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    int kept = lowest_free(ends[1]), lost = lowest_free(kept + 1);
    expect_number("dup3", sys_dup3(ends[1], kept, 0), kept);
    expect_number("dup3", sys_dup3(ends[1], lost, O_CLOEXEC), lost);
    expect_number("F_GETFD of a copy without O_CLOEXEC", sys_fcntl(kept, F_GETFD, 0), 0);
    expect_number("F_GETFD of a copy with it", sys_fcntl(lost, F_GETFD, 0), FD_CLOEXEC);
    char mode[64];
    format(mode, sizeof mode, "descriptors:%d,%d", kept, lost);
    expect_exit("the program that looks", wait_status(spawn(started.self, mode, answer_arguments, -1)), 55);
}

CHILD_PROGRAM(descriptors)
{
    const char *at = started.child_data;
    bool kept = sys_fcntl((int)parse_decimal(&at), F_GETFD, 0) == 0;
    bool lost = sys_fcntl((int)parse_decimal(&at), F_GETFD, 0) == -EBADF;
    return kept && lost ? 55 : kept ? 56 : 57;
}

PROBE("exec.execveat", "execveat(2) runs the program behind a descriptor",
      "fexecve fails: container runtimes and sandboxes do not start", "")
{
    if (!exists("/dev/fd/0") && !exists("/proc/self/fd"))
        skip("no /dev/fd here, which interpreters need for it");
    int fd = (int)expect_success("open", sys_open(started.self, O_RDONLY, 0));
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        static const char *const environment[] = {"ASSAY_CHILD=answer", nullptr};
        long result = sys5(SYS_execveat, fd, (long)"", (long)answer_arguments, (long)environment, AT_EMPTY_PATH);
        sys_exit(result == -ENOSYS ? 38 : 99);
    }
    int status = wait_status(pid);
    if (status == 38 << 8) {
        note("limit-execveat: execveat is not implemented (ENOSYS)");
        return;
    }
    expect_exit("the program behind the descriptor", status, 91);
}

PROBE("exec.memfd", "a program in anonymous memory (memfd_create) runs through /proc/self/fd",
      "runc and self-extracting programs re-execute themselves this way", "")
{
    if (!exists("/proc/self/fd"))
        skip("no /proc here");
    int fd = (int)expect_success("memfd_create", sys2(SYS_memfd_create, (long)"program", 0));
    copy_self(fd);
    char path[64];
    format(path, sizeof path, "/proc/self/fd/%d", fd);
    expect_exit("the program in memory", wait_status(spawn(path, "answer", answer_arguments, -1)), 91);
}

PROBE("exec.self-exe", "/proc/self/exe names and executes this program, not the emulator",
      "Go, Docker and busybox re-execute themselves this way", "https://github.com/golang/go/issues/67355")
{
    if (!exists("/proc/self/exe"))
        skip("no /proc here");
    char path[1024] = {};
    long size = expect_success("readlink(/proc/self/exe)",
                               sys4(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)path, sizeof path - 1));
    EXPECT(size > 0, "/proc/self/exe has a target", "'%s'", path);
    struct stat named = {}, own = {};
    expect_success("stat of its target", sys4(SYS_newfstatat, AT_FDCWD, (long)path, (long)&named, 0));
    expect_success("stat of this program", sys4(SYS_newfstatat, AT_FDCWD, (long)started.self, (long)&own, 0));
    EXPECT(named.st_ino == own.st_ino && named.st_dev == own.st_dev, "/proc/self/exe is this program", "'%s'", path);
    expect_exit("/proc/self/exe executed", wait_status(spawn("/proc/self/exe", "answer", answer_arguments, -1)), 91);
}

// Prints a hash of all arguments and of what the environment variable BIG holds.
static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3;
    return hash * 31 + 7;
}

CHILD_PROGRAM(hash)
{
    uint64_t hash = (uint64_t)argc;
    for (int i = 1; i < argc; i++)
        hash = hash_text(hash, argv[i]);
    for (; *envp; envp++)
        if (starts_with(*envp, "BIG="))
            hash = hash_text(hash, *envp);
    return write_all(1, &hash, sizeof hash) ? 0 : 74;
}

PROBE("exec.big-arguments", "128 KiB of arguments and an environment variable of 100 KiB arrive intact",
      "argument list too long, or cut, in linkers and xargs", "")
{
    enum { COUNT = 512, SIZE = 256, BIG = 100 * 1024 };
    static char texts[COUNT][SIZE], big[BIG + 1];
    static const char *arguments[COUNT + 2];
    uint64_t expected = COUNT + 1;
    arguments[0] = "hash";
    for (unsigned i = 0; i < COUNT; i++) {
        for (unsigned j = 0; j < SIZE - 1; j++)
            texts[i][j] = (char)('!' + (i * 7 + j * 13) % 90);
        arguments[i + 1] = texts[i];
        expected = hash_text(expected, texts[i]);
    }
    memcpy(big, "BIG=", 4);
    for (unsigned i = 4; i < BIG; i++)
        big[i] = (char)('a' + i % 26);
    expected = hash_text(expected, big);
    int ends[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        sys_dup3(ends[1], 1, 0);
        const char *const environment[] = {"ASSAY_CHILD=hash", big, nullptr};
        long result = sys_execve(started.self, arguments, environment);
        fail("execve with 228 KiB of arguments succeeds", "%s", error_name(result));
    }
    sys_close(ends[1]);
    uint64_t seen = 0;
    read_all(ends[0], &seen, sizeof seen);
    expect_exit("the program with many arguments", wait_status(pid), 0);
    expect_equal("hash of arguments and environment", seen, expected);
}

CHILD_PROGRAM(identity)
{
    return sys0(SYS_geteuid) == 65534 && sys0(SYS_getuid) == 0 && auxv_value(AT_EUID) == 65534 ? 65
           : sys0(SYS_geteuid) == 0                                                            ? 66
                                                                                               : 67;
}

PROBE("exec.set-user-id", "a set-user-id program runs with its owner's id",
      "sudo: effective uid is not 0: the handler has no C flag", "https://github.com/containers/podman/issues/20443")
{
    if (sys0(SYS_geteuid) != 0)
        skip("needs root");
    const char *path = scratch("set-user-id");
    int fd = (int)expect_success("open", sys_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0700));
    copy_self(fd);
    long result = sys5(SYS_fchownat, AT_FDCWD, (long)path, 65534, 0, 0);
    if (result == -EINVAL || result == -EPERM)
        skip("this user namespace maps no second id");
    expect_success("fchownat", result);
    expect_success("fchmod", sys2(SYS_fchmod, fd, 04755));
    uint64_t file_system[15] = {};
    expect_success("fstatfs", sys2(SYS_fstatfs, fd, (long)file_system));
    if (file_system_flags(file_system) & 2)
        skip("the scratch directory is mounted nosuid");
    if (sys5(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
        skip("no_new_privs is set");
    sys_close(fd);
    // The owner must reach the program through this directory.
    expect_success("fchmodat", sys3(SYS_fchmodat, AT_FDCWD, (long)scratch("."), 0755));
    int status = wait_status(spawn(path, "identity", answer_arguments, -1));
    if (status == 66 << 8) {
        note("credentials-dropped: a set-user-id program keeps its caller's id: the handler has no C flag");
        return;
    }
    expect_exit("the set-user-id program", status, 65);
}
