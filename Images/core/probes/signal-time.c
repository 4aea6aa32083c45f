// Signals that come from clocks and to threads, in the middle of other work.
#include "../threads.h"

static struct {
    volatile int count, code, overrun;
    volatile uint64_t value;
    int fd;
} seen;

static void on_timer(int, struct siginfo *info, void *)
{
    seen.count++;
    seen.code = info->code;
    seen.value = info->timer_value;
    if (seen.fd > 0)
        sys_write(seen.fd, "x", 1);
}

static void handle(int signal, unsigned long flags)
{
    struct sigaction action = {.action = on_timer, .flags = SA_SIGINFO | flags};
    expect_success("rt_sigaction", sys_sigaction(signal, &action, nullptr));
}

static const struct itimerval EVERY_MILLISECOND = {{0, 1000}, {0, 1000}}, STOPPED = {};

PROBE("signal.interrupt",
      "a handler without SA_RESTART interrupts read, nanosleep, futex and poll with EINTR; the remaining time is told",
      "timeouts in shells and test runners do not fire", "")
{
    handle(SIGALRM, 0);
    int ends[2];
    char byte;
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&EVERY_MILLISECOND, 0));
    expect_error("read of an empty pipe", sys_read(ends[0], &byte, 1), EINTR);
    struct timespec long_time = {1000, 0}, left = {};
    expect_error("nanosleep", sys2(SYS_nanosleep, (long)&long_time, (long)&left), EINTR);
    EXPECT(left.seconds >= 900 && left.seconds <= 1000, "nanosleep tells the remaining time", "%jd s", left.seconds);
    struct pollfd poll = {.fd = ends[0], .events = POLLIN};
    expect_error("ppoll", sys_poll(&poll, 1, &long_time), EINTR);
    uint32_t word = 0;
    expect_error("futex(FUTEX_WAIT)", sys_futex(&word, FUTEX_WAIT, 0, &long_time), EINTR);
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&STOPPED, 0));
    EXPECT(seen.count >= 4, "at least four signals came", "%d", seen.count);
}

PROBE("signal.restart", "a handler with SA_RESTART lets read and wait4 go on as if nothing had happened",
      "interrupted system call errors in tools that never expect them", "")
{
    handle(SIGALRM, SA_RESTART);
    int ends[2];
    char byte = 0;
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    seen.fd = ends[1];
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&EVERY_MILLISECOND, 0));
    expect_number("read that the handler itself ends", sys_read(ends[0], &byte, 1), 1);
    expect_equal("what it read", (uint8_t)byte, 'x');
    seen.fd = 0;
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        sleep_us(4000); // timers are not inherited
        sys_exit(3);
    }
    int status = 0;
    expect_number("wait4 under signals", sys_wait(pid, &status, 0), pid);
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&STOPPED, 0));
    expect_exit("the child", status, 3);
}

PROBE("signal.timer", "timer_create(2) timers expire with SI_TIMER and their value, can be read, and count overruns",
      "Go's profiler and real-time code get no or wrong ticks", "")
{
    handle(SIGRTMIN + 3, 0);
    struct {
        unsigned long value;
        int32_t signo, notify, rest[12];
    } event = {.value = 0xabcdef, .signo = SIGRTMIN + 3};
    int timer = -1;
    expect_success("timer_create", sys3(SYS_timer_create, CLOCK_MONOTONIC, (long)&event, (long)&timer));
    struct itimerspec slow = {{0, 0}, {100, 0}}, now = {}, quick = {{0, 0}, {0, 1'000'000}};
    expect_success("timer_settime", sys4(SYS_timer_settime, timer, 0, (long)&slow, 0));
    expect_success("timer_gettime", sys2(SYS_timer_gettime, timer, (long)&now));
    EXPECT(now.value.seconds >= 90 && now.value.seconds <= 100, "almost 100 s are left", "%jd s", now.value.seconds);
    expect_success("timer_settime", sys4(SYS_timer_settime, timer, 0, (long)&quick, 0));
    for (uint64_t begun = now_ns(); seen.count == 0 && now_ns() - begun < patience_ns();)
        sleep_us(500);
    expect_number("expirations of a single shot", seen.count, 1);
    expect_number("si_code", seen.code, SI_TIMER);
    expect_equal("si_value", seen.value, 0xabcdef);
    uint64_t set = 1ull << (SIGRTMIN + 3 - 1);
    expect_success("rt_sigprocmask", sys_sigmask(SIG_BLOCK, &set, nullptr));
    struct itimerspec often = {{0, 500'000}, {0, 500'000}};
    expect_success("timer_settime", sys4(SYS_timer_settime, timer, 0, (long)&often, 0));
    sleep_us(5000);
    uint64_t unblocked = now_ns();
    expect_success("rt_sigprocmask", sys_sigmask(SIG_UNBLOCK, &set, nullptr));
    expect_success("timer_getoverrun", sys1(SYS_timer_getoverrun, timer));
    expect_success("timer_delete", sys1(SYS_timer_delete, timer));
    int most = 3 + (int)((now_ns() - unblocked) / 500'000); // the single shot, and from here on one each 0.5 ms
    EXPECT(seen.count >= 2 && seen.count <= most, "expirations while blocked are one signal with overruns",
           "%d signals, at most %d", seen.count, most);
    expect_error("timer_gettime of a deleted timer", sys2(SYS_timer_gettime, timer, (long)&now), EINVAL);
}

enum { WORKERS = 3, ROUNDS = 3000 };
static volatile uint32_t storms[WORKERS], stop;
static int workers[WORKERS];

static void on_urgent(int, struct siginfo *, void *)
{
    int id = (int)sys_gettid();
    for (int i = 0; i < WORKERS; i++)
        if (__atomic_load_n(&workers[i], __ATOMIC_RELAXED) == id)
            storms[i]++;
}

static uint64_t mix(uint64_t rounds)
{
    uint64_t a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;
    double x = 1;
    for (uint64_t i = 0; i < rounds; i++) {
        a += b ^ i, b = b * 5 + c, c ^= a << 7, d += c >> 3, e = e * 3 + d, f ^= e + a;
        x = x * 0.5 + 1;
    }
    return a ^ b ^ c ^ d ^ e ^ f ^ (uint32_t)(x * 1024);
}

static uint64_t expected;

static void work(struct thread *thread)
{
    __atomic_store_n(&workers[(uintptr_t)thread->argument], (int)sys_gettid(), __ATOMIC_RELEASE);
    do
        thread->value += mix(ROUNDS) != expected;
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE));
}

PROBE(
    "signal.storm",
    "threads that compute are interrupted by hundreds of directed signals: each handler runs in its thread, no register is lost, nothing hangs",
    "Go programs hang or crash: preemption by SIGURG", "https://github.com/golang/go/issues/36981")
{
    struct sigaction action = {.action = on_urgent, .flags = SA_SIGINFO | SA_RESTART};
    expect_success("rt_sigaction", sys_sigaction(SIGURG, &action, nullptr));
    expected = mix(ROUNDS);
    static struct thread threads[WORKERS];
    for (int i = 0; i < WORKERS; i++)
        thread_create(&threads[i], work, (void *)(uintptr_t)i);
    for (int i = 0; i < WORKERS; i++)
        while (__atomic_load_n(&workers[i], __ATOMIC_ACQUIRE) == 0)
            sleep_us(50);
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < WORKERS; i++)
            expect_success("tgkill", sys3(SYS_tgkill, sys_getpid(), workers[i], SIGURG));
        if (round % 25 == 0)
            sleep_us(100);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < WORKERS; i++)
        thread_join(&threads[i]);
    for (int i = 0; i < WORKERS; i++) {
        expect_number("computations that an interruption spoiled", (int64_t)threads[i].value, 0);
        EXPECT(storms[i] >= 1 && storms[i] <= 100, "between 1 and 100 handlers ran in each thread", "%u", storms[i]);
    }
}
