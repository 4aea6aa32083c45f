// Litmus tests: outcomes that the memory model forbids must not show, however often two processors race.
#include "../threads.h"

enum { ROUNDS = 4096, STEP = 8, REPEATS = 2 };

static uint32_t x[ROUNDS], y[ROUNDS];
static uint8_t left[ROUNDS], right[ROUNDS];

// Returns in how many rounds `forbidden` holds.
static int64_t race(void (*here)(int), void (*there)(int), bool (*forbidden)(int))
{
    int64_t count = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        memset(x, 0, sizeof x);
        memset(y, 0, sizeof y);
        in_step(here, there, ROUNDS, STEP);
        for (int i = 0; i < ROUNDS; i++)
            count += forbidden(i);
    }
    return count;
}

static void publish(int i)
{
    __atomic_store_n(&x[i], (uint32_t)i + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&y[0], (uint32_t)i + 1, __ATOMIC_RELEASE);
}

static void subscribe(int i)
{
    uint32_t flag = __atomic_load_n(&y[0], __ATOMIC_ACQUIRE);
    right[i] = flag > 0 && __atomic_load_n(&x[flag - 1], __ATOMIC_RELAXED) != flag;
}

static bool stale(int i) { return right[i]; }

PROBE("atomics.message-passing", "data written before a store-release is seen after the load-acquire that saw the flag",
      "queues between threads deliver stale objects", "")
{
    expect_number("rounds in which the flag was seen before its data", race(publish, subscribe, stale), 0);
}

static void store_x_load_y(int i)
{
    __atomic_store_n(&x[i], 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    left[i] = (uint8_t)__atomic_load_n(&y[i], __ATOMIC_RELAXED);
}

static void store_y_load_x(int i)
{
    __atomic_store_n(&y[i], 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    right[i] = (uint8_t)__atomic_load_n(&x[i], __ATOMIC_RELAXED);
}

static bool neither(int i) { return left[i] == 0 && right[i] == 0; }

PROBE("atomics.store-buffering", "after full barriers two threads cannot both miss the other's store",
      "two threads enter one critical section (Dekker, hazard pointers): an emulator that drops DMB", "")
{
    expect_number("rounds in which neither thread saw the other's store", race(store_x_load_y, store_y_load_x, neither),
                  0);
}

static void load_x_store_y(int i)
{
    left[i] = (uint8_t)__atomic_load_n(&x[i], __ATOMIC_RELAXED);
    __atomic_store_n(&y[i], 1, __ATOMIC_RELEASE);
}

static void load_y_store_x(int i)
{
    right[i] = (uint8_t)__atomic_load_n(&y[i], __ATOMIC_RELAXED);
    __atomic_store_n(&x[i], 1, __ATOMIC_RELEASE);
}

static bool both(int i) { return left[i] == 1 && right[i] == 1; }

PROBE("atomics.load-buffering", "two loads cannot both see the store-release that follows the other",
      "values out of thin air: tagged pointers and sequence locks break", "")
{
    expect_number("rounds in which both loads saw a store that came after them",
                  race(load_x_store_y, load_y_store_x, both), 0);
}
