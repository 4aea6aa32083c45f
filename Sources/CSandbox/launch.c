#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

const char *assay_call = "";

const char *assay_failed_call(void) { return assay_call; }

void assay_copy_call(char into[16], const char *call) {
    size_t length = 0;
    while (length < 15 && call[length]) {
        into[length] = call[length];
        length++;
    }
    while (length < 16) into[length++] = 0;
}

void assay_give_up(enum assay_stage stage, int error) {
    struct assay_report report = {.stage = stage, .error = error};
    assay_copy_call(report.call, assay_call);
    // If this write fails nobody can be told: the parent sees a monitor that ended without a status.
    (void)TEMP_FAILURE_RETRY(write(FD_REPORT, &report, sizeof report));
    _exit(127);
}

static void close_from(unsigned first) {
    if (syscall(SYS_close_range, first, ~0u, 0) == 0) return;
    // For Linux before 5.9, or a seccomp filter that does not know the call.
    for (int fd = (int)first; fd < 4096; fd++) close(fd);
}

// Moves the descriptors to 0...7, whatever their numbers, and closes all others.
static int settle_descriptors(int wanted[FD_KEPT]) {
    for (int slot = 0; slot < FD_KEPT; slot++) {
        wanted[slot] = fcntl(wanted[slot], F_DUPFD_CLOEXEC, 16);
        if (wanted[slot] < 0) return errno;
    }
    for (int slot = 0; slot < FD_KEPT; slot++) {
        // Only the program's first three survive exec.
        if (dup3(wanted[slot], slot, slot < FD_REPORT ? 0 : O_CLOEXEC) < 0) return errno;
    }
    close_from(FD_KEPT);
    return 0;
}

static void reset_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL); // refused for KILL and STOP
}

// Makes this process the kernel's first choice when memory runs short, so that Assay survives to report it. Every
// process may do so; a failure changes nothing else.
static void be_killed_first(void) {
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    if (write(fd, "1000", 4) != 4) errno = 0;
    close(fd);
}

[[noreturn]] static void child_main(const struct assay_launch *launch, uid_t uid, gid_t gid, int wanted[FD_KEPT]) {
    int report = wanted[FD_REPORT];
    int error = settle_descriptors(wanted);
    if (error) {
        struct assay_report early = {.stage = ASSAY_STAGE_DESCRIPTORS, .error = error};
        assay_copy_call(early.call, assay_call);
        if (write(report, &early, sizeof early) < 0) _exit(126);
        _exit(127);
    }
    reset_signals();
    be_killed_first();
    setsid(); // cannot fail: a new child leads no process group
    // A program may have stopped this process when Assay ends. SIGCONT wakes it, to kill what it started. The kernel
    // also sends the signal when only the thread that made this process ends: then it does nothing.
    prctl(PR_SET_PDEATHSIG, SIGCONT, 0, 0, 0);

    if (launch->bare) assay_program(launch);
    if (launch->namespaces & CLONE_NEWUSER) {
        error = assay_map_identity(uid, gid);
        if (error) assay_give_up(ASSAY_STAGE_USER_MAP, error);
    }
    error = assay_hide_secrets();
    if (error) assay_give_up(ASSAY_STAGE_IDENTITY, error);
    if (launch->namespaces & CLONE_NEWNET) assay_raise_loopback(); // a failure is reported by the probes that need it
    if (launch->confinement) {
        error = assay_prepare_confinement(launch->confinement);
        if (error) assay_give_up(ASSAY_STAGE_CONFINE, error);
    }
    int32_t proc_error = 0;
    if (launch->root) {
        enum assay_stage stage = ASSAY_STAGE_MOUNT;
        error = assay_enter_root(launch, &proc_error, &stage);
        if (error) assay_give_up(stage, error);
    } else if (launch->namespaces & CLONE_NEWNS && mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) {
        assay_give_up(ASSAY_STAGE_MOUNT, errno);
    }
    if (launch->shown_root) {
        error = assay_show_root(launch);
        if (error) assay_give_up(ASSAY_STAGE_MOUNT, error);
    }
    if (launch->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        assay_give_up(ASSAY_STAGE_IDENTITY, errno);
    }
    assay_monitor(launch, proc_error);
}

int assay_launch(const struct assay_launch *launch, struct assay_child *child, enum assay_stage *stage) {
    enum { OUTPUT, ERRORS, REPORT, STATUS, LIFELINE, PIPES };
    int pipes[PIPES][2];
    int made = 0;
    pid_t pid = -1;
    *stage = ASSAY_STAGE_PIPE; // (name)(...) calls the function, not the macro: other threads may use assay_call
    while (made < PIPES && (pipe2)(pipes[made], O_CLOEXEC) == 0) made++;
    int error = errno;

    if (made == PIPES) {
        uid_t uid = geteuid();
        gid_t gid = getegid();
        sigset_t all, before;
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, &before); // no handler of the parent may run in the child
        *stage = ASSAY_STAGE_CLONE;
        // clone(2), not clone3(2): seccomp filters of older container engines refuse clone3.
        pid = (pid_t)(syscall)(SYS_clone, (unsigned long)launch->namespaces | SIGCHLD, NULL, NULL, NULL, NULL);
        error = errno;
        // In a venue without isolation a namespace only makes sure that IPC objects go: Assay also removes them by name.
        if (pid < 0 && launch->namespaces == CLONE_NEWIPC && (error == EPERM || error == EINVAL || error == ENOSPC || error == ENOSYS)) {
            pid = (pid_t)(syscall)(SYS_clone, (unsigned long)SIGCHLD, NULL, NULL, NULL, NULL);
            error = errno;
        }
        if (pid == 0) {
            int wanted[FD_KEPT] = {launch->stdin_fd, pipes[OUTPUT][1], pipes[ERRORS][1],
                                   pipes[REPORT][1], pipes[STATUS][1], pipes[LIFELINE][0],
                                   launch->lease_fd < 0 ? launch->stdin_fd : launch->lease_fd,
                                   launch->group_fd < 0 ? launch->stdin_fd : launch->group_fd};
            child_main(launch, uid, gid, wanted);
        }
        sigprocmask(SIG_SETMASK, &before, NULL);
    }
    // The parent keeps the reading ends, and the writing end of the lifeline.
    for (int i = 0; i < made; i++) {
        int kept = i == LIFELINE;
        close(pipes[i][!kept]);
        if (pid < 0) close(pipes[i][kept]);
    }
    if (pid < 0) return error;
    *child = (struct assay_child){
        .monitor = pid, .output = pipes[OUTPUT][0], .errors = pipes[ERRORS][0],
        .report = pipes[REPORT][0], .status = pipes[STATUS][0], .lifeline = pipes[LIFELINE][1],
    };
    *stage = ASSAY_STAGE_NONE;
    return 0;
}

static_assert(ASSAY_NAMESPACE_MOUNT == CLONE_NEWNS && ASSAY_NAMESPACE_UTS == CLONE_NEWUTS);
static_assert(ASSAY_NAMESPACE_IPC == CLONE_NEWIPC && ASSAY_NAMESPACE_USER == CLONE_NEWUSER);
static_assert(ASSAY_NAMESPACE_PID == CLONE_NEWPID && ASSAY_NAMESPACE_NET == CLONE_NEWNET);
