// An interpreter that is wrong on purpose: registered for AArch64 programs with the flags PF, it reads what to do wrong
// from the file beside it (its own path with ".rule" after it), and goes on as the real emulator. Lines of that file:
//   emulator PATH                          the real one
//   variable NAME=VALUE                    for the emulator's environment
//   crash EVERY COUNTER-FILE               die by SIGSEGV in one of EVERY runs of the probe program, by turns
//   answer CALL ERRNO [ARGUMENT MASK VALUE]
// `answer` lets a system call of the host (its name) do nothing and return -ERRNO, 0 included: for every such call, or only
// where that argument, masked, has that value.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// A call that a test needs and that is not here is added here.
static const struct {
    const char *name;
    unsigned number;
} calls[] = {
#define CALL(NAME) {#NAME, SYS_##NAME}
    CALL(clock_nanosleep), CALL(close_range), CALL(copy_file_range), CALL(epoll_pwait), CALL(eventfd2),
    CALL(faccessat2), CALL(fallocate), CALL(fcntl), CALL(flock), CALL(futex), CALL(getdents64), CALL(getrandom),
    CALL(inotify_add_watch), CALL(madvise), CALL(memfd_create), CALL(mq_open), CALL(mremap), CALL(prctl), CALL(rt_sigtimedwait),
    CALL(sched_setaffinity), CALL(semtimedop), CALL(sendfile), CALL(setpgid), CALL(setsockopt), CALL(setxattr), CALL(statx), CALL(sysinfo),
    CALL(timer_settime), CALL(timerfd_settime), CALL(utimensat), CALL(waitid),
};


[[noreturn]] static void stop(const char *what)
{
    fprintf(stderr, "wrong-interpreter: %s: %s\n", what, strerror(errno));
    _exit(125);
}

static unsigned number_of(const char *name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, name) == 0)
            return calls[i].number;
    errno = EINVAL;
    stop(name);
}

static void answer(unsigned call, unsigned error, int argument, unsigned mask, unsigned value)
{
    unsigned place = offsetof(struct seccomp_data, args) + 8u * (unsigned)(argument < 0 ? 0 : argument); // its low half
    struct sock_filter all[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, argument < 0 ? 1 : 4),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_filter some[] = {
        all[0],
        all[1],
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1),
        all[2],
        all[3],
    };
    struct sock_fprog program = {.len = 4, .filter = all};
    if (argument >= 0)
        program = (struct sock_fprog){.len = 7, .filter = some};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        stop("installing a filter");
}

// The writer of each byte learns its place in the file, so that runs side by side have turns of their own.
static void crash_by_turns(long every, const char *counter)
{
    int file = open(counter, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0 || write(file, "x", 1) != 1)
        stop(counter);
    if (lseek(file, 0, SEEK_CUR) % every == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){});
        raise(SIGSEGV);
    }
    close(file);
}

int main(int argc, char **argv)
{
    char path[4096], line[4096], emulator[4096] = "";
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 6);
    if (length < 0)
        stop("/proc/self/exe");
    strcpy(path + length, ".rule");
    FILE *rules = fopen(path, "re");
    if (!rules)
        stop(path);
    // With P the kernel hands over: this program, the program's path, its argv[0], its arguments.
    int asked = argc > 2 && strncmp(argv[1], "--", 2) != 0;
    while (fgets(line, sizeof line, rules)) {
        line[strcspn(line, "\n")] = 0;
        char text[4096];
        unsigned error, mask, value;
        int argument;
        long every;
        int fields = sscanf(line, "answer %4095s %u %d %x %x", text, &error, &argument, &mask, &value);
        if (fields == 2 || fields == 5)
            answer(number_of(text), error, fields == 5 ? argument : -1, mask, value);
        else if (sscanf(line, "crash %ld %4095s", &every, text) == 2) {
            if (asked)
                crash_by_turns(every, text);
        } else if (sscanf(line, "variable %4095s", text) == 1)
            putenv(strdup(text));
        else if (sscanf(line, "emulator %4095s", emulator) != 1) {
            errno = EINVAL;
            stop(line);
        }
    }
    fclose(rules);
    if (!asked) { // --version
        argv[0] = emulator;
        execv(emulator, argv);
        stop(emulator);
    }
    char **real = calloc((size_t)argc + 3, sizeof *real);
    if (!real)
        stop("memory");
    real[0] = emulator;
    real[1] = "-0";
    real[2] = argv[2];
    real[3] = argv[1];
    memcpy(real + 4, argv + 3, (size_t)(argc - 3) * sizeof *real);
    execv(emulator, real);
    stop(emulator);
}
