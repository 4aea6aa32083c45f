// That each system call is there, by calls that can do no harm. What it does is the other probes' to judge.
#include "../probe.h"

enum { ANY = 1'000'000 }; // whatever it returns, but for ENOSYS

struct call {
    const char *name;
    int number, expected; // a value, a negated error number, or ANY
    int64_t arguments[6];
};

#define BAD (-1)         // a descriptor that is none, an address of nobody
#define TEXT 0x7e57'0001 // stands for the address of the name of a file that is not there
#define ZERO 0x7e57'0002 // and of some zeroed memory
#define CALL(NAME, EXPECTED, ...)                    \
    {                                                \
        #NAME, SYS_##NAME, EXPECTED, { __VA_ARGS__ } \
    }

static const struct call needed[] = {
    CALL(read, -EBADF, BAD),
    CALL(write, -EBADF, BAD),
    CALL(close, -EBADF, BAD),
    CALL(openat, -ENOENT, AT_FDCWD, TEXT),
    CALL(lseek, -EBADF, BAD),
#if defined(__s390x__) // its mmap takes one pointer to all of these
    CALL(mmap, -EFAULT, 0),
#else
    CALL(mmap, -EBADF, 0, 4096, PROT_READ, MAP_PRIVATE, BAD),
#endif
    CALL(mprotect, -EINVAL, 1),
    CALL(munmap, -EINVAL, 0, 0),
    CALL(brk, ANY),
    CALL(rt_sigaction, -EINVAL, 0, 0, 0, 8),
    CALL(rt_sigprocmask, -EINVAL, 0, 0, 0, 0),
    CALL(ioctl, -EBADF, BAD, FIONREAD),
    CALL(pread64, -EBADF, BAD),
    CALL(pwrite64, -EBADF, BAD),
    CALL(readv, ANY, BAD),
    CALL(writev, ANY, BAD),
    CALL(pipe2, -EINVAL, 0, BAD),
    CALL(dup, -EBADF, BAD),
    CALL(dup3, -EBADF, BAD, 9),
    CALL(sched_yield, 0),
    CALL(mremap, -EINVAL, 1, 4096, 4096),
    CALL(msync, 0, 0, 0, 4),
    CALL(mincore, ANY, 1),
    CALL(madvise, 0, 0, 0, 0),
    CALL(shmget, -EINVAL, 0, 0, 0),
    CALL(shmat, -EINVAL, BAD),
    CALL(shmctl, ANY, BAD, 2),
    CALL(shmdt, -EINVAL, 0x1001),
    CALL(getitimer, -EINVAL, 9, BAD),
    CALL(setitimer, -EINVAL, 9),
    CALL(getpid, ANY),
    CALL(sendfile, -EBADF, BAD, BAD),
    CALL(socket, ANY, 99, 1),
    CALL(connect, ANY, BAD),
#if !defined(__s390x__) && !defined(__i386__)
    CALL(accept, -EBADF, BAD),
#endif
    CALL(accept4, -EBADF, BAD),
    CALL(sendto, -EBADF, BAD),
    CALL(recvfrom, -EBADF, BAD),
    CALL(sendmsg, ANY, BAD, 0),
    CALL(recvmsg, ANY, BAD, 0),
    CALL(sendmmsg, ANY, BAD, 0, 0),
#if __SIZEOF_LONG__ == 8
    CALL(recvmmsg, ANY, BAD, 0, 0),
#endif
    CALL(shutdown, -EBADF, BAD),
    CALL(bind, ANY, BAD),
    CALL(listen, -EBADF, BAD),
    CALL(getsockname, ANY, BAD),
    CALL(getpeername, ANY, BAD),
    CALL(socketpair, ANY, 99, 1),
    CALL(setsockopt, ANY, BAD, 1, 2),
    CALL(getsockopt, ANY, BAD, 1, 2),
    CALL(execve, -ENOENT, TEXT, ZERO, ZERO),
    CALL(wait4, -ECHILD, BAD),
    CALL(waitid, -EINVAL, 99, 0, 0, WEXITED),
    CALL(kill, -EINVAL, 0, 999),
    CALL(tkill, -EINVAL, BAD),
    CALL(tgkill, -EINVAL, BAD, BAD),
    CALL(uname, -EFAULT, BAD),
    CALL(semget, -EINVAL, 0, BAD),
#if !defined(__s390x__) && !defined(__powerpc64__) && !defined(__i386__)
    CALL(semop, ANY, BAD, ZERO, 1),
#endif
    CALL(semctl, -EINVAL, BAD),
    CALL(semtimedop, ANY, BAD, ZERO, 1),
    CALL(msgget, ANY, 0x7a7a, 0),
    CALL(msgsnd, ANY, BAD, 0, BAD),
    CALL(msgrcv, ANY, BAD),
    CALL(msgctl, -EINVAL, BAD, 0),
    CALL(fcntl, -EBADF, BAD),
    CALL(flock, ANY, BAD, 8),
    CALL(fsync, -EBADF, BAD),
    CALL(fdatasync, -EBADF, BAD),
    CALL(syncfs, -EBADF, BAD),
    CALL(truncate, -ENOENT, TEXT, 0),
    CALL(ftruncate, -EBADF, BAD),
    CALL(getcwd, ANY, 0, 0),
    CALL(chdir, -ENOENT, TEXT),
    CALL(fchdir, -EBADF, BAD),
    CALL(mkdirat, -ENOENT, AT_FDCWD, TEXT),
    CALL(mknodat, -ENOENT, AT_FDCWD, TEXT, 0100000),
    CALL(unlinkat, -ENOENT, AT_FDCWD, TEXT),
#if !defined(__riscv)
    CALL(renameat, -ENOENT, AT_FDCWD, TEXT, AT_FDCWD, TEXT),
#endif
    CALL(linkat, -ENOENT, AT_FDCWD, TEXT, AT_FDCWD, TEXT),
    CALL(symlinkat, -ENOENT, TEXT, AT_FDCWD, TEXT),
    CALL(readlinkat, -ENOENT, AT_FDCWD, TEXT, ZERO, 9),
    CALL(fchmod, -EBADF, BAD),
    CALL(fchmodat, -ENOENT, AT_FDCWD, TEXT),
    CALL(fchown, -EBADF, BAD),
    CALL(fchownat, -ENOENT, AT_FDCWD, TEXT, BAD, BAD, 0),
    CALL(umask, ANY, 022),
    CALL(gettimeofday, 0),
    CALL(getrlimit, -EINVAL, 99, BAD),
    CALL(setrlimit, 0, 4, ZERO),
    CALL(prlimit64, -EINVAL, 0, 99),
    CALL(getrusage, -EINVAL, 99),
    CALL(sysinfo, -EFAULT, BAD),
    CALL(times, ANY),
    CALL(getuid, ANY),
    CALL(geteuid, ANY),
    CALL(getgid, ANY),
    CALL(getegid, ANY),
    CALL(getresuid, -EFAULT, BAD, BAD, BAD),
    CALL(getresgid, -EFAULT, BAD, BAD, BAD),
    CALL(setregid, 0, BAD, BAD),
    CALL(setreuid, 0, BAD, BAD),
    CALL(setresuid, 0, BAD, BAD, BAD),
    CALL(setresgid, 0, BAD, BAD, BAD),
    CALL(setfsuid, ANY, BAD),
    CALL(setfsgid, ANY, BAD),
    CALL(getgroups, ANY, 0, 0),
    CALL(setgroups, ANY, 0, 0),
    CALL(setpgid, -EINVAL, 0, BAD),
    CALL(getpgid, ANY, 0),
    CALL(getppid, ANY),
    CALL(getsid, ANY, 0),
    CALL(rt_sigpending, -EINVAL, 0, 999),
    CALL(rt_sigtimedwait, -EINVAL, 0, 0, 0, 0),
    CALL(rt_sigqueueinfo, -EFAULT, 1, 1, BAD),
    CALL(rt_tgsigqueueinfo, -EFAULT, 1, 1, 1, BAD),
    CALL(rt_sigsuspend, -EINVAL, 0, 0),
    CALL(sigaltstack, 0, 0, 0),
    CALL(personality, ANY, 0xffffffff),
    CALL(statfs, -ENOENT, TEXT, ZERO),
    CALL(fstatfs, -EBADF, BAD, BAD),
    CALL(prctl, -EINVAL, 0x7fff),
    CALL(sethostname, ANY, TEXT, 0x7fff),
    CALL(setdomainname, ANY, TEXT, 0x7fff),
    CALL(mount, ANY, TEXT, TEXT, TEXT),
    CALL(umount2, ANY, TEXT),
    CALL(chroot, ANY, TEXT),
    CALL(pivot_root, ANY, TEXT, TEXT),
    CALL(unshare, ANY, 0), // engines forbid these two by default
    CALL(setns, ANY, BAD),
    CALL(gettid, ANY),
    CALL(futex, -EINVAL, 1, 1, 1),
    CALL(sched_setaffinity, -EFAULT, 0, 8, BAD),
    CALL(sched_getaffinity, -EINVAL, 0, 1, 0),
    CALL(sched_setscheduler, ANY, 0, 99, BAD),
    CALL(sched_getscheduler, 0, 0),
    CALL(sched_setparam, -EINVAL, 0, 0),
    CALL(sched_getparam, -EINVAL, 0, 0),
    CALL(sched_setattr, -EINVAL, 0, 0),
    CALL(sched_getattr, -EINVAL, 0, 0),
    CALL(sched_get_priority_max, 99, 1),
    CALL(sched_get_priority_min, 1, 1),
    CALL(sched_rr_get_interval, -EINVAL, BAD),
    CALL(getdents64, ANY, BAD),
    CALL(set_tid_address, ANY, 0),
    CALL(fadvise64, -EBADF, BAD),
    CALL(readahead, -EBADF, BAD),
    CALL(timer_create, -EINVAL, 99),
    CALL(timer_settime, -EINVAL, 99),
    CALL(timer_gettime, ANY, 99),
    CALL(timer_getoverrun, -EINVAL, 99),
    CALL(timer_delete, -EINVAL, 99),
    CALL(clock_settime, ANY, 1, ZERO),
    CALL(settimeofday, ANY, BAD, 0),
    CALL(adjtimex, ANY, ZERO),
    CALL(clock_adjtime, ANY, 0, ZERO),
    CALL(clock_gettime, -EINVAL, 99),
    CALL(clock_getres, -EINVAL, 99),
    CALL(clock_nanosleep, ANY, 99, 0, BAD),
    CALL(epoll_create1, -EINVAL, BAD),
    CALL(epoll_ctl, -EBADF, BAD, 2),
    CALL(epoll_pwait, ANY, BAD, 0, 1),
    CALL(ppoll, ANY, 0, 100'000'000),
    CALL(pselect6, -EINVAL, BAD),
    CALL(inotify_init1, -EINVAL, BAD),
    CALL(inotify_add_watch, -EBADF, BAD, TEXT, 1),
    CALL(inotify_rm_watch, -EBADF, BAD),
    CALL(newfstatat, -ENOENT, AT_FDCWD, TEXT, ZERO, 0),
    CALL(fstat, -EBADF, BAD),
    CALL(splice, ANY, BAD, 0, BAD, 0, 1),
    CALL(tee, ANY, BAD, BAD, 1),
    CALL(vmsplice, ANY, BAD, 0, 1),
    CALL(utimensat, ANY, AT_FDCWD, BAD),
    CALL(signalfd4, ANY, BAD, 0, 0),
    CALL(timerfd_create, -EINVAL, 99),
    CALL(timerfd_settime, ANY, BAD, 0, BAD),
    CALL(timerfd_gettime, -EBADF, BAD),
    CALL(eventfd2, -EINVAL, 0, BAD),
    CALL(fallocate, -EBADF, BAD),
    CALL(preadv, ANY, BAD),
    CALL(pwritev, ANY, BAD),
    CALL(getcpu, 0, 0),
    CALL(getrandom, ANY, 0, 0, BAD),
    CALL(memfd_create, -EFAULT, BAD),
    CALL(mlock, ANY, 0, 0),
    CALL(munlock, ANY, 0, 0),
    CALL(mlockall, ANY, 0x100),
    CALL(munlockall, ANY),
    CALL(faccessat, -ENOENT, AT_FDCWD, TEXT),
    CALL(setxattr, -EFAULT, BAD, BAD),
    CALL(lsetxattr, -EFAULT, BAD, BAD),
    CALL(fsetxattr, ANY, BAD, BAD),
    CALL(getxattr, -ENOENT, TEXT, TEXT),
    CALL(lgetxattr, -ENOENT, TEXT, TEXT),
    CALL(fgetxattr, ANY, BAD, BAD),
    CALL(listxattr, -ENOENT, TEXT),
    CALL(llistxattr, -ENOENT, TEXT),
    CALL(flistxattr, -EBADF, BAD),
    CALL(removexattr, -ENOENT, TEXT, TEXT),
    CALL(lremovexattr, -ENOENT, TEXT, TEXT),
    CALL(fremovexattr, ANY, BAD, BAD),
    CALL(getpriority, -EINVAL, 99),
    CALL(setpriority, -EINVAL, 99),
    CALL(capget, ANY, BAD),
    CALL(capset, ANY, ZERO, ZERO),
    CALL(syslog, ANY, 10),
    CALL(name_to_handle_at, ANY, AT_FDCWD, TEXT, ZERO, ZERO),
#if !defined(__powerpc64__)
    CALL(sync_file_range, -EBADF, BAD),
#endif
    CALL(acct, ANY, TEXT),
    CALL(mq_unlink, ANY, TEXT),
};

// What one of QEMU 7.2, 10.0 and 11.1 does not have: missing is a limit, with its name. Others have probes of their own
// that tell such a limit.
static const struct call wanted[] = {
#if __SIZEOF_LONG__ == 4
    CALL(recvmmsg, ANY, BAD, 0, 0),
#endif
    CALL(pidfd_send_signal, ANY, BAD),
    CALL(pidfd_getfd, ANY, BAD),
    CALL(mlock2, ANY, 0, 0, 0),
    CALL(preadv2, ANY, BAD),
    CALL(pwritev2, ANY, BAD),
    CALL(rseq, ANY, 0, 0, 0x7fff),
    CALL(get_robust_list, ANY, BAD),
    CALL(mq_notify, ANY, BAD),
    CALL(kcmp, ANY, BAD, BAD),
    CALL(process_vm_readv, ANY, BAD),
    CALL(vhangup, ANY),
    CALL(swapon, ANY, TEXT),
    CALL(swapoff, ANY, TEXT),
    CALL(reboot, ANY, 1, 2, 3),
    CALL(ioprio_set, ANY, 99),
    CALL(ioprio_get, ANY, 99),
    CALL(get_mempolicy, ANY, 0, 0, 0, 0, 0x7fff),
    CALL(set_mempolicy, ANY, 0x7fff),
    CALL(mbind, ANY, 0, 0, 0x7fff),
    CALL(open_by_handle_at, ANY, BAD, BAD),
    CALL(add_key, ANY, BAD, BAD),
    CALL(keyctl, ANY, BAD),
    CALL(request_key, ANY, BAD, BAD),
    CALL(landlock_create_ruleset, ANY, BAD, BAD),
};

static long make(const struct call *call)
{
    static char text[] = "/no/such/file";
    static uint8_t zero[1024];
    int64_t a[6];
    for (int i = 0; i < 6; i++) {
        a[i] = call->arguments[i];
        if (a[i] == TEXT)
            a[i] = (int64_t)text;
        else if (a[i] == ZERO)
            a[i] = (int64_t)memset(zero, 0, sizeof zero);
    }
    return sys6(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

PROBE("system.calls", "each system call that builds use is there, and judges arguments that cannot be right",
      "a program fails with function not implemented, or falls back in silence",
      "https://github.com/osrf/multiarch-docker-image-generation/issues/36")
{
    int pid = (int)expect_success("fork", sys_fork());
    if (pid > 0) {
        wait_status(pid);
        return;
    }
    sys0(SYS_setsid); // vhangup finds no terminal
    for (const struct call *call = needed; call < needed + sizeof needed / sizeof *needed; call++) {
        long result = make(call);
        char expected[96];
        format(expected, sizeof expected, "%s: %s", call->name,
               call->expected == ANY ? "not ENOSYS"
               : call->expected < 0  ? error_name(call->expected)
                                     : "its value");
        EXPECT(call->expected == ANY ? result != -ENOSYS : result == call->expected, expected, "%ld (%s)", result,
               result < 0 ? error_name(result) : "a value");
    }
    char missing[400] = "";
    size_t length = 0;
    for (const struct call *call = wanted; call < wanted + sizeof wanted / sizeof *wanted; call++) {
        long result = make(call);
        if (result == -ENOSYS)
            length += format(missing + length, sizeof missing - length, " %s", call->name);
        else if (call->expected != ANY && result != -EPERM)
            expect_number(call->name, result, call->expected);
    }
    if (length > 0)
        note("limit-calls: not implemented:%s", missing);
    done();
}
