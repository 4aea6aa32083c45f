// What timers, sleeps and processor clocks write back.
#include "../threads.h"

static int64_t microseconds(struct timeval t) { return (int64_t)t.seconds * 1'000'000 + t.microseconds; }
static int64_t nanoseconds(struct timespec t) { return t.seconds * 1'000'000'000 + t.nanoseconds; }

static volatile int alarms;
static void on_alarm(int) { alarms++; }

PROBE("time.old-values",
      "setting a timer tells what was left of the old one, in each of the three kinds, and repeats are kept",
      "programs that nest timeouts lose the outer one", "")
{
    struct sigaction action = {.handler = on_alarm};
    sys_sigaction(SIGALRM, &action, nullptr);
    struct itimerval first = {{7, 3}, {1000, 250'000}}, second = {{0, 0}, {500, 0}}, old = {{-1, -1}, {-1, -1}};
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&first, (long)&old));
    expect_number("what was left of no timer", microseconds(old.value), 0);
    expect_success("getitimer", sys2(SYS_getitimer, 0, (long)&old));
    EXPECT(microseconds(old.value) <= 1'000'260'000 && microseconds(old.value) > 940'000'000, "about 1000 s are left",
           "%jd us", microseconds(old.value));
    expect_number("it_interval", microseconds(old.interval), 7'000'003);
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&second, (long)&old));
    EXPECT(microseconds(old.value) <= 1'000'260'000 && microseconds(old.value) > 940'000'000,
           "setitimer tells what is left of the old one", "%jd us", microseconds(old.value));
    expect_number("its it_interval", microseconds(old.interval), 7'000'003);
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&(struct itimerval){}, 0));
    expect_error("setitimer with a million microseconds",
                 sys3(SYS_setitimer, 0, (long)&(struct itimerval){{0, 0}, {0, 1'000'000}}, 0), EINVAL);
    first = (struct itimerval){{0, 1000}, {0, 1000}};
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&first, 0));
    for (uint64_t end = now_ns() + patience_ns(); alarms < 3;)
        EXPECT(now_ns() < end, "a repeating timer expires three times", "%d", alarms);
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&(struct itimerval){}, 0));

    int timer = -1;
    expect_success("timer_create", sys3(SYS_timer_create, CLOCK_MONOTONIC, 0, (long)&timer));
    struct itimerspec long_one = {{3, 5}, {2000, 7}}, none = {}, was = {};
    expect_success("timer_settime", sys4(SYS_timer_settime, timer, 0, (long)&long_one, (long)&was));
    expect_number("what was left of no timer", nanoseconds(was.value), 0);
    expect_success("timer_settime", sys4(SYS_timer_settime, timer, 0, (long)&none, (long)&was));
    EXPECT(was.value.seconds >= 1940 && was.value.seconds <= 2000, "timer_settime tells what is left", "%jd s",
           was.value.seconds);
    expect_number("its interval", nanoseconds(was.interval), 3'000'000'005);
    struct timespec now;
    read_clock(CLOCK_MONOTONIC, &now);
    struct itimerspec absolute = {{0, 0}, {now.seconds + 3000, 0}};
    expect_success("timer_settime(TIMER_ABSTIME)", sys4(SYS_timer_settime, timer, TIMER_ABSTIME, (long)&absolute, 0));
    expect_success("timer_gettime", sys2(SYS_timer_gettime, timer, (long)&was));
    EXPECT(was.value.seconds >= 2940 && was.value.seconds <= 3000, "an absolute moment is 3000 s away", "%jd s",
           was.value.seconds);
    int others[3]; // several at once, each with its own time
    for (int i = 0; i < 3; i++) {
        expect_success("timer_create", sys3(SYS_timer_create, CLOCK_MONOTONIC, 0, (long)&others[i]));
        long_one.value.seconds = 1000 * (i + 4);
        expect_success("timer_settime", sys4(SYS_timer_settime, others[i], 0, (long)&long_one, 0));
    }
    for (int i = 0; i < 3; i++) {
        expect_success("timer_gettime", sys2(SYS_timer_gettime, others[i], (long)&was));
        expect_number("thousands of seconds left", (was.value.seconds + 60) / 1000, i + 4);
        expect_success("timer_delete", sys1(SYS_timer_delete, others[i]));
        expect_error("timer_gettime of one that is gone", sys2(SYS_timer_gettime, others[i], (long)&was), EINVAL);
    }
    long_one.value.seconds = 2000;
    expect_success("timer_delete", sys1(SYS_timer_delete, timer));
    expect_error("timer_delete twice", sys1(SYS_timer_delete, timer), EINVAL);

    int fd = (int)expect_success("timerfd_create", sys2(SYS_timerfd_create, CLOCK_MONOTONIC, 0));
    expect_success("timerfd_settime", sys4(SYS_timerfd_settime, fd, 0, (long)&long_one, (long)&was));
    expect_number("what was left of no timer", nanoseconds(was.value), 0);
    expect_success("timerfd_settime", sys4(SYS_timerfd_settime, fd, TIMER_ABSTIME, (long)&absolute, (long)&was));
    EXPECT(was.value.seconds >= 1940 && was.value.seconds <= 2000, "timerfd_settime tells what is left", "%jd s",
           was.value.seconds);
    expect_number("its interval", nanoseconds(was.interval), 3'000'000'005);
    expect_success("timerfd_gettime", sys2(SYS_timerfd_gettime, fd, (long)&was));
    EXPECT(was.value.seconds >= 2940 && was.value.seconds <= 3000, "3000 s are left", "%jd s", was.value.seconds);
}

PROBE("time.rest", "nanosleep and clock_nanosleep that a signal ends tell the rest, and no rest of an absolute moment",
      "sleeps that are interrupted start over, or end early", "")
{
    struct sigaction action = {.handler = on_alarm};
    sys_sigaction(SIGALRM, &action, nullptr);
    for (int i = 0; i < 2; i++) {
        struct itimerval soon = {{0, 2000}, {0, 2000}}; // repeated: the first may come before the sleep
        struct timespec time = {900, 0}, rest = {-1, -1};
        expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&soon, 0));
        long result = i ? sys4(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, (long)&time, (long)&rest)
                        : sys2(SYS_nanosleep, (long)&time, (long)&rest);
        expect_error(i ? "clock_nanosleep" : "nanosleep", result, EINTR);
        // The kernel counts the timer's slack as rest (hrtimer_expires_remaining): a signal at once leaves 900.00005 s.
        bool is_whole = rest.seconds == 900 && rest.nanoseconds == 0;
        bool is_valid = rest.nanoseconds >= 0 && rest.nanoseconds < 1'000'000'000;
        EXPECT(rest.seconds >= 840 && rest.seconds <= 900 && !is_whole && is_valid, "most of 900 s is the rest",
               "%jd s, %jd ns", rest.seconds, rest.nanoseconds);
    }
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&(struct itimerval){}, 0));
    struct timespec when = {0, 1000}, rest = {-1, -1};
    expect_success("nanosleep", sys2(SYS_nanosleep, (long)&when, (long)&rest));
    expect_success("clock_nanosleep", sys4(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, (long)&when, (long)&rest));
    EXPECT(rest.seconds == -1 && rest.nanoseconds == -1, "a sleep that nothing ends tells no rest", "%jd s, %jd ns",
           rest.seconds, rest.nanoseconds);
    read_clock(CLOCK_REALTIME, &when);
    when.seconds += 900;
    expect_success("setitimer", sys3(SYS_setitimer, 0, (long)&(struct itimerval){{0, 2000}, {0, 2000}}, 0));
    expect_error("clock_nanosleep(TIMER_ABSTIME)",
                 sys4(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, (long)&when, (long)&rest), EINTR);
    expect_number("its rest is not told", rest.seconds, -1);
    expect_error("nanosleep of 10^9 ns", sys2(SYS_nanosleep, (long)&(struct timespec){0, 1'000'000'000}, 0), EINVAL);
    long result = sys4(SYS_clock_nanosleep, CLOCK_THREAD_CPU, 0, (long)&(struct timespec){0, 1}, 0);
    EXPECT(result == -EINVAL || result == -EOPNOTSUPP, "clock_nanosleep on the thread's own clock is refused", "%ld",
           result);
}

static volatile bool stop;
static void spin(struct thread *self)
{
    while (!stop)
        continue;
    struct timespec used;
    read_clock(CLOCK_THREAD_CPU, &used);
    self->value = nanoseconds(used);
}

PROBE("time.usage",
      "the clock of a thread leaves out the others, gettimeofday has microseconds, getrusage and times fill all fields",
      "profilers blame the wrong thread; build tools report no memory", "")
{
    static struct thread other;
    struct timespec process[2], own[2];
    read_clock(CLOCK_PROCESS_CPU, &process[0]);
    read_clock(CLOCK_THREAD_CPU, &own[0]);
    thread_create(&other, spin, nullptr);
    // How much this thread takes is not foreseen: making the other one is work, too.
    uint64_t end = now_ns() + patience_ns();
    int64_t all, mine;
    do {
        sleep_us(2000);
        read_clock(CLOCK_PROCESS_CPU, &process[1]);
        read_clock(CLOCK_THREAD_CPU, &own[1]);
        all = nanoseconds(process[1]) - nanoseconds(process[0]), mine = nanoseconds(own[1]) - nanoseconds(own[0]);
        EXPECT(now_ns() < end, "the process takes 6 ms more than the thread that sleeps", "%jd and %jd ns", all, mine);
    } while (all - mine < 6'000'000);
    stop = true;
    thread_join(&other);
    // Threads of the emulator's own take some of it.
    EXPECT((int64_t)other.value >= 1'000'000, "the busy thread's own clock runs", "%ld ns",
           (long)other.value);

    enum { TOUCHED = 1 << 20 }; // the kernel counts pages in batches
    uint8_t *memory = sys_mmap(nullptr, TOUCHED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)memory);
    memset(memory, 1, TOUCHED);
    struct {
        struct timeval user, system;
        long max_rss, ix, id, is, minor, major, swaps, in, out, sent, received, signals, voluntary, involuntary;
    } usage = {}, children = {}, thread = {};
    expect_success("getrusage(SELF)", sys2(SYS_getrusage, 0, (long)&usage));
    EXPECT(usage.max_rss >= 500 && usage.max_rss < 1 << 30, "ru_maxrss in KiB", "%ld", usage.max_rss);
    EXPECT(usage.minor > 0 && usage.minor < 1'000'000'000, "ru_minflt", "%ld", usage.minor);
    EXPECT(usage.voluntary > 0, "ru_nvcsw, after sleeping", "%ld", usage.voluntary);
    EXPECT(microseconds(usage.user) + microseconds(usage.system) >= 5'000, "ru_utime and ru_stime", "%jd us",
           microseconds(usage.user) + microseconds(usage.system));
    expect_success("getrusage(THREAD)", sys2(SYS_getrusage, 1, (long)&thread));
    // Held against this thread's own clock: on a slow machine it takes more between two calls than the other did.
    read_clock(CLOCK_THREAD_CPU, &own[1]);
    mine = nanoseconds(own[1]) / 1000 + 2'000;
    all = microseconds(thread.user) + microseconds(thread.system);
    EXPECT(all <= mine, "RUSAGE_THREAD leaves out the other", "%jd of %jd us", all, mine);
    expect_success("getrusage(CHILDREN)", sys2(SYS_getrusage, -1, (long)&children));
    expect_number("ru_maxrss of no children", children.max_rss, 0);
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        memset(memory, 2, TOUCHED);
        sys_exit(0);
    }
    int status = -1;
    expect_number("wait4", sys4(SYS_wait4, pid, (long)&status, 0, (long)&children), pid);
    EXPECT(children.max_rss >= 500 && children.max_rss < 1 << 30, "ru_maxrss of wait4, in KiB", "%ld",
           children.max_rss);
    EXPECT(children.minor > 0, "ru_minflt of wait4", "%ld", children.minor);
    struct timeval day[4] = {};
    int64_t zone[1] = {-1};
    uint64_t odd = 0;
    for (int i = 0; i < 4; i++) {
        expect_success("gettimeofday", sys2(SYS_gettimeofday, (long)&day[i], (long)zone));
        EXPECT(day[i].microseconds >= 0 && day[i].microseconds < 1'000'000, "0 <= tv_usec < 10^6", "%ld",
               day[i].microseconds);
        odd |= (uint64_t)(day[i].microseconds % 1000);
        sleep_us(137);
    }
    EXPECT(odd != 0, "gettimeofday has microseconds", "milliseconds");
    for (int clock = 0; clock <= 7; clock += clock == 3 ? 3 : 1) { // not 4 and 5: fine and coarse ones, 8: alarms
        struct timespec resolution = {-1, -1};
        expect_success("clock_getres", sys2(SYS_clock_getres, clock, (long)&resolution));
        EXPECT(resolution.seconds == 0 && resolution.nanoseconds > 0 && resolution.nanoseconds <= 10'000'000,
               "a resolution of at most 10 ms", "%jd s, %jd ns", resolution.seconds, resolution.nanoseconds);
    }
}
