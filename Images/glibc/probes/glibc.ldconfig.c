// proves: ldconfig builds its cache 25 times without crashing, and finds the C library and our own in it
// stands for: "qemu: uncaught target signal 11": libc-bin's trigger fails, dpkg exits with 139, apt-get install breaks
// source: https://github.com/tonistiigi/binfmt/issues/215
#include "probe.h"

int main(void)
{
    static char output[65536];
    const char *const build[] = {"/sbin/ldconfig", "-i", "-X", "-C", "cache", NULL}, *const print[] = {"/sbin/ldconfig", "-p", "-C", "cache", NULL};
    for (int i = 0; i < 25; i++) {
        int status = run(build, output, sizeof output);
        if (WIFSIGNALED(status))
            fail("ldconfig exits with 0", "run %d died of signal %d", i + 1, WTERMSIG(status));
        expect_number("exit status of ldconfig", WEXITSTATUS(status), 0);
    }
    expect_number("status of ldconfig -p", run(print, output, sizeof output), 0);
    expect("the cache has libc.so.6", strstr(output, "libc.so.6 (") != NULL);
    expect("the cache has libshared.so", strstr(output, "=> /usr/lib/assay/libshared.so") != NULL);
#if defined(__aarch64__)
    expect("the cache is of AArch64 libraries", strstr(output, "libc.so.6 (libc6,AArch64)") != NULL);
#endif
    return finish();
}
