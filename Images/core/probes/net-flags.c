// What the flags of sockets, messages and waits change.
#include "../sockets.h"

static int option(int fd, int which)
{
    int value = -77;
    uint32_t size = sizeof value;
    expect_success("getsockopt", sys5(SYS_getsockopt, fd, SOL_SOCKET, which, (long)&value, (long)&size));
    expect_number("size of the option", size, sizeof value);
    return value;
}

static bool nonblocking(int fd) { return sys_fcntl(fd, F_GETFL, 0) & O_NONBLOCK; }
static bool closes(int fd) { return sys_fcntl(fd, F_GETFD, 0) & FD_CLOEXEC; }

static volatile int pipe_signals;
static void on_pipe(int) { pipe_signals++; }

PROBE("net.socket-flags",
      "SOCK_NONBLOCK and SOCK_CLOEXEC act in socket, socketpair and accept4, and options tell the kind",
      "servers block in accept, and leak sockets into children", "")
{
    static const int kinds[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    for (size_t i = 0; i < 3; i++)
        for (int flags = 0; flags < 4; flags++) {
            int with = (flags & 1 ? O_NONBLOCK : 0) | (flags & 2 ? O_CLOEXEC : 0), ends[2];
            int fd = (int)expect_success("socket", sys3(SYS_socket, AF_UNIX, kinds[i] | with, 0));
            expect_success("socketpair", sys4(SYS_socketpair, AF_UNIX, kinds[i] | with, 0, (long)ends));
            for (int j = 0; j < 3; j++) {
                int which = j < 2 ? ends[j] : fd;
                expect_number("O_NONBLOCK of a new socket", nonblocking(which), flags & 1);
                expect_number("FD_CLOEXEC of a new socket", closes(which), flags >> 1);
                expect_number("SO_TYPE", option(which, SO_TYPE), kinds[i]);
                expect_number("SO_DOMAIN", option(which, SO_DOMAIN), AF_UNIX);
                expect_number("SO_ACCEPTCONN", option(which, SO_ACCEPTCONN), 0);
                expect_number("SO_ERROR", option(which, SO_ERROR), 0);
                sys_close(which);
            }
        }
    int server = (int)expect_success("socket", sys3(SYS_socket, AF_UNIX, SOCK_STREAM, 0));
    struct address address = {AF_UNIX, "\0assay-flags-"};
    format(address.path + 13, 25, "%ld-%s", sys_getpid(), started.nonce);
    expect_success("bind", sys3(SYS_bind, server, (long)&address, 40));
    expect_success("listen", sys2(SYS_listen, server, 8));
    expect_number("SO_ACCEPTCONN after listen", option(server, SO_ACCEPTCONN), 1);
    for (int flags = 0; flags < 5; flags++) {
        int with = (flags & 1 ? O_NONBLOCK : 0) | (flags & 2 ? O_CLOEXEC : 0);
        int client = (int)expect_success("socket", sys3(SYS_socket, AF_UNIX, SOCK_STREAM, 0));
        expect_success("connect", sys3(SYS_connect, client, (long)&address, 40));
        struct address peer = {};
        uint32_t size = sizeof peer;
#if defined(__s390x__) || defined(__i386__) // it has no accept of its own
        long accepted = sys4(SYS_accept4, server, (long)&peer, (long)&size, with);
#else
        long accepted = flags == 4 ? sys3(SYS_accept, server, (long)&peer, (long)&size)
                                   : sys4(SYS_accept4, server, (long)&peer, (long)&size, with);
#endif
        int got = (int)expect_success("accept", accepted);
        expect_number("length of a peer without a name", size, 2);
        expect_number("O_NONBLOCK of accept4", nonblocking(got), flags & 1);
        expect_number("FD_CLOEXEC of accept4", closes(got), flags >> 1 & 1);
        struct {
            int32_t pid;
            uint32_t uid, gid;
        } of = {};
        size = sizeof of;
        expect_success("SO_PEERCRED", sys5(SYS_getsockopt, got, SOL_SOCKET, SO_PEERCRED, (long)&of, (long)&size));
        expect_number("pid of the peer", of.pid, sys_getpid());
        expect_number("uid of the peer", of.uid, sys0(SYS_geteuid));
        expect_number("gid of the peer", of.gid, sys0(SYS_getegid));
        size = sizeof peer;
        expect_success("getsockname", sys3(SYS_getsockname, got, (long)&peer, (long)&size));
        expect_number("length of its own name", size, 40);
        expect_text("its own name", peer.path + 1, address.path + 1);
        sys_close(client);
        sys_close(got);
    }
    expect_error("accept4 with a flag that does not exist", sys4(SYS_accept4, server, 0, 0, 0x100), EINVAL);
    sys_fcntl(server, F_SETFL, O_NONBLOCK);
    expect_error("accept of nobody", sys4(SYS_accept4, server, 0, 0, 0), EAGAIN);
    int other = (int)sys3(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
    expect_error("bind to a name that is taken", sys3(SYS_bind, other, (long)&address, 40), EADDRINUSE);
    address.path[1] = '-';
    expect_error("connect to nobody", sys3(SYS_connect, other, (long)&address, 40), ECONNREFUSED);
    expect_error("getpeername of a socket without a peer",
                 sys3(SYS_getpeername, other, (long)&address, (long)&(uint32_t){9}), 107 /* ENOTCONN */);
    int left[2];
    expect_success("socketpair", sys4(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, (long)left));
    expect_number("write", sys_write(left[0], "unread", 6), 6);
    sys_close(left[1]);
    for (int i = 0; i < 2; i++)
        expect_number("SO_ERROR after a reset, asked twice", option(left[0], SO_ERROR), i ? 0 : 104 /* ECONNRESET */);
}

PROBE("net.message-flags",
      "MSG_PEEK, MSG_TRUNC, MSG_DONTWAIT, MSG_WAITALL, MSG_NOSIGNAL: each acts, and msghdr tells what came",
      "servers die of SIGPIPE, or take half a message for a whole one", "")
{
    struct sigaction action = {.handler = on_pipe};
    sys_sigaction(SIGPIPE, &action, nullptr);
    int a[2], s[2];
    expect_success("socketpair", sys4(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, (long)a));
    expect_success("socketpair", sys4(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, (long)s));
    char bytes[64] = {};
    expect_error("recvfrom(MSG_DONTWAIT)", sys6(SYS_recvfrom, a[0], (long)bytes, 9, MSG_DONTWAIT, 0, 0), EAGAIN);
    expect_number("sendto", sys6(SYS_sendto, a[1], (long)"0123456789", 10, 0, 0, 0), 10);
    expect_number("recvfrom(MSG_PEEK)", sys6(SYS_recvfrom, a[0], (long)bytes, 4, MSG_PEEK, 0, 0), 4);
    expect_number("recvfrom(MSG_PEEK | MSG_TRUNC)",
                  sys6(SYS_recvfrom, a[0], (long)bytes, 4, MSG_PEEK | MSG_TRUNC, 0, 0), 10);
    struct iovec buffer = {bytes, 4};
    struct message message = {.buffers = &buffer, .count = 1, .flags = -1};
    expect_number("recvmsg into too few bytes", sys3(SYS_recvmsg, a[0], (long)&message, 0), 4);
    expect_equal("msg_flags", (uint64_t)(uint32_t)message.flags, MSG_TRUNC);
    // A sender with a name.
    struct address address = {AF_UNIX, "\0assay-message-"}, from = {};
    format(address.path + 15, 40, "%ld-%s", sys_getpid(), started.nonce);
    int named = (int)sys3(SYS_socket, AF_UNIX, SOCK_DGRAM, 0), receiver = (int)sys3(SYS_socket, AF_UNIX, SOCK_DGRAM, 0);
    expect_success("bind", sys3(SYS_bind, named, (long)&address, 60));
    struct address to = address;
    to.path[1] = 'b';
    expect_success("bind", sys3(SYS_bind, receiver, (long)&to, 60));
    struct message out = {.name = &to, .name_length = 60, .buffers = &buffer, .count = 1};
    buffer.size = 10;
    expect_number("sendmsg", sys3(SYS_sendmsg, named, (long)&out, 0), 10);
    message = (struct message){.name = &from, .name_length = sizeof from, .buffers = &buffer, .count = 1};
    expect_number("recvmsg", sys3(SYS_recvmsg, receiver, (long)&message, 0), 10);
    expect_number("msg_namelen", message.name_length, 60);
    expect_text("the sender's name", from.path + 1, address.path + 1);
    expect_number("msg_flags", message.flags, 0);
    // Descriptors: a copy that closes on exec, and one too many for the space.
    struct {
        size_t size;
        int level, type, fds[2];
    } control = {sizeof control, SOL_SOCKET, 1, {a[0], a[1]}}, got = {};
    out = (struct message){.buffers = &buffer, .count = 1, .control = &control, .control_length = sizeof control};
    for (int i = 0; i < 2; i++)
        expect_number("sendmsg with descriptors", sys3(SYS_sendmsg, s[0], (long)&out, 0), 10);
    message = (struct message){.buffers = &buffer, .count = 1, .control = &got, .control_length = sizeof got};
    expect_number("recvmsg(MSG_CMSG_CLOEXEC)", sys3(SYS_recvmsg, s[1], (long)&message, MSG_CMSG_CLOEXEC), 10);
    expect_number("cmsg_len", (int64_t)got.size, sizeof control);
    expect_number("msg_controllen", (int64_t)message.control_length, sizeof control);
    EXPECT(closes(got.fds[0]) && closes(got.fds[1]), "both descriptors close on exec", "not both");
    message.control_length = sizeof control - 4;
    expect_number("recvmsg with room for one descriptor", sys3(SYS_recvmsg, s[1], (long)&message, 0), 10);
    if (!(message.flags & MSG_CTRUNC))
        note("limit-ctrunc: recvmsg does not tell that descriptors did not fit (MSG_CTRUNC)");
    // Streams.
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        for (int i = 0; i < 4; i++) {
            sys_write(s[0], "abcd", 4);
            sleep_us(2000);
        }
        sys_exit(0);
    }
    expect_number("recvfrom(MSG_WAITALL)", sys6(SYS_recvfrom, s[1], (long)bytes, 16, MSG_WAITALL, 0, 0), 16);
    expect_exit("the sender", wait_status(pid), 0);
    expect_success("shutdown(SHUT_WR)", sys2(SYS_shutdown, s[0], 1));
    expect_number("read after it", sys_read(s[1], bytes, 9), 0);
    sys_close(s[1]);
    expect_error("sendto(MSG_NOSIGNAL) to nobody", sys6(SYS_sendto, s[0], (long)bytes, 1, MSG_NOSIGNAL, 0, 0), EPIPE);
    expect_number("SIGPIPE", pipe_signals, 0);
    expect_error("sendto to nobody", sys6(SYS_sendto, s[0], (long)bytes, 1, 0, 0, 0), EPIPE);
    expect_number("SIGPIPE", pipe_signals, 1);
    struct timeval wait = {0, 12'000};
    expect_success("SO_RCVTIMEO", sys5(SYS_setsockopt, a[0], SOL_SOCKET, SO_RCVTIMEO, (long)&wait, sizeof wait));
    // Where the option sets nothing, this ends the wait.
    pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        sleep_us(patience_ns() / 1000); // late enough on a slow host, too
        sys_write(a[1], "x", 1);
        sys_exit(0);
    }
    // The kernel counts in jiffies, which a virtual machine may be late to count: what does not wait is short each time.
    uint64_t waited = 0;
    long received = 0;
    for (int tries = 0; tries < 3 && waited < 10'000'000; tries++) {
        uint64_t begun = now_ns();
        received = sys6(SYS_recvfrom, a[0], (long)bytes, 9, 0, 0, 0);
        waited = now_ns() - begun;
    }
    sys_kill(pid, 9);
    wait_status(pid);
    expect_error("recvfrom with a limit", received, EAGAIN);
    EXPECT(waited >= 10'000'000, "it waits 12 ms", "%ju ns", waited);
}

static volatile int alarms;
static volatile bool inside;
static void on_alarm(int) { alarms += inside ? 1 : 100; }

PROBE("ipc.wait-masks", "ppoll, pselect6 and epoll_pwait put their mask in place while they wait, and the old one back",
      "event loops lose signals, or never wake for them", "")
{
    struct sigaction action = {.handler = on_alarm};
    sys_sigaction(SIGUSR1, &action, nullptr);
    uint64_t blocked = 1ull << (SIGUSR1 - 1), none = 0, seen = 0;
    sys_sigmask(SIG_SETMASK, &blocked, nullptr);
    int epoll = (int)expect_success("epoll_create1", sys1(SYS_epoll_create1, O_CLOEXEC)), ends[2];
    expect_number("FD_CLOEXEC of epoll_create1", closes(epoll), 1);
    expect_success("pipe2", sys_pipe(ends, 0));
    struct epoll_event event = {POLLIN, 0x1122334455667788}, got[2] = {};
    expect_success("epoll_ctl", sys4(SYS_epoll_ctl, epoll, 1, ends[0], (long)&event));
    struct timespec limit = {5, 0};
    struct pollfd set = {.fd = ends[0], .events = POLLIN};
    struct {
        const uint64_t *mask;
        size_t size;
    } both = {&none, sizeof none};
    uint64_t readable[16] = {};
    for (int i = 0; i < 3; i++) {
        alarms = 0;
        sys_kill((int)sys_getpid(), SIGUSR1);
        sys0(SYS_getppid);
        expect_number("signals while blocked", alarms, 0);
        inside = true;
        limit = (struct timespec){5, 0};
        readable[0] = 1ull << ends[0];
        long result = i == 0   ? sys5(SYS_ppoll, (long)&set, 1, (long)&limit, (long)&none, 8)
                      : i == 1 ? sys6(SYS_pselect6, ends[0] + 1, (long)readable, 0, 0, (long)&limit, (long)&both)
                               : sys6(SYS_epoll_pwait, epoll, (long)got, 2, 5000, (long)&none, 8);
        inside = false;
        expect_error(i == 0 ? "ppoll" : i == 1 ? "pselect6" : "epoll_pwait", result, EINTR);
        expect_number("signals inside", alarms, 1);
        sys_sigmask(SIG_BLOCK, nullptr, &seen);
        expect_equal("mask after it", seen, blocked);
        sys_kill((int)sys_getpid(), SIGUSR1); // another mask that blocks it as well: nothing comes
        limit = (struct timespec){0, 1'000'000};
        readable[0] = 1ull << ends[0];
        both.mask = &blocked;
        result = i == 0   ? sys5(SYS_ppoll, (long)&set, 1, (long)&limit, (long)&blocked, 8)
                 : i == 1 ? sys6(SYS_pselect6, ends[0] + 1, (long)readable, 0, 0, (long)&limit, (long)&both)
                          : sys6(SYS_epoll_pwait, epoll, (long)got, 2, 1, (long)&blocked, 8);
        both.mask = &none;
        expect_number("a wait that ends with its limit", result, 0);
        expect_number("signals inside", alarms, 1);
        expect_equal("what pselect6 leaves", i == 1 ? readable[0] : 0, 0);
        struct siginfo info;
        expect_number("rt_sigtimedwait", sys4(SYS_rt_sigtimedwait, (long)&blocked, (long)&info, 0, 8), SIGUSR1);
    }
}

PROBE("ipc.event-flags",
      "flags of inotify, eventfd, signalfd, timerfd and epoll in this machine's own numbers: each acts",
      "event loops block, or wake for ever", "")
{
    for (int flags = 0; flags < 4; flags++) {
        int with = (flags & 1 ? O_NONBLOCK : 0) | (flags & 2 ? O_CLOEXEC : 0);
        uint64_t mask = 1ull << (SIGUSR2 - 1);
        const int fds[] = {(int)expect_success("inotify_init1", sys1(SYS_inotify_init1, with)),
                           (int)expect_success("eventfd2", sys2(SYS_eventfd2, 3, with)),
                           (int)expect_success("signalfd4", sys4(SYS_signalfd4, -1, (long)&mask, 8, with)),
                           (int)expect_success("timerfd_create", sys2(SYS_timerfd_create, CLOCK_MONOTONIC, with))};
        static const char *const names[] = {"inotify_init1", "eventfd2", "signalfd4", "timerfd_create"};
        for (int i = 0; i < 4; i++) {
            char what[64];
            format(what, sizeof what, "O_NONBLOCK of %s", names[i]);
            expect_number(what, nonblocking(fds[i]), flags & 1);
            format(what, sizeof what, "FD_CLOEXEC of %s", names[i]);
            expect_number(what, closes(fds[i]), flags >> 1);
            sys_close(fds[i]);
        }
    }
    uint64_t value = 0;
    int counter = (int)expect_success("eventfd2(EFD_SEMAPHORE)", sys2(SYS_eventfd2, 2, 1 | O_NONBLOCK));
    expect_number("read", sys_read(counter, &value, 8), 8);
    expect_number("a semaphore gives one", (int64_t)value, 1);
    expect_number("read", sys_read(counter, &value, 8), 8);
    expect_error("read of an empty one", sys_read(counter, &value, 8), EAGAIN);
    int epoll = (int)expect_success("epoll_create1", sys1(SYS_epoll_create1, 0));
    struct epoll_event event = {POLLIN | 1u << 30, 7}, got[4] = {}; // EPOLLONESHOT
    value = 1;
    expect_success("epoll_ctl(ADD)", sys4(SYS_epoll_ctl, epoll, 1, counter, (long)&event));
    expect_error("epoll_ctl(ADD) twice", sys4(SYS_epoll_ctl, epoll, 1, counter, (long)&event), EEXIST);
    sys_write(counter, &value, 8);
    expect_number("epoll_pwait", sys6(SYS_epoll_pwait, epoll, (long)got, 4, 0, 0, 8), 1);
    expect_equal("events", got[0].events, POLLIN);
    expect_equal("data", got[0].data, 7);
    expect_number("epoll_pwait after EPOLLONESHOT", sys6(SYS_epoll_pwait, epoll, (long)got, 4, 0, 0, 8), 0);
    event = (struct epoll_event){POLLIN | POLLOUT | 1u << 31, 9}; // EPOLLET
    expect_success("epoll_ctl(MOD)", sys4(SYS_epoll_ctl, epoll, 3, counter, (long)&event));
    expect_number("epoll_pwait", sys6(SYS_epoll_pwait, epoll, (long)got, 4, 0, 0, 8), 1);
    expect_equal("events", got[0].events, POLLIN | POLLOUT);
    expect_equal("data", got[0].data, 9);
    expect_number("epoll_pwait after EPOLLET", sys6(SYS_epoll_pwait, epoll, (long)got, 4, 0, 0, 8), 0);
    expect_success("epoll_ctl(DEL)", sys4(SYS_epoll_ctl, epoll, 2, counter, 0));
    expect_error("epoll_ctl(DEL) twice", sys4(SYS_epoll_ctl, epoll, 2, counter, 0), ENOENT);
    expect_error("epoll_pwait for no events", sys6(SYS_epoll_pwait, epoll, (long)got, 0, 0, 0, 8), EINVAL);
}
