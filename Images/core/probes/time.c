// Clocks and timers.
#include "../probe.h"

static int64_t nanoseconds(struct timespec time) { return time.seconds * 1'000'000'000 + time.nanoseconds; }

PROBE("time.clocks", "every clock runs forward in nanoseconds below 10^9, and gettimeofday agrees with CLOCK_REALTIME",
      "certificates are not yet valid, make sees clock skew", "")
{
    static const int clocks[] = {
        CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME, 5, 6, 11}; // coarse ones; TAI
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        struct timespec first = {}, second = {}, resolution = {};
        expect_success("clock_gettime", sys_clock(clocks[i], &first));
        for (int j = 0; j < 20; j++) {
            expect_success("clock_gettime", sys_clock(clocks[i], &second));
            EXPECT(second.nanoseconds >= 0 && second.nanoseconds < 1'000'000'000, "0 <= tv_nsec < 10^9", "%jd",
                   second.nanoseconds);
            EXPECT(nanoseconds(second) >= nanoseconds(first), "clocks do not go back", "clock %d by %jd ns", clocks[i],
                   nanoseconds(first) - nanoseconds(second));
            first = second;
        }
        expect_success("clock_getres", sys2(SYS_clock_getres, clocks[i], (long)&resolution));
        EXPECT(nanoseconds(resolution) >= 1 && nanoseconds(resolution) <= 20'000'000, "resolution of 1 ns to 20 ms",
               "%jd ns", nanoseconds(resolution));
    }
    struct timespec before = {}, after = {};
    struct timeval day = {};
    read_clock(CLOCK_REALTIME, &before);
    expect_success("gettimeofday", sys2(SYS_gettimeofday, (long)&day, 0));
    read_clock(CLOCK_REALTIME, &after);
    int64_t microseconds = (int64_t)day.seconds * 1'000'000 + day.microseconds;
    EXPECT(microseconds >= nanoseconds(before) / 1000 && microseconds <= nanoseconds(after) / 1000,
           "gettimeofday lies between two clock_gettime", "%jd us", microseconds);
    EXPECT(before.seconds > 1'700'000'000, "CLOCK_REALTIME is past November 2023", "%jd", before.seconds);
    expect_error("clock_gettime of a clock that does not exist", sys_clock(77, &before), EINVAL);
}

// What getrusage says the process used of processors, of user and system time together.
static int64_t used_microseconds(void)
{
    struct timeval usage[18] = {}; // struct rusage begins with user and system time
    expect_success("getrusage", sys2(SYS_getrusage, 0, (long)usage));
    return (int64_t)(usage[0].seconds + usage[1].seconds) * 1'000'000 + usage[0].microseconds + usage[1].microseconds;
}

PROBE("time.processor",
      "the processor clocks of process and thread advance with work and hardly with sleep; getrusage and times agree",
      "profilers and time limits of test runners are wrong", "")
{
    struct timespec before = {}, idle = {}, after = {};
    int64_t slept = 0, asked = 3'000'000;
    // A shared machine may charge this process for the time of others, and on a slow one the calls take as long as the
    // sleep. So there are four attempts, each eight times as long.
    for (int tries = 0; tries < 4 && (tries == 0 || slept >= asked * 5 / 6); tries++) {
        if (tries > 0 && (uint64_t)asked * 8 < patience_ns() / 2)
            asked *= 8;
        expect_success("clock_gettime", sys_clock(CLOCK_PROCESS_CPU, &before));
        sleep_us((uint64_t)asked / 1000);
        expect_success("clock_gettime", sys_clock(CLOCK_PROCESS_CPU, &idle));
        slept = nanoseconds(idle) - nanoseconds(before);
    }
    uint64_t begun = now_ns();
    while (now_ns() - begun < 3'000'000)
        ;
    expect_success("clock_gettime", sys_clock(CLOCK_PROCESS_CPU, &after));
    int64_t worked = nanoseconds(after) - nanoseconds(idle);
    EXPECT(worked > 0 && slept >= 0, "work takes processor time", "%jd ns", worked);
    EXPECT(slept < asked * 5 / 6, "a sleep takes less than five sixths of its time from the processor", "%jd of %jd ns",
           slept, asked);
    // Each clock is read between two readings of another: however long a starved machine takes in between, the order stays.
    struct timespec thread = {}, later = {};
    expect_success("clock_gettime(thread)", sys_clock(CLOCK_THREAD_CPU, &thread));
    int64_t used = used_microseconds();
    expect_success("clock_gettime", sys_clock(CLOCK_PROCESS_CPU, &later));
    EXPECT(nanoseconds(thread) <= nanoseconds(later) + 10'000'000 && nanoseconds(thread) > 0,
           "the only thread took no more than the process", "%jd ns of %jd", nanoseconds(thread), nanoseconds(later));
    EXPECT(used * 1000 + 20'000'000 >= nanoseconds(after) && used * 1000 <= nanoseconds(later) + 100'000'000,
           "getrusage agrees with the clock before it within 20 ms, with the one behind it within 100 ms",
           "%jd us, not %jd to %jd ns", used, nanoseconds(after), nanoseconds(later));
    long ticks[4] = {-1, -1, -1, -1};
    EXPECT(sys1(SYS_times, (long)ticks) != 0, "times succeeds", "0");
    for (int i = 0; i < 4; i++)
        EXPECT(ticks[i] >= 0 && ticks[i] < 100'000, "four times, each less than a thousand seconds", "%ld", ticks[i]);
    used = used_microseconds();
    EXPECT((int64_t)(ticks[0] + ticks[1]) * 10'000'000 <= used * 1000 + 100'000'000, "times agrees within 100 ms",
           "%ld ticks", ticks[0] + ticks[1]);
}

PROBE("time.sleep",
      "nanosleep and clock_nanosleep sleep at least as long as asked, and an absolute moment in the past not at all",
      "retries and rate limits spin", "")
{
    uint64_t begun = now_ns();
    struct timespec short_time = {0, 1'500'000};
    expect_success("nanosleep", sys2(SYS_nanosleep, (long)&short_time, 0));
    uint64_t slept = now_ns() - begun;
    EXPECT(slept >= 1'500'000, "1.5 ms or more", "%ju ns", slept);
    expect_soon(slept);
    struct timespec moment = {};
    // A busy host may take the processor away for that long, and so hide that there was no sleep: try four times.
    for (int i = 0; i < 4; i++) {
        read_clock(CLOCK_MONOTONIC, &moment);
        int64_t target = nanoseconds(moment) + 500'000;
        moment = (struct timespec){target / 1'000'000'000, target % 1'000'000'000};
        expect_success("clock_nanosleep", sys4(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, (long)&moment, 0));
        EXPECT((int64_t)now_ns() >= target, "until the moment", "%jd ns too early", target - (int64_t)now_ns());
    }
    begun = now_ns();
    expect_success("clock_nanosleep", sys4(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, (long)&moment, 0));
    expect_soon(now_ns() - begun); // a moment in the past is now
    moment.nanoseconds = 1'000'000'000;
    expect_error("nanosleep of 10^9 ns", sys2(SYS_nanosleep, (long)&moment, 0), EINVAL);
}

PROBE("time.timerfd", "timerfd counts expirations, tells the time left, and takes moments past 2038",
      "event loops (systemd, libuv) lose timers", "")
{
    int fd = (int)expect_success("timerfd_create", sys2(SYS_timerfd_create, CLOCK_MONOTONIC, O_NONBLOCK | O_CLOEXEC));
    struct itimerspec often = {{0, 500'000}, {0, 500'000}}, now = {}, late = {{0, 0}, {0x1'0000'0000, 5}};
    uint64_t count = 0;
    expect_error("read before it is set", sys_read(fd, &count, 8), EAGAIN);
    uint64_t begun = now_ns();
    expect_success("timerfd_settime", sys4(SYS_timerfd_settime, fd, 0, (long)&often, 0));
    sleep_us(2500);
    expect_number("read", sys_read(fd, &count, 8), 8);
    uint64_t most = (now_ns() - begun) / 500'000;
    EXPECT(count >= 4 && count <= most, "an expiration each 0.5 ms, four or more in 2.5 ms", "%ju, at most %ju", count,
           most);
    int real = (int)expect_success("timerfd_create", sys2(SYS_timerfd_create, CLOCK_REALTIME, O_NONBLOCK | O_CLOEXEC));
    expect_success("timerfd_settime(TFD_TIMER_ABSTIME)",
                   sys4(SYS_timerfd_settime, real, TIMER_ABSTIME, (long)&late, 0));
    expect_success("timerfd_gettime", sys2(SYS_timerfd_gettime, real, (long)&now));
    struct timespec clock = {};
    read_clock(CLOCK_REALTIME, &clock);
    int64_t left = 0x1'0000'0000 - clock.seconds;
    EXPECT(now.value.seconds >= left - 2 && now.value.seconds <= left + 60, "seconds left until 2106", "%jd, not %jd",
           now.value.seconds, left);
}

static void on_late_signal(int) {}

PROBE("time.beyond-2038", "timers, sleeps and waits take 64-bit moments: none of 2106 expires now, and none is refused",
      "programs with far deadlines spin or abort, as with 32-bit time", "")
{
    static constexpr int64_t late = 0x1'0000'0000; // seconds: 2106, or 136 years from now; its low half is 0
    struct itimerspec far = {{0, 0}, {late, 5}}, left = {};
    struct {
        unsigned long value;
        int32_t signo, notify, rest[12];
    } event = {.signo = SIGUSR1, .notify = 1 /* SIGEV_NONE */};
    int timer = -1;
    expect_success("timer_create", sys3(SYS_timer_create, CLOCK_REALTIME, (long)&event, (long)&timer));
    expect_success("timer_settime(TIMER_ABSTIME)", sys4(SYS_timer_settime, timer, TIMER_ABSTIME, (long)&far, 0));
    expect_success("timer_gettime", sys2(SYS_timer_gettime, timer, (long)&left));
    struct timespec now = {};
    read_clock(CLOCK_REALTIME, &now);
    EXPECT(left.value.seconds >= late - now.seconds - 2 && left.value.seconds <= late - now.seconds + 60,
           "seconds left until 2106", "%jd", left.value.seconds);

    struct sigaction action = {.handler = on_late_signal};
    expect_success("rt_sigaction", sys_sigaction(SIGUSR2, &action, nullptr));
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) { // each of these would end at once if the time were cut to 32 bits; a signal alone ends it
        uint64_t set = 1ull << (SIGUSR1 - 1);
        uint32_t word = 1;
        const struct timespec far_away = {late, 0};
        expect_error("ppoll for 136 years", sys_poll(nullptr, 0, &far_away), EINTR);
        expect_error("rt_sigtimedwait for 136 years",
                     sys4(SYS_rt_sigtimedwait, (long)&set, 0, (long)&far_away, sizeof set), EINTR);
        expect_error("futex wait for 136 years", sys_futex(&word, FUTEX_WAIT, 1, &far_away), EINTR);
        expect_error("clock_nanosleep(TIMER_ABSTIME) until 2106",
                     sys4(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, (long)&far_away, 0), EINTR);
        sys_exit(0);
    }
    int status = -1;
    long ended;
    // A signal that comes between two waits ends none.
    for (uint64_t pause_us = 200; (ended = sys_wait(pid, &status, WNOHANG)) == 0; pause_us += pause_us / 4) {
        expect_success("kill", sys_kill(pid, SIGUSR2));
        sleep_us(pause_us);
    }
    expect_number("wait4", ended, pid);
    expect_number("how the child ended that waited for 2106", status, 0);
}
