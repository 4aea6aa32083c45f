#include "probe.h"

void expect_equal(const char *what, uint64_t seen, uint64_t expected)
{
    if (seen == expected)
        return;
    char text[200];
    format(text, sizeof text, "%s = 0x%jx", what, expected);
    fail(text, "0x%jx", seen);
}

void expect_number(const char *what, int64_t seen, int64_t expected)
{
    if (seen == expected)
        return;
    char text[200];
    format(text, sizeof text, "%s = %jd", what, expected);
    fail(text, "%jd", seen);
}

void expect_text(const char *what, const char *seen, const char *expected)
{
    if (same(seen, expected))
        return;
    char text[200];
    format(text, sizeof text, "%s = '%s'", what, expected);
    fail(text, "'%s'", seen);
}

void expect_bytes(const char *what, const void *seen, const void *expected, size_t size)
{
    const uint8_t *a = seen, *b = expected;
    for (size_t i = 0; i < size; i++)
        if (a[i] != b[i]) {
            char text[200];
            format(text, sizeof text, "%s: byte %zu of %zu = 0x%02x", what, i, size, b[i]);
            fail(text, "0x%02x", a[i]);
        }
}

long expect_success(const char *call, long result)
{
    if (result >= 0 || result < -4095)
        return result;
    char text[200];
    format(text, sizeof text, "%s succeeds", call);
    fail(text, "%s", error_name(result));
}

void read_clock(int clock, struct timespec *now) { expect_success("clock_gettime", sys_clock(clock, now)); }

void expect_error(const char *call, long result, long error)
{
    if (result == -error)
        return;
    char text[200];
    format(text, sizeof text, "%s gives %s", call, error_name(error));
    if (result < 0 && result >= -4095)
        fail(text, "%s", error_name(result));
    fail(text, "%ld", result);
}

void expect_hole(const char *call, long result, long error)
{
    if (sizeof(long) == 4 && result != -error && (result == 0 || result == -ENOMEM)) {
        note(
            "limit-holes: %s finds a hole in the address space mapped (QEMU reserves all addresses of 32-bit programs)",
            call);
        return;
    }
    expect_error(call, result, error);
}

long kernel_page(void)
{
    int ends[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    long page = expect_success("F_SETPIPE_SZ", sys_fcntl(ends[1], 1031, 1));
    sys_close(ends[0]);
    sys_close(ends[1]);
    EXPECT(page >= 4096 && page <= MOST_PAGE && (page & (page - 1)) == 0,
           "the least size of a pipe is a page: 4096 to 65536 bytes", "%ld", page);
    return page;
}

long become(const char *path, const char *mode, const char *const argv[])
{
    char variable[128];
    format(variable, sizeof variable, "ASSAY_CHILD=%s", mode);
    const char *envp[256] = {variable}; // and the caller's own, which may configure the emulator
    size_t count = 1;
    for (char **at = started.envp; *at && count < 255; at++)
        if (!starts_with(*at, "ASSAY_CHILD="))
            envp[count++] = *at;
    return sys_execve(path, argv, envp);
}

int spawn(const char *path, const char *mode, const char *const argv[], int output)
{
    int pid = (int)expect_success("fork", sys_fork());
    if (pid > 0)
        return pid;
    if (output >= 0)
        expect_success("dup3(output, 1)", sys_dup3(output, 1, 0));
    fail("execve succeeds", "execve(%s): %s", path, error_name(become(path, mode, argv)));
}

int wait_status(int pid)
{
    int status = -1;
    long waited;
    while ((waited = sys_wait(pid, &status, 0)) == -EINTR)
        ;
    expect_number("wait4", waited, pid);
    return status;
}

void expect_exit(const char *what, int status, int code)
{
    if (status == code << 8)
        return;
    char text[200];
    format(text, sizeof text, "%s exits with %d", what, code);
    if (status & 0x7f)
        fail(text, "signal %d", status & 0x7f);
    fail(text, "exit status %d", status >> 8 & 0xff);
}
