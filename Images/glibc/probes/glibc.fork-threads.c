// proves: a process with busy threads forks: handlers run, the child has one thread, allocates and exits as told
// stands for: Python multiprocessing, Ruby and test runners deadlock in the child
// source: https://github.com/golang/go/issues/36981
// flags: -pthread
#include <pthread.h>
#include <stdatomic.h>
#include "probe.h"

static atomic_int stop, rounds;
static int prepared, parents, children;

static void *busy(void *unused)
{
    (void)unused;
    while (!stop) {
        char *block = malloc(1000 + (size_t)rounds++ % 5000);
        block[0] = 1;
        free(block);
    }
    return NULL;
}

static void prepare(void) { prepared++; }
static void in_parent(void) { parents++; }
static void in_child(void) { children++; }

int main(void)
{
    pthread_t threads[3];
    pthread_atfork(prepare, in_parent, in_child);
    for (int i = 0; i < 3; i++)
        expect("pthread_create", pthread_create(&threads[i], NULL, busy, NULL) == 0);
    for (int i = 0; i < 12; i++) {
        int status;
        pid_t child = fork();
        expect("fork", child >= 0);
        if (child == 0) {
            size_t sum = 0;
            for (size_t n = 1; n <= 50; n++) {
                char *block = malloc(n * 100);
                memset(block, (int)n, n * 100);
                sum += (size_t)block[n * 100 - 1];
                free(block);
            }
            _exit(sum == 1275 && children == 1 && prepared == i + 1 ? 50 + i : 1);
        }
        expect("waitpid", waitpid(child, &status, 0) == child);
        expect("the child exits", WIFEXITED(status));
        expect_number("exit status of the child", WEXITSTATUS(status), 50 + i);
    }
    stop = 1;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    expect_number("handlers in the parent", parents, 12);
    expect("the threads went on", rounds > 3);
    return finish();
}
