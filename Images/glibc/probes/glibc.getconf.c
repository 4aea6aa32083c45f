// proves: getconf and sysconf give the limits of a 64-bit Linux, the same through a program and a call
// stands for: build systems start the wrong number of jobs, or compile for the wrong page size
// source: https://github.com/jemalloc/jemalloc/issues/2639
#include "probe.h"

static void says(const char *name, const char *expected)
{
    char output[64];
    const char *const argv[] = {"/usr/bin/getconf", name, NULL};
    expect_number(name, run(argv, output, sizeof output), 0);
    output[strcspn(output, "\n")] = 0;
    expect_text(name, output, expected);
}

int main(void)
{
    char text[32];
    says("LONG_BIT", "64");
    says("_POSIX_VERSION", "200809");
    says("CHAR_BIT", "8");
    says("INT_MAX", "2147483647");
    says("NGROUPS_MAX", "65536");
    says("GNU_LIBC_VERSION", "glibc 2.36");
    snprintf(text, sizeof text, "%ld", sysconf(_SC_PAGESIZE));
    says("PAGESIZE", text);
    expect("a page is 4, 16 or 64 KiB", sysconf(_SC_PAGESIZE) == 4096 || sysconf(_SC_PAGESIZE) == 16384 || sysconf(_SC_PAGESIZE) == 65536);
    snprintf(text, sizeof text, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    says("_NPROCESSORS_ONLN", text);
    expect("one processor or more", sysconf(_SC_NPROCESSORS_ONLN) >= 1);
    expect_number("_SC_CLK_TCK", sysconf(_SC_CLK_TCK), 100);
    return finish();
}
