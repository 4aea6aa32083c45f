// Sockets as Linux numbers them on every machine, and the structures of their calls.
#pragma once

#include "probe.h"

enum {
    AF_UNIX = 1,
    AF_INET = 2,
    AF_NETLINK = 16,
    SOCK_STREAM = 1,
    SOCK_DGRAM = 2,
    SOCK_RAW = 3,
    SOCK_SEQPACKET = 5,
    SOCK_CLOEXEC = O_CLOEXEC,
    SOL_SOCKET = 1,
    SO_TYPE = 3,
    SO_ERROR = 4,
    SO_ACCEPTCONN = 30,
    SO_DOMAIN = 39,
    MSG_PEEK = 2,
    MSG_CTRUNC = 8,
    MSG_TRUNC = 0x20,
    MSG_DONTWAIT = 0x40,
    MSG_WAITALL = 0x100,
    MSG_NOSIGNAL = 0x4000,
    MSG_WAITFORONE = 0x10000,
    MSG_CMSG_CLOEXEC = 0x40000000,
    UIO_MAXIOV = 1024,
};

struct address { // struct sockaddr_un
    uint16_t family;
    char path[108];
};

struct message { // struct msghdr
    void *name;
    uint32_t name_length;
    struct iovec *buffers;
    size_t count;
    void *control;
    size_t control_length;
    int32_t flags;
};
