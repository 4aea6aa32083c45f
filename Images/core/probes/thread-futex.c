// Futexes, from which every lock is made.
#include "../threads.h"

static uint32_t first, second, waiting, woken;

static void wait_on_first(struct thread *thread)
{
    __atomic_fetch_add(&waiting, 1, __ATOMIC_SEQ_CST);
    thread->value = (uint64_t)sys_futex(&first, FUTEX_WAIT | FUTEX_PRIVATE, 0, nullptr);
    __atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST);
}

// Tries until `operation` has reached `expected` waiters in all, or the time is up.
static int64_t gather(int operation, uint32_t value, int64_t expected)
{
    int64_t reached = 0;
    for (uint64_t begun = now_ns(); reached < expected && now_ns() - begun < patience_ns();) {
        long result = sys_futex(&first, operation | FUTEX_PRIVATE, value, nullptr);
        reached += expect_success("futex(FUTEX_WAKE)", result);
        if (result == 0)
            sleep_us(50);
    }
    return reached;
}

PROBE("thread.futex-wait",
      "FUTEX_WAIT compares first, times out with ETIMEDOUT, and FUTEX_WAKE wakes as many as it says",
      "locks spin for ever or never wake: builds hang without output", "https://github.com/golang/go/issues/36981")
{
    first = 5;
    expect_error("wait for another value", sys_futex(&first, FUTEX_WAIT, 4, nullptr), EAGAIN);
    uint64_t begun = now_ns();
    expect_error("wait for 2 ms", sys_futex(&first, FUTEX_WAIT, 5, &(struct timespec){0, 2'000'000}), ETIMEDOUT);
    uint64_t waited = now_ns() - begun;
    EXPECT(waited >= 2'000'000, "it waits for 2 ms", "%ju ns", waited);
    expect_soon(waited);
    struct timespec now;
    read_clock(CLOCK_MONOTONIC, &now);
    begun = (uint64_t)now.seconds * 1'000'000'000 + (uint64_t)now.nanoseconds; // on a busy host now is later
    now.nanoseconds += 2'000'000;
    now.seconds += now.nanoseconds / 1'000'000'000;
    now.nanoseconds %= 1'000'000'000;
    expect_error("wait until a moment", sys6(SYS_futex, (long)&first, FUTEX_WAIT_BITSET, 5, (long)&now, 0, -1),
                 ETIMEDOUT);
    waited = now_ns() - begun;
    EXPECT(waited >= 2'000'000, "it waits until then", "%ju ns", waited);
    expect_soon(waited);
    expect_number("wake without waiters", sys_futex(&first, FUTEX_WAKE, 1, nullptr), 0);
    expect_error("futex at an odd address", sys_futex((uint32_t *)((char *)&first + 1), FUTEX_WAIT, 0, nullptr),
                 EINVAL);

    static struct thread threads[3];
    first = 0;
    for (int i = 0; i < 3; i++)
        thread_create(&threads[i], wait_on_first, nullptr);
    expect_number("woken one by one", gather(FUTEX_WAKE, 1, 2), 2);
    expect_number("woken at the end", gather(FUTEX_WAKE, 100, 1), 1);
    for (int i = 0; i < 3; i++) {
        thread_join(&threads[i]);
        expect_number("result of the wait", (int64_t)threads[i].value, 0);
    }
}

PROBE(
    "thread.futex-requeue",
    "FUTEX_CMP_REQUEUE wakes some waiters and moves the others to another word; FUTEX_WAKE_OP does two things at once",
    "condition variables lose wake-ups", "")
{
    static struct thread threads[3];
    for (int i = 0; i < 3; i++)
        thread_create(&threads[i], wait_on_first, nullptr);
    expect_error("requeue with another value",
                 sys6(SYS_futex, (long)&first, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE, 1, 100, (long)&second, 9), EAGAIN);
    int64_t moved = 0;
    for (uint64_t begun = now_ns(); moved < 3 && now_ns() - begun < patience_ns();) {
        moved +=
            expect_success("futex(FUTEX_CMP_REQUEUE)",
                           sys6(SYS_futex, (long)&first, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE, 0, 100, (long)&second, 0));
        sleep_us(50);
    }
    expect_number("moved waiters", moved, 3);
    expect_number("waiters left at the first word", sys_futex(&first, FUTEX_WAKE | FUTEX_PRIVATE, 100, nullptr), 0);
    expect_number("waiters that woke", __atomic_load_n(&woken, __ATOMIC_SEQ_CST), 0);
    // Adds 7 to `second`, which is 0. Wakes up to one waiter at `first`, where none is, and, because the old value was
    // 0, up to two at `second`.
    uint32_t operation = 1u << 28 | 0u << 24 | 7u << 12 | 0; // FUTEX_OP_ADD 7, FUTEX_OP_CMP_EQ 0
    expect_number("woken by FUTEX_WAKE_OP",
                  sys6(SYS_futex, (long)&first, FUTEX_WAKE_OP | FUTEX_PRIVATE, 1, 2, (long)&second, operation), 2);
    if (ELF_DATA == 2 && second == __builtin_bswap32(7))
        note("limit-futex-wake-op: FUTEX_WAKE_OP computes in the host's byte order");
    else
        expect_number("the second word", second, 7);
    expect_number("woken at the end", sys_futex(&second, FUTEX_WAKE | FUTEX_PRIVATE, 100, nullptr), 1);
    for (int i = 0; i < 3; i++)
        thread_join(&threads[i]);
}

static struct {
    struct {
        void *next;
    } list, entry;
    uint32_t word;
} lock;

static void die_with_lock(struct thread *thread)
{
    struct {
        void *next;
        long offset;
        void *pending;
    } static head;
    head.next = &lock.entry;
    head.offset = (char *)&lock.word - (char *)&lock.entry;
    lock.entry.next = &head;
    thread->value = (uint64_t)sys2(SYS_set_robust_list, (long)&head, sizeof head);
    __atomic_store_n(&lock.word, (uint32_t)sys_gettid() | 0x80000000 /* FUTEX_WAITERS */, __ATOMIC_RELEASE);
}

PROBE("thread.robust-list", "a lock whose owner dies is marked FUTEX_OWNER_DIED, and its waiter is woken",
      "a crashed writer blocks shared databases for ever", "")
{
    static struct thread thread;
    thread_create(&thread, die_with_lock, nullptr);
    thread_join(&thread);
    long result = (long)thread.value;
    if (result == -ENOSYS) {
        note("limit-robust-list: set_robust_list is not implemented (ENOSYS)");
        return;
    }
    expect_success("set_robust_list", result);
    uint64_t begun = now_ns();
    while (!(__atomic_load_n(&lock.word, __ATOMIC_ACQUIRE) & 0x40000000) && now_ns() - begun < patience_ns())
        sleep_us(100);
    expect_equal("the lock word: FUTEX_OWNER_DIED and FUTEX_WAITERS, no owner", lock.word, 0xc0000000);
}
