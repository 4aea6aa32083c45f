// Making processes, waiting for them, and who belongs to whom.
#include "../probe.h"

PROBE("process.fork-wait", "fork(2) copies memory; wait4(2) encodes exit statuses, signals, stops and continuations",
      "make, dpkg and shells take a failed command for a success, or the reverse", "")
{
    volatile int word = 1;
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        word = 2;
        sys_exit(word == 2 && sys_getpid() != 1 ? 0x1d7 : 1); // only the low eight bits count
    }
    expect_equal("status of exit(0x1d7)", (uint64_t)wait_status(pid), 0xd700);
    expect_number("memory of the parent after the child wrote its own", word, 1);

    pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        sys_kill((int)sys_getpid(), SIGSTOP);
        for (;;)
            sleep_us(100'000);
    }
    int status = 0;
    expect_number("wait4(WUNTRACED)", sys_wait(pid, &status, WUNTRACED), pid);
    expect_equal("status of a stopped child", (uint64_t)status, 0x137f);
    expect_number("wait4(WNOHANG) while it lives", sys_wait(pid, &status, WNOHANG), 0);
    sys_kill(pid, SIGCONT);
    expect_number("wait4(WCONTINUED)", sys_wait(pid, &status, WCONTINUED), pid);
    expect_equal("status of a continued child", (uint64_t)status, 0xffff);
    sys_kill(pid, SIGTERM);
    expect_equal("status of a child that SIGTERM ended", (uint64_t)wait_status(pid), SIGTERM);
    expect_error("wait4 without children", sys_wait(-1, &status, 0), ECHILD);
}

PROBE("process.waitid",
      "waitid(2) fills in who ended and how, and with WNOWAIT leaves the child to be waited for again",
      "systemd, python and JVM launchers lose exit codes", "")
{
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0)
        sys_exit(77);
    for (int i = 0; i < 2; i++) {
        struct siginfo info = {};
        int options = WEXITED | (i == 0 ? WNOWAIT : 0);
        expect_success("waitid", sys5(SYS_waitid, P_PID, pid, (long)&info, options, 0));
        expect_number("si_signo", info.signo, SIGCHLD);
        expect_number("si_code", info.code, CLD_EXITED);
        expect_number("si_pid", info.pid, pid);
        expect_number("si_status", info.status, 77);
    }
    pid = (int)expect_success("fork", sys_fork());
    if (pid == 0)
        for (;;)
            sleep_us(1'000'000);
    sys_kill(pid, SIGKILL);
    struct siginfo info = {};
    expect_success("waitid", sys5(SYS_waitid, P_ALL, 0, (long)&info, WEXITED, 0));
    expect_number("si_code", info.code, CLD_KILLED);
    expect_number("si_status", info.status, SIGKILL);
    expect_error("waitid without children", sys5(SYS_waitid, P_ALL, 0, (long)&info, WEXITED, 0), ECHILD);
}

PROBE("process.groups", "process groups and sessions: membership, leadership, a child moved to another, and a signal to a whole group",
      "Ctrl-C, timeouts and job control leave processes running", "")
{
    int ends[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        expect_number("setsid", sys0(SYS_setsid), sys_getpid());
        expect_number("getpgid of a session leader", sys1(SYS_getpgid, 0), sys_getpid());
        expect_number("getsid of a session leader", sys1(SYS_getsid, 0), sys_getpid());
        expect_error("setsid of a leader", sys0(SYS_setsid), EPERM);
        int other = (int)expect_success("fork", sys_fork()); // a pipeline of a shell: a group of its own
        if (other == 0)
            for (;;)
                sleep_us(1'000'000);
        expect_success("setpgid of a child", sys2(SYS_setpgid, other, other));
        expect_number("getpgid of that child", sys1(SYS_getpgid, other), other);
        expect_number("getsid of that child", sys1(SYS_getsid, other), sys_getpid());
        expect_success("kill(-its group)", sys_kill(-other, SIGKILL));
        expect_equal("status of that child", (uint64_t)wait_status(other), SIGKILL);
        if (expect_success("fork", sys_fork()) == 0) {
            expect_number("getpgid of its child", sys1(SYS_getpgid, 0), sys0(SYS_getppid));
            sys_write(ends[1], "x", 1);
            for (;;)
                sleep_us(1'000'000);
        }
        for (;;)
            sleep_us(1'000'000);
    }
    sys_close(ends[1]);
    char byte;
    expect_number("read", sys_read(ends[0], &byte, 1), 1);
    expect_number("getpgid of the child", sys1(SYS_getpgid, pid), pid);
    expect_success("kill(-group)", sys_kill(-pid, SIGTERM));
    expect_equal("status of its leader", (uint64_t)wait_status(pid), SIGTERM);
    expect_number("read: the end, when the last member is gone", sys_read(ends[0], &byte, 1), 0);
}

// False where the emulator does not pass it on: orphans then go to pid 1, which cannot be asked about them.
static bool become_subreaper(void)
{
    long result = sys2(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1);
    if (result == -EINVAL) {
        note("limit-subreaper: prctl(PR_SET_CHILD_SUBREAPER) is refused (EINVAL)");
        return false;
    }
    expect_success("prctl(PR_SET_CHILD_SUBREAPER)", result);
    int set = 0;
    expect_success("prctl(PR_GET_CHILD_SUBREAPER)", sys2(SYS_prctl, PR_GET_CHILD_SUBREAPER, (long)&set));
    expect_number("subreaper attribute", set, 1);
    return true;
}

PROBE("process.orphans", "a process whose parent ends gets the nearest subreaper as its parent, which can wait for it",
      "container init programs and test runners leave zombies or hang", "")
{
    bool reaper = become_subreaper();
    int ends[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        int parent = (int)sys_getpid();
        if (expect_success("fork", sys_fork()) == 0) {
            while (sys0(SYS_getppid) == parent)
                sleep_us(200);
            int report[2] = {(int)sys_getpid(), (int)sys0(SYS_getppid)};
            write_all(ends[1], report, sizeof report);
            sys_exit(9);
        }
        sys_exit(0);
    }
    expect_exit("the parent in between", wait_status(pid), 0);
    int report[2] = {};
    expect_number("read", read_all(ends[0], report, sizeof report), sizeof report);
    if (!reaper)
        return;
    expect_number("getppid() of the orphan", report[1], sys_getpid());
    expect_exit("the orphan", wait_status(report[0]), 9);
}

PROBE("process.parent-death", "PR_SET_PDEATHSIG delivers its signal when the parent ends",
      "sandboxes and CI agents leave helpers behind", "")
{
    int ends[2], names[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    expect_success("pipe2", sys_pipe(names, O_CLOEXEC));
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        char byte;
        sys_close(names[0]);
        sys_close(ends[1]);
        if (expect_success("fork", sys_fork()) == 0) {
            expect_success("prctl(PR_SET_PDEATHSIG)", sys2(SYS_prctl, PR_SET_PDEATHSIG, SIGUSR1));
            write_all(names[1], "x", 1);
            for (;;)
                sleep_us(1'000'000);
        }
        sys_close(names[1]);
        sys_read(ends[0], &byte, 1);
        sys_exit(0);
    }
    sys_close(names[1]);
    char byte;
    expect_number("read", sys_read(names[0], &byte, 1), 1);
    sys_write(ends[1], "x", 1);
    expect_exit("the parent", wait_status(pid), 0);
    struct pollfd poll = {.fd = names[0], .events = POLLIN};
    struct timespec limit = patience();
    expect_number("poll for the end of its child", sys_poll(&poll, 1, &limit), 1);
    expect_number("read: the end, because the child died", sys_read(names[0], &byte, 1), 0);
}

PROBE("process.churn", "eight families of five short processes each: all start, all are reaped, every status is right",
      "configure scripts and make -j hang or fail at random", "")
{
    enum { FAMILIES = 8 };
    int members = 5 * (int)started.scale, most = 0;
    for (int j = 0; j < members; j++)
        most += j % 16;
    int pids[FAMILIES];
    for (int i = 0; i < FAMILIES; i++) {
        pids[i] = (int)expect_success("fork", sys_fork());
        if (pids[i] != 0)
            continue;
        int sum = 0;
        for (int j = 0; j < members; j++) {
            int pid = (int)expect_success("fork", sys_fork());
            if (pid == 0)
                sys_exit(j % 16);
            sum += wait_status(pid) >> 8;
        }
        sys_exit(sum == most ? i : 100);
    }
    for (int i = 0; i < FAMILIES; i++)
        expect_exit("a family", wait_status(pids[i]), i);
}

PROBE("process.credentials", "user and group ids can be given up and not taken back",
      "package managers that drop privileges fail or keep them", "")
{
    uint32_t ids[3] = {~0u, ~0u, ~0u};
    expect_success("getresuid", sys3(SYS_getresuid, (long)&ids[0], (long)&ids[1], (long)&ids[2]));
    expect_number("effective id of getresuid and geteuid", ids[1], sys0(SYS_geteuid));
    expect_number("AT_EUID", (int64_t)auxv_value(AT_EUID), ids[1]);
    expect_number("AT_UID", (int64_t)auxv_value(AT_UID), ids[0]);
    if (ids[1] != 0) {
        expect_error("setresuid(0, 0, 0) without privilege", sys3(SYS_setresuid, 0, 0, 0), EPERM);
        return;
    }
    long result = sys3(SYS_setresgid, 65532, 65533, 65534);
    if (result == -EINVAL)
        skip("this user namespace maps no second id");
    expect_success("setresgid", result);
    expect_success("setresuid", sys3(SYS_setresuid, 65533, 65534, 65532));
    expect_number("getuid", sys0(SYS_getuid), 65533);
    expect_number("geteuid", sys0(SYS_geteuid), 65534);
    expect_number("getgid", sys0(SYS_getgid), 65532);
    expect_number("getegid", sys0(SYS_getegid), 65533);
    for (int group = 0; group < 2; group++) {
        expect_success("getresuid",
                       sys3(group ? SYS_getresgid : SYS_getresuid, (long)&ids[0], (long)&ids[1], (long)&ids[2]));
        expect_number(group ? "real group" : "real user", ids[0], group ? 65532 : 65533);
        expect_number(group ? "effective group" : "effective user", ids[1], group ? 65533 : 65534);
        expect_number(group ? "saved group" : "saved user", ids[2], group ? 65534 : 65532);
    }
    expect_error("setuid(0) afterwards", sys1(SYS_setuid, 0), EPERM);
}
