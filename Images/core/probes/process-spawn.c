// The ways in which C libraries and language runtimes start programs.
#include "../probe.h"

static constexpr uint64_t SPAWN_FLAGS = CLONE_VM | CLONE_VFORK | SIGCHLD; // as posix_spawn(3)

static alignas(16) char stack[16384];

static volatile struct {
    int value, error;
    const char *path;
} shared;

static void set_value(void *)
{
    sleep_us(2000);
    shared.value = 42;
    sys_exit(5);
}

PROBE("process.vfork", "CLONE_VFORK with CLONE_VM lends memory to the child and suspends the parent until it ends",
      "posix_spawn reports success for programs that do not exist", "https://github.com/python/cpython/issues/131398")
{
    int pid =
        (int)expect_success("clone(CLONE_VM | CLONE_VFORK)", thread_clone(SPAWN_FLAGS, stack + sizeof stack, nullptr,
                                                                          nullptr, nullptr, set_value, nullptr));
    int value = shared.value;
    expect_exit("the child", wait_status(pid), 5);
    if (value == 42)
        return;
    expect_number("what the child left in memory", value, 0);
    note("limit-vfork: CLONE_VFORK is emulated as fork: memory is not shared, the parent does not wait");
}

static void execute(void *)
{
    sys3(SYS_close_range, 3, 2, 0); // an empty range
    if (shared.path)
        shared.error = (int)-become(shared.path, "spawned", (const char *const[]){"spawned", "argument", nullptr});
    sys_exit(127);
}

CHILD_PROGRAM(spawned) { return argc == 2 ? 33 : 1; }

static int spawn_like_libc(const char *path)
{
    shared.path = path;
    shared.error = 0;
    int pid =
        (int)expect_success("clone(CLONE_VM | CLONE_VFORK)", thread_clone(SPAWN_FLAGS, stack + sizeof stack, nullptr,
                                                                          nullptr, nullptr, execute, nullptr));
    return wait_status(pid);
}

PROBE("process.spawn",
      "posix_spawn's way: a program that exists runs, and for one that does not the parent learns ENOENT",
      "python's subprocess and Ruby see exit status 127 instead of an error",
      "https://github.com/python/cpython/issues/131398")
{
    int status = spawn_like_libc(scratch("no-such-program"));
    expect_exit("a program that does not exist", status, 127);
    int error = shared.error;
    expect_exit("a program that exists", spawn_like_libc(started.self), 33);
    if (error == 0) {
        note("limit-spawn-error: the error of exec is lost between child and parent, because memory is not shared");
        return;
    }
    expect_number("error that the parent sees", error, ENOENT);
}

PROBE("process.clone-vm", "CLONE_VM makes a process that shares its maker's memory, or is refused; no thread",
      "a runtime's helper process is never waited for", "")
{
    long pid = thread_clone(CLONE_VM | SIGCHLD, stack + sizeof stack, nullptr, nullptr, nullptr, set_value, nullptr);
    if (pid == -EINVAL) {
        note("limit-clone-forms: a process that shares its maker's memory is refused (CLONE_VM alone)");
        return;
    }
    expect_success("clone(CLONE_VM)", pid);
    expect_exit("the child", wait_status((int)pid), 5);
    expect_number("what the child left in memory", shared.value, 42);
}

PROBE("process.clone3", "clone3(2) works, or is refused with ENOSYS so that C libraries fall back",
      "pthread_create fails with EPERM under an old seccomp profile", "https://github.com/moby/moby/issues/42680")
{
    struct {
        uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    } arguments = {.exit_signal = SIGCHLD};
    long result = sys2(SYS_clone3, (long)&arguments, sizeof arguments);
    if (result == 0)
        sys_exit(21);
    if (result == -ENOSYS) {
        note("limit-clone3: clone3 is not implemented (ENOSYS); C libraries fall back to clone");
        return;
    }
    expect_success("clone3", result);
    expect_exit("the child of clone3", wait_status((int)result), 21);
    expect_error("clone3 with a size that is too small", sys2(SYS_clone3, (long)&arguments, 8), EINVAL);
}

PROBE("process.pidfd", "a pidfd names a process: it polls when the process ends, and signals reach it",
      "process supervisors in Go and Rust fall back or fail", "")
{
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0)
        for (;;)
            sleep_us(1'000'000);
    long fd = sys2(SYS_pidfd_open, pid, 0);
    if (fd == -ENOSYS) {
        note("limit-pidfd: pidfd_open is not implemented (ENOSYS); runtimes fall back to process ids");
        return;
    }
    expect_success("pidfd_open", fd);
    struct pollfd poll = {.fd = (int)fd, .events = POLLIN};
    expect_number("poll while it lives", sys_poll(&poll, 1, &(struct timespec){}), 0);
    expect_success("pidfd_send_signal", sys4(SYS_pidfd_send_signal, fd, SIGKILL, 0, 0));
    struct timespec limit = patience();
    expect_number("poll when it has ended", sys_poll(&poll, 1, &limit), 1);
    struct siginfo info = {};
    long waited = sys5(SYS_waitid, 3 /* P_PIDFD */, fd, (long)&info, WEXITED, 0);
    expect_success("waitid(P_PIDFD)", waited);
    expect_number("si_pid", info.pid, pid);
    expect_number("si_status", info.status, SIGKILL);
}

PROBE("process.namespaces", "clone(2) with a namespace flag makes a child in it, or refuses with EPERM or EINVAL",
      "sandboxes and systemd inside the image do not start", "https://github.com/systemd/systemd/issues/28901")
{
    long result = clone_raw(CLONE_NEWUSER | CLONE_NEWUTS | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    if (result == 0)
        sys_exit(sys2(SYS_sethostname, (long)"assay", 5) == 0 ? 3 : 4);
    if (result == -EINVAL) {
        note("limit-namespaces: clone with CLONE_NEW* flags is refused (EINVAL)");
        result = sys1(SYS_unshare, CLONE_NEWUSER | CLONE_NEWUTS);
        if (result < 0 && result != -EPERM && result != -EINVAL && result != -ENOSPC)
            expect_success("unshare", result);
        return;
    }
    if (result == -EPERM || result == -ENOSPC)
        skip("the host forbids user namespaces");
    expect_success("clone(CLONE_NEWUSER | CLONE_NEWUTS)", result);
    expect_exit("sethostname in the new namespace", wait_status((int)result), 3);
}
