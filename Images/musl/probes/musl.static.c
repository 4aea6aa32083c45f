// proves: static programs of musl start 30 times, allocate, and have threads with their own variables
// stands for: static tools (Go with cgo, Rust's musl target, busybox) crash now and then at start
// source: https://github.com/tonistiigi/binfmt/issues/215
// flags: -static -no-pie -Wl,--no-dynamic-linker
#include <pthread.h>
#include "probe.h"

static __thread int own = 5;

static void *work(void *argument)
{
    own += (int)(long)argument;
    return (void *)(long)own;
}

static int restart(void)
{
    pthread_t thread;
    void *result;
    char *block = malloc(200000), *small[50];
    for (int i = 0; i < 50; i++)
        memset(small[i] = malloc(20 + 3 * (size_t)i), i, 20 + 3 * (size_t)i);
    memset(block, 8, 200000);
    block = realloc(block, 2000000);
    for (int i = 0; i < 50; i++)
        if (small[i][19 + 3 * i] != i)
            return 2;
    if (!block || block[199999] != 8 || pthread_create(&thread, NULL, work, (void *)4L) || pthread_join(thread, &result))
        return 3;
    return result == (void *)9L && own == 5 ? 21 : 4;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return restart();
    char output[8];
    const char *const again[] = {"/usr/libexec/assay/musl.static", "restart", NULL};
    (void)argv;
    for (int i = 0; i < 30; i++) {
        int status = run(again, output, sizeof output);
        if (WIFSIGNALED(status))
            fail("30 restarts", "restart %d died of signal %d", i + 1, WTERMSIG(status));
        expect_number("exit status of a restart", WEXITSTATUS(status), 21);
    }
    return finish();
}
