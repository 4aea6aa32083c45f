// POSIX shared memory, semaphores and queues, as C libraries make them of files, futexes and mq_open(2).
#include "../probe.h"

struct shared {
    uint32_t semaphore, done; // as sem_t: a count, on which futex(2) waits
    uint64_t values[500];
};

static void post(uint32_t *semaphore)
{
    __atomic_fetch_add(semaphore, 1, __ATOMIC_RELEASE);
    sys_futex(semaphore, FUTEX_WAKE, 1, nullptr);
}

static bool take(uint32_t *semaphore)
{
    for (uint64_t begun = now_ns(); now_ns() - begun < patience_ns();) {
        uint32_t count = __atomic_load_n(semaphore, __ATOMIC_ACQUIRE);
        if (count == 0)
            sys_futex(semaphore, FUTEX_WAIT, 0, &(struct timespec){0, 100'000'000});
        else if (__atomic_compare_exchange_n(semaphore, &count, count - 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    }
    return false;
}

// Opens the object's file, makes its own mapping, and answers every value with its square.
static void answer(const char *path)
{
    int fd = (int)expect_success("open in another process", sys_open(path, O_RDWR | O_CLOEXEC, 0));
    struct shared *shared = sys_mmap(nullptr, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    expect_success("mmap in another process", (long)shared);
    for (int i = 0; i < 10; i++) {
        EXPECT(take(&shared->semaphore), "the semaphore is posted ten times", "%d", i);
        shared->values[i * 50] *= shared->values[i * 50];
        post(&shared->done);
    }
    sys_exit(3);
}

PROBE("ipc.posix-shared-memory",
      "POSIX shared memory and semaphores: a file of tmpfs, mapped by two processes at places of their own, and futexes in it",
      "python multiprocessing, postgres and browsers hang or read stale data", "")
{
    char path[64];
    format(path, sizeof path, "/dev/shm/assay.%ld", sys_getpid());
    const char *used = path;
    long fd = sys_open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) { // images without /dev/shm: shm_open(3) fails there too, mappings of files do not
        used = scratch("shared");
        fd = expect_success("open", sys_open(used, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    }
    long sized = sys_ftruncate((int)fd, sizeof(struct shared));
    struct shared *shared = sys_mmap(nullptr, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, (int)fd, 0);
    int pid = sized < 0 || is_error(shared) ? -1 : (int)sys_fork();
    if (pid == 0)
        answer(used);
    bool answered = true;
    for (int i = 0; pid > 0 && answered && i < 10; i++) {
        shared->values[i * 50] = 1000 + (uint64_t)i;
        post(&shared->semaphore);
        answered = take(&shared->done);
    }
    int status = pid > 0 ? wait_status(pid) : 0;
    long removed = sys_unlink(used); // before anything can end this process
    expect_success("ftruncate", sized);
    expect_success("mmap", (long)shared);
    expect_success("fork", pid);
    expect_exit("the process that answers", status, 3);
    EXPECT(answered, "every value is answered within a second", "not all");
    for (uint64_t i = 0; i < 10; i++)
        expect_number("an answer", (int64_t)shared->values[i * 50], (int64_t)((1000 + i) * (1000 + i)));
    expect_success("unlink", removed);
    shared->values[1] = 5; // the memory lives on without its name
    expect_number("the semaphores at the end", shared->semaphore + shared->done, 0);
}

PROBE("ipc.posix-queues",
      "POSIX message queues deliver by priority, then in order, and say when they are empty or full, or are refused with ENOSYS",
      "test suites and real-time programs lose or reorder messages", "")
{
    // As C libraries do it: the kernel is given what follows a slash, and emulators may look at that.
    char path[40], *name = path + 1, text[64] = {};
    format(path, sizeof path, "/assay.%ld", sys_getpid());
    struct {
        long flags, most, size, now, rest[4];
    } attributes = {.most = 3, .size = 64}, told = {};
    long queue = sys4(SYS_mq_open, (long)name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, (long)&attributes);
    if (queue == -ENOSYS) {
        note("limit-posix-queues: mq_open is not implemented (ENOSYS)");
        return;
    }
    if (queue == -EACCES || queue == -EMFILE)
        skip("no POSIX queue may be made here (%s)", error_name(queue));
    expect_success("mq_open", queue);
    expect_success("mq_unlink", sys1(SYS_mq_unlink, (long)name));
    static const struct {
        const char *text;
        uint32_t priority;
    } messages[] = {{"low", 1}, {"high", 9}, {"also high", 9}};
    for (int i = 0; i < 3; i++)
        expect_success("mq_timedsend", sys5(SYS_mq_timedsend, queue, (long)messages[i].text,
                                            (long)strlen(messages[i].text), messages[i].priority, 0));
    expect_error("mq_timedsend to a full queue", sys5(SYS_mq_timedsend, queue, (long)"x", 1, 1, 0), EAGAIN);
    expect_success("mq_getsetattr", sys3(SYS_mq_getsetattr, queue, 0, (long)&told));
    expect_number("mq_maxmsg", told.most, 3);
    expect_number("mq_msgsize", told.size, 64);
    expect_number("mq_curmsgs", told.now, 3);
    static const int order[] = {1, 2, 0};
    for (int i = 0; i < 3; i++) {
        uint32_t priority = 0;
        const char *expected = messages[order[i]].text;
        expect_number("mq_timedreceive", sys5(SYS_mq_timedreceive, queue, (long)text, 64, (long)&priority, 0),
                      (int64_t)strlen(expected));
        expect_bytes("the message", text, expected, strlen(expected));
        expect_number("its priority", priority, messages[order[i]].priority);
    }
    expect_error("mq_timedreceive of nothing", sys5(SYS_mq_timedreceive, queue, (long)text, 64, 0, 0), EAGAIN);
}
