// Messages by the batch, and lengths of addresses at their limits.
#include "../sockets.h"

struct batched { // struct mmsghdr
    struct message message;
    uint32_t length;
};

static const uint8_t sizes[] = {3, 1, 9};

// Three messages of these sizes, and two more, 16 bytes apart.
static struct batched *batch(char *bytes)
{
    static struct iovec buffers[5];
    static struct batched messages[5];
    for (int i = 0; i < 5; i++) {
        buffers[i] = (struct iovec){bytes + 16 * i, i < 3 ? sizes[i] : 16};
        messages[i] = (struct batched){{.buffers = &buffers[i], .count = 1}, .length = 0x5a5a5a5a};
    }
    return messages;
}

PROBE("net.batches", "sendmmsg and recvmmsg move several messages in a call, each with its length",
      "resolvers that ask with sendmmsg (glibc) get no answer", "")
{
    int s[2];
    expect_success("socketpair", sys4(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET, 0, (long)s));
    char text[80], got[80] = {};
    for (int i = 0; i < 80; i++)
        text[i] = (char)('0' + i);
    struct batched *messages = batch(text);
    long sent = sys4(SYS_sendmmsg, s[0], (long)messages, 3, 0);
    if (sent == -ENOSYS)
        return; // the matter of another probe
    expect_number("sendmmsg", sent, 3);
    for (int i = 0; i < 4; i++)
        expect_equal("msg_len of what was sent", messages[i].length, i < 3 ? sizes[i] : 0x5a5a5a5a);
    for (int times = 0; times < 2; times++) {
        memset(got, 0, sizeof got);
        messages = batch(got);
        int wanted = times ? 5 : 1;
        for (int i = 0; i < 3; i++)
            messages[i].message.buffers->size = 16;
        long count = sys5(SYS_recvmmsg, s[1], (long)messages, wanted, times ? MSG_WAITFORONE : MSG_PEEK, 0);
        if (count == -ENOSYS)
            return;
        expect_number("messages of recvmmsg", count, times ? 3 : 1);
        for (int i = 0; i < 5; i++) {
            bool came = i < count;
            expect_equal("msg_len of what came", messages[i].length, came ? sizes[i] : 0x5a5a5a5a);
            if (came && times)
                expect_number("msg_flags", messages[i].message.flags & 0xff, 0);
            expect_bytes("what came", got + 16 * i, came ? text + 16 * i : (char[16]){}, came ? sizes[i] : 16);
        }
    }
    messages = batch(got);
    expect_error("recvmmsg where nothing is", sys5(SYS_recvmmsg, s[1], (long)messages, 2, MSG_DONTWAIT, 0), EAGAIN);
    expect_number("sendmmsg of no message", sys4(SYS_sendmmsg, s[0], (long)messages, 0, 0), 0);
    // What fails after the first is told by the next call.
    messages = batch(text);
    messages[1].message.buffers = (struct iovec *)8;
    expect_number("sendmmsg of a good and a bad message", sys4(SYS_sendmmsg, s[0], (long)messages, 2, 0), 1);
    expect_error("sendmmsg of the bad one", sys4(SYS_sendmmsg, s[0], (long)(messages + 1), 1, 0), EFAULT);
    expect_error("sendmmsg to no socket", sys4(SYS_sendmmsg, -1, (long)messages, 1, 0), EBADF);
    // A stream takes any number of empty messages: the kernel looks at no more than 1,024.
    static struct batched many[UIO_MAXIOV + 8];
    expect_success("socketpair", sys4(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, (long)s));
    long most = sys4(SYS_sendmmsg, s[0], (long)many, UIO_MAXIOV + 8, 0);
    expect_number("sendmmsg of 1,032 messages", most, UIO_MAXIOV);
}

// What every call that tells an address does with room for `room` bytes.
static const int32_t rooms[] = {0, 2, 17, 39, 40, 41, 110, 0x80, 0x8000, 0xc000, -1, (int32_t)0x80000000};
static uint8_t told[0xc000];

static void expect_told(const char *call, long result, int32_t room, uint32_t length, const struct address *address)
{
    char what[96];
    format(what, sizeof what, "%s with room for %jd bytes", call, (int64_t)room);
    if (room < 0) {
        expect_error(what, result, EINVAL);
        return;
    }
    expect_success(what, result);
    expect_number("length of an address", length, 40);
    size_t given = room < 40 ? (size_t)room : 40;
    expect_bytes(what, told, address, given);
    expect_equal("the byte behind it", told[given], 0x5a);
}

PROBE("net.address-lengths", "calls that tell an address fill the room that there is, and tell how much it would take",
      "servers log half an address, or overwrite what lies behind it", "")
{
    // Names that no other run has at the same time: in a namespace of its own a process may have any number.
    struct address address = {AF_UNIX, "\0a"}, to = {AF_UNIX, "\0b"}, from = {AF_UNIX, "\0c"}, peer = {AF_UNIX, "\0d"};
    struct address *const all[] = {&address, &to, &from, &peer};
    for (int i = 0; i < 4; i++)
        format(all[i]->path + 2, 36, "%ld-%s", sys_getpid(), started.nonce);
    int server = (int)expect_success("socket", sys3(SYS_socket, AF_UNIX, SOCK_STREAM, 0));
    int sender = (int)expect_success("socket", sys3(SYS_socket, AF_UNIX, SOCK_DGRAM, 0));
    int receiver = (int)expect_success("socket", sys3(SYS_socket, AF_UNIX, SOCK_DGRAM, 0));
    expect_success("bind", sys3(SYS_bind, server, (long)&address, 40));
    expect_success("listen", sys2(SYS_listen, server, 8));
    expect_success("bind", sys3(SYS_bind, receiver, (long)&to, 40));
    expect_success("bind", sys3(SYS_bind, sender, (long)&from, 40));
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        int32_t room = rooms[i];
        for (int call = 0; call < 4; call++) {
            uint32_t length = (uint32_t)room;
            memset(told, 0x5a, 64);
            if (call == 0) {
                long result = sys3(SYS_getsockname, server, (long)told, (long)&length);
                expect_told("getsockname", result, room, length, &address);
            } else if (call == 1) {
                expect_number("sendto", sys6(SYS_sendto, sender, (long)"x", 1, 0, (long)&to, 40), 1);
                char byte = 0;
                long result = sys6(SYS_recvfrom, receiver, (long)&byte, 1, MSG_DONTWAIT, (long)told, (long)&length);
                expect_told("recvfrom", result, room, length, &from);
                if (room < 0) // the kernel has taken the message, QEMU has not
                    sys6(SYS_recvfrom, receiver, (long)&byte, 1, MSG_DONTWAIT, 0, 0);
            } else {
                int client = (int)expect_success("socket", sys3(SYS_socket, AF_UNIX, SOCK_STREAM, 0));
                expect_success("bind", sys3(SYS_bind, client, (long)&peer, 40));
                expect_success("connect", sys3(SYS_connect, client, (long)&address, 40));
                if (call == 2) {
                    long result = sys3(SYS_getpeername, client, (long)told, (long)&length);
                    expect_told("getpeername", result, room, length, &address);
                    length = 0;
                }
                long accepted = sys4(SYS_accept4, server, call == 2 ? 0 : (long)told, (long)&length, 0);
                if (call == 3)
                    expect_told("accept4", accepted, room, length, &peer);
                if (accepted < 0) { // likewise
                    sys_fcntl(server, F_SETFL, O_NONBLOCK);
                    accepted = sys4(SYS_accept4, server, 0, 0, 0);
                    sys_fcntl(server, F_SETFL, 0);
                }
                if (accepted >= 0)
                    sys_close((int)accepted);
                sys_close(client);
            }
        }
        if (room < 4 && room >= 0)
            continue;
        uint32_t length = (uint32_t)room, kind = 0;
        long result = sys5(SYS_getsockopt, server, SOL_SOCKET, SO_TYPE, (long)&kind, (long)&length);
        if (room < 0) {
            expect_error("getsockopt with a negative length", result, EINVAL);
            continue;
        }
        expect_success("getsockopt", result);
        expect_number("length of SO_TYPE", length, 4);
        expect_number("SO_TYPE", kind, SOCK_STREAM);
    }
}
