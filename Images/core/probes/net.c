// Sockets: what the emulator must translate between the program's structures and the host's.
#include "../sockets.h"

struct inet_address {
    uint16_t family, port; // big-endian
    uint8_t address[4], zero[8];
};
struct control {
    size_t size;
    int32_t level, type;
    int32_t values[4];
};
static constexpr size_t HEADER = offsetof(struct control, values);

static const struct inet_address LOOPBACK = {.family = AF_INET, .address = {127, 0, 0, 1}};

static int open_socket(int family, int type)
{
    return (int)expect_success("socket", sys3(SYS_socket, family, type | SOCK_CLOEXEC, 0));
}

// Binds to a free port of 127.0.0.1, or skips the probe where an empty network namespace has it down.
static struct inet_address bind_to_loopback(int fd)
{
    struct inet_address address = LOOPBACK;
    uint32_t size = sizeof address;
    long bound = sys3(SYS_bind, fd, (long)&address, sizeof address);
    if (bound == -EADDRNOTAVAIL)
        skip("127.0.0.1 is not there");
    expect_success("bind", bound);
    expect_success("getsockname", sys3(SYS_getsockname, fd, (long)&address, (long)&size));
    expect_number("size of the address", size, sizeof address);
    EXPECT(address.family == AF_INET && address.port != 0, "a port was chosen", "family %u, port %u", address.family,
           address.port);
    expect_bytes("the address", address.address, LOOPBACK.address, 4);
    return address;
}

static void require_route(long result)
{
    if (result == -ENETUNREACH || result == -ENETDOWN)
        skip("the loopback interface is down");
}

PROBE("net.tcp", "a TCP connection over loopback: addresses, data both ways, shutdown, refusal",
      "apt, git and npm cannot talk to their proxies", "")
{
    int server = open_socket(AF_INET, SOCK_STREAM), client = open_socket(AF_INET, SOCK_STREAM);
    struct inet_address address = bind_to_loopback(server), peer = {}, own = {};
    uint32_t size = sizeof peer;
    expect_success("listen", sys2(SYS_listen, server, 4));
    long connected = sys3(SYS_connect, client, (long)&address, sizeof address);
    require_route(connected);
    expect_success("connect", connected);
    int accepted = (int)expect_success("accept4", sys4(SYS_accept4, server, (long)&peer, (long)&size, SOCK_CLOEXEC));
    expect_number("size of the peer's address", size, sizeof peer);
    expect_success("getsockname", sys3(SYS_getsockname, client, (long)&own, (long)&size));
    expect_bytes("the peer's address is the client's own", &peer, &own, 8);
    expect_number("sendto", sys6(SYS_sendto, client, (long)"request", 7, 0, 0, 0), 7);
    expect_success("shutdown", sys2(SYS_shutdown, client, 1));
    char text[16] = {};
    expect_number("read", read_all(accepted, text, sizeof text), 7);
    expect_bytes("what came", text, "request", 7);
    expect_number("write", sys_write(accepted, "answer", 6), 6);
    expect_number("recvfrom", sys6(SYS_recvfrom, client, (long)text, 6, 0x100 /* MSG_WAITALL */, 0, 0), 6);
    expect_bytes("what came back", text, "answer", 6);
    sys_close(accepted);
    sys_close(server);
    int late = open_socket(AF_INET, SOCK_STREAM);
    expect_error("connect to a closed port", sys3(SYS_connect, late, (long)&address, sizeof address), ECONNREFUSED);
    int soon = (int)expect_success("socket", sys3(SYS_socket, AF_INET, SOCK_STREAM | O_NONBLOCK, 0));
    expect_error("connect that does not wait", sys3(SYS_connect, soon, (long)&address, sizeof address), EINPROGRESS);
    struct pollfd refused = {soon, 4 /* POLLOUT */, 0};
    expect_number("poll", sys_poll(&refused, 1, &(struct timespec){1, 0}), 1);
    for (int i = 0; i < 2; i++) {
        int error = -7;
        size = sizeof error;
        expect_success("SO_ERROR", sys5(SYS_getsockopt, soon, SOL_SOCKET, 4, (long)&error, (long)&size));
        expect_number("SO_ERROR of a refused connection, asked twice", error, i ? 0 : ECONNREFUSED);
    }
}

PROBE("net.udp", "UDP datagrams over loopback keep their boundaries and senders, also by sendmsg and recvmsg",
      "name resolution fails", "")
{
    int one = open_socket(AF_INET, SOCK_DGRAM), two = open_socket(AF_INET, SOCK_DGRAM);
    struct inet_address first = bind_to_loopback(one), second = bind_to_loopback(two), from = {};
    long sent = sys6(SYS_sendto, one, (long)"a datagram", 10, 0, (long)&second, sizeof second);
    require_route(sent);
    expect_number("sendto", sent, 10);
    struct iovec buffers[2] = {{(void *)"another", 7}, {(void *)"!", 1}};
    struct message message = {.name = &second, .name_length = sizeof second, .buffers = buffers, .count = 2};
    expect_number("sendmsg", sys3(SYS_sendmsg, one, (long)&message, 0), 8);
    char text[32] = {}, rest[32] = {};
    uint32_t size = sizeof from;
    expect_number("recvfrom", sys6(SYS_recvfrom, two, (long)text, 32, 0, (long)&from, (long)&size), 10);
    expect_bytes("the sender", &from, &first, 8);
    struct iovec into[2] = {{text, 4}, {rest, 2}};
    message = (struct message){.name = &from, .name_length = sizeof from, .buffers = into, .count = 2};
    expect_number("recvmsg into six bytes", sys3(SYS_recvmsg, two, (long)&message, 0), 6);
    expect_equal("MSG_TRUNC", (uint64_t)message.flags & 0x20, 0x20);
    expect_bytes("first part", text, "anot", 4);
    expect_bytes("second part", rest, "he", 2);
    expect_error("recvfrom of nothing", sys6(SYS_recvfrom, two, (long)text, 32, 0x40 /* MSG_DONTWAIT */, 0, 0), EAGAIN);
}

PROBE("net.options",
      "socket options with a structure or a size of their own: timeouts, linger, buffer, type, error, TCP_NODELAY",
      "timeouts of HTTP clients are ignored or huge", "")
{
    int fd = open_socket(AF_INET, SOCK_STREAM), value = 1;
    struct timeval limit = {0, 12'000}, told = {};
    struct {
        int32_t on, seconds;
    } linger = {1, 7}, linger_told = {};
    uint32_t size = sizeof limit;
    expect_success("SO_RCVTIMEO", sys5(SYS_setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, (long)&limit, sizeof limit));
    expect_success("SO_RCVTIMEO", sys5(SYS_getsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, (long)&told, (long)&size));
    if (size == 0 && told.seconds == 0 && told.microseconds == 0)
        note("limit-socket-timeout: getsockopt(SO_RCVTIMEO) succeeds and tells nothing");
    else
        EXPECT(size == sizeof told && told.seconds == 0 && told.microseconds >= 12'000 && told.microseconds <= 30'000,
               "16 bytes: 12 ms, or the next tick", "%u bytes: %ld s %ld us", size, told.seconds, told.microseconds);
    expect_success("SO_LINGER", sys5(SYS_setsockopt, fd, SOL_SOCKET, 13, (long)&linger, sizeof linger));
    size = sizeof linger_told;
    expect_success("SO_LINGER", sys5(SYS_getsockopt, fd, SOL_SOCKET, 13, (long)&linger_told, (long)&size));
    expect_number("l_linger", linger_told.on != 0 ? linger_told.seconds : -1, 7);
    expect_success("TCP_NODELAY", sys5(SYS_setsockopt, fd, 6, 1, (long)&value, sizeof value));
    value = 0;
    size = sizeof value;
    expect_success("TCP_NODELAY", sys5(SYS_getsockopt, fd, 6, 1, (long)&value, (long)&size));
    expect_number("its value", value != 0, 1);
    expect_success("SO_TYPE", sys5(SYS_getsockopt, fd, SOL_SOCKET, 3, (long)&value, (long)&size));
    expect_number("its value", value, SOCK_STREAM);
    value = 65536;
    expect_success("SO_SNDBUF", sys5(SYS_setsockopt, fd, SOL_SOCKET, 7, (long)&value, sizeof value));
    expect_success("SO_SNDBUF", sys5(SYS_getsockopt, fd, SOL_SOCKET, 7, (long)&value, (long)&size));
    expect_number("its value, doubled", value, 131072);
    expect_error("an option that does not exist", sys5(SYS_getsockopt, fd, SOL_SOCKET, 9999, (long)&value, (long)&size),
                 92 /* ENOPROTOOPT */);

    int pair[2];
    expect_success("socketpair", sys4(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, (long)pair));
    expect_success("SO_RCVTIMEO", sys5(SYS_setsockopt, pair[0], SOL_SOCKET, SO_RCVTIMEO, (long)&limit, sizeof limit));
    uint64_t begun = now_ns();
    char byte;
    expect_error("read with a limit of 12 ms", sys_read(pair[0], &byte, 1), EAGAIN);
    uint64_t waited = now_ns() - begun;
    // The kernel counts such limits in jiffies of up to 10 ms, and the first may be almost over.
    EXPECT(waited >= 1'500'000, "it waits for about 12 ms", "%ju ns", waited);
    expect_soon(waited);
}

PROBE("net.abstract",
      "Unix sockets: abstract names with their exact length, sequenced packets, credentials of the peer",
      "D-Bus, X11 and container shims cannot connect", "")
{
    struct address address = {.family = AF_UNIX}, told = {};
    size_t length =
        2 + 1 + format(address.path + 1, sizeof address.path - 1, "assay-%ld-%s", sys_getpid(), started.nonce);
    int server = open_socket(AF_UNIX, SOCK_SEQPACKET), client = open_socket(AF_UNIX, SOCK_SEQPACKET);
    expect_success("bind", sys3(SYS_bind, server, (long)&address, (long)length));
    expect_success("listen", sys2(SYS_listen, server, 1));
    uint32_t size = sizeof told;
    expect_success("getsockname", sys3(SYS_getsockname, server, (long)&told, (long)&size));
    expect_number("length of the name", size, (int64_t)length);
    expect_bytes("the name", &told, &address, length);
    expect_success("connect", sys3(SYS_connect, client, (long)&address, (long)length));
    int accepted = (int)expect_success("accept4", sys4(SYS_accept4, server, 0, 0, SOCK_CLOEXEC));
    struct {
        int32_t pid;
        uint32_t uid, gid;
    } peer = {};
    size = sizeof peer;
    expect_success("SO_PEERCRED", sys5(SYS_getsockopt, accepted, SOL_SOCKET, SO_PEERCRED, (long)&peer, (long)&size));
    expect_number("pid of the peer", peer.pid, sys_getpid());
    expect_number("uid of the peer", peer.uid, sys0(SYS_geteuid));
    char text[16];
    sys_write(client, "one", 3);
    sys_write(client, "three", 5);
    expect_number("first packet", sys_read(accepted, text, sizeof text), 3);
    expect_number("second packet", sys_read(accepted, text, sizeof text), 5);
    address.path[3]++;
    expect_error("connect to another name",
                 sys3(SYS_connect, open_socket(AF_UNIX, SOCK_SEQPACKET), (long)&address, (long)length), ECONNREFUSED);
}

PROBE("net.descriptor-passing",
      "SCM_RIGHTS passes open files and SCM_CREDENTIALS the sender, with control messages in the right layout",
      "ssh, systemd socket activation and container runtimes lose descriptors", "")
{
    int pair[2], ends[2], on = 1;
    expect_success("socketpair", sys4(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, (long)pair));
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    expect_success("SO_PASSCRED", sys5(SYS_setsockopt, pair[1], SOL_SOCKET, SO_PASSCRED, (long)&on, sizeof on));
    struct iovec part = {(void *)"fds", 3};
    struct control rights = {
        .size = HEADER + 8, .level = SOL_SOCKET, .type = 1 /* SCM_RIGHTS */, .values = {ends[0], ends[1]}};
    struct message message = {.buffers = &part, .count = 1, .control = &rights, .control_length = HEADER + 8};
    expect_number("sendmsg", sys3(SYS_sendmsg, pair[0], (long)&message, 0), 3);
    char text[8];
    alignas(8) char controls[128] = {};
    struct iovec into = {text, sizeof text};
    message = (struct message){.buffers = &into, .count = 1, .control = controls, .control_length = sizeof controls};
    expect_number("recvmsg", sys3(SYS_recvmsg, pair[1], (long)&message, 0x40000000 /* MSG_CMSG_CLOEXEC */), 3);
    int passed[2] = {-1, -1}, sender = -1;
    for (size_t at = 0; at + HEADER <= message.control_length;) {
        const struct control *control = (void *)(controls + at);
        EXPECT(control->size >= HEADER && at + control->size <= message.control_length, "control messages fit",
               "%zu of %zu", control->size, message.control_length);
        if (control->type == 1)
            memcpy(passed, control->values, sizeof passed);
        if (control->type == 2 /* SCM_CREDENTIALS */)
            sender = control->values[0];
        at += (control->size + sizeof(long) - 1) & ~(sizeof(long) - 1);
    }
    expect_number("pid of the sender", sender, sys_getpid());
    EXPECT(passed[0] >= 0 && passed[1] >= 0, "two descriptors arrive", "%d and %d", passed[0], passed[1]);
    expect_number("their flags", sys_fcntl(passed[0], F_GETFD, 0), FD_CLOEXEC);
    sys_write(ends[1], "through", 7);
    expect_number("read from the passed end", sys_read(passed[0], text, 7), 7);
    expect_bytes("what came", text, "through", 7);
}

PROBE("net.netlink", "a route netlink socket lists the interfaces, the loopback among them",
      "ip, Go's net.Interfaces and Java see no network", "")
{
    long fd = sys3(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd == -EPROTONOSUPPORT || fd == -EAFNOSUPPORT || fd == -EPERM)
        skip("no netlink here (%s)", error_name(fd));
    expect_success("socket(AF_NETLINK)", fd);
    struct {
        uint32_t size;
        uint16_t type, flags;
        uint32_t sequence, port;
        uint8_t family, rest[15];
    } request = {.size = 32, .type = 18 /* RTM_GETLINK */, .flags = 0x301 /* REQUEST | DUMP */, .sequence = 77};
    struct {
        uint16_t family, pad;
        uint32_t port, groups;
    } kernel = {.family = AF_NETLINK};
    expect_number("sendto", sys6(SYS_sendto, fd, (long)&request, 32, 0, (long)&kernel, sizeof kernel), 32);
    static alignas(8) char buffer[32768];
    bool loopback = false, finished = false;
    for (int reads = 0; !finished && reads < 20; reads++) {
        long size = expect_success("recvfrom", sys6(SYS_recvfrom, fd, (long)buffer, sizeof buffer, 0, 0, 0));
        for (long at = 0; at + 16 <= size;) {
            struct {
                uint32_t size;
                uint16_t type, flags;
                uint32_t sequence, port;
                uint8_t family, pad;
                uint16_t hardware;
                int32_t index;
                uint32_t interface_flags;
            } *header = (void *)(buffer + at);
            expect_number("nlmsg_seq", header->sequence, 77);
            EXPECT(header->size >= 16 && at + (long)header->size <= size, "messages fit", "%u", header->size);
            finished |= header->type == 3 /* NLMSG_DONE */;
            if (header->type == 16 /* RTM_NEWLINK */ && header->hardware == 772 /* ARPHRD_LOOPBACK */) {
                loopback = true;
                expect_equal("IFF_LOOPBACK", header->interface_flags & 8, 8);
            }
            at += (header->size + 3) & ~3u;
        }
    }
    EXPECT(finished && loopback, "the list has an end and a loopback interface", "end %d, loopback %d", finished,
           loopback);
}
