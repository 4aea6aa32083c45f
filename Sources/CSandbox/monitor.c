#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"

// Raises a lower soft limit to the usual one: results must not depend on the shell that started Assay. Not higher,
// since some programs close every descriptor up to the limit.
static void raise_descriptors(void) {
    enum { USUAL = 1024 };
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= USUAL) return;
    files.rlim_cur = files.rlim_max < USUAL ? files.rlim_max : USUAL;
    setrlimit(RLIMIT_NOFILE, &files);
}

[[noreturn]] void assay_program(const struct assay_launch *launch) {
    // Join the cgroup before the identity changes. If that is refused, the monitor still finds all descendants.
    if (launch->group_fd >= 0 && write(FD_GROUP, "0", 1) != 1) close(FD_GROUP);
    if (launch->confinement) assay_confine(launch);
    if (launch->set_identity) {
        // Raw calls change only this thread, and there is no other. glibc's wrappers would signal other threads.
        if (syscall(SYS_setgroups, 0, NULL) != 0 || syscall(SYS_setresgid, launch->gid, launch->gid, launch->gid) != 0 ||
            syscall(SYS_setresuid, launch->uid, launch->uid, launch->uid) != 0) {
            assay_give_up(ASSAY_STAGE_IDENTITY, errno);
        }
        // These calls take -1 for "unchanged". The program must not run as somebody else because of that.
        uid_t uids[3];
        gid_t gids[3];
        if (getresuid(&uids[0], &uids[1], &uids[2]) != 0 || getresgid(&gids[0], &gids[1], &gids[2]) != 0) {
            assay_give_up(ASSAY_STAGE_IDENTITY, errno);
        }
        for (int i = 0; i < 3; i++) {
            if (uids[i] != launch->uid || gids[i] != launch->gid) assay_give_up(ASSAY_STAGE_IDENTITY, EINVAL);
        }
    }
    if (launch->confinement) assay_limit_capabilities(launch->confinement);
    const char *cwd = launch->cwd ? launch->cwd : launch->root ? "/" : NULL;
    if (cwd && chdir(cwd) != 0) assay_give_up(ASSAY_STAGE_CHDIR, errno);
    setpgid(0, 0); // the monitor kills this group in one call
    // Without a pid namespace nothing else would end this program if the monitor died. Set it after the identity:
    // changing identity clears it.
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none); // a probe that crashes on purpose leaves no core file
    raise_descriptors();
    sigset_t empty;
    sigemptyset(&empty);
    sigprocmask(SIG_SETMASK, &empty, NULL);
    execve(launch->path, launch->argv, launch->envp);
    assay_give_up(ASSAY_STAGE_EXEC, errno);
}

// Notes the failed call in the status: how the program ended will never be known. Returns false.
static bool lose_sight(struct assay_status *status, const char *call) {
    status->error = errno;
    assay_copy_call(status->call, call);
    return false;
}

// Reaps until the program has ended. Returns false if the lifeline was closed first, or if a call failed.
static bool await_program(pid_t program, int signals, struct assay_status *status) {
    struct pollfd waits[2] = {{.fd = signals, .events = POLLIN}, {.fd = FD_LIFELINE, .events = 0}};
    for (int failures = 0;;) {
        // These calls fail for a moment when the kernel lacks memory: the program need not die of that.
        const char *failed = poll(waits, 2, -1) < 0 ? "poll" : NULL;
        struct signalfd_siginfo info;
        if (!failed && waits[0].revents && read(signals, &info, sizeof info) < 0 && errno != EAGAIN) failed = "read";
        if (failed && errno != EINTR) {
            struct timespec moment = {.tv_nsec = 10000000};
            if (++failures > 100) return lose_sight(status, failed);
            nanosleep(&moment, NULL);
        }
        if (failed) continue;
        // Kill the group while the ended program is not yet reaped: its number is still its own.
        siginfo_t zombie = {.si_pid = 0};
        if (waitid(P_PID, program, &zombie, WEXITED | WNOHANG | WNOWAIT) == 0 && zombie.si_pid == program) {
            kill(-program, SIGKILL);
        }
        for (;;) {
            struct rusage usage;
            int ended;
            pid_t pid = wait4(-1, &ended, WNOHANG, &usage);
            if (pid < 0 && errno == EINTR) continue;
            // No children are left, so the program's end was missed.
            if (pid < 0) return lose_sight(status, "wait4");
            if (pid == 0) break;
            if (pid != program) continue;
            status->wait_status = ended;
            status->user_us = usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec;
            status->system_us = usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec;
            status->max_rss_kib = usage.ru_maxrss;
            return true;
        }
        if (waits[1].revents) return false;
    }
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Sends SIGTERM, so that the program can let go of what it holds elsewhere (a build in a daemon, a mount) before its
// tree is killed.
// Returns true if it has ended.
static bool ask_to_end(pid_t program, int signals, int grace_ms) {
    int64_t until = now_ms() + grace_ms;
    if (kill(program, SIGTERM) != 0) return false;
    for (int64_t left = grace_ms; left > 0; left = until - now_ms()) {
        struct pollfd wait = {.fd = signals, .events = POLLIN};
        if (poll(&wait, 1, (int)left) < 0 && errno != EINTR) return false;
        struct signalfd_siginfo info;
        if (wait.revents > 0 && read(signals, &info, sizeof info) < 0 && errno != EAGAIN && errno != EINTR) return false;
        for (pid_t pid; (pid = waitpid(-1, NULL, WNOHANG)) > 0;) {
            if (pid == program) return true;
        }
    }
    return false;
}

// Reaps all ended children. Returns false if there are no children left.
static bool reap(pid_t program, struct assay_status *status) {
    int ignored;
    pid_t pid;
    while ((pid = waitpid(-1, &ignored, WNOHANG)) > 0) {
        if (pid != program) status->stragglers++;
    }
    return pid == 0 || errno == EINTR;
}

// Kills until nothing is left, however long it takes. Assay gives up sooner.
static void end_descendants(pid_t group, pid_t program, struct assay_status *status) {
    // One call kills the whole group of the program: no member can fork meanwhile.
    if (group > 0) {
        kill(-group, SIGKILL);
        kill(group, SIGKILL); // it may have left its group
    }
    bool listed = assay_proc_is_own();
    struct timespec pause = {.tv_nsec = 200000};
    for (int round = 0; reap(program, status); round++) {
        if (round == 0) setpriority(PRIO_PROCESS, 0, -20); // to win against thousands that fork; ordinary users may not
        if (listed) assay_kill_tree(getpid());
        nanosleep(&pause, NULL);
        if (round > 10 && pause.tv_nsec < 50000000) pause.tv_nsec *= 2; // something cannot be killed now
    }
}

void assay_monitor(const struct assay_launch *launch, int32_t proc_error) {
    bool init = launch->namespaces & ASSAY_NAMESPACE_PID;
    // Without its own pid namespace, this process must still receive the program's orphans.
    if (!init && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) assay_give_up(ASSAY_STAGE_FORK, errno);
    sigset_t chld;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD); // blocked, like all signals, since before the clone
    int signals = signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) assay_give_up(ASSAY_STAGE_FORK, errno);

    // vfork(2) saves copying the page tables: this process has one thread, and stops until exec. For a confined program
    // it has work to do meanwhile, so it forks by clone(2): fork(3) would wait for locks of threads that do not exist
    // here.
    pid_t program = launch->confinement ? (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL) : vfork();
    if (program < 0) assay_give_up(ASSAY_STAGE_FORK, errno);
    if (program == 0) assay_program(launch);
    if (launch->confinement && launch->confinement->id_count) assay_map_program(launch->confinement);
    for (int fd = 0; fd <= FD_REPORT; fd++) close(fd); // end of file must come from the program alone

    struct assay_status status = {.proc_error = proc_error};
    bool ended = await_program(program, signals, &status);
    bool gone = !ended && launch->term_grace_ms > 0 && ask_to_end(program, signals, launch->term_grace_ms);
    if (!init) end_descendants(ended || gone ? 0 : program, program, &status);
    if ((ended || status.error) && TEMP_FAILURE_RETRY(write(FD_STATUS, &status, sizeof status)) < 0) {
        lose_sight(&status, "write");
        (void)TEMP_FAILURE_RETRY(write(FD_STATUS, &status, sizeof status));
    }
    _exit(0); // as pid 1 of a namespace, this kills everything left in it
}
