// What C libraries and language runtimes do with threads, from start to end.
#include "../threads.h"

enum { THREADS = 4, ROUNDS = 2000 };

static uint64_t counter;

static void count(struct thread *thread)
{
    for (int i = 0; i < ROUNDS; i++)
        __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);
    thread->value = (uint64_t)sys_gettid();
}

PROBE("thread.create-join",
      "clone(2) makes threads that share memory; each one's end clears its futex word and wakes the waiter",
      "go build and node hang at start or at exit", "https://github.com/golang/go/issues/70329")
{
    static struct thread threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        thread_create(&threads[i], count, nullptr);
    for (int i = 0; i < THREADS; i++)
        thread_join(&threads[i]);
    expect_number("shared counter", (int64_t)counter, THREADS * ROUNDS);
    for (int i = 0; i < THREADS; i++) {
        expect_number("thread's own gettid() and CLONE_PARENT_SETTID", (int64_t)threads[i].value, threads[i].id);
        EXPECT(threads[i].id != sys_getpid() && (i == 0 || threads[i].id != threads[i - 1].id),
               "every thread has an id of its own", "%d", threads[i].id);
    }
}

static void look_at_tls(struct thread *thread)
{
    for (int i = 0; i < 50; i++) {
        thread->value += thread_pointer() != thread->tls;
        if (i % 10 == 0)
            sys0(SYS_sched_yield);
    }
    thread->value += sys_getpid() == sys_gettid();
}

PROBE("thread.tls", "every thread keeps the thread pointer that it was given, across system calls and switches",
      "errno and thread-local variables belong to another thread", "")
{
    static struct thread threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        thread_create(&threads[i], look_at_tls, nullptr);
    for (int i = 0; i < THREADS; i++)
        thread_join(&threads[i]);
    for (int i = 0; i < THREADS; i++)
        expect_number("wrong thread pointers or ids seen", (int64_t)threads[i].value, 0);
}

static void look_twice(struct thread *thread)
{
    thread->value += thread_pointer() != thread->tls;
    sys0(SYS_sched_yield);
    thread->value += thread_pointer() != thread->tls || sys_gettid() == sys_getpid();
}

PROBE("thread.churn", "32 threads come and go in four waves on reused stacks, and all are joined",
      "builds with many short threads (lld, cargo) leak or hang", "")
{
    static struct thread threads[8];
    for (int wave = 0; wave < 4 * (int)started.scale; wave++) {
        for (int i = 0; i < 8; i++)
            thread_create(&threads[i], look_twice, nullptr);
        for (int i = 0; i < 8; i++) {
            thread_join(&threads[i]);
            expect_number("wrong thread pointers or ids seen", (int64_t)threads[i].value, 0);
        }
    }
}

static void spin(struct thread *)
{
    for (;;)
        __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);
}

static void sleep_for_ever(struct thread *)
{
    for (;;)
        sleep_us(1'000'000);
}

static void end_process(struct thread *) { sys_exit(42); }

PROBE("thread.exit-group",
      "exit_group(2) from any thread ends the others, whether they compute or sleep, with its status",
      "programs hang at exit, or end by a signal", "https://github.com/golang/go/issues/70329")
{
    for (int i = 0; i < 2; i++) {
        int pid = (int)expect_success("fork", sys_fork());
        if (pid == 0) {
            static struct thread threads[3];
            thread_create(&threads[0], spin, nullptr);
            thread_create(&threads[1], sleep_for_ever, nullptr);
            if (i > 0) // the last thread, while the first sleeps
                thread_create(&threads[2], end_process, nullptr), sleep_for_ever(nullptr);
            sys_exit(42);
        }
        expect_exit("a process of several threads", wait_status(pid), 42);
    }
}

// Ends while other threads end. Its value shows that it ran.
static void end_at_once(struct thread *thread) { thread->value++; }

static void end_by_itself(struct thread *)
{
    for (volatile int i = 0; i < 200; i++)
        ;
    sys_exit(42);
}

PROBE("thread.exit-race",
      "threads that end while others end, are made or end the process: none is lost, and the status is the one that was given",
      "go test and node end by a signal, or never, once in a hundred runs", "https://github.com/golang/go/issues/70329")
{
    static struct thread threads[THREADS];
    const int rounds = 3 * (int)started.scale;
    for (int round = 0; round < rounds; round++) { // joined in another order than that in which they end
        for (int i = 0; i < THREADS; i++)
            thread_create(&threads[i], end_at_once, nullptr);
        for (int i = THREADS; i-- > 0;)
            thread_join(&threads[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        expect_number("runs of a thread", (int64_t)threads[i].value, rounds);
        long there; // the kernel wakes the joiner a moment before the thread is gone
        for (uint64_t begun = now_ns();
             (there = sys3(SYS_tgkill, sys_getpid(), threads[i].id, 0)) == 0 && now_ns() - begun < patience_ns();)
            sleep_us(400);
        expect_error("tgkill of a thread that has ended", there, ESRCH);
    }
    for (int round = 0; round < 2 * (int)started.scale; round++) {
        int pid = (int)expect_success("fork", sys_fork());
        if (pid == 0) { // two threads end the process at the same time, while a third ends and this one makes more
            thread_create(&threads[0], end_at_once, nullptr);
            thread_create(&threads[1], end_by_itself, nullptr);
            thread_create(&threads[2], end_by_itself, nullptr);
            thread_create(&threads[3], end_at_once, nullptr);
            if (round % 2)
                sys1(SYS_exit, 0);
            sys_exit(42);
        }
        expect_exit("a process that several threads end", wait_status(pid), 42);
    }
}

static void outlive(struct thread *)
{
    sleep_us(2000);
    sys_exit(7);
}

PROBE("thread.leader-exit", "a process lives on when its first thread ends, and ends with the status of the last",
      "daemons end too early, or never", "")
{
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        static struct thread thread;
        thread_create(&thread, outlive, nullptr);
        sys1(SYS_exit, 1);
    }
    expect_exit("the process", wait_status(pid), 7);
}

static void fork_here(struct thread *thread)
{
    int pid = (int)sys_fork();
    if (pid == 0) {
        int inner = (int)sys_fork();
        if (inner == 0)
            sys_exit(11);
        sys_exit(wait_status(inner) == 11 << 8 && sys_gettid() == sys_getpid() ? 22 : 1);
    }
    thread->value = (uint64_t)wait_status(pid);
}

PROBE("thread.fork",
      "fork(2) in a second thread, while others compute, makes a process of one thread that can fork again",
      "python multiprocessing and subprocess deadlock", "")
{
    static struct thread busy, threads[2];
    thread_create(&busy, spin, nullptr);
    for (int i = 0; i < 2; i++)
        thread_create(&threads[i], fork_here, nullptr);
    for (int i = 0; i < 2; i++) {
        thread_join(&threads[i]);
        expect_exit("the process forked by a thread", (int)threads[i].value, 22);
    }
}

CHILD_PROGRAM(same_process)
{
    const char *at = argv[argc - 1];
    return (int64_t)parse_decimal(&at) == sys_getpid() && sys_gettid() == sys_getpid() ? 12 : 13;
}

static void execute_here(struct thread *)
{
    char id[24];
    format(id, sizeof id, "%ld", sys_getpid());
    sys_exit((int)-become(started.self, "same_process", (const char *const[]){"x", id, nullptr}));
}

PROBE("thread.exec", "execve(2) in a second thread replaces the whole process and keeps its id",
      "Go's syscall.Exec loses its caller", "")
{
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        static struct thread threads[2];
        thread_create(&threads[0], spin, nullptr);
        thread_create(&threads[1], execute_here, nullptr);
        sleep_for_ever(nullptr);
    }
    expect_exit("the program executed by a thread", wait_status(pid), 12);
}
