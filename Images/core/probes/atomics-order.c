// Litmus tests: outcomes that the memory model forbids must not show, however often two processors race. The two sides
// meet before every round, or one is soon ahead of all races.
#include "../hwcap.h"
#include "../threads.h"

enum { ROUNDS = 4096, LEAST = 200 };

static struct {
    alignas(64) uint32_t x;
    alignas(64) uint32_t y;
} *cells; // a fresh pair for each round
static alignas(64) uint32_t here_at;
static alignas(64) uint32_t there_at;
static uint8_t left[ROUNDS], right[ROUNDS];
static void (*other_side)(int);

// Both sides go on within some cycles of each other. False when time is up: both see the same round last.
static bool meet(uint32_t *own, uint32_t *others, uint32_t round)
{
    __atomic_store_n(own, round, __ATOMIC_RELEASE);
    for (unsigned tries = 1; __atomic_load_n(others, __ATOMIC_ACQUIRE) < round; tries++)
        if (tries % 1024 == 0) // on one processor the other has to be let in
            sys0(SYS_sched_yield);
    return __atomic_load_n(others, __ATOMIC_ACQUIRE) != ~0u;
}

static void walk_there(struct thread *self)
{
    for (; self->value < ROUNDS && meet(&there_at, &here_at, (uint32_t)self->value + 1); self->value++)
        other_side((int)self->value);
}

// Runs both sides for at most 40 ms. Returns in how many rounds `forbidden` holds.
static int64_t race(void (*here)(int), void (*there)(int), bool (*forbidden)(int))
{
    static struct thread other;
    size_t size = ROUNDS * sizeof *cells;
    cells = sys_mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)cells);
    memset(cells, 0, size);
    here_at = there_at = 0;
    other_side = there;
    other.value = 0;
    thread_create(&other, walk_there, nullptr);
    uint64_t end = now_ns() + 40'000'000 * started.scale;
    int rounds = 0;
    for (; rounds < ROUNDS; rounds++) {
        if (now_ns() > end)
            break;
        meet(&here_at, &there_at, (uint32_t)rounds + 1);
        here(rounds);
    }
    __atomic_store_n(&here_at, ~0u, __ATOMIC_RELEASE);
    thread_join(&other);
    if (rounds > (int)other.value) // time was up between the two
        rounds = (int)other.value;
    int64_t count = 0;
    for (int i = 0; i < rounds; i++)
        count += forbidden(i);
    if (count == 0 && rounds < LEAST)
        note("few-races: %d rounds in the time: on one processor, or a busy host, this proves nothing", rounds);
    sys_munmap(cells, size);
    return count;
}

static void publish(int i)
{
    __atomic_store_n(&cells[i].x, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&cells[i].y, 1, __ATOMIC_RELEASE);
}

static void subscribe(int i)
{
    left[i] = (uint8_t)__atomic_load_n(&cells[i].y, __ATOMIC_ACQUIRE);
    right[i] = (uint8_t)__atomic_load_n(&cells[i].x, __ATOMIC_RELAXED);
}

static bool stale(int i) { return left[i] == 1 && right[i] == 0; }

PROBE("atomics.message-passing", "data written before a store-release is seen after the load-acquire that saw the flag",
      "queues between threads deliver stale objects", "")
{
    expect_number("rounds in which the flag was seen before its data", race(publish, subscribe, stale), 0);
}

static bool neither(int i) { return left[i] == 0 && right[i] == 0; }

#define STORE_BUFFERING(NAME, STORE, FENCE, LOAD) \
    static void NAME##_here(int i)                \
    {                                             \
        STORE(&cells[i].x);                       \
        FENCE;                                    \
        left[i] = (uint8_t)LOAD(&cells[i].y);     \
    }                                             \
    static void NAME##_there(int i)               \
    {                                             \
        STORE(&cells[i].y);                       \
        FENCE;                                    \
        right[i] = (uint8_t)LOAD(&cells[i].x);    \
    }

#define STORE(AT) __atomic_store_n(AT, 1, __ATOMIC_RELAXED)
#define LOAD(AT) __atomic_load_n(AT, __ATOMIC_RELAXED)
#define STORE_RELEASE(AT) __atomic_store_n(AT, 1, __ATOMIC_SEQ_CST)
#define EXCHANGE(AT) __atomic_exchange_n(AT, 1, __ATOMIC_SEQ_CST)
#define LOAD_ACQUIRE(AT) __atomic_load_n(AT, __ATOMIC_SEQ_CST)
STORE_BUFFERING(fence, STORE, __atomic_thread_fence(__ATOMIC_SEQ_CST), LOAD)
STORE_BUFFERING(release, STORE_RELEASE, , LOAD_ACQUIRE)
STORE_BUFFERING(exchange, EXCHANGE, , LOAD_ACQUIRE)
#if defined(__aarch64__)
STORE_BUFFERING(synchronisation, STORE, __asm__ volatile("dsb sy" :: : "memory"), LOAD)
#endif

PROBE("atomics.store-buffering", "after full barriers, or an exchange, two threads cannot both miss the other's store",
      "two threads enter one critical section (Dekker, hazard pointers): an emulator that drops DMB", "")
{
    static const char what[] = "rounds in which neither thread saw the other's store";
    expect_number(what, race(fence_here, fence_there, neither), 0);
    expect_number(what, race(exchange_here, exchange_there, neither), 0);
#if defined(__aarch64__)
    expect_number(what, race(synchronisation_here, synchronisation_there, neither), 0);
#endif
}

PROBE("atomics.sequential-consistency",
      "a sequentially consistent store (STLR) is not passed by a following such load (LDAR) of another place",
      "Dekker's and Peterson's algorithms, and lock-free queues of C++, Rust and Go, let two threads in", "")
{
    int64_t count = race(release_here, release_there, neither);
    if (count > 0)
        note("limit-store-release: LDAR passed the STLR before it in %jd of at most %d rounds", count, ROUNDS);
}

static void load_x_store_y(int i)
{
    left[i] = (uint8_t)__atomic_load_n(&cells[i].x, __ATOMIC_RELAXED);
    __atomic_store_n(&cells[i].y, 1, __ATOMIC_RELEASE);
}

static void load_y_store_x(int i)
{
    right[i] = (uint8_t)__atomic_load_n(&cells[i].y, __ATOMIC_RELAXED);
    __atomic_store_n(&cells[i].x, 1, __ATOMIC_RELEASE);
}

static bool both(int i) { return left[i] == 1 && right[i] == 1; }

PROBE("atomics.load-buffering", "two loads cannot both see the store-release that follows the other",
      "values out of thin air: tagged pointers and sequence locks break", "")
{
    expect_number("rounds in which both loads saw a store that came after them",
                  race(load_x_store_y, load_y_store_x, both), 0);
}

static void write_twice(int i)
{
    __atomic_store_n(&cells[i].x, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&cells[i].x, 2, __ATOMIC_RELAXED);
}

static void read_twice(int i)
{
    left[i] = (uint8_t)__atomic_load_n(&cells[i].x, __ATOMIC_RELAXED);
    right[i] = (uint8_t)__atomic_load_n(&cells[i].x, __ATOMIC_RELAXED);
}

static bool backwards(int i) { return left[i] > right[i]; }

PROBE("atomics.coherence", "two loads of one place never see its values in the other order",
      "a flag that was seen set is clear again", "")
{
    expect_number("rounds in which a place went backwards", race(write_twice, read_twice, backwards), 0);
}
