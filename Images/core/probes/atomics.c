// Single-copy atomic updates: exclusives, and the Large System Extensions where they are claimed.
#include "../hwcap.h"
#include "../threads.h"

enum { ROUNDS = 4096, STEP = 16 };

static struct {
    uint64_t word;
    uint32_t half;
    uint8_t bytes[4];
    alignas(16) uint64_t pair[2];
} shared;

static void add_to_all(int i)
{
    for (int again = 0; again < 8; again++) // in a row: what is between would keep the processors apart
        __atomic_fetch_add(&shared.word, 3, __ATOMIC_RELAXED);
    __atomic_fetch_sub(&shared.half, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&shared.bytes[i & 1], 1, __ATOMIC_RELAXED);
}

PROBE("atomics.contended-add",
      "additions of 8, 4 and 1 byte by two threads at once are all counted, also in neighbouring bytes",
      "reference counts drift: objects are freed early or never", "")
{
    in_step(add_to_all, add_to_all, ROUNDS, STEP);
    expect_number("8 bytes", (int64_t)shared.word, 2 * 8 * 3 * ROUNDS);
    expect_equal("4 bytes", shared.half, (uint32_t)(-2 * ROUNDS));
    expect_equal("byte 0", shared.bytes[0], (uint8_t)ROUNDS);
    expect_equal("byte 1", shared.bytes[1], (uint8_t)ROUNDS);
    expect_equal("byte 2, which nobody wrote", shared.bytes[2], 0);
}

static void take_turn(int)
{
    static uint32_t lock;
    uint32_t free = 0;
    for (int tries = 0; !__atomic_compare_exchange_n(&lock, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
         tries++) {
        free = 0;
        if (tries % 64 == 63)
            sys0(SYS_sched_yield);
    }
    shared.word = shared.word + 1; // not atomic: the lock protects it
    __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

PROBE("atomics.spin-lock", "compare-and-swap with acquire and release order protects plain memory",
      "lost updates under locks: corrupted heaps", "")
{
    in_step(take_turn, take_turn, ROUNDS, STEP);
    expect_number("plain increments under the lock", (int64_t)shared.word, 2 * ROUNDS);
}

#if defined(__aarch64__)
static void add_exclusively(int i)
{
    uint64_t value;
    uint32_t failed;
    __asm__ volatile("1: ldaxr %0, [%2]\n\tadd %0, %0, #1\n\tstlxr %w1, %0, [%2]\n\tcbnz %w1, 1b"
                     : "=&r"(value), "=&r"(failed)
                     : "r"(&shared.word)
                     : "memory");
    if (i & 7)
        return;
    uint64_t low, high; // the carry must never be lost between the halves
    __asm__ volatile(
        "1: ldxp %0, %1, [%3]\n\tadds %0, %0, %4\n\tadc %1, %1, xzr\n\tstxp %w2, %0, %1, [%3]\n\tcbnz %w2, 1b"
        : "=&r"(low), "=&r"(high), "=&r"(failed)
        : "r"(shared.pair), "r"(1ull << 62)
        : "memory", "cc");
}
#endif

PROBE_AARCH64("atomics.exclusives",
              "LDXR/STXR and LDXP/STXP lose no update under contention, and a store without its reservation fails",
              "programs built for ARMv8.0 corrupt shared counters; emulated exclusives suffer from ABA", "")
#if defined(__aarch64__)
{
    alignas(16) uint64_t own[2] = {1, 2};
    uint32_t failed;
    uint64_t value;
    __asm__ volatile("clrex\n\tstxr %w0, %1, [%2]" : "=&r"(failed) : "r"(9ull), "r"(own) : "memory");
    expect_number("status of STXR after CLREX", failed, 1);
    expect_number("memory after it", (int64_t)own[0], 1);
    __asm__ volatile("ldxr %0, [%2]\n\tstxr %w1, %3, [%2]"
                     : "=&r"(value), "=&r"(failed)
                     : "r"(own), "r"(7ull)
                     : "memory");
    expect_number("status of STXR after LDXR", failed, 0);
    expect_number("value that LDXR read", (int64_t)value, 1);
    expect_number("memory after it", (int64_t)own[0], 7);
    in_step(add_exclusively, add_exclusively, ROUNDS, STEP);
    expect_number("LDAXR/STLXR counter", (int64_t)shared.word, 2 * ROUNDS);
    expect_equal("LDXP/STXP sum, low half", shared.pair[0], 0); // 2 * ROUNDS / 8 times 2^62
    expect_number("LDXP/STXP sum, high half", (int64_t)shared.pair[1], 2 * ROUNDS / 8 / 4);
}
#endif
