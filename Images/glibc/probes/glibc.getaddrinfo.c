// proves: names are resolved through /etc/hosts and nsswitch.conf, numbers without either, and what is unknown is refused
// stands for: "Temporary failure in name resolution", getaddrinfo crashes in static and emulated programs
// source:
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include "probe.h"

static void address(const char *name, int family, int flags, const char *expected)
{
    struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = flags}, *found;
    char text[INET6_ADDRSTRLEN] = "", what[80];
    int status = getaddrinfo(name, "https", &hints, &found);
    if (status)
        fail(name, "%s", gai_strerror(status));
    const void *at = found->ai_family == AF_INET ? (const void *)&((struct sockaddr_in *)found->ai_addr)->sin_addr
                                                 : (const void *)&((struct sockaddr_in6 *)found->ai_addr)->sin6_addr;
    inet_ntop(found->ai_family, at, text, sizeof text);
    snprintf(what, sizeof what, "address of %s", name);
    expect_text(what, text, expected);
    expect_number("port", ntohs(((struct sockaddr_in *)found->ai_addr)->sin_port), 443);
    freeaddrinfo(found);
}

int main(void)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST}, *found;
    address("localhost", AF_INET, 0, "127.0.0.1");
    address("localhost", AF_INET6, 0, "::1");
    address("assay.test", AF_INET, 0, "192.0.2.7");
    address("alias.test", AF_INET, 0, "192.0.2.7");
    address("2001:db8::1:2", AF_UNSPEC, AI_NUMERICHOST, "2001:db8::1:2");
    expect_number("not a number", getaddrinfo("localhost", NULL, &hints, &found), EAI_NONAME);
    expect_number("unknown name", getaddrinfo("unknown.test", NULL, NULL, &found), EAI_NONAME);
    struct sockaddr_in named = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xc0000207)};
    char host[64];
    expect_number("getnameinfo", getnameinfo((struct sockaddr *)&named, sizeof named, host, sizeof host, NULL, 0, NI_NAMEREQD), 0);
    expect_text("name of 192.0.2.7", host, "assay.test");
    return finish();
}
