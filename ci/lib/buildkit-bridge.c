// Connects a BuildKit client to the BuildKit inside dockerd, whose control API is on `POST /grpc` of dockerd's socket.
//
//   buildkit-bridge serve DOCKERD SOCKET...  listens on each SOCKET; one that begins with @ is abstract
//   buildctl dial-stdio                      connects standard input and output to @assay-buildkit, as buildx asks of a node
//   buildctl debug workers                   ends with status 0 once a connection is possible
//   buildkitd [OPTION]...                    waits for SIGTERM; the node's main process
//
// Debian has neither buildkitd nor buildctl, but a node of buildx's driver docker-container is an image with both. This program
// acts as either, by the name under which it is called. dockerd's BuildKit always does the build.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char node_socket[] = "@assay-buildkit";

static _Noreturn void die(const char *doing, const char *what) {
    fprintf(stderr, "buildkit-bridge: %s %s: %s\n", doing, what, strerror(errno));
    exit(1);
}

static socklen_t fill(struct sockaddr_un *address, const char *name) {
    size_t length = strlen(name);
    if (length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        die("address", name);
    }
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path, name, length);
    if (name[0] != '@') return sizeof *address;
    address->sun_path[0] = 0;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

static int dial(const char *name) {
    struct sockaddr_un address;
    socklen_t length = fill(&address, name);
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&address, length) != 0) die("connect to", name);
    return s;
}

static int listen_on(const char *name) {
    struct sockaddr_un address;
    socklen_t length = fill(&address, name);
    if (name[0] != '@') unlink(name);
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0 || bind(s, (struct sockaddr *)&address, length) != 0 || listen(s, 64) != 0) die("listen on", name);
    return s;
}

static int write_all(int to, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t n = write(to, bytes, count);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        bytes += n;
        count -= (size_t)n;
    }
    return 0;
}

// Upgrades a new connection to dockerd to its BuildKit API.
static void upgrade(int daemon) {
    static const char request[] = "POST /grpc HTTP/1.1\r\nHost: dockerd\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n";
    if (write_all(daemon, request, sizeof request - 1) != 0) die("write to", "dockerd");
    char head[4096];
    size_t count = 0;
    // Read byte by byte: the bytes after the head belong to the client.
    do {
        if (count == sizeof head - 1 || read(daemon, head + count, 1) != 1) die("read the upgrade from", "dockerd");
        head[++count] = 0;
    } while (count < 4 || strcmp(head + count - 4, "\r\n\r\n") != 0);
    if (strncmp(head, "HTTP/1.1 101", 12) != 0) {
        fprintf(stderr, "buildkit-bridge: dockerd does not upgrade to BuildKit's API: %s", head);
        exit(1);
    }
}

// Copies both ways until the peer closes. End of input is passed on, and the other direction continues.
static void splice_both(int in, int out, int peer) {
    struct {
        int from, to;
    } way[2] = {{in, peer}, {peer, out}};
    struct pollfd ready[2] = {{.fd = in, .events = POLLIN}, {.fd = peer, .events = POLLIN}};
    static char buffer[1 << 16];
    while (ready[1].fd >= 0) {
        if (poll(ready, 2, -1) < 0 && errno != EINTR) return;
        for (int i = 0; i < 2; i++) {
            if (ready[i].fd < 0 || !ready[i].revents) continue;
            ssize_t n = read(way[i].from, buffer, sizeof buffer);
            if (n > 0 && write_all(way[i].to, buffer, (size_t)n) != 0) return;
            if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (n <= 0) {
                ready[i].fd = -1;
                shutdown(way[i].to, SHUT_WR);
            }
        }
    }
}

static _Noreturn void serve(const char *daemon, int count, char **names) {
    struct pollfd *sockets = calloc((size_t)count, sizeof *sockets);
    if (!sockets) die("reserve", "memory");
    for (int i = 0; i < count; i++) sockets[i] = (struct pollfd){.fd = listen_on(names[i]), .events = POLLIN};
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        if (poll(sockets, (nfds_t)count, -1) < 0 && errno != EINTR) die("wait on", "the sockets");
        for (int i = 0; i < count; i++) {
            if (!(sockets[i].revents & POLLIN)) continue;
            int client = accept4(sockets[i].fd, NULL, NULL, SOCK_CLOEXEC);
            if (client < 0) continue;
            pid_t child = fork();
            if (child < 0) die("fork for", names[i]);
            if (child == 0) {
                int peer = dial(daemon);
                upgrade(peer);
                splice_both(client, client, peer);
                _exit(0);
            }
            close(client);
        }
    }
}

static void end(int number) {
    (void)number;
    _exit(0);
}

static int node(int count, char **words) {
    if (count == 2 && strcmp(words[1], "--version") == 0) return puts("buildkitd assay/buildkit-bridge of-dockerd -") < 0;
    struct sigaction action = {.sa_handler = end};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    for (;;) pause();
}

int main(int count, char **words) {
    signal(SIGPIPE, SIG_IGN);
    const char *name = strrchr(words[0], '/');
    name = name ? name + 1 : words[0];
    if (strcmp(name, "buildkitd") == 0) return node(count, words);
    if (strcmp(name, "buildctl") == 0 && count > 1) {
        int bridge = dial(node_socket);
        if (strcmp(words[1], "dial-stdio") == 0) splice_both(STDIN_FILENO, STDOUT_FILENO, bridge);
        return 0;
    }
    if (count > 3 && strcmp(words[1], "serve") == 0) serve(words[2], count - 3, words + 3);
    fprintf(stderr, "usage: buildkit-bridge serve DOCKERD SOCKET...\n");
    return 64;
}
