#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"

// What the tracer reports: an error, or the paths that were not found.
struct told {
    int32_t error;
    int32_t stage;
    int32_t count;
    struct assay_missing missing[ASSAY_MOST_MISSING];
};

// The program's process: enters the new root, and is traced from its exec on.
[[noreturn]] static void start(const struct assay_launch *launch, int report) {
    enum assay_stage stage = ASSAY_STAGE_CLONE;
    int32_t proc_error;
    uid_t uid = geteuid();
    gid_t gid = getegid();
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++) {
        if (null >= 0) dup3(null, fd, 0);
    }
    int error = unshare((int)launch->namespaces & (CLONE_NEWNS | CLONE_NEWUSER)) == 0 ? 0 : errno;
    if (!error && launch->namespaces & CLONE_NEWUSER) {
        stage = ASSAY_STAGE_USER_MAP;
        error = assay_map_identity(uid, gid);
    }
    if (!error) error = assay_enter_root(launch, &proc_error, &stage);
    if (!error) {
        stage = ASSAY_STAGE_FORK;
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) error = errno;
    }
    if (error) {
        const int32_t said[2] = {error, stage};
        if (write(report, said, sizeof said) < 0) _exit(126);
        _exit(127);
    }
    raise(SIGSTOP);
    execve(launch->path, launch->argv, launch->envp);
    _exit(127);
}

// Which argument of the call is the path; -1 for calls that look nothing up.
static int place_of_path(uint64_t number) {
    switch (number) {
    case SYS_execve: return 0;
    case SYS_execveat: return 1;
    case SYS_openat: return 1;
#ifdef SYS_open
    case SYS_open: return 0;
#endif
    default: return -1;
    }
}

static void note(struct told *told, pid_t pid, uint64_t address, bool executed) {
    struct assay_missing *found = &told->missing[told->count % ASSAY_MOST_MISSING]; // keeps the last ones
    memset(found, 0, sizeof *found);
    struct iovec local = {found->path, sizeof found->path - 1}, remote = {(void *)(uintptr_t)address, 0};
    // Read up to the end of each page: the string may be the last thing before unmapped memory.
    size_t got = 0;
    while (got < sizeof found->path - 1) {
        size_t step = 4096 - ((uintptr_t)address + got) % 4096;
        if (step > sizeof found->path - 1 - got) step = sizeof found->path - 1 - got;
        local = (struct iovec){found->path + got, step};
        remote = (struct iovec){(void *)(uintptr_t)(address + got), step};
        if (process_vm_readv(pid, &local, 1, &remote, 1, 0) != (ssize_t)step) break;
        bool ended = memchr(found->path + got, 0, step) != NULL;
        got += step;
        if (ended) break;
    }
    found->executed = executed;
    if (found->path[0] == '/') told->count++;
}

struct tracee {
    pid_t pid;
    uint64_t number, address;
};

static void follow(pid_t first, struct told *told) {
    enum { MOST = 64 };
    struct tracee tracees[MOST] = {{.pid = first}};
    int count = 1;
    for (;;) {
        int status, deliver = 0;
        pid_t pid = TEMP_FAILURE_RETRY(waitpid(-1, &status, __WALL));
        if (pid < 0) return;
        if (!WIFSTOPPED(status)) {
            if (pid == first) return;
            continue;
        }
        struct tracee *tracee = NULL;
        for (int i = 0; i < count; i++) {
            if (tracees[i].pid == pid) tracee = &tracees[i];
        }
        if (!tracee && count < MOST) {
            tracee = &tracees[count++];
            *tracee = (struct tracee){.pid = pid};
        }
        if (WSTOPSIG(status) == (SIGTRAP | 0x80) && tracee) {
            struct __ptrace_syscall_info info;
            if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof info, &info) > 0) {
                if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
                    int place = place_of_path(info.entry.nr);
                    tracee->number = info.entry.nr;
                    tracee->address = place < 0 ? 0 : info.entry.args[place];
                } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && tracee->address &&
                           (info.exit.rval == -ENOENT || info.exit.rval == -ENOTDIR)) {
                    note(told, pid, tracee->address, tracee->number == SYS_execve || tracee->number == SYS_execveat);
                }
            }
        } else if (status >> 16 == 0 && WSTOPSIG(status) != SIGSTOP && WSTOPSIG(status) != SIGTRAP) {
            deliver = WSTOPSIG(status);
        }
        if (ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(intptr_t)deliver) != 0 && errno != ESRCH) return;
    }
}

// Runs in a process of its own, which a time limit can end. The kernel kills what it traces with it.
[[noreturn]] static void trace(const struct assay_launch *launch, unsigned seconds, int out) {
    static struct told told;
    int report[2];
    signal(SIGALRM, SIG_DFL);
    alarm(seconds);
    if (pipe2(report, O_CLOEXEC) != 0) _exit(126);
    pid_t pid = fork();
    if (pid == 0) {
        close(report[0]);
        start(launch, report[1]);
    }
    close(report[1]);
    int status;
    int32_t said[2];
    if (pid < 0) {
        told.error = errno;
        told.stage = ASSAY_STAGE_FORK;
    } else if (TEMP_FAILURE_RETRY(waitpid(pid, &status, __WALL)) == pid && WIFSTOPPED(status)) {
        long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                       PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
        if (ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)options) != 0 || ptrace(PTRACE_SYSCALL, pid, NULL, NULL) != 0) {
            told.error = errno;
            told.stage = ASSAY_STAGE_FORK;
        } else {
            follow(pid, &told);
        }
    } else if (read(report[0], said, sizeof said) == (ssize_t)sizeof said) {
        told.error = said[0];
        told.stage = said[1];
    } else {
        told.error = ECHILD;
    }
    const char *at = (const char *)&told;
    for (size_t left = sizeof told; left > 0;) {
        ssize_t written = TEMP_FAILURE_RETRY(write(out, at, left));
        if (written <= 0) _exit(126);
        at += written;
        left -= (size_t)written;
    }
    _exit(0);
}

int assay_trace_missing(const struct assay_launch *launch, unsigned seconds, struct assay_missing *missing, int *count,
                        enum assay_stage *stage) {
    static struct told told;
    int ends[2];
    *count = 0;
    *stage = ASSAY_STAGE_PIPE;
    if ((pipe2)(ends, O_CLOEXEC) != 0) return errno;
    *stage = ASSAY_STAGE_FORK;
    pid_t tracer = (fork)();
    if (tracer == 0) {
        close(ends[0]);
        trace(launch, seconds, ends[1]);
    }
    int error = tracer < 0 ? errno : 0;
    close(ends[1]);
    size_t got = 0;
    while (!error && got < sizeof told) {
        ssize_t more = TEMP_FAILURE_RETRY((read)(ends[0], (char *)&told + got, sizeof told - got));
        if (more <= 0) break;
        got += (size_t)more;
    }
    close(ends[0]);
    int status;
    if (tracer > 0) (void)TEMP_FAILURE_RETRY(waitpid(tracer, &status, 0));
    if (error) return error;
    if (got < sizeof told) return ETIMEDOUT;
    *stage = (enum assay_stage)told.stage;
    if (told.error) return told.error;
    // Oldest first.
    int first = told.count > ASSAY_MOST_MISSING ? told.count - ASSAY_MOST_MISSING : 0;
    for (int i = first; i < told.count; i++) missing[(*count)++] = told.missing[i % ASSAY_MOST_MISSING];
    return 0;
}
