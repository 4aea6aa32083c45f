// What a new thread or process inherits, and where clone(2) stores its number.
#include "../threads.h"

static struct thread thread;
static uint64_t inherited;

static void look(struct thread *self)
{
    sys_sigmask(SIG_BLOCK, nullptr, &inherited);
    struct signal_stack stack = {};
    sys2(SYS_sigaltstack, 0, (long)&stack);
    self->value = (uint64_t)stack.flags << 32 | (uint32_t)sys_gettid();
}

PROBE("thread.inheritance",
      "a thread inherits the signal mask, not the alternate stack, and has the number that clone(2) stored",
      "signals are delivered to threads that had blocked them", "")
{
    uint64_t mask = 1ull << (SIGUSR1 - 1) | 1ull << (SIGTERM - 1) | 1ull << 58, seen = 0;
    static uint8_t memory[65536];
    struct signal_stack stack = {memory, 0, sizeof memory};
    expect_success("sigaltstack", sys2(SYS_sigaltstack, (long)&stack, 0));
    sys_sigmask(SIG_SETMASK, &mask, nullptr);
    thread_create(&thread, look, nullptr);
    sys_sigmask(SIG_BLOCK, nullptr, &seen);
    thread_join(&thread);
    expect_equal("mask of the thread", inherited, mask);
    expect_equal("mask of its maker", seen, mask);
    expect_number("number", (int64_t)(uint32_t)thread.value, thread.id);
    expect_number("flags of its alternate stack", (int64_t)(thread.value >> 32), SS_DISABLE);
    EXPECT(thread.id != sys_getpid(), "another number than the process", "the same");
    // A thread that would not share its file system's names, or not its memory.
    void *top = memory + sizeof memory;
    expect_error("clone of a thread with CLONE_NEWNS",
                 clone_raw(CLONE_THREAD_ALL | CLONE_NEWNS, top, nullptr, nullptr, nullptr), EINVAL);
    unsigned long apart = CLONE_THREAD_ALL & ~(unsigned long)CLONE_VM;
    expect_error("clone of a thread without CLONE_VM", clone_raw(apart, top, nullptr, nullptr, nullptr), EINVAL);
}

PROBE("process.clone-numbers",
      "clone(2) without threads stores the child's number in parent and child, and clears nothing",
      "C libraries know a wrong thread id after fork", "")
{
    int *shared = sys_mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)shared);
    int parent = -1, child = -1;
    long pid =
        expect_success("clone", clone_raw(CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD,
                                          nullptr, &parent, &child, nullptr));
    if (pid == 0) {
        shared[0] = child;
        shared[1] = (int)sys_getpid();
        shared[2] = (int)sys_gettid();
        shared[3] = (int)sys0(SYS_getppid);
        sys_exit(0);
    }
    expect_exit("the child", wait_status((int)pid), 0);
    bool told = parent == pid;
    EXPECT(told || parent == -1, "CLONE_PARENT_SETTID stores the child's number", "%d, not %ld", parent, pid);
    expect_number("CLONE_CHILD_SETTID, in the child", shared[0], pid);
    expect_number("the same word in the parent", child, -1);
    expect_number("getpid of the child", shared[1], pid);
    expect_number("gettid of the child", shared[2], pid);
    expect_number("getppid of the child", shared[3], sys_getpid());
    // The same pointers without the flags.
    parent = child = -1;
    pid = expect_success("clone", clone_raw(SIGCHLD, nullptr, &parent, &child, nullptr));
    if (pid == 0)
        sys_exit(parent == -1 && child == -1 ? 6 : 7);
    expect_exit("the child, where nothing is to be stored", wait_status((int)pid), 6);
    EXPECT(parent == -1 && child == -1, "nothing is stored in the parent", "%d and %d", parent, child);
    // Another signal, or none, at the end.
    pid = clone_raw(0, nullptr, nullptr, nullptr, nullptr);
    if (!told || pid == -EINVAL) {
        note("limit-clone-forms: %s%s", told ? "" : "CLONE_PARENT_SETTID is ignored without threads; ",
             pid == -EINVAL ? "a child that ends without SIGCHLD is refused" : "");
        if (pid < 0)
            return;
    }
    expect_success("clone", pid);
    if (pid == 0)
        sys_exit(5);
    expect_error("wait4 for a child that ends without a signal", sys_wait((int)pid, nullptr, 0), ECHILD);
    int status = 0;
    expect_number("wait4(__WALL)", sys_wait((int)pid, &status, 0x40000000), pid);
    expect_exit("it", status, 5);
}

static uint32_t first, second, woken;

static void wait_first(struct thread *)
{
    while (sys_futex(&first, FUTEX_WAIT | FUTEX_PRIVATE, 0, nullptr) == -EINTR)
        ;
    __atomic_fetch_add(&woken, 1, __ATOMIC_RELAXED);
}

static long futex6(uint32_t *at, int operation, uint32_t value, uint64_t value2, uint32_t *other, uint32_t value3)
{
    return sys6(SYS_futex, (long)at, operation | FUTEX_PRIVATE, value, (long)value2, (long)other, value3);
}

// Until all are asleep: a requeue of nobody to nowhere else tells how many there are.
static void expect_sleepers(uint32_t *word, int count)
{
    uint64_t limit = now_ns() + patience_ns();
    while (futex6(word, FUTEX_CMP_REQUEUE, 0, INT32_MAX, word, *word) < count)
        EXPECT(now_ns() < limit, "all waiters fall asleep", "not in time");
}

PROBE("thread.futex-counts",
      "FUTEX_REQUEUE and FUTEX_WAKE_OP obey both their counts, and the operation on the second word",
      "condition variables wake none, or a thundering herd", "")
{
    enum { WAITERS = 4 };
    static struct thread threads[WAITERS];
    for (int i = 0; i < WAITERS; i++)
        thread_create(&threads[i], wait_first, nullptr);
    expect_sleepers(&first, WAITERS);
    expect_error("FUTEX_CMP_REQUEUE with another value", futex6(&first, FUTEX_CMP_REQUEUE, 1, 1, &second, 7), EAGAIN);
    expect_number("FUTEX_REQUEUE of one, waking one", futex6(&first, FUTEX_REQUEUE, 1, 1, &second, 0), 2);
    expect_number("FUTEX_CMP_REQUEUE of one, waking none", futex6(&first, FUTEX_CMP_REQUEUE, 0, 1, &second, 0), 1);
    // One left on the first word, two on the second. ADD 5 to it; compare the old value with 0: equal, wake 2 there.
    expect_number("FUTEX_WAKE_OP", futex6(&first, FUTEX_WAKE_OP, 1, 2, &second, 1u << 28 | 0u << 24 | 5 << 12), 3);
    // Computed in the host's byte order, which thread.futex-requeue notes, the second call would wake others.
    if (ELF_DATA == 1 || second != __builtin_bswap32(5)) {
        expect_number("the second word after ADD 5", second, 5);
        expect_number("FUTEX_WAKE_OP whose comparison fails",
                      futex6(&first, FUTEX_WAKE_OP, 1, 2, &second, 0u << 28 | 1u << 24 | 9 << 12 | 5), 0);
        expect_number("the second word after SET 9", second, 9);
    }
    for (int i = 0; i < WAITERS; i++)
        thread_join(&threads[i]);
    expect_number("waiters that woke", woken, WAITERS);
}
