// proves: mutexes, condition variables, barriers, semaphores and once-functions hold with 16 threads, also robust and recursive ones
// stands for: Alpine builds on all cores hang or lose updates
// source: https://github.com/golang/go/issues/70329
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include "probe.h"

enum { THREADS = 16, ROUNDS = 500 };
static pthread_mutex_t mutex, robust;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t tokens;
static long guarded, turn;
static atomic_int relaxed, begun, most, now;

static void begin(void) { begun++; }

static void *work(void *argument)
{
    long number = (long)argument;
    pthread_once(&once, begin);
    for (int i = 0; i < ROUNDS; i++) {
        atomic_fetch_add_explicit(&relaxed, 1, memory_order_relaxed);
        pthread_mutex_lock(&mutex);
        pthread_mutex_lock(&mutex);
        guarded++;
        pthread_mutex_unlock(&mutex);
        pthread_mutex_unlock(&mutex);
    }
    sem_wait(&tokens);
    int inside = ++now, seen = most;
    while (inside > seen && !atomic_compare_exchange_weak(&most, &seen, inside))
        ;
    usleep(500);
    now--;
    sem_post(&tokens);
    pthread_barrier_wait(&barrier);
    expect_number("all additions before the barrier", guarded, THREADS * ROUNDS);
    pthread_mutex_lock(&mutex);
    while (turn != number)
        pthread_cond_wait(&turned, &mutex);
    turn++;
    pthread_cond_broadcast(&turned);
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void *abandon(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&robust);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS], other;
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &kind);
    pthread_barrier_init(&barrier, NULL, THREADS);
    sem_init(&tokens, 0, 3);
    for (long i = 0; i < THREADS; i++)
        expect("pthread_create", pthread_create(&threads[i], NULL, work, (void *)i) == 0);
    for (long i = 0; i < THREADS; i++) {
        void *result;
        expect("pthread_join", pthread_join(threads[i], &result) == 0 && result == (void *)i);
    }
    expect_number("atomic additions", relaxed, THREADS * ROUNDS);
    expect_number("once", begun, 1);
    expect_number("turns", turn, THREADS);
    expect("at most three held a token", most >= 1 && most <= 3);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_NORMAL);
    if (pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST) != 0) {
        note("limit-robust-list: robust mutexes are refused (get_robust_list is not implemented)");
        return finish();
    }
    pthread_mutex_init(&robust, &kind);
    pthread_create(&other, NULL, abandon, NULL);
    pthread_join(other, NULL);
    expect_number("a mutex whose owner ended", pthread_mutex_lock(&robust), EOWNERDEAD);
    return finish();
}
