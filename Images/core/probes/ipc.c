// Pipes, events and System V: how processes on one machine talk.
#include "../probe.h"

PROBE("ipc.pipe", "pipes: order, atomic writes, capacity, EAGAIN, end of file, EPIPE",
      "pipelines stall or lose their tail", "")
{
    int ends[2];
    static char bytes[MOST_PAGE];
    long page = kernel_page();
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC | O_NONBLOCK));
    expect_error("read of an empty pipe", sys_read(ends[0], bytes, 1), EAGAIN);
    expect_number("F_SETPIPE_SZ", sys_fcntl(ends[1], 1031, page), page);
    expect_number("write of a page", sys_write(ends[1], bytes, (size_t)page), page);
    expect_error("write into a full pipe", sys_write(ends[1], bytes, (size_t)page), EAGAIN);
    int available = 0;
    expect_success("ioctl(FIONREAD)", sys3(SYS_ioctl, ends[0], FIONREAD, (long)&available));
    expect_number("bytes available", available, page);
    expect_number("read", sys_read(ends[0], bytes, (size_t)page), page);
    expect_number("write", sys_write(ends[1], "end", 3), 3);
    sys_close(ends[1]);
    expect_number("read of the rest", sys_read(ends[0], bytes, 100), 3);
    expect_number("read at the end", sys_read(ends[0], bytes, 100), 0);
    struct sigaction ignore = {.handler = SIG_IGN};
    sys_sigaction(SIGPIPE, &ignore, nullptr);
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    sys_close(ends[0]);
    expect_error("write without readers", sys_write(ends[1], "x", 1), EPIPE);
}

PROBE("ipc.poll", "ppoll and pselect6 report readiness, hang-up and bad descriptors, and time out",
      "event loops spin or sleep for ever", "")
{
    int ends[2], other[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    expect_success("pipe2", sys_pipe(other, O_CLOEXEC));
    sys_write(ends[1], "x", 1);
    sys_close(other[1]);
    struct pollfd set[4] = {
        {ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}, {other[0], POLLIN, 0}, {lowest_free(0), POLLIN, 0}};
    expect_number("ppoll", sys_poll(set, 4, &(struct timespec){1, 0}), 4);
    expect_equal("readable", (uint64_t)set[0].revents, POLLIN);
    expect_equal("writable", (uint64_t)set[1].revents, POLLOUT);
    expect_equal("hung up", (uint64_t)set[2].revents, POLLHUP);
    expect_equal("not open", (uint64_t)set[3].revents, POLLNVAL);
    uint64_t read_set[16] = {}, write_set[16] = {};
    read_set[0] = 1ull << ends[0];
    write_set[0] = 1ull << ends[1] | 1ull << ends[0];
    struct timespec limit = {1, 0};
    expect_number("pselect6", sys6(SYS_pselect6, 64, (long)read_set, (long)write_set, 0, (long)&limit, 0), 2);
    expect_equal("its read set", read_set[0], 1ull << ends[0]);
    expect_equal("its write set", write_set[0], 1ull << ends[1]);
    char byte;
    sys_read(ends[0], &byte, 1);
    uint64_t begun = now_ns();
    expect_number("ppoll for 2 ms", sys_poll(set, 1, &(struct timespec){0, 2'000'000}), 0);
    EXPECT(now_ns() - begun >= 1'900'000, "it waits for 2 ms", "%ju ns", now_ns() - begun);
}

PROBE("ipc.eventfd", "eventfd2(2) counts, blocks at its limit and works as a semaphore",
      "async runtimes (tokio, libuv) never wake", "")
{
    int fd = (int)expect_success("eventfd2", sys2(SYS_eventfd2, 3, O_NONBLOCK | O_CLOEXEC));
    uint64_t value = 4;
    expect_number("write", sys_write(fd, &value, 8), 8);
    expect_number("read", sys_read(fd, &value, 8), 8);
    expect_number("its value", (int64_t)value, 7);
    expect_error("read of zero", sys_read(fd, &value, 8), EAGAIN);
    value = 0xfffffffffffffffe;
    expect_number("write of the largest value", sys_write(fd, &value, 8), 8);
    value = 1;
    expect_error("write above the limit", sys_write(fd, &value, 8), EAGAIN);
    expect_error("read of four bytes", sys_read(fd, &value, 4), EINVAL);
    fd = (int)expect_success("eventfd2(EFD_SEMAPHORE)", sys2(SYS_eventfd2, 2, 1 | O_NONBLOCK));
    expect_number("read", sys_read(fd, &value, 8), 8);
    expect_number("its value", (int64_t)value, 1);
    expect_number("read", sys_read(fd, &value, 8), 8);
    expect_error("read of zero", sys_read(fd, &value, 8), EAGAIN);
}

static constexpr int EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLL_CTL_MOD = 3;
static constexpr uint32_t EPOLLIN = 1, EPOLLHUP = 0x10, EPOLLONESHOT = 1u << 30, EPOLLET = 1u << 31;

static long epoll_wait(int set, struct epoll_event *events, int count, int milliseconds)
{
    return sys6(SYS_epoll_pwait, set, (long)events, count, milliseconds, 0, sizeof(uint64_t));
}

PROBE("ipc.epoll", "epoll: 64 bits of user data in the machine's own layout, level, edge and one-shot triggers",
      "node, nginx and Go's network poller hang", "")
{
    int set = (int)expect_success("epoll_create1", sys1(SYS_epoll_create1, O_CLOEXEC)), ends[2], edge[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    expect_success("pipe2", sys_pipe(edge, O_CLOEXEC));
    struct epoll_event event = {EPOLLIN, 0x1122334455667788}, got[4] = {};
    expect_success("EPOLL_CTL_ADD", sys4(SYS_epoll_ctl, set, EPOLL_CTL_ADD, ends[0], (long)&event));
    expect_error("EPOLL_CTL_ADD again", sys4(SYS_epoll_ctl, set, EPOLL_CTL_ADD, ends[0], (long)&event), EEXIST);
    expect_number("epoll_pwait of nothing", epoll_wait(set, got, 4, 0), 0);
    event = (struct epoll_event){EPOLLIN | EPOLLET, 0x99aabbccddeeff00};
    expect_success("EPOLL_CTL_ADD", sys4(SYS_epoll_ctl, set, EPOLL_CTL_ADD, edge[0], (long)&event));
    sys_write(ends[1], "x", 1);
    sys_write(edge[1], "x", 1);
    expect_number("epoll_pwait", epoll_wait(set, got, 4, 1000), 2);
    expect_equal("events of the first", got[0].events, EPOLLIN);
    expect_equal("data of the first", got[0].data, 0x1122334455667788);
    expect_equal("data of the second", got[1].data, 0x99aabbccddeeff00);
    expect_number("epoll_pwait: the edge is over, the level is not", epoll_wait(set, got, 4, 0), 1);
    expect_equal("data", got[0].data, 0x1122334455667788);
    event = (struct epoll_event){EPOLLIN | EPOLLONESHOT, 1};
    expect_success("EPOLL_CTL_MOD", sys4(SYS_epoll_ctl, set, EPOLL_CTL_MOD, ends[0], (long)&event));
    expect_number("epoll_pwait of one shot", epoll_wait(set, got, 4, 0), 1);
    expect_number("epoll_pwait after it", epoll_wait(set, got, 4, 0), 0);
    sys_close(edge[1]);
    expect_number("epoll_pwait of a hang-up", epoll_wait(set, got, 4, 0), 1);
    expect_equal("events", got[0].events, EPOLLIN | EPOLLHUP);
    expect_success("EPOLL_CTL_DEL", sys4(SYS_epoll_ctl, set, EPOLL_CTL_DEL, ends[0], (long)&event));
    expect_error("EPOLL_CTL_DEL again", sys4(SYS_epoll_ctl, set, EPOLL_CTL_DEL, ends[0], (long)&event), ENOENT);
}

PROBE("ipc.epoll-pwait2", "epoll_pwait2(2) waits with nanoseconds, or says ENOSYS",
      "event loops fail with EPERM under an old seccomp profile", "https://github.com/moby/moby/issues/43595")
{
    int set = (int)expect_success("epoll_create1", sys1(SYS_epoll_create1, O_CLOEXEC));
    struct epoll_event got;
    struct timespec limit = {0, 500'000};
    uint64_t begun = now_ns();
    long result = sys6(SYS_epoll_pwait2, set, (long)&got, 1, (long)&limit, 0, sizeof(uint64_t));
    if (result == -ENOSYS) {
        note("limit-epoll-pwait2: epoll_pwait2 is not implemented (ENOSYS); programs fall back to epoll_pwait");
        return;
    }
    expect_number("epoll_pwait2", result, 0);
    uint64_t waited = now_ns() - begun;
    if (sizeof(long) == 4 && waited < 450'000) { // 0.5 ms are 0 s and 0 ns in halves of the first word
        note("limit-epoll-pwait2: epoll_pwait2 reads its 64-bit time as words of 32 bits, and does not wait");
        return;
    }
    EXPECT(waited >= 450'000, "it waits for half a millisecond", "%ju ns", waited);
}

// A key that names this process: what it leaves when it is killed where there is no ipc namespace is found by Assay's next start (Sources/Sandbox/SharedObjects.swift).
static constexpr int IPC_CREAT = 01000, IPC_EXCL = 02000;

static long own_key(void) { return 0x29400000 | sys_getpid(); }

PROBE("ipc.shared-memory",
      "System V shared memory: one memory for two processes, sizes and counts told, gone after removal",
      "postgres and Oracle tools do not start", "")
{
    long id = sys3(SYS_shmget, own_key(), 70'000, 0600 | IPC_CREAT | IPC_EXCL);
    if (id == -ENOSYS || id == -ENOSPC)
        skip("no System V shared memory here (%s)", error_name(id));
    expect_success("shmget", id);
    volatile uint64_t *memory = (void *)sys3(SYS_shmat, id, 0, 0);
    struct { // struct shmid64_ds
        struct {
            int32_t key;
            uint32_t uid, gid, cuid, cgid, mode;
#if __SIZEOF_LONG__ == 8
            uint64_t rest[3];
#else
            uint32_t sequence, rest[2];
#endif
        } permissions;
#if defined(__powerpc64__)
        int64_t times[3];
        uint64_t size;
#else
        unsigned long size;
        int64_t times[3]; // low and high words where those have 32 bits
#endif
        int32_t creator, last;
        unsigned long attached, rest[2];
    } status = {};
    long told = sys3(SYS_shmctl, id, 2 /* IPC_STAT */, (long)&status);
    long removed = sys3(SYS_shmctl, id, 0 /* IPC_RMID */, 0);
    expect_success("shmat", (long)memory);
    expect_success("shmctl(IPC_STAT)", told);
    expect_success("shmctl(IPC_RMID)", removed);
    expect_number("shm_segsz", (int64_t)status.size, 70'000);
    expect_number("shm_nattch", (int64_t)status.attached, 1);
    expect_number("shm_cpid", status.creator, sys_getpid());
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        memory[8000] = 0x5eed;
        sys_exit(0);
    }
    expect_exit("the child", wait_status(pid), 0);
    expect_equal("what the child wrote", memory[8000], 0x5eed);
    expect_success("shmdt", sys1(SYS_shmdt, (long)memory));
    expect_error("shmat after removal", sys3(SYS_shmat, id, 0, 0), EINVAL);
}

PROBE("ipc.semaphores",
      "System V semaphores: several operations at once, waiting with a limit, undo when a process ends",
      "fakeroot: semop: Function not implemented",
      "https://github.com/osrf/multiarch-docker-image-generation/issues/36")
{
    struct sembuf {
        uint16_t number;
        int16_t operation, flags;
    };
    static constexpr int16_t IPC_NOWAIT = 04000, SEM_UNDO = 0x1000;
    long id = sys3(SYS_semget, own_key(), 2, 0600 | IPC_CREAT | IPC_EXCL);
    if (id == -ENOSYS || id == -ENOSPC)
        skip("no System V semaphores here (%s)", error_name(id));
    expect_success("semget", id);
    // SETVAL takes an int in a union with a pointer.
    long set = sys4(SYS_semctl, id, 0, 16 /* SETVAL */, ELF_DATA == 2 && sizeof(long) == 8 ? 2l << 32 : 2);
    struct sembuf both[2] = {{0, -1, 0}, {1, 1, 0}}, too_much[2] = {{1, 1, 0}, {0, -2, IPC_NOWAIT}}, wait = {1, -5, 0};
    long taken = sys4(SYS_semtimedop, id, (long)both, 2, 0), refused = sys4(SYS_semtimedop, id, (long)too_much, 2, 0);
    struct timespec limit = {0, 2'000'000};
    uint64_t begun = now_ns();
    long waited = sys4(SYS_semtimedop, id, (long)&wait, 1, (long)&limit);
    uint64_t duration = now_ns() - begun;
    int pid = (int)sys_fork();
    if (pid == 0) {
        struct sembuf undo = {1, 7, SEM_UNDO};
        sys_exit(sys4(SYS_semtimedop, id, (long)&undo, 1, 0) == 0 && sys4(SYS_semctl, id, 1, 12 /* GETVAL */, 0) == 8
                     ? 0
                     : 1);
    }
    int status = wait_status(pid);
    long first = sys4(SYS_semctl, id, 0, 12, 0), second = sys4(SYS_semctl, id, 1, 12, 0);
    long removed = sys4(SYS_semctl, id, 0, 0 /* IPC_RMID */, 0); // before anything can end this process
    expect_success("semctl(SETVAL)", set);
    expect_success("semtimedop", taken);
    expect_error("semtimedop, all or nothing", refused, EAGAIN);
    expect_error("semtimedop for 2 ms", waited, EAGAIN);
    EXPECT(duration >= 1'900'000, "it waits for 2 ms", "%ju ns", duration);
    expect_exit("the process that undoes", status, 0);
    expect_number("first semaphore", first, 1);
    expect_number("second semaphore", second, 1);
    expect_success("semctl(IPC_RMID)", removed);
}

PROBE("ipc.message-queues", "System V messages keep their boundaries and are chosen by type",
      "databases and test suites of IPC programs fail", "")
{
    struct {
        long type;
        char text[32];
    } message = {5, "five"};
    long id = sys2(SYS_msgget, own_key(), 0600 | IPC_CREAT | IPC_EXCL);
    if (id == -ENOSYS || id == -ENOSPC)
        skip("no System V messages here (%s)", error_name(id));
    expect_success("msgget", id);
    long sent = sys4(SYS_msgsnd, id, (long)&message, 4, 0);
    message.type = 3;
    memcpy(message.text, "three", 5);
    long also = sys4(SYS_msgsnd, id, (long)&message, 5, 0);
    long three = sys5(SYS_msgrcv, id, (long)&message, 32, 3, 0), type = message.type;
    long five = sys5(SYS_msgrcv, id, (long)&message, 32, 0, 0),
         none = sys5(SYS_msgrcv, id, (long)&message, 32, 0, 04000);
    long removed = sys3(SYS_msgctl, id, 0, 0);
    expect_success("msgsnd", sent);
    expect_success("msgsnd", also);
    expect_number("msgrcv of type 3", three, 5);
    expect_number("its type", type, 3);
    expect_number("msgrcv of the next", five, 4);
    expect_bytes("its text", message.text, "five", 4);
    expect_error("msgrcv of nothing", none, 42 /* ENOMSG */);
    expect_success("msgctl(IPC_RMID)", removed);
}
