// proves: every thread has its own copy of thread-local variables, initialised and aligned, also of objects opened later
// stands for: thread-local state (errno, allocator caches, runtimes) is shared or wild: random crashes
// source:
// flags: -pthread
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include "probe.h"

static __thread long mine = 11;
static __thread char page[4096] __attribute__((aligned(128)));
static int *(*other)(void);
static char *(*aligned)(void);
static void *addresses[8];

static void *work(void *argument)
{
    long number = (long)argument;
    expect_number("initial value", mine, 11);
    expect_number("initial value in the opened object", *other(), 7);
    expect_number("alignment of 128", (uintptr_t)page % 128, 0);
    expect_number("alignment of 64 in the opened object", (uintptr_t)aligned() % 64, 0);
    for (int i = 0; i < 1000; i++) {
        mine += number;
        *other() += (int)number;
        errno = (int)number;
        if (i % 100 == 0)
            usleep(1);
        expect_number("errno", errno, number);
    }
    expect_number("own sum", mine, 11 + 1000 * number);
    expect_number("own sum in the opened object", *other(), 7 + 1000 * number);
    addresses[number] = other();
    return (void *)mine;
}

int main(void)
{
    pthread_t threads[8];
    void *object = dlopen("/usr/lib/assay/libshared.so", RTLD_NOW);
    expect("dlopen", object != NULL);
    other = (int *(*)(void))dlsym(object, "shared_own");
    aligned = (char *(*)(void))dlsym(object, "shared_aligned");
    for (long i = 0; i < 8; i++)
        expect("pthread_create", pthread_create(&threads[i], NULL, work, (void *)i) == 0);
    for (long i = 0; i < 8; i++) {
        void *result;
        expect("pthread_join", pthread_join(threads[i], &result) == 0);
        expect_number("result", (long)result, 11 + 1000 * i);
    }
    expect_number("the first thread's own", mine, 11);
    return finish();
}
