// proves: threads are cancelled in blocking calls and at cancellation points, clean-up handlers and key destructors run
// stands for: services that stop their workers hang on exit
// source:
// flags: -pthread
#include <pthread.h>
#include <stdatomic.h>
#include "probe.h"

static int ends[2], cleaned, destroyed, reached;
static pthread_key_t key;
static pthread_barrier_t begun;
static atomic_bool asked;

static void clean(void *argument) { cleaned += *(int *)argument; }
static void destroy(void *argument) { destroyed += (int)(long)argument; }

static void *blocked(void *unused)
{
    int by = 10;
    char byte;
    (void)unused;
    pthread_setspecific(key, (void *)3);
    pthread_cleanup_push(clean, &by);
    pthread_barrier_wait(&begun);
    if (read(ends[0], &byte, 1) >= 0)
        reached++;
    pthread_cleanup_pop(0);
    return NULL;
}

static void *shielded(void *unused)
{
    (void)unused;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_barrier_wait(&begun);
    while (!asked)
        usleep(1000);
    reached += 100;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    pthread_testcancel();
    reached += 1000;
    return NULL;
}

static void cancel(void *(*body)(void *))
{
    pthread_t thread;
    void *result = NULL;
    asked = 0;
    expect("pthread_create", pthread_create(&thread, NULL, body, NULL) == 0);
    pthread_barrier_wait(&begun);
    usleep(5000); // until it is inside its call
    expect_number("pthread_cancel", pthread_cancel(thread), 0);
    asked = 1;
    expect_number("pthread_join", pthread_join(thread, &result), 0);
    expect("the result is PTHREAD_CANCELED", result == PTHREAD_CANCELED);
}

int main(void)
{
    expect("pipe", pipe(ends) == 0);
    pthread_key_create(&key, destroy);
    pthread_barrier_init(&begun, NULL, 2);
    cancel(blocked);
    expect_number("clean-up handlers", cleaned, 10);
    expect_number("destructors of thread-specific data", destroyed, 3);
    cancel(shielded);
    expect_number("what ran beyond the blocking call, and until pthread_testcancel", reached, 100);
    return finish();
}
